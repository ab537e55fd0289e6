/*
 * winbase.h: the families of functions together, and the flags of Global and Local memory.
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
#include "sysinfoapi.h"
#include "systemtopologyapi.h"

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

WINMEM_C_END

#endif /* WINMEM_WINBASE_H */
