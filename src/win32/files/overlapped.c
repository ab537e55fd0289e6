/*
 * overlapped.c: how a transfer with OVERLAPPED has ended: GetOverlappedResult, GetOverlappedResultEx, CancelIo, CancelIoEx.
 *
 * Each has ended when its function returns and has left its result in the structure, so nobody waits and there is nothing to
 * cancel. One that a program has marked as pending itself is waited for by what it names.
 */
#include <ntifs.h>

#include "vm/files/file.h"
#include "win32/win32.h"

static bool is_pending(const OVERLAPPED *overlapped)
{
    return __atomic_load_n(&overlapped->Internal, __ATOMIC_ACQUIRE) == (ULONG_PTR)STATUS_PENDING;
}

static wm_status check(const OVERLAPPED *overlapped, DWORD *bytes)
{
    if (overlapped == NULL || !wm_ok(wm_edge_readable(overlapped, sizeof *overlapped)))
        return WM_POINTER;
    return wm_edge_writable(bytes, sizeof *bytes);
}

/* Its NTSTATUS as a last error; 0. */
static DWORD error_of(const OVERLAPPED *overlapped)
{
    return (LONG)overlapped->Internal < 0 ? RtlNtStatusToDosError((NTSTATUS)overlapped->Internal) : 0;
}

static DWORD wait_for(HANDLE file, const OVERLAPPED *overlapped, DWORD milliseconds)
{
    return WaitForSingleObject(overlapped->hEvent != NULL ? overlapped->hEvent : file, milliseconds);
}

static BOOL result_of(const OVERLAPPED *overlapped, DWORD *bytes)
{
    DWORD error = error_of(overlapped);

    *bytes = (DWORD)overlapped->InternalHigh;
    if (error != 0)
        SetLastError(error);
    return error == 0;
}

/* TRUE: it has ended, or there is nothing left to wait for. */
static BOOL await(HANDLE file, const OVERLAPPED *overlapped, DWORD milliseconds)
{
    DWORD ended;

    if (!is_pending(overlapped))
        return TRUE;
    if (milliseconds == 0)
        return wm_edge_bool(WM_IO_UNFINISHED);
    ended = wait_for(file, overlapped, milliseconds);
    if (ended == WAIT_TIMEOUT)
        SetLastError(WAIT_TIMEOUT);
    return ended == WAIT_OBJECT_0;
}

static BOOL tell(const char *function, HANDLE file, OVERLAPPED *overlapped, DWORD *bytes, DWORD milliseconds)
{
    wm_status st = check(overlapped, bytes);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(file), WM_HEX(overlapped), WM_HEX(bytes),
                WM_DECIMAL(milliseconds));
    return wm_edge_bool(st) && await(file, overlapped, milliseconds) && result_of(overlapped, bytes);
}

BOOL WINAPI GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped, LPDWORD lpNumberOfBytesTransferred,
                                BOOL bWait)
{
    return tell(__func__, hFile, lpOverlapped, lpNumberOfBytesTransferred, bWait ? INFINITE : 0);
}

BOOL WINAPI GetOverlappedResultEx(HANDLE hFile, LPOVERLAPPED lpOverlapped, LPDWORD lpNumberOfBytesTransferred,
                                  DWORD dwMilliseconds, BOOL bAlertable)
{
    (void)bAlertable; /* nothing is ever queued to a thread */
    return tell(__func__, hFile, lpOverlapped, lpNumberOfBytesTransferred, dwMilliseconds);
}

static wm_status check_file(HANDLE file)
{
    WM_PINNED_FILE pinned = {0};

    return wm_file_pin((uintptr_t)file, 0, &pinned);
}

BOOL WINAPI CancelIo(HANDLE hFile)
{
    wm_status st = check_file(hFile);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile));
    return wm_edge_bool(st);
}

BOOL WINAPI CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped)
{
    wm_status st = check_file(hFile);

    if (wm_ok(st))
        st = WM_IO_NONE;
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFile), WM_HEX(lpOverlapped));
    return wm_edge_bool(st);
}
