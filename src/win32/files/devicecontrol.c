/*
 * devicecontrol.c: DeviceIoControl, for holes in files.
 *
 * Every file of Linux may have holes, so FSCTL_SET_SPARSE has nothing to do; taking the word back fills the holes (L391).
 * Zeros become a hole where the file system has them, and are written where it has not. A file never grows by them.
 */
#include <errno.h>
#include <string.h>
#include <winioctl.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "win32/files/overlapped.h"
#include "win32/posix.h"
#include "win32/win32.h"

/* Of <linux/falloc.h>. */
enum { KEEP_SIZE = 1, PUNCH_HOLE = 2 };

struct control {
    DWORD code;
    const void *in;
    DWORD in_bytes;
};

static wm_status fill_holes(int fd, const struct stat *found)
{
    long result;

    if (found->st_size == 0)
        return WM_OK;
    do
        result = wm_posix_fallocate(fd, KEEP_SIZE, 0, found->st_size);
    while (result == -EINTR);
    return result == -EOPNOTSUPP ? WM_OK : wm_from_errno(WM_OP_TRANSFER, (int)result);
}

static wm_status set_sparse(int fd, const struct stat *found, const struct control *control)
{
    FILE_SET_SPARSE_BUFFER wanted = {TRUE};

    if (control->in != NULL && control->in_bytes < sizeof wanted)
        return WM_CONTROL_BUFFER;
    if (control->in != NULL)
        memcpy(&wanted, control->in, sizeof wanted);
    return wanted.SetSparse ? WM_OK : fill_holes(fd, found);
}

static wm_status write_zeros(int fd, int64_t from, int64_t to)
{
    static const char zeros[16384];

    while (from < to) {
        size_t bytes = to - from < (int64_t)sizeof zeros ? (size_t)(to - from) : sizeof zeros;
        long put = wm_posix_write_at(fd, zeros, bytes, from);

        if (put < 0 && put != -EINTR)
            return wm_from_errno(WM_OP_TRANSFER, (int)put);
        from += put < 0 ? 0 : put;
    }
    return WM_OK;
}

static wm_status set_zero(int fd, const struct stat *found, const struct control *control)
{
    FILE_ZERO_DATA_INFORMATION zero;
    int64_t from, to;
    long result;

    if (control->in == NULL || control->in_bytes < sizeof zero)
        return WM_CONTROL_BUFFER;
    memcpy(&zero, control->in, sizeof zero);
    from = zero.FileOffset.QuadPart;
    to = zero.BeyondFinalZero.QuadPart;
    if (from < 0 || to < from)
        return WM_CONTROL_BUFFER;
    if (to > found->st_size)
        to = found->st_size;
    if (from >= to)
        return WM_OK;
    do
        result = wm_posix_fallocate(fd, PUNCH_HOLE | KEEP_SIZE, from, to - from);
    while (result == -EINTR);
    return result == -EOPNOTSUPP ? write_zeros(fd, from, to) : wm_from_errno(WM_OP_TRANSFER, (int)result);
}

static wm_status on_file(HANDLE handle, const struct control *control)
{
    WM_PINNED_FILE pinned = {0};
    struct stat found;
    wm_status st = wm_file_pin((uintptr_t)handle, 0, &pinned);

    if (!wm_ok(st))
        return st;
    if (control->code != FSCTL_SET_SPARSE && control->code != FSCTL_SET_ZERO_DATA)
        return WM_CONTROL_UNKNOWN;
    if (!(pinned.rights & WM_FILE_WRITE))
        return WM_HANDLE_ACCESS;
    st = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(pinned.file->fd, &found));
    if (wm_ok(st) && !S_ISREG(found.st_mode))
        st = WM_FILE_WRONG_KIND;
    if (!wm_ok(st))
        return st;
    return control->code == FSCTL_SET_SPARSE ? set_sparse(pinned.file->fd, &found, control)
                                             : set_zero(pinned.file->fd, &found, control);
}

/* Somewhere the number of bytes has to go, though it is 0. */
static wm_status check(const struct control *control, DWORD *returned, OVERLAPPED *overlapped)
{
    static const DWORD none;

    if (returned == NULL && overlapped == NULL)
        return WM_POINTER;
    if (overlapped != NULL && !wm_ok(wm_edge_fillable(overlapped, sizeof *overlapped)))
        return WM_POINTER;
    if (control->in != NULL && control->in_bytes > 0 && !wm_ok(wm_edge_readable(control->in, 1)))
        return WM_POINTER;
    return returned == NULL ? WM_OK : wm_edge_tell(returned, &none, sizeof none);
}

BOOL WINAPI DeviceIoControl(HANDLE hDevice, DWORD dwIoControlCode, LPVOID lpInBuffer, DWORD nInBufferSize,
                            LPVOID lpOutBuffer, DWORD nOutBufferSize, LPDWORD lpBytesReturned,
                            LPOVERLAPPED lpOverlapped)
{
    struct control control = {dwIoControlCode, lpInBuffer, nInBufferSize};
    wm_status st = check(&control, lpBytesReturned, lpOverlapped);

    if (wm_ok(st)) {
        st = wm_overlapped_begin(lpOverlapped);
        if (wm_ok(st))
            st = on_file(hDevice, &control);
        wm_overlapped_end(lpOverlapped, st, 0);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hDevice), WM_HEX(dwIoControlCode), WM_HEX(lpInBuffer),
             WM_HEX(nInBufferSize), WM_HEX(lpOutBuffer), WM_HEX(nOutBufferSize), WM_HEX(lpBytesReturned),
             WM_HEX(lpOverlapped));
    return wm_edge_bool(st);
}
