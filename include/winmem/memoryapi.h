/*
 * memoryapi.h: the memory interface of Windows: reserving, committing, protecting and asking, sections and views.
 *
 * Address space is reserved in whole regions and committed page by page; only committed pages can be touched. An
 * explicit range means every page that has a byte in it. Any function may be called by any thread at any time.
 *
 * Where a comment says "process", NULL is accepted only if it says so; GetCurrentProcess is always right. A handle of
 * OpenProcess may mean another process, whether that uses this library or not. What works on it, and what works on the
 * calling process only, is told with each function; the latter end with ERROR_NOT_SUPPORTED, after they have looked at
 * the handle's rights. On success the last error stays what it was, except for CreateFileMapping.
 *
 * For all that commits, "no memory" is one of two errors: ERROR_COMMITMENT_LIMIT when the kernel refused to promise
 * the memory (overcommit, RLIMIT_DATA), ERROR_NOT_ENOUGH_MEMORY when vm.max_map_count or RLIMIT_AS is reached or
 * there is no memory for the library's own records. WinmemLastCause (winmem.h) says which limit it was.
 *
 * Three errors that any of these calls can end with are not repeated below: ERROR_NO_SYSTEM_RESOURCES when the kernel
 * refuses for a reason nobody foresaw, or /proc/self/maps is needed and cannot be read; ERROR_ACCESS_DENIED when it
 * does not let a mapping be changed (mseal); ERROR_POSSIBLE_DEADLOCK in a signal handler that interrupted one of these
 * calls in its own thread.
 */
#ifndef WINMEM_MEMORYAPI_H
#define WINMEM_MEMORYAPI_H

#include "minwinbase.h"

/* ---- Structures and constants ------------------------------------------------------------------------- */

#define FILE_MAP_COPY 0x00000001
#define FILE_MAP_WRITE SECTION_MAP_WRITE
#define FILE_MAP_READ SECTION_MAP_READ
#define FILE_MAP_EXECUTE SECTION_MAP_EXECUTE_EXPLICIT
#define FILE_MAP_ALL_ACCESS SECTION_ALL_ACCESS
#define FILE_MAP_LARGE_PAGES 0x20000000
#define FILE_MAP_TARGETS_INVALID 0x40000000
#define FILE_MAP_RESERVE 0x80000000

#define FILE_CACHE_MAX_HARD_ENABLE 0x1
#define FILE_CACHE_MAX_HARD_DISABLE 0x2
#define FILE_CACHE_MIN_HARD_ENABLE 0x4
#define FILE_CACHE_MIN_HARD_DISABLE 0x8

#define MEHC_PATROL_SCRUBBER_PRESENT 0x1

typedef struct _WIN32_MEMORY_RANGE_ENTRY {
    PVOID VirtualAddress;
    SIZE_T NumberOfBytes;
} WIN32_MEMORY_RANGE_ENTRY, *PWIN32_MEMORY_RANGE_ENTRY;

typedef enum WIN32_MEMORY_INFORMATION_CLASS { MemoryRegionInfo = 0 } WIN32_MEMORY_INFORMATION_CLASS;

/* One whole allocation or view. CommitSize of a view counts what is copy-on-write or private already. */
typedef struct WIN32_MEMORY_REGION_INFORMATION {
    PVOID AllocationBase;
    ULONG AllocationProtect;
    __extension__ union {
        ULONG Flags;
        __extension__ struct {
            ULONG Private : 1;
            ULONG MappedDataFile : 1;
            ULONG MappedImage : 1;
            ULONG MappedPageFile : 1;
            ULONG MappedPhysical : 1;
            ULONG DirectMapped : 1;
            ULONG Reserved : 26;
        };
    };
    SIZE_T RegionSize;
    SIZE_T CommitSize;
} WIN32_MEMORY_REGION_INFORMATION;

typedef enum _MEMORY_RESOURCE_NOTIFICATION_TYPE {
    LowMemoryResourceNotification = 0,
    HighMemoryResourceNotification
} MEMORY_RESOURCE_NOTIFICATION_TYPE;

typedef enum _OFFER_PRIORITY {
    VmOfferPriorityVeryLow = 1,
    VmOfferPriorityLow,
    VmOfferPriorityBelowNormal,
    VmOfferPriorityNormal
} OFFER_PRIORITY;

typedef VOID WINAPI BAD_MEMORY_CALLBACK_ROUTINE(VOID);
typedef BAD_MEMORY_CALLBACK_ROUTINE *PBAD_MEMORY_CALLBACK_ROUTINE;

WINMEM_C_BEGIN

/* ---- Reserving and committing ------------------------------------------------------------------------- */

/*
 * VirtualAlloc: reserves address space, commits memory in it, or both.
 *
 * lpAddress         where; NULL lets the system choose. To reserve, rounded down to the allocation granularity; to
 *                   commit in a reservation, to a page
 * dwSize            bytes; with an address every page the range touches, else rounded up to pages
 * flAllocationType  MEM_RESERVE, MEM_COMMIT or both, with MEM_TOP_DOWN if the highest free place is wanted.
 *                   MEM_COMMIT alone needs a reservation, or a NULL address: then it reserves too. Pages that are
 *                   committed already keep their content and get the new protection. With MEM_RESERVE also
 *                     MEM_WRITE_WATCH   GetWriteWatch tells which pages were written
 *                     MEM_PHYSICAL      alone: a region for MapUserPhysicalPages, PAGE_READWRITE only
 *                     MEM_LARGE_PAGES   and MEM_COMMIT: large pages. Address and size are multiples of
 *                                       GetLargePageMinimum, the protection is PAGE_READWRITE or
 *                                       PAGE_EXECUTE_READWRITE and stays that, and only MEM_RELEASE gives them back
 *                   Alone, for committed pages:
 *                     MEM_RESET         the contents are not needed for now, and may become zero
 *                     MEM_RESET_UNDO    they are needed after all: fails if some are lost
 * flProtect         one PAGE_ constant, not PAGE_WRITECOPY or PAGE_EXECUTE_WRITECOPY, with PAGE_GUARD if whoever first
 *                   touches a page is to get STATUS_GUARD_PAGE_VIOLATION; checked also when only reserving
 *
 * Returns the address of the first page concerned; NULL on failure. New memory reads as zero.
 * Errors        ERROR_INVALID_PARAMETER   dwSize is 0; the range wraps or leaves the application's addresses; the type
 *                                         is 0, unknown or contradicts itself; not one valid protection; for pages of
 *                                         a view, a protection the view does not allow
 *               ERROR_INVALID_ADDRESS     reserving: some of the range is in use; committing: some of it is not
 *                                         reserved, or it is not all in one reservation; a placeholder
 *               ERROR_NOT_ENOUGH_MEMORY   no free range is large enough; vm.max_map_count is reached
 *               ERROR_COMMITMENT_LIMIT    the kernel refused to promise the memory
 *               ERROR_BUSY                MEM_RESET_UNDO: some contents are lost, or cannot be proven not to be
 *               ERROR_PRIVILEGE_NOT_HELD  MEM_LARGE_PAGES: no large pages are set aside (vm.nr_hugepages is 0)
 *               ERROR_NO_SYSTEM_RESOURCES MEM_LARGE_PAGES: not enough of them are free
 *               ERROR_DYNAMIC_CODE_BLOCKED  the kernel forbids executable memory here (SELinux, PR_SET_MDWE)
 * On Linux      a page that can be executed or written can also be read. PAGE_NOCACHE and PAGE_WRITECOMBINE are
 *               remembered and reported, and do nothing
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI LPVOID WINAPI VirtualAlloc(LPVOID lpAddress, SIZE_T dwSize, DWORD flAllocationType,
                                      DWORD flProtect);

/*
 * VirtualAllocEx: VirtualAlloc in a given process.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * lpAddress, dwSize, flAllocationType, flProtect      as for VirtualAlloc
 *
 * Returns as VirtualAlloc.
 * Errors        those of VirtualAlloc, and
 *               ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks PROCESS_VM_OPERATION, or the kernel lets the caller not
 *                                         change the process; it has ended
 *               ERROR_BUSY                no thread of the process could do it within some seconds
 *               ERROR_TIMEOUT             a thread has begun, and nobody saw its end in time: it may still be done. Every
 *                                         other error says that it was not and will not be
 *               ERROR_NOT_SUPPORTED       the process is a 32-bit one, or uses another version of this library;
 *                                         PAGE_GUARD in a process that does not use the library
 * On Linux      another process does it itself: one of its threads is stopped for some microseconds (ptrace), runs
 *               the request and goes on. A process that does not use the library is given a book first
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI LPVOID WINAPI VirtualAllocEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                                        DWORD flAllocationType, DWORD flProtect);

/*
 * VirtualAllocExNuma: VirtualAllocEx with a preference for the memory of one node.
 *
 * hProcess, lpAddress, dwSize, flAllocationType, flProtect      as for VirtualAllocEx
 * nndPreferred      node number, or NUMA_NO_PREFERRED_NODE; matters only when a new region is made
 *
 * Returns as VirtualAlloc.
 * Errors        those of VirtualAllocEx, and
 *               ERROR_INVALID_PARAMETER   no such node
 * On Linux      a preference, as on Windows: where the kernel or the container has no memory policy, memory comes from
 *               any node and the call succeeds
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI LPVOID WINAPI VirtualAllocExNuma(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize,
                                            DWORD flAllocationType, DWORD flProtect, DWORD nndPreferred);

/*
 * VirtualAllocFromApp: VirtualAlloc without executable memory.
 *
 * BaseAddress, Size, AllocationType      as for VirtualAlloc
 * Protection        as for VirtualAlloc, none of the PAGE_EXECUTE family
 *
 * Returns as VirtualAlloc.
 * Errors        those of VirtualAlloc, and
 *               ERROR_INVALID_PARAMETER   an executable protection
 * On Linux      as for VirtualAlloc
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI VirtualAllocFromApp(PVOID BaseAddress, SIZE_T Size, ULONG AllocationType,
                                            ULONG Protection);

/*
 * VirtualAlloc2: VirtualAlloc with alignment, bounds, a node, and placeholders.
 *
 * Process             the process; NULL means the calling one; else needs PROCESS_VM_OPERATION
 * BaseAddress         where; NULL lets the system choose. A multiple of the allocation granularity to reserve, of the
 *                     page size to replace a placeholder; to commit, any address in the first page
 * Size                bytes; every page that the range touches is meant
 * AllocationType      as for VirtualAlloc. MEM_RESERVE | MEM_RESERVE_PLACEHOLDER makes a placeholder, which VirtualFree
 *                     can split and merge; MEM_RESERVE | MEM_REPLACE_PLACEHOLDER, with or without MEM_COMMIT, puts an
 *                     ordinary allocation in its exact place
 * PageProtection      as for VirtualAlloc; PAGE_NOACCESS for a placeholder
 * ExtendedParameters  optional: each type at most once. AddressRequirements points to a MEM_ADDRESS_REQUIREMENTS, which
 *                     must be all zero when BaseAddress is given; NumaNode has a node number in ULong;
 *                     AttributeFlags may be 0, and with MEM_LARGE_PAGES MEM_EXTENDED_PARAMETER_NONPAGED, _NONPAGED_LARGE
 *                     or _NONPAGED_HUGE (pages of 1 GiB)
 * ParameterCount      entries in ExtendedParameters
 *
 * Returns the address; NULL on failure. New memory reads as zero.
 * Errors        those of VirtualAlloc, and
 *               ERROR_INVALID_PARAMETER   BaseAddress not a multiple as above; a type of parameter that is
 *                                         unknown or there twice; a count without an array; bounds or alignment that
 *                                         are malformed or come with a BaseAddress; MEM_RESERVE_PLACEHOLDER or
 *                                         MEM_REPLACE_PLACEHOLDER without MEM_RESERVE; a placeholder that is not
 *                                         PAGE_NOACCESS
 *               ERROR_INVALID_ADDRESS     BaseAddress and Size are not exactly those of one placeholder
 *               ERROR_NOT_ENOUGH_MEMORY   nothing free satisfies the requirements
 *               ERROR_NOT_SUPPORTED       a type of parameter, or an attribute flag, that Windows has and this library
 *                                         has not
 *               ERROR_INVALID_HANDLE      Process is not a process
 *               ERROR_ACCESS_DENIED       the handle lacks PROCESS_VM_OPERATION
 * On Linux      as for VirtualAlloc and VirtualAllocExNuma. Bounds below vm.mmap_min_addr leave nothing to choose from
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI VirtualAlloc2(HANDLE Process, PVOID BaseAddress, SIZE_T Size, ULONG AllocationType,
                                      ULONG PageProtection, MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                      ULONG ParameterCount);

/*
 * VirtualAlloc2FromApp: VirtualAlloc2 without executable memory.
 *
 * Process, BaseAddress, Size, AllocationType, ExtendedParameters, ParameterCount      as for VirtualAlloc2
 * PageProtection      as for VirtualAlloc2, none of the PAGE_EXECUTE family
 *
 * Returns as VirtualAlloc2.
 * Errors        those of VirtualAlloc2, and
 *               ERROR_INVALID_PARAMETER   an executable protection
 * On Linux      as for VirtualAlloc2
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI VirtualAlloc2FromApp(HANDLE Process, PVOID BaseAddress, SIZE_T Size,
                                             ULONG AllocationType, ULONG PageProtection,
                                             MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                             ULONG ParameterCount);

/* ---- Freeing ------------------------------------------------------------------------------------------ */

/*
 * VirtualFree: takes committed pages back, releases a reservation, splits or merges placeholders.
 *
 * lpAddress, dwSize, dwFreeType
 *     any address, bytes, MEM_DECOMMIT       every page the range touches is reserved only; its content is gone.
 *                                            Pages that are not committed do no harm
 *     base, 0, MEM_DECOMMIT                  the same for the whole reservation
 *     base, 0, MEM_RELEASE                   the whole reservation, allocation or placeholder is free
 *     range, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER
 *                                            inside a placeholder: it is split there. All of an allocation that
 *                                            replaced a placeholder: it is a placeholder again. A part of one: a
 *                                            placeholder of its own, and what is left before and behind it are
 *                                            allocations of their own, with their contents
 *     range, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS
 *                                            exactly two or more neighbouring placeholders: they are one
 *
 * base is any address in the first page.
 *
 * Returns non-zero on success, zero on failure; then nothing has changed.
 * Errors        ERROR_INVALID_PARAMETER   no such combination; MEM_RELEASE with a size; a placeholder flag without one;
 *                                         the range goes beyond one allocation; pages of a view
 *               ERROR_INVALID_ADDRESS     nothing is reserved there; size 0 and not in the first page; a range that
 *                                         is not what the placeholder flag asks for, a whole placeholder to be
 *                                         split among them
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached
 * On Linux      as on Windows
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);

/*
 * VirtualFreeEx: VirtualFree in a given process.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * lpAddress, dwSize, dwFreeType      as for VirtualFree
 *
 * Returns as VirtualFree.
 * Errors        those of VirtualFree, and of VirtualAllocEx concerning the process
 * On Linux      as on Windows
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualFreeEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType);

/* ---- Protecting --------------------------------------------------------------------------------------- */

/*
 * VirtualProtect: changes what may be done with committed pages.
 *
 * lpAddress, dwSize any address, bytes: every page the range touches; all of one allocation or view
 * flNewProtect      one PAGE_ constant, with PAGE_GUARD or without; for a view, one that grants nothing the view was not
 *                   mapped with
 * lpflOldProtect    out: the protection the first page had. Written also when the change fails for the state of the
 *                   pages; then it is PAGE_NOACCESS
 *
 * Returns non-zero on success, zero on failure; then no protection has changed.
 * Errors        ERROR_INVALID_ADDRESS     some page is not committed, or belongs to another allocation
 *               ERROR_INVALID_PARAMETER   dwSize is 0; not one valid protection; more than the view allows
 *               ERROR_NOACCESS            lpflOldProtect is NULL or cannot be written
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached
 *               ERROR_COMMITMENT_LIMIT    copies of a view's pages would not fit the kernel's promise
 *               ERROR_NOT_SUPPORTED       PAGE_GUARD on memory that this library did not allocate
 *               ERROR_DYNAMIC_CODE_BLOCKED  the kernel forbids executable memory here (SELinux, PR_SET_MDWE)
 * On Linux      a page that can be executed or written can also be read
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                                      PDWORD lpflOldProtect);

/*
 * VirtualProtectEx: VirtualProtect in a given process.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * lpAddress, dwSize, flNewProtect, lpflOldProtect      as for VirtualProtect
 *
 * Returns as VirtualProtect.
 * Errors        those of VirtualProtect, and of VirtualAllocEx concerning the process
 * On Linux      as for VirtualProtect
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualProtectEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                                        PDWORD lpflOldProtect);

/*
 * VirtualProtectFromApp: VirtualProtect as packaged programs have it.
 *
 * Address, Size, NewProtection, OldProtection      as for VirtualProtect
 *
 * Returns as VirtualProtect.
 * Errors        those of VirtualProtect
 * On Linux      every program counts as a desktop program: PAGE_EXECUTE_READWRITE is accepted, as Windows accepts it
 *               there
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualProtectFromApp(PVOID Address, SIZE_T Size, ULONG NewProtection,
                                             PULONG OldProtection);

/* ---- Contents that may go --------------------------------------------------------------------------------- */

/*
 * OfferVirtualMemory: lends memory to the system, which may drop the contents when it is short.
 *
 * VirtualAddress, Size      whole pages, committed, of one private allocation
 * Priority          how soon the contents may go, of OFFER_PRIORITY
 *
 * Returns ERROR_SUCCESS, or the error. Until they are reclaimed the pages cannot be accessed.
 * Errors        ERROR_INVALID_PARAMETER   not whole pages; Size is 0; no such priority; a view, large or AWE pages
 *               ERROR_INVALID_ADDRESS     some page is not committed, or belongs to another allocation
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached
 * On Linux      the priority makes no difference. Locked pages are unlocked
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI DWORD WINAPI OfferVirtualMemory(PVOID VirtualAddress, SIZE_T Size, OFFER_PRIORITY Priority);

/*
 * ReclaimVirtualMemory: takes offered memory back; the pages have their protections again.
 *
 * VirtualAddress, Size      whole pages, committed, of one private allocation; all, some or none of them offered
 *
 * Returns ERROR_SUCCESS if all contents are as they were; ERROR_BUSY if the memory is back but some contents are lost;
 * or another error, and then nothing has changed.
 * Errors        ERROR_INVALID_PARAMETER   not whole pages; Size is 0; a view, large or AWE pages
 *               ERROR_INVALID_ADDRESS     some page is not committed, or belongs to another allocation
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached
 * On Linux      ERROR_BUSY also where it cannot be proven that nothing is lost
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI DWORD WINAPI ReclaimVirtualMemory(const void *VirtualAddress, SIZE_T Size);

/*
 * DiscardVirtualMemory: gives the contents of memory up at once. It stays committed and accessible.
 *
 * VirtualAddress, Size      whole pages, committed as PAGE_READWRITE, of one private allocation
 *
 * Returns ERROR_SUCCESS, or the error; then the contents are as they were.
 * Errors        ERROR_INVALID_PARAMETER   not whole pages; Size is 0; a view, large or AWE pages; another protection
 *               ERROR_INVALID_ADDRESS     some page is not committed, or belongs to another allocation
 * On Linux      the pages are zero afterwards, unless they were locked or watched; as before then
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI DWORD WINAPI DiscardVirtualMemory(PVOID VirtualAddress, SIZE_T Size);

/* ---- Asking ------------------------------------------------------------------------------------------- */

/*
 * VirtualQuery: what is at an address, and how far it goes on being the same.
 *
 * lpAddress         any address, NULL too; rounded down to a page
 * lpBuffer          out: the run of equal pages that starts there
 * dwLength          bytes at lpBuffer
 *
 * Returns the bytes stored, sizeof(MEMORY_BASIC_INFORMATION); 0 on failure.
 * Errors        ERROR_INVALID_PARAMETER   the address is above lpMaximumApplicationAddress
 *               ERROR_BAD_LENGTH          dwLength is too small
 *               ERROR_NOACCESS            lpBuffer is NULL or cannot be written
 * On Linux      memory that is not ours is answered too, from the kernel's list: stacks and anonymous memory as
 *               private, files as mapped, shared objects as images with one AllocationBase. Whoever made that memory
 *               can change it without our knowing
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI SIZE_T WINAPI VirtualQuery(LPCVOID lpAddress, PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength);

/*
 * VirtualQueryEx: VirtualQuery in a given process.
 *
 * hProcess          the process; needs PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 * lpAddress, lpBuffer, dwLength      as for VirtualQuery
 *
 * Returns as VirtualQuery.
 * Errors        those of VirtualQuery, and
 *               ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right, or the process has ended
 * On Linux      as for VirtualQuery. In a process that does not use this library the kernel's list answers for all
 *               memory; an image is a run of mappings of one file, some of them executable
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI SIZE_T WINAPI VirtualQueryEx(HANDLE hProcess, LPCVOID lpAddress,
                                        PMEMORY_BASIC_INFORMATION lpBuffer, SIZE_T dwLength);

/*
 * QueryVirtualMemoryInformation: the whole allocation or view that an address belongs to.
 *
 * Process                 the process; needs PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 * VirtualAddress          any address in it
 * MemoryInformationClass  MemoryRegionInfo
 * MemoryInformation       out: a WIN32_MEMORY_REGION_INFORMATION
 * MemoryInformationSize   bytes at MemoryInformation; it may end before CommitSize, not before
 * ReturnSize              out, optional: bytes stored
 *
 * Returns non-zero on success, zero on failure; then the buffer is untouched.
 * Errors        ERROR_UNEXP_NET_ERR       nothing is allocated at the address (Windows answers with this code)
 *               ERROR_BAD_LENGTH          the buffer is too small
 *               ERROR_INVALID_PARAMETER   another class
 *               ERROR_NOACCESS            the buffer is NULL or cannot be written
 *               ERROR_INVALID_HANDLE      Process is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 * On Linux      as for VirtualQuery
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI QueryVirtualMemoryInformation(HANDLE Process, const VOID *VirtualAddress,
                                                     WIN32_MEMORY_INFORMATION_CLASS MemoryInformationClass,
                                                     PVOID MemoryInformation, SIZE_T MemoryInformationSize,
                                                     PSIZE_T ReturnSize);

/* ---- Copying -------------------------------------------------------------------------------------------- */

/*
 * ReadProcessMemory: copies memory of a process without faulting.
 *
 * hProcess             the process; needs PROCESS_VM_READ
 * lpBaseAddress, nSize what to copy, bytes; 0 bytes always succeed
 * lpBuffer             where to
 * lpNumberOfBytesRead  out, optional: how many bytes were copied: fewer if the buffer ends before, or if some of the
 *                      memory cannot be read; then it is 0 in the calling process
 *
 * Returns non-zero if all was copied, else zero.
 * Errors        ERROR_PARTIAL_COPY        a byte cannot be read, or cannot be written to the buffer, or the process has
 *                                         ended. A PAGE_GUARD page that was met has lost its guard
 *               ERROR_NOACCESS            lpNumberOfBytesRead cannot be written
 *               ERROR_INVALID_HANDLE      hProcess is not a process
 *               ERROR_ACCESS_DENIED       the handle lacks PROCESS_VM_READ
 * On Linux      the process need not use this library.
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI ReadProcessMemory(HANDLE hProcess, LPCVOID lpBaseAddress, LPVOID lpBuffer,
                                         SIZE_T nSize, SIZE_T *lpNumberOfBytesRead);

/*
 * WriteProcessMemory: copies into the memory of a process without faulting.
 *
 * hProcess                the process; needs PROCESS_VM_WRITE and PROCESS_VM_OPERATION
 * lpBaseAddress, nSize    where to, bytes; 0 bytes always succeed
 * lpBuffer                what to copy
 * lpNumberOfBytesWritten  out, optional: how many bytes were copied; 0 if some of lpBuffer cannot be read. Left alone with
 *                         ERROR_NOACCESS
 *
 * Returns non-zero if all was copied, else zero.
 * Errors        ERROR_NOACCESS            the first page is neither writable nor executable, or nothing is there; or
 *                                         lpNumberOfBytesWritten cannot be written
 *               ERROR_PARTIAL_COPY        a later page cannot be written, or lpBuffer cannot be read
 *               ERROR_INVALID_HANDLE      hProcess is not a process
 *               ERROR_ACCESS_DENIED       the handle lacks a right, or the process has ended
 * On Linux      the process need not use this library. PAGE_EXECUTE and PAGE_EXECUTE_READ pages are written behind the
 *               back of their protection, which does not change; where a section is mapped so, and not copied on write,
 *               they refuse
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI WriteProcessMemory(HANDLE hProcess, LPVOID lpBaseAddress, LPCVOID lpBuffer,
                                          SIZE_T nSize, SIZE_T *lpNumberOfBytesWritten);

/* ---- Keeping in memory --------------------------------------------------------------------------------- */

/*
 * VirtualLock, VirtualUnlock: pages are brought into memory and stay there, until they are unlocked, decommitted or
 * released. There is no count: one VirtualUnlock undoes any number of VirtualLock.
 *
 * lpAddress, dwSize any address, bytes: every page the range touches; any memory, also what others have mapped
 *
 * Returns non-zero on success, zero on failure; then nothing is locked or unlocked.
 * Errors        ERROR_NOACCESS            a page is not committed, PAGE_NOACCESS or offered
 *               STATUS_GUARD_PAGE_VIOLATION  a PAGE_GUARD page is met: its guard is gone, and the next call may succeed
 *               ERROR_WORKING_SET_QUOTA   more pages than the minimum working set (SetProcessWorkingSetSize) less 8, or
 *                                         than RLIMIT_MEMLOCK allows; WinmemLastCause says which
 *               ERROR_NOT_LOCKED          VirtualUnlock: some page is not locked
 *               ERROR_INVALID_PARAMETER   dwSize is 0; the range wraps
 * On Linux      mlock. A page that can be written counts as written by being brought in, as on Windows
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize);
WINBASEAPI BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize);

/*
 * VirtualUnlockEx: VirtualUnlock in a given process.
 *
 * Process           the process; needs PROCESS_VM_OPERATION. NULL means the calling one
 * Address, Size     as for VirtualUnlock
 *
 * Returns as VirtualUnlock.
 * Errors        those of VirtualUnlock, and of VirtualAllocEx concerning the process
 * On Linux      as for VirtualUnlock
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI VirtualUnlockEx(HANDLE Process, LPVOID Address, SIZE_T Size);

/* ---- Write watch --------------------------------------------------------------------------------------- */

/*
 * GetWriteWatch: which pages of a MEM_WRITE_WATCH allocation were written since it was made, or since they were last
 * reset.
 *
 * dwFlags           0, or WRITE_WATCH_FLAG_RESET: the pages that are returned count as unwritten from then on, in the
 *                   same step; no write between is lost
 * lpBaseAddress, dwRegionSize      any address, bytes: every page the range touches; all of one allocation
 * lpAddresses       out: addresses of pages, ascending; untouched if there are none
 * lpdwCount         in: how many addresses fit, not 0; out: how many there are. If more pages were written than fit, the
 *                   first are returned (and reset), and the next call returns the next
 * lpdwGranularity   out: bytes that each address stands for, the page size
 *
 * Returns 0 on success; (UINT)-1 on failure.
 * Errors        ERROR_INVALID_PARAMETER   the range is not all in one allocation made with MEM_WRITE_WATCH;
 *                                         dwRegionSize or *lpdwCount is 0; an unknown flag
 *               ERROR_NOACCESS            a pointer is NULL or cannot be written
 * On Linux      what the kernel writes for the program (read, recv, a pipe) counts as written. Where userfaultfd is
 *               missing or forbidden (WinmemFeature("userfaultfd")), every page that is in memory and was not only read
 *               counts as written, reset or not: too much is reported then, never too little. The same once in the
 *               child of a fork, and after the program has closed descriptors that are not its own
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI UINT WINAPI GetWriteWatch(DWORD dwFlags, PVOID lpBaseAddress, SIZE_T dwRegionSize,
                                     PVOID *lpAddresses, ULONG_PTR *lpdwCount, LPDWORD lpdwGranularity);

/*
 * ResetWriteWatch: every page of a range counts as unwritten from now on.
 *
 * lpBaseAddress, dwRegionSize      as for GetWriteWatch
 *
 * Returns 0 on success; (UINT)-1 on failure.
 * Errors        ERROR_INVALID_PARAMETER   as for GetWriteWatch
 * On Linux      as for GetWriteWatch
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI UINT WINAPI ResetWriteWatch(LPVOID lpBaseAddress, SIZE_T dwRegionSize);

/* ---- Hints -------------------------------------------------------------------------------------------- */

/*
 * PrefetchVirtualMemory: memory that will be needed soon. A hint; nothing depends on it.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * NumberOfEntries   how many ranges, not 0
 * VirtualAddresses  the ranges: any address, any number of bytes but 0. What is not mapped is passed over
 * Flags             0
 *
 * Returns non-zero on success, zero on failure; then nothing was read.
 * Errors        ERROR_INVALID_PARAMETER   no entries; an entry of 0 bytes or one that wraps around; Flags is not 0
 *               ERROR_NOACCESS            VirtualAddresses is NULL or cannot be read
 *               ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_NOT_SUPPORTED       it means another process
 * On Linux      MADV_WILLNEED: reads ahead what lies in files and in swap, also in mappings that are not ours. Private
 *               memory that was never touched stays untouched
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI PrefetchVirtualMemory(HANDLE hProcess, ULONG_PTR NumberOfEntries,
                                             PWIN32_MEMORY_RANGE_ENTRY VirtualAddresses, ULONG Flags);

/* ---- Control Flow Guard ------------------------------------------------------------------------------- */

/*
 * SetProcessValidCallTargets: which addresses may be called indirectly where Control Flow Guard is enabled.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * VirtualAddress    where a region of committed, executable memory begins
 * RegionSize        bytes
 * NumberOfOffsets   how many targets, not 0
 * OffsetInformation in and out: targets at multiples of 16 from VirtualAddress on, ascending, with CFG_CALL_TARGET_
 *                   flags. Not changed on failure
 *
 * Never returns non-zero here.
 * Errors        ERROR_INVALID_PARAMETER   Control Flow Guard is not enabled for the process; or the region or the
 *                                         offsets are not as above
 *               ERROR_NOACCESS            OffsetInformation is NULL or cannot be read and written
 *               ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_NOT_SUPPORTED       it means another process
 * On Linux      no process has Control Flow Guard, and the documentation says that the function does not succeed
 *               then; it names no error code. Calls through pointers are not checked, so programs go on without it
 * Source        learn.microsoft.com, memoryapi.h, "SetProcessValidCallTargets", remarks
 */
WINBASEAPI BOOL WINAPI SetProcessValidCallTargets(HANDLE hProcess, PVOID VirtualAddress, SIZE_T RegionSize,
                                                  ULONG NumberOfOffsets,
                                                  PCFG_CALL_TARGET_INFO OffsetInformation);

/*
 * SetProcessValidCallTargetsForMappedView: the same for a view of a section.
 *
 * Process, VirtualAddress, RegionSize, NumberOfOffsets, OffsetInformation      as for SetProcessValidCallTargets
 * Section             handle of the section
 * ExpectedFileOffset  where in the section VirtualAddress is thought to lie
 *
 * Never returns non-zero here.
 * Errors        as for SetProcessValidCallTargets; ERROR_INVALID_HANDLE also when Section is not a section
 * On Linux      as for SetProcessValidCallTargets
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI SetProcessValidCallTargetsForMappedView(HANDLE Process, PVOID VirtualAddress,
                                                               SIZE_T RegionSize, ULONG NumberOfOffsets,
                                                               PCFG_CALL_TARGET_INFO OffsetInformation,
                                                               HANDLE Section, ULONG64 ExpectedFileOffset);

/* ---- Sections ----------------------------------------------------------------------------------------- */

/*
 * CreateFileMappingA, CreateFileMappingW: a section: memory, or a file, that can be mapped at several addresses.
 *
 * hFile                        a handle to a file (CreateFile, WinmemHandleFromFd), which may be closed as soon as the
 *                              section is made. It needs GENERIC_READ; GENERIC_WRITE too for PAGE_READWRITE and
 *                              PAGE_EXECUTE_READWRITE, GENERIC_EXECUTE for the PAGE_EXECUTE_ forms.
 *                              INVALID_HANDLE_VALUE or NULL: memory of its own, which reads as zero
 * lpFileMappingAttributes      optional, and has no effect
 * flProtect                    PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY or one of their PAGE_EXECUTE_ forms: the
 *                              most a view may have; with SEC_COMMIT (assumed), SEC_NOCACHE, SEC_WRITECOMBINE.
 *                              SEC_COMMIT | SEC_LARGE_PAGES: of large pages, taken at once; SEC_RESERVE: of memory that
 *                              VirtualAlloc with MEM_COMMIT commits in any view, for all views in all processes
 * dwMaximumSizeHigh, dwMaximumSizeLow      bytes, two halves of 64 bits. Of a file exactly so many, 0 meaning all that it has;
 *                              a file that may be written becomes as large as that. Of memory rounded up to pages; with
 *                              SEC_LARGE_PAGES a multiple of GetLargePageMinimum
 * lpName                       optional: by which other processes of the user find the section. At most 260 characters, of
 *                              which case matters; a prefix Local\ or Global\ names one of two sets of names, the first of
 *                              which is meant without one. NULL or empty: no name
 *
 * Returns a handle, to be closed with CloseHandle, and sets the last error to 0. If there is a section of that name, the
 * handle is to that one, which keeps its size and protection, and the last error is ERROR_ALREADY_EXISTS. NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   size 0 and no file; another protection; SEC_ values that contradict each other
 *               ERROR_BAD_EXE_FORMAT      SEC_IMAGE; what hFile stands for is a directory, a pipe or a device
 *               ERROR_INVALID_HANDLE      hFile is not a file; its descriptor was closed behind the library's back
 *               ERROR_ACCESS_DENIED       the handle of the file lacks a right
 *               ERROR_FILE_INVALID        size 0, and the file is empty
 *               ERROR_NOT_ENOUGH_MEMORY   the size is absurd; it is larger than a file that the section may not write
 *               ERROR_DISK_FULL           the disk has no room for the file to become so large: it stays as it was
 *               ERROR_FILE_TOO_LARGE      no file becomes so large there, or in this process (RLIMIT_FSIZE)
 *               ERROR_COMMITMENT_LIMIT    the kernel refused to promise the memory
 *               ERROR_TOO_MANY_OPEN_FILES the process or the system has no file descriptor left
 *               ERROR_INVALID_HANDLE      the name is that of something else than a section
 *               ERROR_PATH_NOT_FOUND      a backslash in the name, but for that of the prefix
 *               ERROR_FILENAME_EXCED_RANGE the name is too long
 *               ERROR_NOACCESS            the name cannot be read
 *               ERROR_ACCESS_DENIED       no directory for names is the user's alone; there is such a section, of a file or
 *                                         of large pages, and no process that has it lets others open that
 *               ERROR_COMMITMENT_LIMIT    a section with a name: /dev/shm has not so much room
 *               ERROR_BUSY                a process that was removing the name has stopped in the middle
 *               ERROR_PRIVILEGE_NOT_HELD  SEC_LARGE_PAGES: no large pages are set aside (vm.nr_hugepages is 0)
 *               ERROR_NO_SYSTEM_RESOURCES SEC_LARGE_PAGES: not enough of them are free
 * On Linux      memory is a memfd; with a name a file in a directory under /dev/shm that only the user can enter, which lives
 *               until the last handle of the last process is closed, however that ends. Its memory is taken when it is made.
 *               Names are the user's: other users have others, also under Global\. Files and large pages stay where they are, and
 *               who opens the name opens them again, by /proc or by the path. A file that becomes larger gets its
 *               blocks at once (fallocate). Who makes it smaller later, without this library, is not stopped: touching what
 *               is gone is EXCEPTION_IN_PAGE_ERROR for a handler of the program, else the signal SIGBUS. The child of a
 *               fork has all handles, whatever the attributes say; a program that exec starts has none
 * Source        learn.microsoft.com, winbase.h, memoryapi.h; behaviours O157 to O161
 */
WINBASEAPI HANDLE WINAPI CreateFileMappingA(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                            DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                            LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateFileMappingW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                            DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                            LPCWSTR lpName) WINMEM_WIDE_SYMBOL("CreateFileMappingW");

/*
 * CreateFileMappingNumaW: CreateFileMapping with a preference for the memory of one node. The A form is in winbase.h.
 *
 * hFile, lpFileMappingAttributes, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, lpName
 *                      as for CreateFileMappingW
 * nndPreferred         number of a node, or NUMA_NO_PREFERRED_NODE
 *
 * Returns as CreateFileMapping.
 * Errors        those of CreateFileMapping, and
 *               ERROR_INVALID_PARAMETER   there is no such node
 * On Linux      as with every preference of a node: the kernel takes pages from elsewhere where that one has none. A view
 *               that names a node itself is asked for first
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HANDLE WINAPI CreateFileMappingNumaW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                                DWORD flProtect, DWORD dwMaximumSizeHigh,
                                                DWORD dwMaximumSizeLow, LPCWSTR lpName, DWORD nndPreferred)
    WINMEM_WIDE_SYMBOL("CreateFileMappingNumaW");

/*
 * CreateFileMappingFromApp: CreateFileMapping as packaged programs have it: the size is one number.
 *
 * hFile, SecurityAttributes, Name
 *                      as for CreateFileMappingW
 * PageProtection       as flProtect there
 * MaximumSize          bytes
 *
 * Returns as CreateFileMapping.
 * Errors        those of CreateFileMapping
 * On Linux      every program counts as one that may have executable sections, as observed of desktop programs
 * Source        learn.microsoft.com, memoryapi.h; behaviour O174
 */
WINBASEAPI HANDLE WINAPI CreateFileMappingFromApp(HANDLE hFile, PSECURITY_ATTRIBUTES SecurityAttributes,
                                                  ULONG PageProtection, ULONG64 MaximumSize, PCWSTR Name)
    WINMEM_WIDE_SYMBOL("CreateFileMappingFromApp");

/*
 * CreateFileMapping2: CreateFileMapping with everything in an argument of its own.
 *
 * File, SecurityAttributes, Name
 *                      as for CreateFileMappingW
 * DesiredAccess        the rights of the new handle: SECTION_MAP_READ and so on, or GENERIC_ ones
 * PageProtection       a PAGE_ constant alone
 * AllocationAttributes SEC_ values, 0 meaning SEC_COMMIT
 * MaximumSize          bytes
 * ExtendedParameters   optional: MemExtendedParameterNumaNode, the node to prefer
 * ParameterCount       entries in ExtendedParameters
 *
 * Returns as CreateFileMapping.
 * Errors        those of CreateFileMapping, and
 *               ERROR_INVALID_PARAMETER   SEC_ values in PageProtection; another extended parameter, one given twice, no
 *                                         such node
 *               ERROR_NOACCESS            ExtendedParameters cannot be read
 * On Linux      as for CreateFileMappingNumaW. What a view may be is bounded by the protection as well as by the rights
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI HANDLE WINAPI CreateFileMapping2(HANDLE File, SECURITY_ATTRIBUTES *SecurityAttributes,
                                            ULONG DesiredAccess, ULONG PageProtection,
                                            ULONG AllocationAttributes, ULONG64 MaximumSize, PCWSTR Name,
                                            MEM_EXTENDED_PARAMETER *ExtendedParameters, ULONG ParameterCount)
    WINMEM_WIDE_SYMBOL("CreateFileMapping2");

/*
 * OpenFileMappingW: a handle to the section that has this name. The A form is in winbase.h.
 *
 * dwDesiredAccess      the rights of the handle: FILE_MAP_READ, FILE_MAP_WRITE and so on, or GENERIC_ ones. FILE_MAP_COPY
 *                      alone is FILE_MAP_READ, FILE_MAP_EXECUTE the right to map executable views
 * bInheritHandle       sets the handle's HANDLE_FLAG_INHERIT
 * lpName               as for CreateFileMappingW
 *
 * Returns a handle, to be closed with CloseHandle; NULL on failure.
 * Errors        ERROR_FILE_NOT_FOUND      nobody has a handle to a section of this name: a view does not keep it
 *               ERROR_INVALID_PARAMETER   lpName is NULL or empty
 *               ERROR_INVALID_HANDLE, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_NOACCESS,
 *               ERROR_ACCESS_DENIED, ERROR_TOO_MANY_OPEN_FILES, ERROR_BUSY
 *                                         as for CreateFileMappingW
 * On Linux      a descriptor for each handle that is opened so, and one more from its first view on. The section's protection bounds its views, whatever the
 *               rights
 * Source        learn.microsoft.com, memoryapi.h; behaviours O159 to O161, O172, O173
 */
WINBASEAPI HANDLE WINAPI OpenFileMappingW(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCWSTR lpName)
    WINMEM_WIDE_SYMBOL("OpenFileMappingW");

/*
 * OpenFileMappingFromApp: OpenFileMappingW as packaged programs have it.
 *
 * DesiredAccess, InheritHandle, Name
 *                      as for OpenFileMappingW
 *
 * Returns as OpenFileMappingW.
 * Errors        those of OpenFileMappingW
 * On Linux      every program counts as one that may have executable sections
 * Source        learn.microsoft.com, memoryapi.h; behaviour O174
 */
WINBASEAPI HANDLE WINAPI OpenFileMappingFromApp(ULONG DesiredAccess, BOOL InheritHandle, PCWSTR Name)
    WINMEM_WIDE_SYMBOL("OpenFileMappingFromApp");

/* ---- Views -------------------------------------------------------------------------------------------- */

/*
 * MapViewOfFile: maps a part of a section where the system chooses.
 *
 * hFileMappingObject   the section; it may be closed while it is mapped
 * dwDesiredAccess      FILE_MAP_WRITE: read and write; else FILE_MAP_READ: read; FILE_MAP_COPY alone: copy on write;
 *                      0: no access; FILE_MAP_EXECUTE with any of the first three: execute too;
 *                      FILE_MAP_LARGE_PAGES: the section was made with SEC_LARGE_PAGES; FILE_MAP_RESERVE: with
 *                      SEC_RESERVE, or it is of a file that may be written, and the view may be larger than that is yet.
 *                      Other bits have no effect
 * dwFileOffsetHigh, dwFileOffsetLow      bytes into the section, a multiple of the allocation granularity
 * dwNumberOfBytesToMap bytes; 0 means to the end of the section
 *
 * Of a section with SEC_LARGE_PAGES every view is in large pages: offset, size and address are multiples of
 * GetLargePageMinimum, the protection stays what it is, and FILE_MAP_COPY is not possible.
 *
 * Returns the address; NULL on failure. All views of one section show the same memory, except what was copied on write.
 * Errors        ERROR_ACCESS_DENIED       the section or the handle does not allow this access; the range leaves the
 *                                         section; the file lies on a file system without execution (noexec)
 *               ERROR_MAPPED_ALIGNMENT    the offset is not a multiple
 *               ERROR_INVALID_PARAMETER   FILE_MAP_LARGE_PAGES, and the section has none; it has, and the size is not a
 *                                         multiple, or a copy is asked for; FILE_MAP_RESERVE, and it is of other memory
 *               ERROR_INVALID_HANDLE      not a section
 *               ERROR_NOT_ENOUGH_MEMORY   no free range is large enough; vm.max_map_count is reached
 *               ERROR_COMMITMENT_LIMIT    FILE_MAP_COPY: the kernel refused to promise memory for the copies
 * On Linux      memory of a section that is over RLIMIT or a cgroup's limit when first touched ends the process, as any
 *               memory on Linux does
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI LPVOID WINAPI MapViewOfFile(HANDLE hFileMappingObject, DWORD dwDesiredAccess,
                                       DWORD dwFileOffsetHigh, DWORD dwFileOffsetLow,
                                       SIZE_T dwNumberOfBytesToMap);

/*
 * MapViewOfFileEx: MapViewOfFile at a given address.
 *
 * hFileMappingObject, dwDesiredAccess, dwFileOffsetHigh, dwFileOffsetLow, dwNumberOfBytesToMap
 *                      as for MapViewOfFile
 * lpBaseAddress        where, a multiple of the allocation granularity; NULL lets the system choose
 *
 * Returns as MapViewOfFile.
 * Errors        those of MapViewOfFile, and
 *               ERROR_MAPPED_ALIGNMENT    the address is not a multiple
 *               ERROR_INVALID_ADDRESS     some of the range is in use
 * On Linux      as for MapViewOfFile
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI LPVOID WINAPI MapViewOfFileEx(HANDLE hFileMappingObject, DWORD dwDesiredAccess,
                                         DWORD dwFileOffsetHigh, DWORD dwFileOffsetLow,
                                         SIZE_T dwNumberOfBytesToMap, LPVOID lpBaseAddress);

/*
 * MapViewOfFileFromApp: MapViewOfFile as packaged programs have it: the offset is one number.
 *
 * hFileMappingObject, DesiredAccess, NumberOfBytesToMap
 *                      as for MapViewOfFile
 * FileOffset           bytes into the section, a multiple of the allocation granularity
 *
 * Returns as MapViewOfFile.
 * Errors        those of MapViewOfFile
 * On Linux      every program counts as one that may map executable views
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI MapViewOfFileFromApp(HANDLE hFileMappingObject, ULONG DesiredAccess,
                                             ULONG64 FileOffset, SIZE_T NumberOfBytesToMap);

/*
 * MapViewOfFile3: maps a part of a section, also in the place of a placeholder.
 *
 * FileMapping         the section
 * Process             the process; NULL means the calling one; else needs PROCESS_VM_OPERATION
 * BaseAddress         where; NULL lets the system choose. A multiple of the allocation granularity; of the page size
 *                     with MEM_REPLACE_PLACEHOLDER
 * Offset              bytes into the section; a multiple as for BaseAddress
 * ViewSize            bytes, whole pages; 0 means to the end of the section
 * AllocationType      0, or MEM_REPLACE_PLACEHOLDER: BaseAddress and ViewSize are exactly those of one placeholder;
 *                     MEM_LARGE_PAGES with either: the section was made with SEC_LARGE_PAGES; MEM_RESERVE: as
 *                     FILE_MAP_RESERVE (see MapViewOfFile)
 * PageProtection      a PAGE_ constant, not a FILE_MAP_ one; what the section allows
 * ExtendedParameters  optional: as for VirtualAlloc2, the Alignment of address requirements being 0
 * ParameterCount      entries in ExtendedParameters
 *
 * Returns the address; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   another AllocationType, or one that the section has not; not one valid protection;
 *                                         extended parameters as for VirtualAlloc2
 *               ERROR_ACCESS_DENIED       the section or a handle does not allow this; the range leaves the section
 *               ERROR_MAPPED_ALIGNMENT    the address or the offset is not a multiple
 *               ERROR_INVALID_ADDRESS     some of the range is in use; it is not exactly one placeholder
 *               ERROR_INVALID_HANDLE      FileMapping is not a section, Process not a process
 *               ERROR_NOT_ENOUGH_MEMORY, ERROR_COMMITMENT_LIMIT      as for MapViewOfFile
 *               ERROR_NOT_SUPPORTED       an extended parameter as for VirtualAlloc2
 * On Linux      replacing is one mmap over the placeholder: no other thread can take the place in between
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI MapViewOfFile3(HANDLE FileMapping, HANDLE Process, PVOID BaseAddress, ULONG64 Offset,
                                       SIZE_T ViewSize, ULONG AllocationType, ULONG PageProtection,
                                       MEM_EXTENDED_PARAMETER *ExtendedParameters, ULONG ParameterCount);

/*
 * MapViewOfFile3FromApp: MapViewOfFile3 as packaged programs have it.
 *
 * FileMapping, Process, BaseAddress, Offset, ViewSize, AllocationType, PageProtection, ExtendedParameters,
 * ParameterCount      as for MapViewOfFile3
 *
 * Returns as MapViewOfFile3.
 * Errors        those of MapViewOfFile3
 * On Linux      every program counts as one that may map executable views
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI MapViewOfFile3FromApp(HANDLE FileMapping, HANDLE Process, PVOID BaseAddress,
                                              ULONG64 Offset, SIZE_T ViewSize, ULONG AllocationType,
                                              ULONG PageProtection,
                                              MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                              ULONG ParameterCount);

/*
 * MapViewOfFileNuma2: maps a part of a section into a given process, with a preference for the memory of one node.
 *
 * FileMappingHandle   as CreateFileMapping gave it, in the calling process
 * ProcessHandle       whose address space; needs PROCESS_VM_OPERATION
 * Offset              bytes into the section, a multiple of the allocation granularity
 * BaseAddress         where, a multiple of the allocation granularity; NULL lets the system choose
 * ViewSize            bytes; 0 means to the end of the section
 * AllocationType      0, MEM_LARGE_PAGES, or MEM_RESERVE, as FILE_MAP_RESERVE (see MapViewOfFile)
 * PageProtection      a PAGE_ constant; what the section allows
 * PreferredNode       node number, or NUMA_NO_PREFERRED_NODE
 *
 * Returns the address; NULL on failure.
 * Errors        those of MapViewOfFile3 and of VirtualAllocEx, and
 *               ERROR_ACCESS_DENIED       another process cannot open the section's descriptor: it may not look at the
 *                                         caller's /proc/PID/fd
 * On Linux      another process opens the section for itself, and keeps a descriptor as long as the view is there
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI PVOID WINAPI MapViewOfFileNuma2(HANDLE FileMappingHandle, HANDLE ProcessHandle, ULONG64 Offset,
                                           PVOID BaseAddress, SIZE_T ViewSize, ULONG AllocationType,
                                           ULONG PageProtection, ULONG PreferredNode);

/*
 * MapViewOfFile2: MapViewOfFileNuma2 without a preference. On Windows, too, it is made of that by the header.
 *
 * FileMappingHandle, ProcessHandle, Offset, BaseAddress, ViewSize, AllocationType, PageProtection
 *                     as for MapViewOfFileNuma2
 *
 * Returns as MapViewOfFileNuma2.
 * Errors        those of MapViewOfFileNuma2
 * On Linux      as for MapViewOfFileNuma2
 * Source        learn.microsoft.com, memoryapi.h
 */
static inline PVOID MapViewOfFile2(HANDLE FileMappingHandle, HANDLE ProcessHandle, ULONG64 Offset,
                                   PVOID BaseAddress, SIZE_T ViewSize, ULONG AllocationType,
                                   ULONG PageProtection)
{
    return MapViewOfFileNuma2(FileMappingHandle, ProcessHandle, Offset, BaseAddress, ViewSize, AllocationType,
                              PageProtection, 0xFFFFFFFF /* NUMA_NO_PREFERRED_NODE, without its cast */);
}

/*
 * UnmapViewOfFile: ends a view.
 *
 * lpBaseAddress     any address in it
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_ADDRESS     no view is there
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached
 * On Linux      as on Windows
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI UnmapViewOfFile(LPCVOID lpBaseAddress);

/*
 * UnmapViewOfFileEx: ends a view, or turns it back into a placeholder.
 *
 * BaseAddress       any address in the view
 * UnmapFlags        0, MEM_UNMAP_WITH_TRANSIENT_BOOST (a hint), MEM_PRESERVE_PLACEHOLDER, or both
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_ADDRESS     no view is there; it did not replace a placeholder
 *               ERROR_INVALID_PARAMETER   another flag
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached
 * On Linux      the hint does nothing
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI UnmapViewOfFileEx(PVOID BaseAddress, ULONG UnmapFlags);

/*
 * UnmapViewOfFile2: UnmapViewOfFileEx in a given process.
 *
 * Process           the process; needs PROCESS_VM_OPERATION
 * BaseAddress, UnmapFlags      as for UnmapViewOfFileEx
 *
 * Returns as UnmapViewOfFileEx.
 * Errors        those of UnmapViewOfFileEx, and of VirtualAllocEx concerning the process
 * On Linux      as for UnmapViewOfFileEx
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI UnmapViewOfFile2(HANDLE Process, PVOID BaseAddress, ULONG UnmapFlags);

/*
 * FlushViewOfFile: what was written to a view of a file begins its way to the disk.
 *
 * lpBaseAddress             any address in the view
 * dwNumberOfBytesToFlush    bytes from there on, widened to whole pages; 0 means to the end of the view
 *
 * Returns non-zero on success, zero on failure. Of a view of memory, or of what is copied on write, there is nothing to write.
 * Errors        ERROR_INVALID_ADDRESS     no view is there, or it ends before
 *               ERROR_DISK_FULL           the file had holes there, and the disk has no room to fill them
 *               ERROR_IO_DEVICE           the device failed
 * On Linux      the disk is not waited for (sync_file_range), nor is what tells where the file lies: FlushFileBuffers, or
 *               fsync, does both. Where the section's descriptor was closed behind the library's back the disk is waited for
 *               (msync). Other processes, and ReadFile, see what was written without any of it
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI FlushViewOfFile(LPCVOID lpBaseAddress, SIZE_T dwNumberOfBytesToFlush);

/* ---- Working sets and notifications ------------------------------------------------------------------- */

/*
 * GetProcessWorkingSetSize: the limits of a process's working set.
 *
 * hProcess                 the process; needs PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 * lpMinimumWorkingSetSize  out: bytes; 50 pages unless it was set
 * lpMaximumWorkingSetSize  out: bytes; 345 pages unless it was set
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of VirtualAllocEx concerning the process, and
 *               ERROR_NOACCESS            a pointer is NULL or cannot be written
 * On Linux      as for SetProcessWorkingSetSize
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI GetProcessWorkingSetSize(HANDLE hProcess, PSIZE_T lpMinimumWorkingSetSize,
                                                PSIZE_T lpMaximumWorkingSetSize);

/*
 * GetProcessWorkingSetSizeEx: GetProcessWorkingSetSize with the flags.
 *
 * hProcess, lpMinimumWorkingSetSize, lpMaximumWorkingSetSize  as for GetProcessWorkingSetSize
 * Flags                    out: QUOTA_LIMITS_HARDWS_ flags, one for each limit
 *
 * Returns as GetProcessWorkingSetSize.
 * Errors        those of GetProcessWorkingSetSize
 * On Linux      as for SetProcessWorkingSetSize
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI GetProcessWorkingSetSizeEx(HANDLE hProcess, PSIZE_T lpMinimumWorkingSetSize,
                                                  PSIZE_T lpMaximumWorkingSetSize, PDWORD Flags);

/*
 * SetProcessWorkingSetSize: sets the limits of a process's working set, or empties it.
 *
 * hProcess                 the process; needs PROCESS_SET_QUOTA
 * dwMinimumWorkingSetSize  bytes, not 0; less than 20 pages is raised to 20 pages
 * dwMaximumWorkingSetSize  bytes, not less than the minimum nor than 13 pages, and less than the memory there is without
 *                          512 pages. (SIZE_T)-1 for both: no limit changes, the working set is emptied
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of VirtualAllocEx concerning the process, and
 *               ERROR_INVALID_PARAMETER   the limits are something else
 * On Linux      a process's resident memory has no limits of its own (a control group has): they are kept and told, and
 *               the minimum bounds what VirtualLock locks. To empty means to ask the kernel to write out what this
 *               library has committed; without swap only what lies in files can go
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI SetProcessWorkingSetSize(HANDLE hProcess, SIZE_T dwMinimumWorkingSetSize,
                                                SIZE_T dwMaximumWorkingSetSize);

/*
 * SetProcessWorkingSetSizeEx: SetProcessWorkingSetSize with flags.
 *
 * hProcess, dwMinimumWorkingSetSize, dwMaximumWorkingSetSize  as for SetProcessWorkingSetSize
 * Flags                    QUOTA_LIMITS_HARDWS_ flags: enable or disable, for either limit; 0 changes nothing
 *
 * Returns as SetProcessWorkingSetSize.
 * Errors        those of SetProcessWorkingSetSize, and
 *               ERROR_INVALID_PARAMETER   an unknown flag, or one limit both enabled and disabled
 * On Linux      the flags are kept and told, and change nothing
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI SetProcessWorkingSetSizeEx(HANDLE hProcess, SIZE_T dwMinimumWorkingSetSize,
                                                  SIZE_T dwMaximumWorkingSetSize, DWORD Flags);

/*
 * CreateMemoryResourceNotification: a handle that tells whether memory is short, or plenty.
 *
 * NotificationType  LowMemoryResourceNotification or HighMemoryResourceNotification
 *
 * Returns the handle, to be closed with CloseHandle; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   there is no such type
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for the table of handles
 * On Linux      whoever waits for it (WaitForSingleObject) looks every 20 ms
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI HANDLE WINAPI CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE NotificationType);

/*
 * QueryMemoryResourceNotification: is it so now?
 *
 * ResourceNotificationHandle  as CreateMemoryResourceNotification gave it
 * ResourceState               out: TRUE while memory is short, or plenty; it may be neither
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   the handle is NULL
 *               ERROR_INVALID_HANDLE      it is not a notification
 *               ERROR_ACCESS_DENIED       the handle is a duplicate without the right to be asked
 *               ERROR_NOACCESS            ResourceState is NULL or cannot be written
 * On Linux      short: less is available than 32 MiB for each 4 GiB, at most 64 MiB; plenty: more than three times that.
 *               Both figures are those of GlobalMemoryStatusEx, so they may be a control group's
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI QueryMemoryResourceNotification(HANDLE ResourceNotificationHandle,
                                                       PBOOL ResourceState);

/* ---- Large pages -------------------------------------------------------------------------------------- */

/*
 * GetLargePageMinimum: the unit of large pages.
 *
 * Returns bytes, 2 MiB; 0 where there are none. Cannot fail.
 * On Linux      0 means a kernel without huge pages. That none are set aside (vm.nr_hugepages) shows when they are
 *               asked for: ERROR_PRIVILEGE_NOT_HELD
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI SIZE_T WINAPI GetLargePageMinimum(VOID);

/* ---- Physical pages (Address Windowing Extensions) ------------------------------------------------------ */

/*
 * AllocateUserPhysicalPages: takes pages of memory that are mapped where and when the program wants.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * NumberOfPages     in: how many pages; out: how many there are, which may be fewer
 * PageArray         out: their numbers, for the functions below; room for as many as are wanted
 *
 * Returns non-zero on success, zero on failure: then there are none. New pages hold zeroes.
 * Errors        ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks PROCESS_VM_OPERATION
 *               ERROR_NOT_SUPPORTED       it means another process
 *               ERROR_NOACCESS            NumberOfPages or PageArray cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES no memory is available
 *               ERROR_COMMITMENT_LIMIT    the kernel refused to promise the memory
 * On Linux      everybody may, there is no ERROR_PRIVILEGE_NOT_HELD. The pages are really there, but the kernel may swap
 *               them. A child of a fork has none of them
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI AllocateUserPhysicalPages(HANDLE hProcess, PULONG_PTR NumberOfPages,
                                                 PULONG_PTR PageArray);

/*
 * AllocateUserPhysicalPagesNuma: AllocateUserPhysicalPages with a preferred memory node.
 *
 * hProcess, NumberOfPages, PageArray      as for AllocateUserPhysicalPages
 * nndPreferred      number of a node, or NUMA_NO_PREFERRED_NODE
 *
 * Returns as AllocateUserPhysicalPages.
 * Errors        those of AllocateUserPhysicalPages, and
 *               ERROR_INVALID_PARAMETER   there is no such node
 * On Linux      the number is checked; the pages come from the node of the calling thread
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI AllocateUserPhysicalPagesNuma(HANDLE hProcess, PULONG_PTR NumberOfPages,
                                                     PULONG_PTR PageArray, DWORD nndPreferred);

/*
 * AllocateUserPhysicalPages2: AllocateUserPhysicalPages with extended parameters.
 *
 * ObjectHandle      the process; needs PROCESS_VM_OPERATION
 * NumberOfPages, PageArray                as for AllocateUserPhysicalPages
 * ExtendedParameters, ExtendedParameterCount      MemExtendedParameterNumaNode, or none
 *
 * Returns as AllocateUserPhysicalPages.
 * Errors        those of AllocateUserPhysicalPagesNuma, and
 *               ERROR_INVALID_PARAMETER   a parameter is unknown, given twice, or asks for addresses
 *               ERROR_NOT_SUPPORTED       a parameter that is not supported here
 *               ERROR_NOACCESS            the parameters cannot be read
 * On Linux      as AllocateUserPhysicalPagesNuma
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI AllocateUserPhysicalPages2(HANDLE ObjectHandle, PULONG_PTR NumberOfPages,
                                                  PULONG_PTR PageArray,
                                                  PMEM_EXTENDED_PARAMETER ExtendedParameters,
                                                  ULONG ExtendedParameterCount);

/*
 * FreeUserPhysicalPages: gives physical pages back, wherever they are mapped.
 *
 * hProcess          the process; needs PROCESS_VM_OPERATION
 * NumberOfPages     in: how many; out: how many were freed
 * PageArray         their numbers
 *
 * Returns non-zero on success, zero on failure: then the first *NumberOfPages are freed, and the next one is to blame.
 * Errors        ERROR_INVALID_HANDLE      hProcess is NULL or not a process
 *               ERROR_ACCESS_DENIED       the handle lacks PROCESS_VM_OPERATION
 *               ERROR_NOT_SUPPORTED       it means another process
 *               ERROR_NOACCESS            NumberOfPages cannot be written, or PageArray cannot be read
 *               ERROR_INVALID_PARAMETER   a number is none of an allocated page
 * On Linux      as on Windows
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI FreeUserPhysicalPages(HANDLE hProcess, PULONG_PTR NumberOfPages, PULONG_PTR PageArray);

/*
 * MapUserPhysicalPages: maps physical pages, one behind the other, into a MEM_PHYSICAL region.
 *
 * VirtualAddress    of the first page, in a region that VirtualAlloc reserved with MEM_PHYSICAL
 * NumberOfPages     how many; all in that region
 * PageArray         the numbers of the pages; NULL: unmap what is there
 *
 * Returns non-zero on success, zero on failure: then nothing has changed. What was mapped there before is unmapped, and
 * keeps its contents.
 * Errors        ERROR_INVALID_PARAMETER   not in one MEM_PHYSICAL region; a number is none of an allocated page, is named
 *                                         twice, or its page is mapped somewhere else
 *               ERROR_NOACCESS            PageArray cannot be read
 *               ERROR_BUSY                a device works on a page that is to be moved
 *               ERROR_NOT_ENOUGH_MEMORY   vm.max_map_count is reached (only without UFFDIO_MOVE, Linux 6.8)
 *               ERROR_TOO_MANY_OPEN_FILES the library's descriptor was closed, and no other can be had
 * On Linux      VirtualAddress is rounded down to a page. 0 is the number of no page
 * Source        learn.microsoft.com, memoryapi.h
 */
WINBASEAPI BOOL WINAPI MapUserPhysicalPages(PVOID VirtualAddress, ULONG_PTR NumberOfPages,
                                            PULONG_PTR PageArray);

WINMEM_C_END

#ifdef UNICODE
#define CreateFileMapping CreateFileMappingW
#define CreateFileMappingNuma CreateFileMappingNumaW
#define OpenFileMapping OpenFileMappingW
#else
#define CreateFileMapping CreateFileMappingA
#define CreateFileMappingNuma CreateFileMappingNumaA
#define OpenFileMapping OpenFileMappingA
#endif

#endif /* WINMEM_MEMORYAPI_H */
