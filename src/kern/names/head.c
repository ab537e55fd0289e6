#include "kern/names/head.h"

#include <errno.h>
#include <string.h>

#include "kern/sys.h"

static bool is_whole(const struct wm_name_head *head)
{
    return head->magic == WM_HEAD_MAGIC && head->version == WM_HEAD_VERSION &&
           head->name.bytes < WM_NAME_BYTES;
}

int wm_name_head_read(int fd, uint64_t file_bytes, struct wm_name_head *out)
{
    long got;

    if (file_bytes < WM_PAGE || file_bytes % WM_PAGE != 0)
        return -EINVAL;
    got = wm_sys4(SYS_pread64, fd, (long)out, sizeof *out, (long)(file_bytes - WM_PAGE));
    if (got < 0)
        return (int)got;
    return got == (long)sizeof *out && is_whole(out) ? 0 : -EINVAL;
}

int wm_name_head_write(int fd, uint64_t file_bytes, const struct wm_name_head *head)
{
    long put = wm_sys4(SYS_pwrite64, fd, (long)head, sizeof *head, (long)(file_bytes - WM_PAGE));

    if (put < 0)
        return (int)put;
    return put == (long)sizeof *head ? 0 : -ENOSPC;
}

bool wm_name_head_is_of(const struct wm_name_head *head, const struct wm_name *name)
{
    return head->name.bytes == name->bytes && head->name.global == name->global &&
           memcmp(head->name.text, name->text, name->bytes) == 0;
}
