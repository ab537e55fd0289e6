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

int wm_name_head_put(int fd, uint64_t file_bytes, uint64_t from, const void *part, uint64_t bytes)
{
    long put = wm_sys4(SYS_pwrite64, fd, (long)part, (long)bytes, (long)(file_bytes - WM_PAGE + from));

    if (put < 0)
        return (int)put;
    return put == (long)bytes ? 0 : -ENOSPC;
}

int wm_name_head_write(int fd, uint64_t file_bytes, const struct wm_name_head *head)
{
    return wm_name_head_put(fd, file_bytes, 0, head, sizeof *head);
}

bool wm_name_head_is_of(const struct wm_name_head *head, const struct wm_name *name)
{
    return head->name.bytes == name->bytes && head->name.global == name->global &&
           memcmp(head->name.text, name->text, name->bytes) == 0;
}
