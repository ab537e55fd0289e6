/* filepointer.c: SetFilePointer, SetFilePointerEx, SetEndOfFile. */
#include <errno.h>
#include <string.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "vm/files/sharing.h"
#include "win32/posix.h"
#include "win32/win32.h"

enum { TRANSFERS = WM_FILE_READ | WM_FILE_WRITE | WM_FILE_APPEND | WM_FILE_EXECUTE };

/* A file that can neither be read nor written has no position. */
static wm_status pin(HANDLE handle, uint32_t rights, struct wm_pinned_file *out)
{
    wm_status st = wm_file_pin((uintptr_t)handle, rights, out);

    return wm_ok(st) && !(out->rights & TRANSFERS) ? WM_HANDLE_ACCESS : st;
}

static wm_status seek_status(long result, int64_t distance)
{
    if (result >= 0)
        return WM_OK;
    if (result == -ESPIPE)
        return WM_SEEK_DEVICE;
    if (result == -EINVAL || result == -EOVERFLOW)
        return distance < 0 ? WM_SEEK_NEGATIVE : WM_SEEK_TOO_FAR;
    return wm_from_errno(WM_OP_TRANSFER, (int)result);
}

static wm_status seek(int fd, int64_t distance, DWORD method, int64_t *position)
{
    static const int whence[] = {[FILE_BEGIN] = SEEK_SET, [FILE_CURRENT] = SEEK_CUR, [FILE_END] = SEEK_END};

    if (method > FILE_END)
        return WM_SEEK_METHOD;
    *position = wm_posix_seek(fd, distance, whence[method]);
    return seek_status(*position, distance);
}

/* A caller who has room for 32 bits only is not to end up where he cannot say. */
static wm_status seek_narrow(int fd, int64_t distance, DWORD method, int64_t *position)
{
    long before = wm_posix_seek(fd, 0, SEEK_CUR);
    wm_status st = seek(fd, distance, method, position);

    if (!wm_ok(st) || *position <= UINT32_MAX)
        return st;
    wm_posix_seek(fd, before, SEEK_SET);
    return WM_SEEK_TOO_FAR;
}

BOOL WINAPI SetFilePointerEx(HANDLE hFile, LARGE_INTEGER liDistanceToMove, PLARGE_INTEGER lpNewFilePointer,
                             DWORD dwMoveMethod)
{
    WM_PINNED_FILE pinned = {0};
    int64_t position = 0;
    wm_status st = pin(hFile, 0, &pinned);

    if (wm_ok(st) && lpNewFilePointer != NULL)
        st = wm_edge_tell(lpNewFilePointer, &position, sizeof position);
    if (wm_ok(st))
        st = seek(pinned.file->fd, liDistanceToMove.QuadPart, dwMoveMethod, &position);
    if (wm_ok(st) && lpNewFilePointer != NULL)
        lpNewFilePointer->QuadPart = position;
    WM_TRACE(st, WM_RETURNS_TRUE_AND(WM_HEX((uint64_t)position)), WM_HEX(hFile),
             WM_HEX((uint64_t)liDistanceToMove.QuadPart), WM_HEX(lpNewFilePointer), WM_DECIMAL(dwMoveMethod));
    return wm_edge_bool(st);
}

/* The high half is given and taken where the caller has one. */
static wm_status set_pointer(HANDLE file, LONG low, LONG *high, DWORD method, int64_t *position)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = pin(file, 0, &pinned);
    LONG half;

    if (!wm_ok(st))
        return st;
    if (high == NULL)
        return seek_narrow(pinned.file->fd, low, method, position);
    st = wm_edge_fillable(high, sizeof *high);
    if (!wm_ok(st))
        return st;
    memcpy(&half, high, sizeof half);
    st = seek(pinned.file->fd, (int64_t)((uint64_t)(uint32_t)half << 32 | (uint32_t)low), method, position);
    half = (LONG)(*position >> 32);
    if (wm_ok(st))
        memcpy(high, &half, sizeof half);
    return st;
}

DWORD WINAPI SetFilePointer(HANDLE hFile, LONG lDistanceToMove, PLONG lpDistanceToMoveHigh,
                            DWORD dwMoveMethod)
{
    int64_t position = 0;
    wm_status st = set_pointer(hFile, lDistanceToMove, lpDistanceToMoveHigh, dwMoveMethod, &position);

    WM_TRACE(st, WM_RETURNS(WM_HEX((uint64_t)position)), WM_HEX(hFile), WM_HEX((DWORD)lDistanceToMove),
             WM_HEX(lpDistanceToMoveHigh), WM_DECIMAL(dwMoveMethod));
    if (!wm_edge_bool(st))
        return INVALID_SET_FILE_POINTER;
    if ((DWORD)position == INVALID_SET_FILE_POINTER) /* looks like a failure, and is none */
        SetLastError(ERROR_SUCCESS);
    return (DWORD)position;
}

/* --- the end --- */

/* What is mapped is not taken away (O201). */
static wm_status check_shrink(int fd, int64_t end)
{
    struct stat st;
    long result = wm_posix_fstat(fd, &st);

    if (result != 0)
        return wm_from_errno(WM_OP_TRANSFER, (int)result);
    if (!S_ISREG(st.st_mode))
        return WM_FILE_WRONG_KIND;
    return end < st.st_size && wm_sharing_has_section(fd) ? WM_FILE_MAPPED : WM_OK;
}

static wm_status set_end(HANDLE file)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = pin(file, WM_FILE_WRITE, &pinned);
    int64_t end = 0;

    if (wm_ok(st))
        st = seek(pinned.file->fd, 0, FILE_CURRENT, &end);
    if (wm_ok(st))
        st = check_shrink(pinned.file->fd, end);
    return wm_ok(st) ? wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_ftruncate(pinned.file->fd, end)) : st;
}

BOOL WINAPI SetEndOfFile(HANDLE hFile)
{
    wm_status st = set_end(hFile);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile));
    return wm_edge_bool(st);
}
