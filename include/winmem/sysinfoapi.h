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

/*
 * GlobalMemoryStatusEx: how much memory there is and how much of it this process can have. A moment's picture.
 *
 * lpBuffer      in: dwLength is sizeof(MEMORYSTATUSEX); out: everything else
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   dwLength is something else
 *               ERROR_NOACCESS            lpBuffer is NULL or cannot be written
 * On Linux      the tightest limit counts, be it the machine's or a control group's (a container): ullAvailPhys is
 *               MemAvailable, or what the group has left when its file cache is given up. ullTotalPageFile and
 *               ullAvailPageFile are memory and swap, in total and available, because that is what the kernel promises
 *               sensibly; with vm.overcommit_memory 2 they are the commit limit and what is left of it; RLIMIT_DATA
 *               bounds them. ullAvailVirtual is what is not mapped, bounded by RLIMIT_AS. Without /proc, file caches
 *               count as used, control groups are not seen, and of the address space only what this library uses is
 *               known
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX lpBuffer);

/*
 * GetPhysicallyInstalledSystemMemory: the memory that the machine was fitted with.
 *
 * TotalMemoryInKilobytes  out: in KiB; never less than GlobalMemoryStatusEx's ullTotalPhys
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   the pointer is NULL
 *               ERROR_NOACCESS            it cannot be written
 * On Linux      the memory blocks in /sys; without them what the kernel has, which is a little less
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI BOOL WINAPI GetPhysicallyInstalledSystemMemory(PULONGLONG TotalMemoryInKilobytes);

/*
 * GetTickCount, GetTickCount64: milliseconds since the machine started; the former begins anew after 49.7 days.
 *
 * Cannot fail.
 * On Linux      exact to a millisecond. The time that the machine slept counts (CLOCK_BOOTTIME)
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI DWORD WINAPI GetTickCount(VOID);
WINBASEAPI ULONGLONG WINAPI GetTickCount64(VOID);

/*
 * GetSystemTimeAsFileTime, GetSystemTimePreciseAsFileTime, GetSystemTime, GetLocalTime: the time of day, the last one in the
 * time zone of the program, the others in UTC.
 *
 * lpSystemTimeAsFileTime  out: units of 100 nanoseconds since the beginning of 1601
 * lpSystemTime            out: date and time, to milliseconds
 *
 * Cannot fail.
 * On Linux      all are precise (CLOCK_REALTIME). GetLocalTime asks the C library for the zone (TZ, /etc/localtime), which
 *               may take a lock and read a file, so not in signal handlers. A bad pointer is an access violation
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI VOID WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime);
WINBASEAPI VOID WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME lpSystemTimeAsFileTime);
WINBASEAPI VOID WINAPI GetSystemTime(LPSYSTEMTIME lpSystemTime);
WINBASEAPI VOID WINAPI GetLocalTime(LPSYSTEMTIME lpSystemTime);

WINMEM_C_END

#endif /* WINMEM_SYSINFOAPI_H */
