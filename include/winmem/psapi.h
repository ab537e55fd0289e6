/*
 * psapi.h: how much memory a process uses.
 *
 * As since Windows 7, each function has a second name with K32 in front, and unless PSAPI_VERSION is 1 the plain name is
 * a macro for it. The library has both.
 *
 * Source            learn.microsoft.com, psapi.h
 */
#ifndef WINMEM_PSAPI_H
#define WINMEM_PSAPI_H

#include "minwinbase.h"

#ifndef PSAPI_VERSION
#define PSAPI_VERSION 2
#endif
#if PSAPI_VERSION > 1
#define EmptyWorkingSet K32EmptyWorkingSet
#define GetProcessMemoryInfo K32GetProcessMemoryInfo
#endif

/* When Valid is 0, only the members of Invalid mean something. */
__extension__ typedef union _PSAPI_WORKING_SET_EX_BLOCK {
    ULONG_PTR Flags;
    __extension__ struct {
        ULONG_PTR Valid : 1;
        ULONG_PTR ShareCount : 3;
        ULONG_PTR Win32Protection : 11;
        ULONG_PTR Shared : 1;
        ULONG_PTR Node : 6;
        ULONG_PTR Locked : 1;
        ULONG_PTR LargePage : 1;
        ULONG_PTR Reserved : 7;
        ULONG_PTR Bad : 1;
        ULONG_PTR ReservedUlong : 32;
    };
    struct {
        ULONG_PTR Valid : 1;
        ULONG_PTR Reserved0 : 14;
        ULONG_PTR Shared : 1;
        ULONG_PTR Reserved1 : 15;
        ULONG_PTR Bad : 1;
        ULONG_PTR ReservedUlong : 32;
    } Invalid;
} PSAPI_WORKING_SET_EX_BLOCK, *PPSAPI_WORKING_SET_EX_BLOCK;

typedef struct _PSAPI_WORKING_SET_EX_INFORMATION {
    PVOID VirtualAddress;
    PSAPI_WORKING_SET_EX_BLOCK VirtualAttributes;
} PSAPI_WORKING_SET_EX_INFORMATION, *PPSAPI_WORKING_SET_EX_INFORMATION;

/* All sizes in bytes. */
typedef struct _PROCESS_MEMORY_COUNTERS {
    DWORD cb;
    DWORD PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
} PROCESS_MEMORY_COUNTERS, *PPROCESS_MEMORY_COUNTERS;

typedef struct _PROCESS_MEMORY_COUNTERS_EX {
    DWORD cb;
    DWORD PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
    SIZE_T PrivateUsage;
} PROCESS_MEMORY_COUNTERS_EX, *PPROCESS_MEMORY_COUNTERS_EX;

typedef struct _PROCESS_MEMORY_COUNTERS_EX2 {
    DWORD cb;
    DWORD PageFaultCount;
    SIZE_T PeakWorkingSetSize;
    SIZE_T WorkingSetSize;
    SIZE_T QuotaPeakPagedPoolUsage;
    SIZE_T QuotaPagedPoolUsage;
    SIZE_T QuotaPeakNonPagedPoolUsage;
    SIZE_T QuotaNonPagedPoolUsage;
    SIZE_T PagefileUsage;
    SIZE_T PeakPagefileUsage;
    SIZE_T PrivateUsage;
    SIZE_T PrivateWorkingSetSize;
    ULONG64 SharedCommitUsage;
} PROCESS_MEMORY_COUNTERS_EX2, *PPROCESS_MEMORY_COUNTERS_EX2;

WINMEM_C_BEGIN

/*
 * EmptyWorkingSet: takes as much of a process out of memory as possible. What it touches comes back.
 *
 * hProcess          the process; needs PROCESS_SET_QUOTA, and PROCESS_QUERY_INFORMATION or
 *                   PROCESS_QUERY_LIMITED_INFORMATION
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      hProcess is not a process
 *               ERROR_ACCESS_DENIED       the handle lacks a right
 * On Linux      as for SetProcessWorkingSetSize
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI EmptyWorkingSet(HANDLE hProcess);

/*
 * GetProcessMemoryInfo: how much memory a process uses.
 *
 * Process           the process; needs PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 * ppsmemCounters    out: one of the three structures
 * cb                bytes: which one. cb in the structure is set to its size
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INSUFFICIENT_BUFFER   cb is less than sizeof(PROCESS_MEMORY_COUNTERS)
 *               ERROR_INVALID_HANDLE        Process is not a process
 *               ERROR_ACCESS_DENIED         the handle lacks the right
 *               ERROR_NOACCESS              ppsmemCounters is NULL or cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES   /proc cannot be read
 * On Linux      the working set is VmRSS, its peak VmHWM, its private part RssAnon; faults are those of getrusage.
 *               PagefileUsage and PrivateUsage are what the kernel counts as private memory that can be written, stacks
 *               included (VmData and VmStk); PeakPagefileUsage is the largest of it that a call of this function has
 *               seen. SharedCommitUsage is RssShmem. There are no pools: their figures are 0
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI GetProcessMemoryInfo(HANDLE Process, PPROCESS_MEMORY_COUNTERS ppsmemCounters,
                                            DWORD cb);

WINMEM_C_END

#endif /* WINMEM_PSAPI_H */
