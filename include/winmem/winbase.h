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
