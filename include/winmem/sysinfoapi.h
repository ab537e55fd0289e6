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

/*
 * GetVersion, GetVersionExA, GetVersionExW: the version of Windows.
 *
 * lpVersionInformation  in: dwOSVersionInfoSize is that of an OSVERSIONINFO or an OSVERSIONINFOEX; out: the rest
 *
 * GetVersion returns major and minor version in its two low bytes and the build above them; cannot fail.
 * GetVersionEx returns non-zero on success, zero on failure.
 * Errors        ERROR_INSUFFICIENT_BUFFER   dwOSVersionInfoSize is something else
 *               ERROR_NOACCESS              the pointer is NULL or cannot be used
 * On Linux      Windows 10.0, build 19045, a workstation, whatever machine this is: for every program, as Windows tells those
 *               whose manifest names it
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI DWORD WINAPI GetVersion(VOID);
WINBASEAPI BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA lpVersionInformation);
WINBASEAPI BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW lpVersionInformation)
    WINMEM_WIDE_SYMBOL("GetVersionExW");

#ifdef UNICODE
#define GetVersionEx GetVersionExW
#else
#define GetVersionEx GetVersionExA
#endif

/*
 * GetLogicalProcessorInformation, GetLogicalProcessorInformationEx: cores, packages, caches, memory nodes, and (Ex) dies and
 * groups, with the processors that each has.
 *
 * RelationshipType  which of them; RelationAll: all
 * Buffer            out: records, those of Ex each as long as its Size says; NULL where there is no room
 * ReturnedLength    in: bytes of Buffer; out: bytes of all records, whether they fit or not
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INSUFFICIENT_BUFFER   ReturnedLength was too small, and now is what is needed
 *               ERROR_INVALID_PARAMETER     there is no such relationship; ReturnedLength is NULL
 *               ERROR_NOACCESS              a pointer cannot be used
 * On Linux      what /sys tells of the processors that are online. Without it each is a core of its own, all are one package,
 *               and no cache is known. The older function tells of the group that the caller runs in. EfficiencyClass is 0
 * Source        learn.microsoft.com, sysinfoapi.h
 */
WINBASEAPI BOOL WINAPI GetLogicalProcessorInformation(PSYSTEM_LOGICAL_PROCESSOR_INFORMATION Buffer,
                                                      PDWORD ReturnedLength);
WINBASEAPI BOOL WINAPI GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
                                                        PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Buffer,
                                                        PDWORD ReturnedLength);

WINMEM_C_END

#endif /* WINMEM_SYSINFOAPI_H */
