/*
 * stdhandles.c: GetStdHandle, SetStdHandle.
 *
 * The standard handles are those that SetStdHandle named, else handles to what the descriptors 0, 1 and 2 stand for. Such
 * a one is made when somebody asks first, and told to all who ask later, as long as the descriptor stands for the same
 * file: a program that puts another one in its place (dup2, freopen) is told another handle, and keeps the one it had.
 *
 * Each is one word, which two threads may want to fill: who comes second closes what he has made. A fork's child has the
 * words and, in its copy of the table, the handles.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "win32/posix.h"
#include "win32/win32.h"

struct standard {
    int fd;
    _Atomic uintptr_t named; /* by SetStdHandle */
    _Atomic bool is_named;
    _Atomic uintptr_t own; /* 0: nobody has asked yet */
};

static struct standard standards[] = {{.fd = 0}, {.fd = 1}, {.fd = 2}};

/* NULL: there is no such one. The numbers are -10, -11 and -12. */
static struct standard *standard_of(DWORD number)
{
    DWORD index = STD_INPUT_HANDLE - number;

    return index < sizeof standards / sizeof standards[0] ? &standards[index] : NULL;
}

/* Is it open, and for what the descriptor stands for now? */
static bool is_current(uintptr_t handle, const struct wm_file_id *id)
{
    WM_PINNED_FILE pinned = {0};

    return handle != 0 && wm_ok(wm_file_pin(handle, 0, &pinned)) && pinned.file->id.inode == id->inode &&
           pinned.file->id.device == id->device;
}

/* With all that the descriptor was opened for. */
static DWORD rights_of(int flags)
{
    if ((flags & O_ACCMODE) == O_RDONLY)
        return GENERIC_READ;
    return (flags & O_ACCMODE) == O_WRONLY ? GENERIC_WRITE : GENERIC_READ | GENERIC_WRITE;
}

/* A handle that a program has closed, or that another thread has brought meanwhile, makes room for the next. */
static wm_status make_own(struct standard *standard, const struct wm_file_id *id, uintptr_t *handle)
{
    uintptr_t was = atomic_load(&standard->own);
    int flags = wm_kern_file_flags(standard->fd);
    wm_status st;

    if (is_current(was, id)) {
        *handle = was;
        return WM_OK;
    }
    st = wm_file_of_descriptor(standard->fd, rights_of(flags), handle);
    if (wm_ok(st) && !atomic_compare_exchange_strong(&standard->own, &was, *handle)) {
        CloseHandle((HANDLE)*handle);
        *handle = was;
    }
    return st;
}

/* A program that has closed the descriptor has no such handle, and that is no failure. */
static wm_status find(DWORD number, uintptr_t *handle)
{
    struct standard *standard = standard_of(number);
    struct wm_file_id id;
    int result;

    if (standard == NULL)
        return WM_STANDARD_UNKNOWN;
    *handle = 0;
    if (atomic_load(&standard->is_named)) {
        *handle = atomic_load(&standard->named);
        return WM_OK;
    }
    result = wm_kern_file_id(standard->fd, &id);
    if (result == -EBADF)
        return WM_OK;
    return result == 0 ? make_own(standard, &id, handle) : wm_from_errno(WM_OP_TRANSFER, result);
}

HANDLE WINAPI GetStdHandle(DWORD nStdHandle)
{
    uintptr_t handle = (uintptr_t)INVALID_HANDLE_VALUE;
    wm_status st = find(nStdHandle, &handle);

    if (!wm_ok(st))
        handle = (uintptr_t)INVALID_HANDLE_VALUE;
    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_HEX(nStdHandle));
    wm_edge_bool(st);
    return (HANDLE)handle;
}

BOOL WINAPI SetStdHandle(DWORD nStdHandle, HANDLE hHandle)
{
    struct standard *standard = standard_of(nStdHandle);
    wm_status st = standard == NULL ? WM_STANDARD_UNKNOWN : WM_OK;

    if (wm_ok(st)) {
        atomic_store(&standard->named, (uintptr_t)hHandle);
        atomic_store(&standard->is_named, true);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(nStdHandle), WM_HEX(hHandle));
    return wm_edge_bool(st);
}
