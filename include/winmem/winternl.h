/*
 * winternl.h: native functions that a program may call, as Windows's own header of this name declares them. Those of
 * sections are in ntifs.h, as on Windows: programs that look them up in ntdll.dll declare their own types for that.
 */
#ifndef WINMEM_WINTERNL_H
#define WINMEM_WINTERNL_H

#include "ntdef.h"
#include "windef.h"

/* How an operation ended. */
typedef struct _IO_STATUS_BLOCK {
    __extension__ union {
        NTSTATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

/* What NtCurrentTeb points to (winnt.h), as far as it has names. */
typedef struct _TEB {
    PVOID Reserved1[12];
    struct _PEB *ProcessEnvironmentBlock;
    PVOID Reserved2[399];
    BYTE Reserved3[1952];
    PVOID TlsSlots[64];
    BYTE Reserved4[8];
    PVOID Reserved5[26];
    PVOID ReservedForOle;
    PVOID Reserved6[4];
    PVOID TlsExpansionSlots;
} TEB, *PTEB;

WINMEM_C_BEGIN

/*
 * NtClose: CloseHandle, with an NTSTATUS.
 *
 * Handle            the handle
 *
 * Returns STATUS_SUCCESS, or why not.
 * Errors        STATUS_INVALID_HANDLE   not an open handle
 * On Linux      as for CloseHandle. The last error stays what it was
 * Source        learn.microsoft.com, winternl.h
 */
NTSYSAPI NTSTATUS NTAPI NtClose(HANDLE Handle);

/*
 * RtlNtStatusToDosError: what GetLastError would say for an NTSTATUS.
 *
 * Status            any
 *
 * Returns the error code; ERROR_MR_MID_NOT_FOUND if an error has none. What is no error and has none comes back as it is.
 * Cannot fail; the last error stays what it was.
 * On Linux      as on Windows, for the statuses that memory, sections and files have
 * Source        learn.microsoft.com, winternl.h; behaviours O2 to O11
 */
NTSYSAPI ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status);

WINMEM_C_END

#endif /* WINMEM_WINTERNL_H */
