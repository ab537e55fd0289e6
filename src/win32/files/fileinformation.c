/* fileinformation.c: what is known of an open file: GetFileSize, GetFileInformationByHandle, GetFileType; and FlushFileBuffers. */
#include <errno.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "win32/files/filenature.h"
#include "win32/posix.h"

static wm_status stat_of(HANDLE handle, struct stat *found)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = wm_file_pin((uintptr_t)handle, WM_FILE_READ_ATTRIBUTES, &pinned);

    return wm_ok(st) ? wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(pinned.file->fd, found)) : st;
}

/* --- sizes --- */

static wm_status size_of(HANDLE handle, int64_t *bytes)
{
    struct stat found;
    wm_status st = stat_of(handle, &found);

    if (!wm_ok(st))
        return st;
    *bytes = found.st_size;
    return S_ISREG(found.st_mode) || S_ISDIR(found.st_mode) ? WM_OK : WM_FILE_WRONG_KIND;
}

BOOL WINAPI GetFileSizeEx(HANDLE hFile, PLARGE_INTEGER lpFileSize)
{
    int64_t bytes = 0;
    wm_status st = size_of(hFile, &bytes);

    if (wm_ok(st))
        st = wm_edge_tell(lpFileSize, &bytes, sizeof bytes);
    WM_TRACE(st, WM_RETURNS_TRUE_AND(WM_HEX((uint64_t)bytes)), WM_HEX(hFile), WM_HEX(lpFileSize));
    return wm_edge_bool(st);
}

DWORD WINAPI GetFileSize(HANDLE hFile, LPDWORD lpFileSizeHigh)
{
    int64_t bytes = 0;
    wm_status st = size_of(hFile, &bytes);
    DWORD high = (DWORD)(bytes >> 32);

    if (wm_ok(st) && lpFileSizeHigh != NULL)
        st = wm_edge_tell(lpFileSizeHigh, &high, sizeof high);
    WM_TRACE(st, WM_RETURNS(WM_HEX((uint64_t)bytes)), WM_HEX(hFile), WM_HEX(lpFileSizeHigh));
    if (!wm_edge_bool(st))
        return INVALID_FILE_SIZE;
    if ((DWORD)bytes == INVALID_FILE_SIZE) /* looks like a failure, and is none */
        SetLastError(ERROR_SUCCESS);
    return (DWORD)bytes;
}

/* --- all at once --- */

static BY_HANDLE_FILE_INFORMATION information(int fd, const struct stat *st)
{
    struct wm_file_nature nature;

    wm_file_nature_of(fd, st, &nature);
    return (BY_HANDLE_FILE_INFORMATION){
        .dwFileAttributes = nature.attributes,
        .ftCreationTime = wm_file_time(nature.made),
        .ftLastAccessTime = wm_file_time(nature.read),
        .ftLastWriteTime = wm_file_time(nature.written),
        .dwVolumeSerialNumber = (DWORD)(st->st_dev ^ st->st_dev >> 32),
        .nFileSizeHigh = (DWORD)((uint64_t)st->st_size >> 32),
        .nFileSizeLow = (DWORD)st->st_size,
        .nNumberOfLinks = (DWORD)st->st_nlink,
        .nFileIndexHigh = (DWORD)(st->st_ino >> 32),
        .nFileIndexLow = (DWORD)st->st_ino,
    };
}

static wm_status information_of(HANDLE handle, BY_HANDLE_FILE_INFORMATION *out)
{
    WM_PINNED_FILE pinned = {0};
    BY_HANDLE_FILE_INFORMATION told;
    struct stat found;
    wm_status st = wm_file_pin((uintptr_t)handle, WM_FILE_READ_ATTRIBUTES, &pinned);

    if (wm_ok(st))
        st = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(pinned.file->fd, &found));
    if (!wm_ok(st))
        return st;
    told = information(pinned.file->fd, &found);
    return wm_edge_tell(out, &told, sizeof told);
}

BOOL WINAPI GetFileInformationByHandle(HANDLE hFile, LPBY_HANDLE_FILE_INFORMATION lpFileInformation)
{
    wm_status st = information_of(hFile, lpFileInformation);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(lpFileInformation));
    return wm_edge_bool(st);
}

/* --- its kind --- */

static DWORD type_of(mode_t mode)
{
    if (S_ISCHR(mode))
        return FILE_TYPE_CHAR;
    return S_ISFIFO(mode) || S_ISSOCK(mode) ? FILE_TYPE_PIPE : FILE_TYPE_DISK;
}

DWORD WINAPI GetFileType(HANDLE hFile)
{
    struct stat found;
    wm_status st = stat_of(hFile, &found);
    DWORD type = wm_ok(st) ? type_of(found.st_mode) : FILE_TYPE_UNKNOWN;

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(type)), WM_HEX(hFile));
    wm_edge_bool(st);
    return type;
}

/* --- to the disk --- */

static wm_status flush(HANDLE handle)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = wm_file_pin((uintptr_t)handle, 0, &pinned);
    long result;

    if (!wm_ok(st))
        return st;
    if (!(pinned.rights & (WM_FILE_WRITE | WM_FILE_APPEND)))
        return WM_HANDLE_ACCESS;
    result = wm_posix_fsync(pinned.file->fd);
    return result == -EINVAL ? WM_FILE_WRONG_KIND : wm_from_errno(WM_OP_TRANSFER, (int)result);
}

BOOL WINAPI FlushFileBuffers(HANDLE hFile)
{
    wm_status st = flush(hFile);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile));
    return wm_edge_bool(st);
}
