/*
 * making.c: a file without a name is filled, held, and given its name (names.h).
 *
 * Where the file system knows no files without a name (O_TMPFILE), or nobody lets us give one a name (it takes /proc, or
 * a kernel from 6.10 on), the file has a name that no object can have until then. A killed process can leave such a one
 * behind; whoever sweeps takes it away.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

#include "kern/descriptor.h"
#include "kern/names/directory.h"
#include "kern/names/head.h"
#include "kern/names/named.h"
#include "kern/names/spelling.h"
#include "kern/names/sweep.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/text.h"

enum { ONLY_OURS = 0600 };

/* At a time: a signal interrupts fallocate, which then begins anew. */
#define PIECE ((uint64_t)64 << 20)

struct draft {
    int fd;
    char file[40]; /* "": it has no name */
};

static int open_draft(int directory, struct draft *draft)
{
    uint64_t number;
    int error;

    draft->file[0] = '\0';
    draft->fd = wm_fd_open_at(directory, ".", O_TMPFILE | O_RDWR, ONLY_OURS);
    if (draft->fd != -EOPNOTSUPP && draft->fd != -EISDIR && draft->fd != -EINVAL)
        return draft->fd;
    error = wm_kern_random(&number, sizeof number);
    if (error < 0)
        return error;
    wm_text_put_decimal(wm_text_put(draft->file, "t-"), number);
    draft->fd = wm_fd_open_at(directory, draft->file, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW, ONLY_OURS);
    return draft->fd;
}

/* All of it is there from now on: a file system that is full is an error of ours, and no SIGBUS of the program's. */
int wm_named_take(int fd, uint64_t from, uint64_t bytes)
{
    uint64_t end = from + bytes;
    long result = 0;

    for (uint64_t at = from; result == 0 && at < end; at += PIECE) {
        uint64_t piece = end - at < PIECE ? end - at : PIECE;
        int tries = 0;

        do
            result = wm_sys4(SYS_fallocate, fd, 0, (long)at, (long)piece);
        while (result == -EINTR && ++tries < 1000);
    }
    return (int)result;
}

static int put_place(int fd, const char *place, uint64_t file_bytes)
{
    return place == NULL ? 0 : wm_name_head_put(fd, file_bytes, WM_HEAD_PLACE, place, strlen(place));
}

static int fill(int fd, const struct wm_name_head *head, const struct wm_name_told *told)
{
    uint64_t file_bytes = told->bytes + WM_PAGE;
    long result = wm_sys3(SYS_fchmod, fd, ONLY_OURS, 0); /* the umask may take away what is our own */

    if (result == 0)
        result = wm_named_take(fd, told->later, file_bytes - told->later);
    if (result == 0)
        result = wm_name_head_write(fd, file_bytes, head);
    if (result == 0)
        result = put_place(fd, told->place, file_bytes);
    return (int)result;
}

static int link_nameless(int fd, int directory, const char *file)
{
    char path[40];
    long result = wm_sys6(SYS_linkat, fd, (long)"", directory, (long)file, AT_EMPTY_PATH, 0);

    if (result != -ENOENT && result != -EPERM)
        return (int)result;
    wm_text_put_decimal(wm_text_put(path, "/proc/self/fd/"), (uint64_t)fd);
    return (int)wm_sys6(SYS_linkat, AT_FDCWD, (long)path, directory, (long)file, AT_SYMLINK_FOLLOW, 0);
}

static int give_name(const struct draft *draft, int directory, const char *file)
{
    enum { NOREPLACE = 1 };

    if (draft->file[0] == '\0')
        return link_nameless(draft->fd, directory, file);
    return (int)wm_sys6(SYS_renameat2, directory, (long)draft->file, directory, (long)file, NOREPLACE, 0);
}

static void throw_away(const struct draft *draft, int directory)
{
    if (draft->file[0] != '\0')
        wm_sys3(SYS_unlinkat, directory, (long)draft->file, 0);
    wm_kern_close(draft->fd);
}

/* The second description is the last that can be lacking. */
static int open_data(int directory, const char *file, int holder, const struct wm_name_told *told,
                     struct wm_named *out)
{
    bool wanted = told->how & WM_NAME_DATA && told->bytes != 0;
    int data = wanted ? wm_name_open(directory, file) : WM_NO_DATA, error = 0;

    *out = (struct wm_named){.holder = holder, .data = data, .bytes = told->bytes};
    if (data < 0 && data != WM_NO_DATA)
        error = data;
    if (error == 0)
        error = wm_kern_file_id(holder, &out->id);
    if (error == 0) {
        wm_name_mark(out);
        return 0;
    }
    if (data >= 0)
        wm_kern_close(data);
    wm_name_unhold(directory, file, holder);
    return error;
}

static int make_in(int directory, const struct wm_name_head *head, const struct wm_name_told *told,
                   struct wm_named *out)
{
    struct draft draft;
    char file[WM_SPELLING_BYTES];
    int error = open_draft(directory, &draft);

    if (error < 0)
        return error;
    wm_name_spell(&head->name, file);
    error = wm_name_lock(draft.fd, LOCK_SH);
    if (error == 0)
        error = fill(draft.fd, head, told);
    if (error == 0)
        error = give_name(&draft, directory, file);
    if (error == 0)
        return open_data(directory, file, draft.fd, told, out);
    throw_away(&draft, directory);
    return error;
}

int wm_named_make(const struct wm_name *name, const struct wm_name_told *told, struct wm_named *out)
{
    struct wm_name_head head = {
        .magic = WM_HEAD_MAGIC, .version = WM_HEAD_VERSION, .kind = told->kind, .name = *name};
    int directory = wm_names_directory(NULL), error;

    if (directory < 0)
        return directory;
    __builtin_memcpy(head.about, told->about, sizeof head.about);
    wm_names_sweep(directory);
    error = make_in(directory, &head, told, out);
    wm_names_directory_done(directory);
    return error;
}
