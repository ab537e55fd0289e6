/*
 * file.c: file objects, and descriptors of the program that become handles and the other way round
 * (file.h).
 *
 * A handle and the program's descriptor are independent (L202): each is a number of its own for one open
 * file, with one position, and is closed for itself. Neither gives rights that the other one has not
 * (L203): a handle bounds what its descriptor may be used for, a descriptor what a handle can be granted.
 *
 * A file that is to go with its last handle is deleted by the process that opened it, and by name only if
 * the name still leads to it (L205).
 */
#include "vm/files/file.h"

#include <errno.h>
#include <fcntl.h>

#include "kern/descriptor.h"
#include "kern/process/peer.h"
#include "kern/sys.h"
#include "vm/errno_status.h"
#include "vm/files/sharing.h"

enum { TRANSFERS = WM_FILE_READ | WM_FILE_WRITE | WM_FILE_APPEND | WM_FILE_EXECUTE };

wm_status wm_file_new(struct wm_file *file, uint32_t rights, uintptr_t *handle)
{
    int result = wm_kern_file_id(file->fd, &file->id);

    file->pid = wm_sys_pid();
    return result == 0 ? wm_handle_new_object(WM_HANDLE_FILE, file, rights, handle)
                       : wm_from_errno(WM_OP_TRANSFER, result);
}

wm_status wm_file_pin(uintptr_t handle, uint32_t rights, struct wm_pinned_file *out)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_FILE, rights, &entry);

    if (!wm_ok(st))
        return st;
    *out = (struct wm_pinned_file){
        .file = wm_object_at(&wm_home.objects, WM_HANDLE_FILE, entry.object),
        .index = entry.object,
        .rights = entry.access,
    };
    return wm_kern_is_file(out->file->fd, &out->file->id) ? WM_OK : WM_DESCRIPTOR_GONE;
}

void wm_file_unpin(struct wm_pinned_file *pinned)
{
    if (pinned->file != NULL)
        wm_object_unpin(WM_HANDLE_FILE, pinned->index);
}

static struct wm_own_lock *lock_of(const struct wm_pinned_file *pinned)
{
    struct wm_file *file = wm_object_at(&wm_home.objects, WM_HANDLE_FILE, pinned->index);

    return &file->lock;
}

void wm_file_note_lock(const struct wm_pinned_file *pinned, uint64_t first, uint64_t count)
{
    wm_status st;

    WM_AT_OBJECTS(st)
        *lock_of(pinned) = (struct wm_own_lock){first, count, false};
}

static bool is_noted(const struct wm_own_lock *lock, uint64_t first, uint64_t count)
{
    return count != 0 && lock->first == first && lock->count == count;
}

bool wm_file_lock_again(const struct wm_pinned_file *pinned, uint64_t first, uint64_t count)
{
    struct wm_own_lock *lock = lock_of(pinned);
    bool again = false;
    wm_status st;

    WM_AT_OBJECTS(st) {
        again = is_noted(lock, first, count) && !lock->shared_too;
        lock->shared_too |= again;
    }
    return again;
}

bool wm_file_unlock_first(const struct wm_pinned_file *pinned, uint64_t first, uint64_t count)
{
    struct wm_own_lock *lock = lock_of(pinned);
    bool both = false;
    wm_status st;

    WM_AT_OBJECTS(st) {
        if (!is_noted(lock, first, count))
            return false;
        both = lock->shared_too;
        *lock = (struct wm_own_lock){0, 0, false};
    }
    return both;
}

void wm_file_set_goes(const struct wm_pinned_file *pinned, bool goes)
{
    struct wm_file *file = wm_object_at(&wm_home.objects, WM_HANDLE_FILE, pinned->index);

    __atomic_store_n(&file->pid, wm_sys_pid(), __ATOMIC_RELAXED);
    if (goes)
        __atomic_or_fetch(&file->traits, (uint32_t)WM_FILE_GOES, __ATOMIC_RELAXED);
    else
        __atomic_and_fetch(&file->traits, ~(uint32_t)WM_FILE_GOES, __ATOMIC_RELAXED);
}

/* --- descriptors of the program --- */

/* What one may do by a descriptor that was opened so. */
static uint32_t rights_of(int flags)
{
    uint32_t reads = WM_FILE_READ | WM_FILE_EXECUTE,
             writes = WM_FILE_APPEND | (flags & O_APPEND ? 0 : WM_FILE_WRITE);

    if (flags & O_PATH)
        return 0;
    if ((flags & O_ACCMODE) == O_RDONLY)
        return reads;
    return (flags & O_ACCMODE) == O_WRONLY ? writes : reads | writes;
}

/* As by CreateFile, what a file is may always be asked, and generic rights mean what they can mean. */
static wm_status check_mode(int flags, uint32_t rights)
{
    if (flags < 0)
        return WM_DESCRIPTOR_UNKNOWN;
    if (flags & O_APPEND && rights & WM_FILE_APPEND)
        rights &= ~(uint32_t)WM_FILE_WRITE;
    return rights & TRANSFERS & ~rights_of(flags) ? WM_FILE_MODE : WM_OK;
}

wm_status wm_file_of_descriptor(int fd, uint32_t rights, uintptr_t *handle)
{
    struct wm_file file = {.teller = -1};
    wm_status st;

    rights = wm_handle_rights(WM_HANDLE_FILE, rights) | WM_FILE_READ_ATTRIBUTES | WM_RIGHT_SYNCHRONIZE;
    st = check_mode(wm_kern_file_flags(fd), rights);
    if (!wm_ok(st))
        return st;
    file.fd = wm_fd_duplicate(fd);
    if (file.fd < 0)
        return wm_from_errno(WM_OP_NAME, file.fd);
    st = wm_file_new(&file, rights, handle);
    if (!wm_ok(st))
        wm_kern_close(file.fd);
    return st;
}

wm_status wm_file_descriptor(uintptr_t handle, int *fd)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = wm_file_pin(handle, 0, &pinned);
    int made;

    if (!wm_ok(st))
        return st;
    if (rights_of(wm_kern_file_flags(pinned.file->fd)) & ~pinned.rights & ~(uint32_t)WM_FILE_EXECUTE)
        return WM_HANDLE_ACCESS;
    made = wm_fd_duplicate(pinned.file->fd);
    if (made < 0)
        return wm_from_errno(WM_OP_NAME, made);
    *fd = made;
    return WM_OK;
}

/* --- as a type of object --- */

static void close_ours(int fd, const struct wm_file_id *id)
{
    if (fd >= 0 && wm_kern_is_file(fd, id))
        wm_kern_close(fd);
}

static void let_go(void *gone)
{
    const struct wm_file *file = gone;

    if (file->traits & WM_FILE_GOES && file->pid == wm_sys_pid() && wm_kern_is_file(file->fd, &file->id))
        wm_kern_unlink_open(file->fd, &file->id);
    if (file->teller != file->fd)
        close_ours(file->teller, &file->id);
    close_ours(file->fd, &file->id);
}

/* Each transfer is done when its function returns. */
static wm_status ready(uint32_t object, enum wm_signal *out)
{
    (void)object;
    *out = WM_SIGNALLED;
    return WM_OK;
}

static wm_status describe(const struct wm_file *file, struct wm_file_offer *out)
{
    *out = (struct wm_file_offer){
        .pid = wm_sys_pid(),
        .fd = file->fd,
        .teller = file->teller,
        .opener = file->pid,
        .traits = file->traits,
        .uses = file->uses,
        .shares = file->shares,
        .mode = wm_kern_file_flags(file->fd),
        .position = wm_kern_position(file->fd),
        .inode = file->id.inode,
        .device = file->id.device,
    };
    return wm_kern_is_file(file->fd, &file->id) ? WM_OK : WM_DESCRIPTOR_GONE;
}

static struct wm_file *file_at(uint32_t index)
{
    return wm_object_at(&wm_home.objects, WM_HANDLE_FILE, index);
}

static wm_status offer(uint32_t index, struct wm_object_offer *out)
{
    return describe(file_at(index), &out->file);
}

/* What a description has besides its file and its position. */
enum { MODES = O_ACCMODE | O_APPEND | O_DIRECT | O_SYNC | O_NONBLOCK | O_PATH };

static bool is_theirs(int fd, const struct wm_file_offer *offer)
{
    return fd >= 0 && wm_kern_is_file(fd, &(struct wm_file_id){offer->inode, offer->device});
}

static int checked(int fd, const struct wm_file_offer *offer)
{
    if (fd < 0 || is_theirs(fd, offer))
        return fd;
    wm_kern_close(fd);
    return -ENOENT;
}

/*
 * Where the other process may not be traced the file is opened once more: at the same position, which goes its own way from
 * then on, and with a word of its own to others.
 */
static int open_again(const struct wm_file_offer *offer, struct wm_file *file)
{
    int fd = checked(wm_kern_open_theirs(offer->pid, offer->fd, (offer->mode & MODES) | O_NOCTTY), offer);

    if (fd < 0)
        return fd;
    if (offer->position > 0)
        wm_kern_set_position(fd, offer->position);
    file->fd = fd;
    if (offer->teller == offer->fd)
        file->teller = fd;
    else if (offer->teller >= 0)
        file->teller = wm_kern_open_again(fd, O_RDONLY | O_NOCTTY);
    if (file->teller >= 0)
        wm_sharing_join(file->teller, offer->uses, offer->shares);
    return 0;
}

static bool is_out_of_descriptors(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

/* The one open file that the other process has: with one position, and one word to others. */
static int share(const struct wm_file_offer *offer, struct wm_file *file)
{
    int fd = checked(wm_kern_share_theirs(offer->pid, offer->fd), offer);

    if (fd < 0)
        return is_out_of_descriptors(fd) ? fd : open_again(offer, file);
    file->fd = fd;
    if (offer->teller == offer->fd)
        file->teller = fd;
    else if (offer->teller >= 0)
        file->teller = checked(wm_kern_share_theirs(offer->pid, offer->teller), offer);
    if (!is_out_of_descriptors(file->teller))
        return 0;
    wm_kern_close(fd);
    return file->teller;
}

static void close_both(const struct wm_file *file)
{
    if (file->teller >= 0 && file->teller != file->fd)
        wm_kern_close(file->teller);
    wm_kern_close(file->fd);
}

static wm_status adopt(const struct wm_object_offer *offer, uint32_t *index)
{
    const struct wm_file_offer *theirs = &offer->file;
    struct wm_file file = {.teller = -1,
                           .id = {theirs->inode, theirs->device},
                           .traits = theirs->traits & WM_FILE_OVERLAPPED,
                           .pid = theirs->opener,
                           .uses = theirs->uses,
                           .shares = theirs->shares};
    int error = share(theirs, &file);
    wm_status st;

    if (error != 0)
        return is_out_of_descriptors(error) ? WM_DESCRIPTORS : WM_FILE_UNREACHABLE;
    st = wm_object_new(WM_HANDLE_FILE, &file, index);
    if (!wm_ok(st))
        close_both(&file);
    return st;
}

/* One open file may have come in by two ways. */
static bool same(uint32_t first, uint32_t second)
{
    return wm_kern_is_same_description(file_at(first)->fd, file_at(second)->fd);
}

static wm_status pass_on(uint32_t index, struct wm_passed *out)
{
    const struct wm_file *file = file_at(index);

    out->fds[0] = file->fd;
    out->fds[1] = file->teller < 0 || file->teller == file->fd ? 0 : file->teller;
    return describe(file, &out->told.file);
}

static wm_status receive(const struct wm_passed *passed, uint32_t *index)
{
    const struct wm_file_offer *told = &passed->told.file;
    struct wm_file file = {.fd = passed->fds[0],
                           .teller = -1,
                           .traits = told->traits,
                           .pid = told->opener,
                           .uses = told->uses,
                           .shares = told->shares};

    if (passed->fds[1] != 0)
        file.teller = passed->fds[1];
    else if (told->teller == told->fd)
        file.teller = file.fd;
    if (wm_kern_file_id(file.fd, &file.id) != 0)
        return WM_DESCRIPTOR_GONE;
    return wm_object_new(WM_HANDLE_FILE, &file, index);
}

const struct wm_object_type wm_type_file = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE | 0x89,
               .write = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE | 0x116,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE | 0xa0,
               .all = WM_RIGHTS_REQUIRED | WM_RIGHT_SYNCHRONIZE | 0x1ff},
    .record_bytes = sizeof(struct wm_file),
    .share = 64,
    .let_go = let_go,
    .ready = ready,
    .same = same,
    .offer = offer,
    .adopt = adopt,
    .pass_on = pass_on,
    .receive = receive,
};
