/*
 * heapapi.h: heaps of blocks that are as long as was asked for.
 *
 * Every heap stands on the process's malloc, whichever that is: a preloaded allocator, valgrind and the sanitizers see each
 * block, and its end where it is. A block costs 24 bytes more than malloc's. A heap knows its own blocks: a pointer that is
 * none of them, or not any longer, is an error and changes nothing.
 *
 * Flags and the structures of HeapWalk are in winnt.h and minwinbase.h.
 */
#ifndef WINMEM_HEAPAPI_H
#define WINMEM_HEAPAPI_H
#include "minwinbase.h"

/* All in bytes. */
typedef struct _HEAP_SUMMARY {
    DWORD cb;           /* of this structure */
    SIZE_T cbAllocated; /* in blocks, as asked for */
    SIZE_T cbCommitted; /* and what is beside them */
    SIZE_T cbReserved;
    SIZE_T cbMaxReserve; /* the heap's maximum; of one that grows, cbReserved */
} HEAP_SUMMARY, *PHEAP_SUMMARY, *LPHEAP_SUMMARY;

WINMEM_C_BEGIN

/*
 * HeapCreate: a heap of one's own.
 *
 * flOptions         HEAP_NO_SERIALIZE           HeapLock excludes nobody
 *                   HEAP_GENERATE_EXCEPTIONS    HeapAlloc and HeapReAlloc raise STATUS_NO_MEMORY instead of failing
 *                   HEAP_CREATE_ENABLE_EXECUTE  what is in its blocks may be executed
 *                   Other bits are ignored, as on Windows
 * dwInitialSize     bytes; at most dwMaximumSize, if that is not 0
 * dwMaximumSize     bytes. 0: the heap grows as long as there is memory. Otherwise its blocks and what is beside them (16
 *                   bytes each, 2 KiB for the heap) stay below it, and none has 1 MiB or more
 *
 * Returns the heap's handle, a multiple of 64 KiB; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   dwInitialSize is larger than dwMaximumSize
 *               ERROR_NOT_ENOUGH_MEMORY   no memory or addresses for it
 * On Linux      the sizes reserve addresses at the handle, but commit no memory: blocks come from malloc. With
 *               HEAP_CREATE_ENABLE_EXECUTE they lie in PAGE_EXECUTE_READWRITE regions of the heap's own. The tables of every
 *               heap may be used by many threads at once, HEAP_NO_SERIALIZE or not
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI HANDLE WINAPI HeapCreate(DWORD flOptions, SIZE_T dwInitialSize, SIZE_T dwMaximumSize);

/*
 * HeapDestroy: the end of a heap and of all its blocks.
 *
 * hHeap         the heap; no other thread may be using it
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no heap, or destroyed already; the process's heap cannot be destroyed
 *               ERROR_NOT_ENOUGH_MEMORY   the kernel has no mapping left to take the handle's addresses out; nothing changes
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapDestroy(HANDLE hHeap);

/*
 * GetProcessHeap: the heap that every process has. Global and Local memory is on it, too.
 *
 * Returns its handle; NULL if there were no addresses for it (ERROR_NOT_ENOUGH_MEMORY).
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI HANDLE WINAPI GetProcessHeap(VOID);

/*
 * GetProcessHeaps: all heaps, the process's first, the others in the order in which they were created.
 *
 * NumberOfHeaps     how many handles fit into the array
 * ProcessHeaps      out: handles; NULL to ask for the number alone
 *
 * Returns how many heaps there are, even if fewer fit; 0 on failure.
 * Errors        ERROR_NOACCESS            the array cannot be written
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for a copy of the list
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI DWORD WINAPI GetProcessHeaps(DWORD NumberOfHeaps, PHANDLE ProcessHeaps);

/*
 * HeapAlloc: a block.
 *
 * hHeap         the heap
 * dwFlags       HEAP_ZERO_MEMORY          all bytes are 0; else their contents are undefined
 *               HEAP_NO_SERIALIZE         does not wait while another thread has locked the heap
 *               HEAP_GENERATE_EXCEPTIONS  raises instead of failing
 * dwBytes       its size in bytes; 0 is a block, too
 *
 * Returns its address, a multiple of 16, from 1 MiB on of 64; NULL on failure.
 * Errors        ERROR_NOT_ENOUGH_MEMORY   malloc has no memory, or the heap's maximum is reached (STATUS_NO_MEMORY)
 *               ERROR_INVALID_HANDLE      no heap (STATUS_ACCESS_VIOLATION)
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI LPVOID WINAPI HeapAlloc(HANDLE hHeap, DWORD dwFlags, SIZE_T dwBytes);

/*
 * HeapReAlloc: another size for a block. Contents stay, up to the smaller size.
 *
 * hHeap         the heap
 * dwFlags       as for HeapAlloc; HEAP_ZERO_MEMORY is for the bytes that are added
 *               HEAP_REALLOC_IN_PLACE_ONLY  fails rather than move the block
 * lpMem         the block
 * dwBytes       its new size in bytes
 *
 * Returns its address, perhaps another one; NULL on failure, and then the block is what it was. NULL for lpMem NULL, and
 * the last error is 0.
 * Errors        ERROR_NOT_ENOUGH_MEMORY   no memory, or no room in place (STATUS_NO_MEMORY)
 *               ERROR_INVALID_PARAMETER   no block of this heap, or movable memory (STATUS_ACCESS_VIOLATION)
 *               ERROR_INVALID_HANDLE      no heap (STATUS_ACCESS_VIOLATION)
 * On Linux      in place a block grows only into what it has given up before; malloc tells nobody what lies behind it. In
 *               place it always shrinks, and keeps the memory
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI LPVOID WINAPI HeapReAlloc(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem, SIZE_T dwBytes);

/*
 * HeapFree: gives a block back.
 *
 * hHeap         the heap
 * dwFlags       0 or HEAP_NO_SERIALIZE
 * lpMem         the block; NULL is allowed, whatever hHeap is
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   no block of this heap: freed already, of another one, not where a block begins, or
 *                                         its header was overwritten; or movable memory, which GlobalFree frees
 *               ERROR_INVALID_HANDLE      no heap
 * On Linux      none of these corrupts anything. After HeapEnableTerminationOnCorruption the first ends the process
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapFree(HANDLE hHeap, DWORD dwFlags, LPVOID lpMem);

/*
 * HeapSize: the size of a block, as it was asked for.
 *
 * hHeap         the heap
 * dwFlags       not looked at
 * lpMem         the block
 *
 * Returns bytes; (SIZE_T)-1 if there is no such heap or block. The last error stays what it was.
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI SIZE_T WINAPI HeapSize(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem);

/*
 * HeapValidate: is this a block of the heap, or are all of them as they should be?
 *
 * hHeap         the heap
 * dwFlags       not looked at
 * lpMem         a pointer; NULL for the whole heap
 *
 * Returns non-zero if so. The last error stays what it was.
 * On Linux      what is looked at are the headers of the blocks; malloc's own records it cannot see
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapValidate(HANDLE hHeap, DWORD dwFlags, LPCVOID lpMem);

/*
 * HeapCompact: has malloc give back to the system what it keeps for later.
 *
 * hHeap         the heap
 * dwFlags       0 or HEAP_NO_SERIALIZE
 *
 * Returns the bytes that are committed and free at the handle, in one piece; 0 on failure.
 * Errors        ERROR_INVALID_HANDLE      no heap
 * On Linux      all heaps have the same malloc, so it is asked for all. glibc's gives back; another one may not
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI SIZE_T WINAPI HeapCompact(HANDLE hHeap, DWORD dwFlags);

/*
 * HeapLock, HeapUnlock: keep other threads from changing the heap. The thread itself may go on, and may lock again; each
 * lock needs its unlock.
 *
 * hHeap         the heap
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no heap
 *               ERROR_NOT_OWNER           HeapUnlock: this thread has not locked it
 * On Linux      a call of another thread that has begun when the lock is taken may still take effect. A fork leaves the child
 *               the locks of the thread that forked, and no others
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapLock(HANDLE hHeap);
WINBASEAPI BOOL WINAPI HeapUnlock(HANDLE hHeap);

/*
 * HeapWalk: what is in a heap, entry by entry: its region, its blocks by address, the free rest of the region's committed
 * pages, and its reserved pages.
 *
 * hHeap         the heap; somebody who wants all of it to be from one moment locks it
 * lpEntry       in, out: lpData NULL for the first entry; then as the call before left it
 *
 * Returns non-zero for an entry, zero at the end and on failure.
 * Errors        ERROR_NO_MORE_ITEMS       the end
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for a list of the blocks
 *               ERROR_INVALID_PARAMETER   no entry that HeapWalk has given
 *               ERROR_NOACCESS            *lpEntry cannot be written
 *               ERROR_INVALID_HANDLE      no heap
 * On Linux      blocks lie outside the region. Blocks that others free during the walk are left out, those that they allocate
 *               may be
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapWalk(HANDLE hHeap, LPPROCESS_HEAP_ENTRY lpEntry);

/*
 * HeapSummary: how much is in a heap.
 *
 * hHeap         the heap
 * dwFlags       not looked at
 * lpSummary     in: cb, out: the rest
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   cb is not the size of the structure
 *               ERROR_NOACCESS            *lpSummary cannot be written
 *               ERROR_INVALID_HANDLE      no heap
 * On Linux      cbCommitted and cbReserved are the blocks, their headers and the pages at the handle. What malloc has beside
 *               that is not counted
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapSummary(HANDLE hHeap, DWORD dwFlags, LPHEAP_SUMMARY lpSummary);

/*
 * HeapQueryInformation: HeapCompatibilityInformation, a ULONG: 0, or 2 for a low-fragmentation heap.
 *
 * HeapHandle                the heap
 * HeapInformationClass      HeapCompatibilityInformation
 * HeapInformation           out
 * HeapInformationLength     bytes it has room for
 * ReturnLength              out, optional: bytes it needs
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INSUFFICIENT_BUFFER the length is less than 4
 *               ERROR_NOACCESS            HeapHandle is NULL, or a pointer cannot be written
 *               ERROR_INVALID_HANDLE      no heap
 *               ERROR_INVALID_PARAMETER   another class
 * On Linux      it is what HeapSetInformation has set. Windows sets 2 by itself after some allocations of the same size
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapQueryInformation(HANDLE HeapHandle, HEAP_INFORMATION_CLASS HeapInformationClass,
                                            PVOID HeapInformation, SIZE_T HeapInformationLength,
                                            PSIZE_T ReturnLength);

/*
 * HeapSetInformation: the compatibility of a heap; what happens at damage; what malloc keeps.
 *
 * HeapHandle                the heap; for the last two classes not looked at
 * HeapInformationClass      HeapCompatibilityInformation        a ULONG: 2, from which there is no way back
 *                           HeapEnableTerminationOnCorruption   no data: from now on a pointer to HeapFree or HeapReAlloc that
 *                                                               is no block ends the process
 *                           HeapOptimizeResources               HEAP_OPTIMIZE_RESOURCES_INFORMATION: gives back to the system
 *                                                               what malloc keeps for later
 * HeapInformation           in
 * HeapInformationLength     its bytes
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   a value or class that means nothing; 2 for a heap without serialization
 *               ERROR_GEN_FAILURE         a value of 1, or less than is set already
 *               ERROR_INSUFFICIENT_BUFFER the length is too short
 *               ERROR_NOACCESS            the data cannot be read; HeapCompatibilityInformation of NULL
 *               ERROR_INVALID_HANDLE      no heap
 * On Linux      how malloc works does not change with the compatibility. The process ends as after abort()
 * Source        learn.microsoft.com, heapapi.h
 */
WINBASEAPI BOOL WINAPI HeapSetInformation(HANDLE HeapHandle, HEAP_INFORMATION_CLASS HeapInformationClass,
                                          PVOID HeapInformation, SIZE_T HeapInformationLength);

WINMEM_C_END

#endif
