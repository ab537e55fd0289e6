/*
 * readwrite.c: ReadFile, WriteFile.
 *
 * Each is done when the function returns, OVERLAPPED or not. Of a transfer that fails on its way the caller is told how far
 * it came.
 */
#include <errno.h>
#include <string.h>

#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "win32/files/overlapped.h"
#include "win32/posix.h"
#include "win32/win32.h"

enum { AT_POSITION = -1 };

struct transfer {
    int fd;
    bool writes;
    char *buffer;
    DWORD bytes, done;
    int64_t offset; /* or AT_POSITION */
};

/* --- one transfer --- */

static long transfer_once(const struct transfer *t)
{
    size_t left = t->bytes - t->done, bytes = left < WM_POSIX_AT_ONCE ? left : WM_POSIX_AT_ONCE;
    char *at = t->buffer + t->done;

    if (t->offset == AT_POSITION)
        return t->writes ? wm_posix_write(t->fd, at, bytes) : wm_posix_read(t->fd, at, bytes);
    return t->writes ? wm_posix_write_at(t->fd, at, bytes, t->offset + t->done)
                     : wm_posix_read_at(t->fd, at, bytes, t->offset + t->done);
}

/* What has no places, a pipe or a terminal, is read and written where it stands. */
static long transfer_somewhere(struct transfer *t)
{
    long result = transfer_once(t);

    if (result == -ESPIPE && t->offset != AT_POSITION) {
        t->offset = AT_POSITION;
        result = transfer_once(t);
    }
    return result;
}

/* Whatever is read is enough, but for what one call cannot; all is to be written. */
static bool goes_on(const struct transfer *t, long result)
{
    if (result == -EINTR)
        return true;
    return result > 0 && t->done < t->bytes && (t->writes || result == WM_POSIX_AT_ONCE);
}

/* The error with which it ended; 0. An error after something was read comes again, and is told then. */
static int transfer_all(struct transfer *t)
{
    long result;

    do {
        result = transfer_somewhere(t);
        if (result > 0)
            t->done += (DWORD)result;
    } while (goes_on(t, result));
    return result >= 0 || (t->done > 0 && (!t->writes || result == -EAGAIN)) ? 0 : (int)result;
}

/* --- what it means --- */

static bool is_pipe(int fd)
{
    struct stat st;

    return wm_posix_fstat(fd, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

/* Nothing was read: the file ends here. That is no error where the place was not named. */
static wm_status ended(const struct transfer *t, bool named)
{
    if (t->writes || t->bytes == 0 || t->done != 0)
        return WM_OK;
    if (is_pipe(t->fd))
        return WM_PIPE_BROKEN;
    return named ? WM_FILE_END : WM_OK;
}

/* Two numbers without a sign. All ones in both: at the end of the file, to write there. */
static wm_status place(const OVERLAPPED *overlapped, struct transfer *t)
{
    uint64_t offset = (uint64_t)overlapped->OffsetHigh << 32 | overlapped->Offset;

    if (offset == UINT64_MAX && t->writes) {
        long end = wm_posix_seek(t->fd, 0, SEEK_END);

        t->offset = end >= 0 ? end : AT_POSITION;
        return WM_OK;
    }
    t->offset = (int64_t)offset;
    return t->offset < 0 ? WM_FILE_UNALIGNED : WM_OK;
}

/* The position follows a transfer that named its place, unless the handle is one for which positions mean nothing. */
static void follow(const struct wm_file *file, const struct transfer *t)
{
    if (t->offset != AT_POSITION && !wm_file_overlaps(file))
        wm_posix_seek(t->fd, t->offset + t->done, SEEK_SET);
}

static wm_status transfer(const struct wm_file *file, const OVERLAPPED *overlapped, struct transfer *t)
{
    wm_status st = WM_OK;

    t->fd = file->fd;
    if (overlapped == NULL && wm_file_overlaps(file))
        return WM_OVERLAPPED_MISSING;
    if (overlapped != NULL)
        st = place(overlapped, t);
    if (wm_ok(st))
        st = wm_from_errno(WM_OP_TRANSFER, transfer_all(t));
    if (wm_ok(st))
        st = ended(t, overlapped != NULL);
    if (overlapped != NULL && t->done > 0)
        follow(file, t);
    return st;
}

/* --- as the functions have it --- */

static wm_status check_results(DWORD *done, OVERLAPPED *overlapped)
{
    static const DWORD none;

    if (done == NULL && overlapped == NULL)
        return WM_POINTER;
    if (overlapped != NULL && !wm_ok(wm_edge_fillable(overlapped, sizeof *overlapped)))
        return WM_POINTER;
    return done == NULL ? WM_OK : wm_edge_tell(done, &none, sizeof none);
}

static void tell(wm_status st, const struct transfer *t, DWORD *done, OVERLAPPED *overlapped)
{
    if (done != NULL)
        memcpy(done, &t->done, sizeof t->done);
    wm_overlapped_end(overlapped, st, t->done);
}

static wm_status pin(HANDLE handle, const struct transfer *t, struct wm_pinned_file *out)
{
    wm_status st = wm_file_pin((uintptr_t)handle, t->writes ? 0 : WM_FILE_READ, out);

    if (wm_ok(st) && t->writes && !(out->rights & (WM_FILE_WRITE | WM_FILE_APPEND)))
        return WM_HANDLE_ACCESS;
    return st;
}

static BOOL transfer_traced(const char *function, HANDLE handle, struct transfer *t, DWORD *done,
                            OVERLAPPED *overlapped)
{
    WM_PINNED_FILE pinned = {0};
    wm_status st = check_results(done, overlapped);

    if (wm_ok(st)) {
        st = pin(handle, t, &pinned);
        if (wm_ok(st))
            st = wm_overlapped_begin(overlapped);
        if (wm_ok(st))
            st = transfer(pinned.file, overlapped, t);
        tell(st, t, done, overlapped);
    }
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE_AND(WM_DECIMAL(t->done)), WM_HEX(handle), WM_HEX(t->buffer),
                WM_HEX(t->bytes), WM_HEX(done), WM_HEX(overlapped));
    return wm_edge_bool(st);
}

BOOL WINAPI ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead, LPDWORD lpNumberOfBytesRead,
                     LPOVERLAPPED lpOverlapped)
{
    struct transfer t = {.buffer = lpBuffer, .bytes = nNumberOfBytesToRead, .offset = AT_POSITION};

    return transfer_traced(__func__, hFile, &t, lpNumberOfBytesRead, lpOverlapped);
}

BOOL WINAPI WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite,
                      LPDWORD lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped)
{
    struct transfer t = {.writes = true,
                         .buffer = (char *)(uintptr_t)lpBuffer,
                         .bytes = nNumberOfBytesToWrite,
                         .offset = AT_POSITION};

    return transfer_traced(__func__, hFile, &t, lpNumberOfBytesWritten, lpOverlapped);
}
