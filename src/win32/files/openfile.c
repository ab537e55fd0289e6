/*
 * openfile.c: a descriptor for the file, a place among those who share it, and a handle.
 *
 * What the caller wants is looked at first, then the kernel opens the file without touching its contents; only when nobody
 * objects (vm/files/sharing.h) is it made empty, if that was asked for.
 */
#include "win32/files/openfile.h"

#include <errno.h>

#include "kern/descriptor.h"
#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "vm/files/sharing.h"
#include "win32/posix.h"

enum { READS = WM_FILE_READ | WM_FILE_EXECUTE, WRITES = WM_FILE_WRITE | WM_FILE_APPEND };

/* Somebody may remove a file between two looks, and somebody else make it again. */
enum { LOOKS = 8 };

#define FLAGS                                                                                                \
    (FILE_FLAG_WRITE_THROUGH | FILE_FLAG_OVERLAPPED | FILE_FLAG_NO_BUFFERING | FILE_FLAG_RANDOM_ACCESS |     \
     FILE_FLAG_SEQUENTIAL_SCAN | FILE_FLAG_DELETE_ON_CLOSE | FILE_FLAG_BACKUP_SEMANTICS |                    \
     FILE_FLAG_POSIX_SEMANTICS | FILE_FLAG_SESSION_AWARE | FILE_FLAG_OPEN_REPARSE_POINT |                    \
     FILE_FLAG_OPEN_NO_RECALL | SECURITY_SQOS_PRESENT | SECURITY_VALID_SQOS_FLAGS | 0xffff)

/* What this attempt has come to so far. */
struct opening {
    const struct wm_open_req *req;
    uint32_t rights;
    struct stat st;
    struct wm_file file;
};

static bool empties(DWORD disposition)
{
    return disposition == CREATE_ALWAYS || disposition == TRUNCATE_EXISTING;
}

static bool makes(DWORD disposition)
{
    return disposition != OPEN_EXISTING && disposition != TRUNCATE_EXISTING;
}

static wm_status check(const struct wm_open_req *req, uint32_t rights)
{
    if (req->disposition < CREATE_NEW || req->disposition > TRUNCATE_EXISTING)
        return WM_OPEN_ARGUMENTS;
    if (req->shares & ~(DWORD)WM_SHARE_ALL || req->flags & ~(DWORD)FLAGS)
        return WM_OPEN_ARGUMENTS;
    return req->disposition == TRUNCATE_EXISTING && !(rights & WM_FILE_WRITE) ? WM_OPEN_ARGUMENTS : WM_OK;
}

/* --- the descriptor --- */

/* Whoever neither reads nor writes needs no right to the file: it is enough that it is there. */
static int mode_of(const struct opening *o)
{
    if (o->rights & WRITES)
        return o->rights & READS ? O_RDWR : O_WRONLY;
    return o->rights & READS || makes(o->req->disposition) ? O_RDONLY : O_PATH;
}

static int flags_of(const struct opening *o)
{
    DWORD flags = o->req->flags;
    int result = mode_of(o) | O_NOCTTY;

    if ((o->rights & WRITES) == WM_FILE_APPEND)
        result |= O_APPEND;
    if (flags & FILE_FLAG_WRITE_THROUGH)
        result |= O_DSYNC;
    if (flags & FILE_FLAG_NO_BUFFERING)
        result |= O_DIRECT;
    return flags & FILE_FLAG_OPEN_REPARSE_POINT ? result | O_NOFOLLOW : result;
}

static int create(const struct opening *o, int flags)
{
    unsigned mode = o->req->flags & FILE_ATTRIBUTE_READONLY ? 0444 : 0666;
    int fd;

    do
        fd = wm_fd_create(o->req->name->path, flags, mode);
    while (fd == -EINTR);
    return fd;
}

/* Not every file system reads and writes past its buffers; and a directory is opened to read, whatever is asked for. */
static int open_once(const struct opening *o, int flags)
{
    int fd = create(o, flags);

    if (fd == -EINVAL && flags & O_DIRECT)
        fd = create(o, flags & ~O_DIRECT);
    if (fd == -EISDIR && o->req->flags & FILE_FLAG_BACKUP_SEMANTICS && !(flags & O_CREAT))
        fd = create(o, O_RDONLY | O_DIRECTORY);
    return fd;
}

/* The last attempt makes what a symbolic link leads to, which neither is there nor can be made anew. */
static int open_or_make(const struct opening *o, int flags, bool *existed)
{
    int fd = -ENOENT;

    for (int look = 0; look < LOOKS && (fd == -ENOENT || fd == -EEXIST); look++) {
        *existed = fd != -ENOENT || look == 0;
        fd = open_once(o, look == 0 || fd == -EEXIST ? flags : flags | O_CREAT | O_EXCL);
    }
    return fd == -ENOENT || fd == -EEXIST ? open_once(o, flags | O_CREAT) : fd;
}

static int open_descriptor(const struct opening *o, bool *existed)
{
    int flags = flags_of(o);

    *existed = o->req->disposition != CREATE_NEW;
    if (o->req->disposition == CREATE_NEW)
        return open_once(o, flags | O_CREAT | O_EXCL);
    return makes(o->req->disposition) ? open_or_make(o, flags, existed) : open_once(o, flags);
}

/* --- is it what the caller wants? --- */

static wm_status check_kind(const struct opening *o)
{
    if (!S_ISDIR(o->st.st_mode))
        return WM_OK;
    return o->req->flags & FILE_FLAG_BACKUP_SEMANTICS && !empties(o->req->disposition) ? WM_OK
                                                                                       : WM_FILE_IS_DIRECTORY;
}

static unsigned uses_of(uint32_t rights)
{
    return (rights & READS ? WM_SHARE_READ : 0u) | (rights & WRITES ? WM_SHARE_WRITE : 0u) |
           (rights & WM_FILE_DELETE ? WM_SHARE_DELETE : 0u);
}

/* By its name, where there is no /proc: if that is still this file's. */
static int open_by_name(const struct opening *o)
{
    int fd = wm_fd_create(o->req->name->path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);
    struct stat st;

    if (fd >= 0 && (wm_posix_fstat(fd, &st) != 0 || st.st_dev != o->st.st_dev || st.st_ino != o->st.st_ino)) {
        wm_kern_close(fd);
        return -ENOENT;
    }
    return fd;
}

static int open_teller(const struct opening *o)
{
    int fd;

    if (mode_of(o) == O_RDONLY || mode_of(o) == O_RDWR)
        return o->file.fd;
    fd = wm_kern_open_again(o->file.fd, O_RDONLY | O_NOCTTY);
    return fd == -ENOENT ? open_by_name(o) : fd;
}

/* Others are told by a description that reads. Where the file cannot be read, nobody is told. */
static wm_status enter(struct opening *o)
{
    unsigned uses = S_ISREG(o->st.st_mode) ? uses_of(o->rights) : 0;

    if (uses == 0)
        return WM_OK;
    o->file.uses = (uint8_t)uses;
    o->file.shares = (uint8_t)o->req->shares;
    o->file.teller = open_teller(o);
    return o->file.teller < 0 ? WM_OK : wm_sharing_enter(o->file.teller, uses, o->req->shares);
}

/* By its name in /proc also where the descriptor is not for writing. */
static wm_status make_empty(const struct opening *o)
{
    if (!empties(o->req->disposition) || !S_ISREG(o->st.st_mode))
        return WM_OK;
    if (wm_sharing_has_section(o->file.teller >= 0 ? o->file.teller : o->file.fd))
        return WM_FILE_MAPPED;
    return wm_from_errno(WM_OP_NAME, o->rights & WRITES ? (int)wm_posix_ftruncate(o->file.fd, 0)
                                                        : wm_kern_truncate_open(o->file.fd, 0));
}

static void advise(const struct opening *o)
{
    if (o->req->flags & FILE_FLAG_SEQUENTIAL_SCAN)
        wm_posix_advise(o->file.fd, POSIX_FADV_SEQUENTIAL);
    else if (o->req->flags & FILE_FLAG_RANDOM_ACCESS)
        wm_posix_advise(o->file.fd, POSIX_FADV_RANDOM);
}

static wm_status finish(struct opening *o, bool existed, uintptr_t *handle)
{
    wm_status st = wm_from_errno(WM_OP_NAME, (int)wm_posix_fstat(o->file.fd, &o->st));

    if (wm_ok(st))
        st = check_kind(o);
    if (wm_ok(st))
        st = enter(o);
    if (wm_ok(st) && existed)
        st = make_empty(o);
    if (!wm_ok(st))
        return st;
    advise(o);
    if (o->req->flags & FILE_FLAG_DELETE_ON_CLOSE && !S_ISDIR(o->st.st_mode))
        o->file.traits |= WM_FILE_GOES;
    if (o->req->flags & FILE_FLAG_OVERLAPPED)
        o->file.traits |= WM_FILE_OVERLAPPED;
    return wm_file_new(&o->file, o->rights, handle);
}

static void give_up(const struct opening *o)
{
    if (o->file.teller >= 0 && o->file.teller != o->file.fd)
        wm_kern_close(o->file.teller);
    wm_kern_close(o->file.fd);
}

wm_status wm_open_file(struct wm_open_req *req)
{
    struct opening o = {.req = req, .file.teller = -1};
    wm_status st;

    o.rights = wm_handle_rights(WM_HANDLE_FILE, req->access) | WM_FILE_READ_ATTRIBUTES | WM_RIGHT_SYNCHRONIZE;
    if (req->flags & FILE_FLAG_DELETE_ON_CLOSE)
        o.rights |= WM_FILE_DELETE;
    st = check(req, o.rights);
    if (!wm_ok(st))
        return st;
    o.file.fd = open_descriptor(&o, &req->existed);
    if (o.file.fd < 0)
        return wm_filename_status(req->name, o.file.fd);
    st = finish(&o, req->existed, &req->handle);
    if (!wm_ok(st))
        give_up(&o);
    return st;
}
