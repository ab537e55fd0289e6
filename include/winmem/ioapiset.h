/*
 * ioapiset.h: how transfers with OVERLAPPED have ended, and requests to devices.
 *
 * Functions of libwinmem-win32. A transfer has ended when ReadFile, WriteFile or DeviceIoControl returns, whatever the
 * handle was opened with: none answers ERROR_IO_PENDING.
 */
#ifndef WINMEM_IOAPISET_H
#define WINMEM_IOAPISET_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * DeviceIoControl: a request to a file, of those in winioctl.h.
 *
 * hDevice           a handle to a file with FILE_WRITE_DATA
 * dwIoControlCode   FSCTL_SET_SPARSE: every file may have holes, so it is one already; with a FILE_SET_SPARSE_BUFFER that says
 *                   FALSE, holes are given room on the disk. FSCTL_SET_ZERO_DATA: the bytes that a FILE_ZERO_DATA_INFORMATION
 *                   names become zero, and take no room on the disk where the file system can do that; the file keeps its
 *                   length
 * lpInBuffer, nInBufferSize     what goes with the code
 * lpOutBuffer, nOutBufferSize   nothing comes back
 * lpBytesReturned   out: 0; may be NULL with lpOverlapped
 * lpOverlapped      NULL, or where the end is told
 *
 * Returns non-zero on success, zero on failure.
 * Errors            ERROR_INVALID_HANDLE      not a handle to a file
 *                   ERROR_INVALID_FUNCTION    any other code; not a regular file
 *                   ERROR_ACCESS_DENIED       the handle lacks the right
 *                   ERROR_INVALID_PARAMETER   what goes with the code is missing or too short; the bytes begin below 0, or
 *                                             end before they begin
 *                   ERROR_NOACCESS            neither lpBytesReturned nor lpOverlapped; a buffer cannot be used
 *                   ERROR_DISK_FULL, ERROR_IO_DEVICE
 * On Linux          FILE_ATTRIBUTE_SPARSE_FILE is not told of a file
 * Source            learn.microsoft.com, ioapiset.h; winioctl.h
 */
WINBASEAPI BOOL WINAPI DeviceIoControl(HANDLE hDevice, DWORD dwIoControlCode, LPVOID lpInBuffer,
                                       DWORD nInBufferSize, LPVOID lpOutBuffer, DWORD nOutBufferSize,
                                       LPDWORD lpBytesReturned, LPOVERLAPPED lpOverlapped);

/*
 * GetOverlappedResult: how a transfer ended.
 *
 * hFile             the file
 * lpOverlapped      what ReadFile, WriteFile or DeviceIoControl was given
 * lpNumberOfBytesTransferred    out: how many bytes it was
 * bWait             whether to wait for its end
 *
 * Returns non-zero if it succeeded, zero if it failed or has not ended.
 * Errors            the transfer's own, and
 *                   ERROR_IO_INCOMPLETE       it has not ended, and bWait is FALSE
 *                   ERROR_NOACCESS            lpOverlapped cannot be read; lpNumberOfBytesTransferred cannot be written
 * On Linux          every transfer has ended, and the file is not looked at. Who has put STATUS_PENDING into the structure
 *                   himself and waits, waits for hEvent, or without one for the file
 * Source            learn.microsoft.com, ioapiset.h
 */
WINBASEAPI BOOL WINAPI GetOverlappedResult(HANDLE hFile, LPOVERLAPPED lpOverlapped,
                                           LPDWORD lpNumberOfBytesTransferred, BOOL bWait);

/*
 * GetOverlappedResultEx: the same, waiting no longer than is said.
 *
 * dwMilliseconds    how long at most; 0: not at all
 * bAlertable        whether functions that were queued to the thread run meanwhile. Nobody queues any here
 *
 * Returns as GetOverlappedResult.
 * Errors            those of GetOverlappedResult, and
 *                   ERROR_IO_INCOMPLETE       dwMilliseconds is 0, and it has not ended
 *                   WAIT_TIMEOUT              it has not ended in time
 * Source            learn.microsoft.com, ioapiset.h
 */
WINBASEAPI BOOL WINAPI GetOverlappedResultEx(HANDLE hFile, LPOVERLAPPED lpOverlapped,
                                             LPDWORD lpNumberOfBytesTransferred, DWORD dwMilliseconds,
                                             BOOL bAlertable);

/*
 * CancelIo: ends what the calling thread has pending on a file. That is nothing.
 *
 * hFile             any handle to a file
 *
 * Returns non-zero on success, zero on failure.
 * Errors            ERROR_INVALID_HANDLE      not a handle to a file
 * Source            learn.microsoft.com, ioapiset.h
 */
WINBASEAPI BOOL WINAPI CancelIo(HANDLE hFile);

/*
 * CancelIoEx: ends one transfer of a file, or all. There is none to end, so it fails.
 *
 * Returns zero.
 * Errors            ERROR_NOT_FOUND           nothing is pending
 *                   ERROR_INVALID_HANDLE      not a handle to a file
 * Source            learn.microsoft.com, ioapiset.h
 */
WINBASEAPI BOOL WINAPI CancelIoEx(HANDLE hFile, LPOVERLAPPED lpOverlapped);

WINMEM_C_END

#endif /* WINMEM_IOAPISET_H */
