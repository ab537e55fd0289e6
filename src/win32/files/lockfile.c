/*
 * lockfile.c: LockFile, UnlockFile.
 *
 * A lock is one of the open file description (kern/files/files.h), so it ends with the handle at the latest. The kernel
 * never refuses a description what it has already; Windows does. And it calls it unlocking where nothing is locked;
 * Windows does not. So before anything is done it is looked what is locked there, by this handle as well.
 *
 * A shared lock of bytes that the handle has locked exclusively is a second lock on Windows, and giving back the exclusive
 * one leaves it: by that programs go from the one to the other without letting anybody in. The kernel knows one lock of
 * a description, so the file object remembers that there are two (vm/files/file.h).
 */
#include <errno.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "vm/files/sharing.h"
#include "win32/win32.h"

struct bytes {
    uint64_t first, count;
};

static uint64_t joined(DWORD low, DWORD high)
{
    return (uint64_t)high << 32 | low;
}

/* Windows' bytes reach twice as far as those of Linux, whose last few say who shares the file. */
static wm_status clip(struct bytes *bytes)
{
    if (bytes->count > UINT64_MAX - bytes->first)
        return WM_LOCK_RANGE;
    if (bytes->first >= WM_SHARING_FIRST)
        return bytes->count == 0 ? WM_OK : WM_LOCK_RANGE;
    if (bytes->count > WM_SHARING_FIRST - bytes->first)
        bytes->count = WM_SHARING_FIRST - bytes->first;
    return WM_OK;
}

static wm_status lock_status(int result)
{
    if (result == -EAGAIN || result == -EACCES)
        return WM_LOCKED;
    return result == -EBADF ? WM_LOCK_MODE : wm_from_errno(WM_OP_TRANSFER, result);
}

static wm_status pin(HANDLE handle, struct wm_pinned_file *out)
{
    wm_status st = wm_file_pin((uintptr_t)handle, 0, out);

    return wm_ok(st) && !(out->rights & (WM_FILE_READ | WM_FILE_WRITE)) ? WM_HANDLE_ACCESS : st;
}

static wm_status lock(HANDLE handle, DWORD flags, struct bytes *bytes)
{
    enum wm_byte_lock kind = flags & LOCKFILE_EXCLUSIVE_LOCK ? WM_BYTES_EXCLUSIVE : WM_BYTES_SHARED;
    bool wait = !(flags & LOCKFILE_FAIL_IMMEDIATELY);
    WM_PINNED_FILE pinned = {0};
    wm_status st = pin(handle, &pinned);
    int result;

    if (wm_ok(st))
        st = clip(bytes);
    if (!wm_ok(st))
        return st;
    if (kind == WM_BYTES_SHARED && wm_file_lock_again(&pinned, bytes->first, bytes->count))
        return WM_OK;
    if (!wait && wm_kern_bytes_locked_at_all(pinned.file->fd, kind, bytes->first, bytes->count) == 1)
        return WM_LOCKED;
    do
        result = wm_kern_lock_bytes(pinned.file->fd, kind, bytes->first, bytes->count, wait);
    while (result == -EINTR);
    if (result == 0 && kind == WM_BYTES_EXCLUSIVE)
        wm_file_note_lock(&pinned, bytes->first, bytes->count);
    return lock_status(result);
}

static wm_status unlock(HANDLE handle, struct bytes *bytes)
{
    WM_PINNED_FILE pinned = {0};
    enum wm_byte_lock left = WM_BYTES_FREE;
    wm_status st = pin(handle, &pinned);

    if (wm_ok(st))
        st = clip(bytes);
    if (!wm_ok(st))
        return st;
    if (bytes->count > 0 &&
        wm_kern_bytes_locked_at_all(pinned.file->fd, WM_BYTES_EXCLUSIVE, bytes->first, bytes->count) == 0)
        return WM_LOCK_NONE;
    if (wm_file_unlock_first(&pinned, bytes->first, bytes->count))
        left = WM_BYTES_SHARED;
    return lock_status(wm_kern_lock_bytes(pinned.file->fd, left, bytes->first, bytes->count, false));
}

/* --- as the functions have it --- */

BOOL WINAPI LockFile(HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh,
                     DWORD nNumberOfBytesToLockLow, DWORD nNumberOfBytesToLockHigh)
{
    struct bytes bytes = {joined(dwFileOffsetLow, dwFileOffsetHigh),
                          joined(nNumberOfBytesToLockLow, nNumberOfBytesToLockHigh)};
    wm_status st = lock(hFile, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, &bytes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(dwFileOffsetLow), WM_HEX(dwFileOffsetHigh),
             WM_HEX(nNumberOfBytesToLockLow), WM_HEX(nNumberOfBytesToLockHigh));
    return wm_edge_bool(st);
}

BOOL WINAPI UnlockFile(HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh,
                       DWORD nNumberOfBytesToUnlockLow, DWORD nNumberOfBytesToUnlockHigh)
{
    struct bytes bytes = {joined(dwFileOffsetLow, dwFileOffsetHigh),
                          joined(nNumberOfBytesToUnlockLow, nNumberOfBytesToUnlockHigh)};
    wm_status st = unlock(hFile, &bytes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(dwFileOffsetLow), WM_HEX(dwFileOffsetHigh),
             WM_HEX(nNumberOfBytesToUnlockLow), WM_HEX(nNumberOfBytesToUnlockHigh));
    return wm_edge_bool(st);
}

/* Where it begins stands in a structure that must be given. */
static wm_status bytes_of(DWORD reserved, DWORD low, DWORD high, const OVERLAPPED *overlapped,
                          struct bytes *bytes)
{
    if (reserved != 0)
        return WM_FLAGS_NOT_ZERO;
    if (overlapped == NULL || !wm_ok(wm_edge_readable(overlapped, sizeof *overlapped)))
        return WM_POINTER;
    *bytes = (struct bytes){joined(overlapped->Offset, overlapped->OffsetHigh), joined(low, high)};
    return WM_OK;
}

BOOL WINAPI LockFileEx(HANDLE hFile, DWORD dwFlags, DWORD dwReserved, DWORD nNumberOfBytesToLockLow,
                       DWORD nNumberOfBytesToLockHigh, LPOVERLAPPED lpOverlapped)
{
    struct bytes bytes;
    wm_status st =
        bytes_of(dwReserved, nNumberOfBytesToLockLow, nNumberOfBytesToLockHigh, lpOverlapped, &bytes);

    if (wm_ok(st) && dwFlags & ~(DWORD)(LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY))
        st = WM_LOCK_FLAGS;
    if (wm_ok(st))
        st = lock(hFile, dwFlags, &bytes);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(dwFlags), WM_HEX(dwReserved),
             WM_HEX(nNumberOfBytesToLockLow), WM_HEX(nNumberOfBytesToLockHigh), WM_HEX(lpOverlapped));
    return wm_edge_bool(st);
}

BOOL WINAPI UnlockFileEx(HANDLE hFile, DWORD dwReserved, DWORD nNumberOfBytesToUnlockLow,
                         DWORD nNumberOfBytesToUnlockHigh, LPOVERLAPPED lpOverlapped)
{
    struct bytes bytes;
    wm_status st =
        bytes_of(dwReserved, nNumberOfBytesToUnlockLow, nNumberOfBytesToUnlockHigh, lpOverlapped, &bytes);

    if (wm_ok(st))
        st = unlock(hFile, &bytes);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(dwReserved), WM_HEX(nNumberOfBytesToUnlockLow),
             WM_HEX(nNumberOfBytesToUnlockHigh), WM_HEX(lpOverlapped));
    return wm_edge_bool(st);
}
