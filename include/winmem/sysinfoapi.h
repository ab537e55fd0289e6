/*
 * sysinfoapi.h: what this machine is, as far as memory goes.
 */
#ifndef WINMEM_SYSINFOAPI_H
#define WINMEM_SYSINFOAPI_H

#include "minwinbase.h"

typedef struct _SYSTEM_INFO {
    __extension__ union {
        DWORD dwOemId;
        __extension__ struct {
            WORD wProcessorArchitecture;
            WORD wReserved;
        };
    };
    DWORD dwPageSize; /* bytes: what commit and protection are made of */
    LPVOID lpMinimumApplicationAddress;
    LPVOID lpMaximumApplicationAddress; /* inclusive */
    DWORD_PTR dwActiveProcessorMask;
    DWORD dwNumberOfProcessors;
    DWORD dwProcessorType;
    DWORD dwAllocationGranularity; /* bytes: where a reservation may start */
    WORD wProcessorLevel;
    WORD wProcessorRevision;
} SYSTEM_INFO, *LPSYSTEM_INFO;

/* All sizes in bytes; dwLength is set by the caller. */
typedef struct _MEMORYSTATUSEX {
    DWORD dwLength;
    DWORD dwMemoryLoad; /* percent */
    DWORDLONG ullTotalPhys;
    DWORDLONG ullAvailPhys;
    DWORDLONG ullTotalPageFile;
    DWORDLONG ullAvailPageFile;
    DWORDLONG ullTotalVirtual;
    DWORDLONG ullAvailVirtual;
    DWORDLONG ullAvailExtendedVirtual;
} MEMORYSTATUSEX, *LPMEMORYSTATUSEX;

WINMEM_C_BEGIN

/*
 * GetSystemInfo, GetNativeSystemInfo: page size, granularity, address range, processors.
 *
 * lpSystemInfo  out: filled completely
 *
 * Cannot fail.
 * On Linux      the two are the same. dwAllocationGranularity is 65536 whatever the page size, because programs count
 *               on it. The address range is the part of the process's address space that Linux and Windows
 *               both have; dwNumberOfProcessors counts what this process may run on
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI VOID WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo);
WINBASEAPI VOID WINAPI GetNativeSystemInfo(LPSYSTEM_INFO lpSystemInfo);

WINMEM_C_END

#endif /* WINMEM_SYSINFOAPI_H */
