/*
 * winbase.h: the families of functions together, the flags of Global and Local memory, questions about pointers, and
 * what is declared nowhere else.
 */
#ifndef WINMEM_WINBASE_H
#define WINMEM_WINBASE_H

#include "errhandlingapi.h"
#include "fibersapi.h"
#include "handleapi.h"
#include "heapapi.h"
#include "libloaderapi.h"
#include "memoryapi.h"
#include "minwinbase.h"
#include "processenv.h"
#include "processthreadsapi.h"
#include "synchapi.h"
#include "sysinfoapi.h"
#include "systemtopologyapi.h"

/* What WaitForSingleObject returns; WAIT_TIMEOUT is in winerror.h. */
#define WAIT_FAILED ((DWORD)0xFFFFFFFF)
#define WAIT_OBJECT_0 (STATUS_WAIT_0 + 0)
#define WAIT_ABANDONED (STATUS_ABANDONED_WAIT_0 + 0)
#define WAIT_ABANDONED_0 (STATUS_ABANDONED_WAIT_0 + 0)
#define WAIT_IO_COMPLETION STATUS_USER_APC

#define INFINITE 0xFFFFFFFF /* milliseconds */

#define GMEM_FIXED 0x0000
#define GMEM_MOVEABLE 0x0002
#define GMEM_NOCOMPACT 0x0010
#define GMEM_NODISCARD 0x0020
#define GMEM_ZEROINIT 0x0040
#define GMEM_MODIFY 0x0080
#define GMEM_DISCARDABLE 0x0100
#define GMEM_NOT_BANKED 0x1000
#define GMEM_LOWER GMEM_NOT_BANKED
#define GMEM_SHARE 0x2000
#define GMEM_DDESHARE 0x2000
#define GMEM_NOTIFY 0x4000
#define GMEM_DISCARDED 0x4000
#define GMEM_VALID_FLAGS 0x7F72
#define GMEM_INVALID_HANDLE 0x8000
#define GMEM_LOCKCOUNT 0x00FF
#define GHND (GMEM_MOVEABLE | GMEM_ZEROINIT)
#define GPTR (GMEM_FIXED | GMEM_ZEROINIT)

#define LMEM_FIXED 0x0000
#define LMEM_MOVEABLE 0x0002
#define LMEM_NOCOMPACT 0x0010
#define LMEM_NODISCARD 0x0020
#define LMEM_ZEROINIT 0x0040
#define LMEM_MODIFY 0x0080
#define LMEM_DISCARDABLE 0x0F00
#define LMEM_DISCARDED 0x4000
#define LMEM_VALID_FLAGS 0x0F72
#define LMEM_INVALID_HANDLE 0x8000
#define LMEM_LOCKCOUNT 0x00FF
#define LHND (LMEM_MOVEABLE | LMEM_ZEROINIT)
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
#define NONZEROLHND LMEM_MOVEABLE
#define NONZEROLPTR LMEM_FIXED

/* All sizes in bytes, and none larger than a SIZE_T can say. */
typedef struct _MEMORYSTATUS {
    DWORD dwLength;
    DWORD dwMemoryLoad; /* percent */
    SIZE_T dwTotalPhys;
    SIZE_T dwAvailPhys;
    SIZE_T dwTotalPageFile;
    SIZE_T dwAvailPageFile;
    SIZE_T dwTotalVirtual;
    SIZE_T dwAvailVirtual;
} MEMORYSTATUS, *LPMEMORYSTATUS;

WINMEM_C_BEGIN

/*
 * GlobalMemoryStatus: GlobalMemoryStatusEx as it was before.
 *
 * lpBuffer          out: filled completely, whatever dwLength was. dwTotalPhys and dwAvailPhys are at most half of what a
 *                   SIZE_T can say
 *
 * Cannot fail.
 * On Linux      as for GlobalMemoryStatusEx
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI VOID WINAPI GlobalMemoryStatus(LPMEMORYSTATUS lpBuffer);

/*
 * GlobalAlloc, LocalAlloc: memory of the process's heap.
 *
 * uFlags            GMEM_FIXED      (0) the result is its address
 *                   GMEM_MOVEABLE   the result is a handle; GlobalLock tells the address
 *                   GMEM_ZEROINIT   all bytes are 0; else their contents are undefined
 *                   GMEM_DISCARDABLE, with GMEM_MOVEABLE: GlobalFlags tells it, nobody discards by himself
 *                   All others of GMEM_VALID_FLAGS (LMEM_VALID_FLAGS) are accepted, and mean nothing
 * dwBytes, uBytes   its size in bytes. 0: a fixed block of no bytes; movable memory that counts as discarded
 *
 * Returns an address, a multiple of 16, or a handle; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   a flag that means nothing
 *               ERROR_NOT_ENOUGH_MEMORY   malloc has no memory
 * On Linux      as many movable objects as there is memory for: Windows stops at 65,536. Their handles are numbers, not
 *               addresses of anything; when a handle is freed, the number is not used again soon. As on Windows the
 *               two families are one: what one has allocated the other may lock and free
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes);
WINBASEAPI HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes);

/*
 * GlobalReAlloc, LocalReAlloc: another size, or other attributes. Contents stay, up to the smaller size.
 *
 * hMem              a handle or the address of fixed memory
 * dwBytes, uBytes   the new size in bytes. Movable memory of 0 bytes, with GMEM_MOVEABLE, is discarded: its contents go,
 *                   its handle stays, and can be given memory again
 * uFlags            GMEM_MOVEABLE   fixed memory may move, and movable memory although it is locked
 *                   GMEM_ZEROINIT   the bytes that are added are 0
 *                   GMEM_MODIFY     no other size; with GMEM_MOVEABLE fixed memory becomes movable, with
 *                                   GMEM_DISCARDABLE movable memory becomes so
 *
 * Returns the handle or the address, perhaps another one; NULL on failure, and then nothing has changed.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 *               ERROR_NOT_ENOUGH_MEMORY   no memory; or fixed or locked memory cannot grow where it is
 *               ERROR_LOCKED              it would be discarded, but is locked
 *               ERROR_INVALID_PARAMETER   a flag that means nothing; 0 bytes of movable memory without GMEM_MOVEABLE
 *               ERROR_BUSY                another thread has been changing its size for seconds
 * On Linux      where it is, memory grows only into what it has given up before
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags);
WINBASEAPI HLOCAL WINAPI LocalReAlloc(HLOCAL hMem, SIZE_T uBytes, UINT uFlags);

/*
 * GlobalFree, LocalFree: gives memory back, locked or not.
 *
 * hMem          a handle or the address of fixed memory; NULL is allowed
 *
 * Returns NULL on success, hMem on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory, or freed already
 * On Linux      an error changes nothing. The address that GlobalLock told of movable memory is no handle to it
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalFree(HGLOBAL hMem);
WINBASEAPI HLOCAL WINAPI LocalFree(HLOCAL hMem);

/*
 * GlobalLock, LocalLock: the address of memory. Movable memory stays where it is until it is unlocked as often.
 *
 * hMem          a handle or the address of fixed memory
 *
 * Returns its address; NULL on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 *               ERROR_DISCARDED           its contents were discarded, or it never had any
 *               ERROR_BUSY                another thread has been changing its size for seconds
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI LPVOID WINAPI GlobalLock(HGLOBAL hMem);
WINBASEAPI LPVOID WINAPI LocalLock(HLOCAL hMem);

/*
 * GlobalUnlock, LocalUnlock: takes one lock back. 255 are as many as are counted; who has that many never loses them.
 *
 * hMem          a handle or the address of fixed memory
 *
 * Returns non-zero while locks remain, and GlobalUnlock for fixed memory; zero with last error NO_ERROR when the last one
 * was taken back; zero on failure.
 * Errors        ERROR_NOT_LOCKED          there was no lock; LocalUnlock says so of fixed memory
 *               ERROR_INVALID_HANDLE      no handle or address of such memory
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GlobalUnlock(HGLOBAL hMem);
WINBASEAPI BOOL WINAPI LocalUnlock(HLOCAL hMem);

/*
 * GlobalSize, LocalSize: the size of memory, exactly as it was asked for.
 *
 * hMem          a handle or an address
 *
 * Returns bytes; 0 for discarded memory, and on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI SIZE_T WINAPI GlobalSize(HGLOBAL hMem);
WINBASEAPI SIZE_T WINAPI LocalSize(HLOCAL hMem);

/*
 * GlobalFlags, LocalFlags: how often memory is locked (GMEM_LOCKCOUNT, 0 for fixed memory), and GMEM_DISCARDED and
 * GMEM_DISCARDABLE (LMEM_DISCARDED, LMEM_DISCARDABLE).
 *
 * hMem          a handle or an address
 *
 * Returns them; GMEM_INVALID_HANDLE on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI UINT WINAPI GlobalFlags(HGLOBAL hMem);
WINBASEAPI UINT WINAPI LocalFlags(HLOCAL hMem);

/*
 * GlobalHandle, LocalHandle: the handle to an address that GlobalLock told. Fixed memory is its own.
 *
 * pMem          where the memory begins
 *
 * Returns the handle; NULL on failure.
 * Errors        ERROR_INVALID_HANDLE      no such memory begins there
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalHandle(LPCVOID pMem);
WINBASEAPI HLOCAL WINAPI LocalHandle(LPCVOID pMem);

#define GlobalDiscard(h) GlobalReAlloc((h), 0, GMEM_MOVEABLE)
#define LocalDiscard(h) LocalReAlloc((h), 0, LMEM_MOVEABLE)

/*
 * IsBadReadPtr, IsBadWritePtr, and IsBadHugeReadPtr, IsBadHugeWritePtr, which are the same: would an access fault?
 *
 * lp            the first byte
 * ucb           bytes
 *
 * Returns non-zero if some byte cannot be read (written); zero if all can, and for no bytes, wherever lp points.
 * Cannot fail; the last error stays what it was.
 * On Linux      no fault is raised, no signal handler runs, no contents change. As on Windows, another thread can
 *               make the answer wrong the moment it is given
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI IsBadReadPtr(const VOID *lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadWritePtr(LPVOID lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadHugeReadPtr(const VOID *lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadHugeWritePtr(LPVOID lp, UINT_PTR ucb);

/*
 * IsBadCodePtr: would reading at a function's address fault?
 *
 * lpfn          the function
 *
 * Returns non-zero if it cannot be read. Whether it can be executed is not looked at, on Windows neither.
 * Cannot fail; the last error stays what it was.
 * On Linux      as for IsBadReadPtr
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI IsBadCodePtr(FARPROC lpfn);

/*
 * IsBadStringPtrA, IsBadStringPtrW: would reading a string fault?
 *
 * lpsz          the string
 * ucchMax       characters to look at, at most; it ends at its terminator as well
 *
 * Returns non-zero if a character up to the terminator cannot be read; zero if all can, and if ucchMax is 0.
 * Cannot fail; the last error stays what it was.
 * On Linux      as for IsBadReadPtr
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI IsBadStringPtrA(LPCSTR lpsz, UINT_PTR ucchMax);
WINBASEAPI BOOL WINAPI IsBadStringPtrW(LPCWSTR lpsz, UINT_PTR ucchMax) WINMEM_WIDE_SYMBOL("IsBadStringPtrW");

#ifdef UNICODE
#define IsBadStringPtr IsBadStringPtrW
#else
#define IsBadStringPtr IsBadStringPtrA
#endif

WINMEM_C_END

WINMEM_C_BEGIN

/*
 * MapUserPhysicalPagesScatter: maps physical pages each at an address of its own.
 *
 * VirtualAddresses  of the pages, in any MEM_PHYSICAL regions
 * NumberOfPages     how many
 * PageArray         the numbers of the pages, 0: unmap what is at that address; NULL: unmap all
 *
 * Returns as MapUserPhysicalPages.
 * Errors        those of MapUserPhysicalPages; ERROR_INVALID_PARAMETER also if an address is named twice
 * On Linux      as MapUserPhysicalPages
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI MapUserPhysicalPagesScatter(PVOID *VirtualAddresses, ULONG_PTR NumberOfPages,
                                                   PULONG_PTR PageArray);

WINMEM_C_END

#endif /* WINMEM_WINBASE_H */
