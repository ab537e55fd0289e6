/*
 * crthandles.c: between descriptors and handles, as the C run time of Windows has it: _get_osfhandle, _open_osfhandle, _close,
 * _dup2.
 *
 * On Windows a descriptor has a handle, and closing the one closes the other. Here each is open for itself (L202). So the
 * handle that somebody has asked for is kept for its number, a word in a table that grows by parts, as long as the number
 * stands for the same file; whoever asks after that has changed closes it, and so does _close. A handle that becomes a
 * descriptor is closed at once: what it kept others from, the descriptor's description still does (vm/files/sharing.h).
 *
 * A fork's child has the table and, in its copy, the handles.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include <io.h>
#include <winmem.h>

#include "vm/files/file.h"
#include "win32/win32.h"

enum { PARTS = 1024, PART = 1024 };

static _Atomic uintptr_t *_Atomic parts[PARTS];

/* The word of this number; NULL: there is none, and may_grow made no difference. */
static _Atomic uintptr_t *word_of(int fd, bool may_grow)
{
    size_t number = (size_t)fd;
    _Atomic uintptr_t *part, *none = NULL;

    if (fd < 0 || number >= (size_t)PARTS * PART)
        return NULL;
    part = atomic_load(&parts[number / PART]);
    if (part == NULL && may_grow) {
        part = calloc(PART, sizeof *part);
        if (part != NULL && !atomic_compare_exchange_strong(&parts[number / PART], &none, part)) {
            free((void *)part);
            part = none;
        }
    }
    return part == NULL ? NULL : &part[number % PART];
}

static bool stands_for(uintptr_t handle, const struct wm_file_id *id)
{
    WM_PINNED_FILE pinned = {0};

    return handle != 0 && wm_ok(wm_file_pin(handle, 0, &pinned)) && pinned.file->id.inode == id->inode &&
           pinned.file->id.device == id->device;
}

/* Whoever takes it out of the table closes it: another thread may have put a new one there meanwhile. */
static void close_kept(_Atomic uintptr_t *word, uintptr_t handle)
{
    DWORD error = GetLastError();

    if (handle != 0 && atomic_compare_exchange_strong(word, &handle, 0))
        CloseHandle((HANDLE)handle);
    SetLastError(error);
}

static void close_what_is_kept(int fd)
{
    _Atomic uintptr_t *word = word_of(fd, false);

    if (word != NULL)
        close_kept(word, atomic_load(word));
}

static DWORD rights_of(int flags)
{
    if ((flags & O_ACCMODE) == O_RDONLY)
        return GENERIC_READ;
    return (flags & O_ACCMODE) == O_WRONLY ? GENERIC_WRITE : GENERIC_READ | GENERIC_WRITE;
}

/* Of two threads that ask first the second one's handle is for nothing. */
static intptr_t make_kept(int fd, int flags, _Atomic uintptr_t *word)
{
    uintptr_t handle = (uintptr_t)WinmemHandleFromFd(fd, rights_of(flags)), none = 0;

    if (handle == (uintptr_t)INVALID_HANDLE_VALUE) {
        errno = GetLastError() == ERROR_TOO_MANY_OPEN_FILES ? EMFILE : EBADF;
        return -1;
    }
    if (atomic_compare_exchange_strong(word, &none, handle))
        return (intptr_t)handle;
    CloseHandle((HANDLE)handle);
    return (intptr_t)none;
}

intptr_t _get_osfhandle(int fd)
{
    _Atomic uintptr_t *word = word_of(fd, true);
    int flags = fcntl(fd, F_GETFL);
    struct wm_file_id id;
    uintptr_t kept;

    if (flags < 0) {
        close_what_is_kept(fd);
        errno = EBADF;
        return -1;
    }
    if (word == NULL) {
        errno = EMFILE;
        return -1;
    }
    kept = atomic_load(word);
    if (kept != 0 && wm_kern_file_id(fd, &id) == 0 && stands_for(kept, &id))
        return (intptr_t)kept;
    close_kept(word, kept);
    return make_kept(fd, flags, word);
}

int _open_osfhandle(intptr_t handle, int flags)
{
    int fd = WinmemFdFromHandle((HANDLE)handle);

    (void)flags;
    if (fd < 0) {
        errno = GetLastError() == ERROR_TOO_MANY_OPEN_FILES ? EMFILE : EBADF;
        return -1;
    }
    close_what_is_kept(fd);
    CloseHandle((HANDLE)handle);
    return fd;
}

int _close(int fd)
{
    close_what_is_kept(fd);
    return close(fd);
}

/* The kept one is left where dup2 fails: second is then what it was. */
int _dup2(int fd, int second)
{
    if (dup2(fd, second) < 0)
        return -1;
    if (fd != second)
        close_what_is_kept(second);
    return 0;
}
