/*
 * psapi.h: how much memory a process uses, which of its pages are in memory, and which files are mapped.
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
#define EnumProcesses K32EnumProcesses
#define EnumProcessModules K32EnumProcessModules
#define EnumProcessModulesEx K32EnumProcessModulesEx
#define GetModuleBaseNameA K32GetModuleBaseNameA
#define GetModuleBaseNameW K32GetModuleBaseNameW
#define GetModuleFileNameExA K32GetModuleFileNameExA
#define GetModuleFileNameExW K32GetModuleFileNameExW
#define GetModuleInformation K32GetModuleInformation
#define GetProcessMemoryInfo K32GetProcessMemoryInfo
#define QueryWorkingSet K32QueryWorkingSet
#define QueryWorkingSetEx K32QueryWorkingSetEx
#define GetMappedFileNameA K32GetMappedFileNameA
#define GetMappedFileNameW K32GetMappedFileNameW
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

/* Protection: 1 read, 2 execute, 3 execute and read, 4 write, 5 copy on write, 6 and 7 the same with execute; + 8
 * not cached. VirtualPage is the address divided by the page size. */
__extension__ typedef union _PSAPI_WORKING_SET_BLOCK {
    ULONG_PTR Flags;
    __extension__ struct {
        ULONG_PTR Protection : 5;
        ULONG_PTR ShareCount : 3;
        ULONG_PTR Shared : 1;
        ULONG_PTR Reserved : 3;
        ULONG_PTR VirtualPage : 52;
    };
} PSAPI_WORKING_SET_BLOCK, *PPSAPI_WORKING_SET_BLOCK;

typedef struct _PSAPI_WORKING_SET_INFORMATION {
    ULONG_PTR NumberOfEntries;
    PSAPI_WORKING_SET_BLOCK WorkingSetInfo[1];
} PSAPI_WORKING_SET_INFORMATION, *PPSAPI_WORKING_SET_INFORMATION;

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
 * Errors        those of VirtualAllocEx concerning the process
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
 *               ERROR_NOT_SUPPORTED         it means another process
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

/*
 * QueryWorkingSetEx: what the caller wants to know about pages that it names.
 *
 * hProcess      the process; needs PROCESS_QUERY_INFORMATION
 * pv            in and out: an array of PSAPI_WORKING_SET_EX_INFORMATION. VirtualAddress is any address in a page;
 *               the entries may be in any order and name any memory, also free addresses
 * cb            bytes at pv; what is left over behind the last whole entry is ignored
 *
 * Returns non-zero when every entry is filled, zero on failure.
 * Errors        those of VirtualAllocEx concerning the process, and
 *               ERROR_BAD_LENGTH          cb has no room for one entry
 *               ERROR_NOACCESS            pv is NULL or cannot be read and written
 *               ERROR_NO_SYSTEM_RESOURCES /proc/self/pagemap is needed and cannot be read
 * On Linux      Valid means that the kernel has the page in memory and its protection allows access. A page that was
 *               PAGE_NOACCESS for a while is valid again at once, not only after a touch. ShareCount is 1 or 2: alone, or
 *               with others. Locked is told of what VirtualLock locked in this library's memory, and of large pages. Bad
 *               is always 0
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI QueryWorkingSetEx(HANDLE hProcess, PVOID pv, DWORD cb);

/*
 * QueryWorkingSet: all pages that are in memory, with ascending addresses.
 *
 * hProcess      the process; needs PROCESS_QUERY_INFORMATION and PROCESS_VM_READ
 * pv            out: a PSAPI_WORKING_SET_INFORMATION with as many blocks as there are pages
 * cb            bytes at pv
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_BAD_LENGTH          there are more pages: NumberOfEntries says how many, and nothing else is stored
 *               ERROR_NOACCESS            pv is NULL or cannot be written
 *               ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks a right
 *               ERROR_NOT_SUPPORTED       it means another process
 *               ERROR_NO_SYSTEM_RESOURCES /proc/self/pagemap or /proc/self/maps cannot be read
 * On Linux      pages come and go while they are counted: leave room for a few more than were needed last time
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI QueryWorkingSet(HANDLE hProcess, PVOID pv, DWORD cb);

/*
 * GetMappedFileNameA, GetMappedFileNameW: the file that is mapped at an address.
 *
 * hProcess      the process; needs PROCESS_QUERY_INFORMATION
 * lpv           any address in the mapping
 * lpFilename    out: the path; as much of it as fits, terminated
 * nSize         characters at lpFilename
 *
 * Returns the length of the path without its terminator, or nSize if it had to be cut off; 0 on failure.
 * Errors        ERROR_UNEXP_NET_ERR       free or private memory (Windows answers with this code)
 *               ERROR_FILE_INVALID        a view of memory that has no file
 *               ERROR_INVALID_PARAMETER   lpFilename is NULL, nSize is 0
 *               ERROR_NOACCESS            lpFilename cannot be written
 *               ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_NO_SYSTEM_RESOURCES /proc/self/maps cannot be read
 * On Linux      the Linux path, as /proc/self/maps has it: a file that was removed ends in " (deleted)". The A form is
 *               the path byte for byte; in the W form each byte that is not UTF-8 becomes U+FFFD
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI DWORD WINAPI GetMappedFileNameA(HANDLE hProcess, LPVOID lpv, LPSTR lpFilename, DWORD nSize);
#if PSAPI_VERSION > 1
WINBASEAPI DWORD WINAPI GetMappedFileNameW(HANDLE hProcess, LPVOID lpv, LPWSTR lpFilename, DWORD nSize)
    WINMEM_WIDE_SYMBOL("K32GetMappedFileNameW");
#else
WINBASEAPI DWORD WINAPI GetMappedFileNameW(HANDLE hProcess, LPVOID lpv, LPWSTR lpFilename, DWORD nSize)
    WINMEM_WIDE_SYMBOL("GetMappedFileNameW");
#endif

/*
 * EnumProcesses: the numbers of all processes that /proc shows.
 *
 * lpidProcess   out: as many of them as fit
 * cb            bytes at lpidProcess
 * lpcbNeeded    out: bytes that were stored. If that is cb, there may be more
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_NOACCESS            one of the two cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES /proc cannot be read
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI EnumProcesses(DWORD *lpidProcess, DWORD cb, LPDWORD lpcbNeeded);

#define LIST_MODULES_DEFAULT 0x00
#define LIST_MODULES_32BIT 0x01
#define LIST_MODULES_64BIT 0x02
#define LIST_MODULES_ALL (LIST_MODULES_32BIT | LIST_MODULES_64BIT)

typedef struct _MODULEINFO {
    LPVOID lpBaseOfDll;
    DWORD SizeOfImage;
    LPVOID EntryPoint;
} MODULEINFO, *LPMODULEINFO;

/*
 * EnumProcessModules, EnumProcessModulesEx: the modules of a process: files that are mapped to be executed. The program is the
 * first.
 *
 * hProcess      needs PROCESS_QUERY_INFORMATION and PROCESS_VM_READ
 * lphModule     out: as many of them as fit
 * cb            bytes at lphModule
 * lpcbNeeded    out: bytes that all of them take
 * dwFilterFlag  LIST_MODULES_ values; of 32 bits there are none
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of VirtualQueryEx, and
 *               ERROR_NOACCESS            a result cannot be written
 *               ERROR_INVALID_PARAMETER   dwFilterFlag has another value
 *               ERROR_NOT_ENOUGH_MEMORY
 * On Linux      the kernel's vdso has no file, so it is none
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI EnumProcessModules(HANDLE hProcess, HMODULE *lphModule, DWORD cb, LPDWORD lpcbNeeded);
WINBASEAPI BOOL WINAPI EnumProcessModulesEx(HANDLE hProcess, HMODULE *lphModule, DWORD cb, LPDWORD lpcbNeeded,
                                            DWORD dwFilterFlag);

/*
 * GetModuleInformation: where a module lies.
 *
 * hProcess, hModule   as EnumProcessModules has them; NULL: the program
 * lpmodinfo     out; EntryPoint: where its header says that it begins, NULL for most libraries
 * cb            bytes at lpmodinfo
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of EnumProcessModules, and
 *               ERROR_INVALID_HANDLE      the process has no such module
 *               ERROR_INSUFFICIENT_BUFFER cb is too small
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI BOOL WINAPI GetModuleInformation(HANDLE hProcess, HMODULE hModule, LPMODULEINFO lpmodinfo,
                                            DWORD cb);

/*
 * GetModuleBaseNameA, GetModuleBaseNameW, GetModuleFileNameExA, GetModuleFileNameExW: the name of a module's file, and its path.
 *
 * hProcess, hModule   as EnumProcessModules has them; NULL: the program
 * lpBaseName, lpFilename   out: as much of it as fits, terminated
 * nSize         characters there
 *
 * Returns how many characters were stored, without the terminator; 0 on failure.
 * Errors        those of GetModuleInformation; ERROR_INSUFFICIENT_BUFFER: nSize is 0
 * On Linux      the path as the kernel has it, without " (deleted)"
 * Source        learn.microsoft.com, psapi.h
 */
WINBASEAPI DWORD WINAPI GetModuleBaseNameA(HANDLE hProcess, HMODULE hModule, LPSTR lpBaseName, DWORD nSize);
WINBASEAPI DWORD WINAPI GetModuleFileNameExA(HANDLE hProcess, HMODULE hModule, LPSTR lpFilename, DWORD nSize);
#if PSAPI_VERSION > 1
WINBASEAPI DWORD WINAPI GetModuleBaseNameW(HANDLE hProcess, HMODULE hModule, LPWSTR lpBaseName, DWORD nSize)
    WINMEM_WIDE_SYMBOL("K32GetModuleBaseNameW");
WINBASEAPI DWORD WINAPI GetModuleFileNameExW(HANDLE hProcess, HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
    WINMEM_WIDE_SYMBOL("K32GetModuleFileNameExW");
#else
WINBASEAPI DWORD WINAPI GetModuleBaseNameW(HANDLE hProcess, HMODULE hModule, LPWSTR lpBaseName, DWORD nSize)
    WINMEM_WIDE_SYMBOL("GetModuleBaseNameW");
WINBASEAPI DWORD WINAPI GetModuleFileNameExW(HANDLE hProcess, HMODULE hModule, LPWSTR lpFilename, DWORD nSize)
    WINMEM_WIDE_SYMBOL("GetModuleFileNameExW");
#endif

#ifdef UNICODE
#define GetModuleBaseName GetModuleBaseNameW
#define GetModuleFileNameEx GetModuleFileNameExW
#else
#define GetModuleBaseName GetModuleBaseNameA
#define GetModuleFileNameEx GetModuleFileNameExA
#endif

#ifdef UNICODE
#define GetMappedFileName GetMappedFileNameW
#else
#define GetMappedFileName GetMappedFileNameA
#endif

WINMEM_C_END

#endif /* WINMEM_PSAPI_H */
