/*
 * systeminfo.c: GetSystemInfo: pages, granules, processors, and where the address space ends.
 *
 * Page and granule are constants (4 KiB and 64 KiB), whatever the hardware could do, because programs are
 * written for them. The two ends are those of Windows, and what is allocated lies between them (D12.1c).
 * These functions cannot fail. What costs more than a few instructions is asked once and kept.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/edge.h"
#include "api/processorname.h"
#include "base/atomic.h"
#include "base/range.h"
#include "vm/ops.h"

enum { GROUP_SIZE = 64 };

/* Processors of the first group, as many as Windows puts into one. Counting reads files: once. */
static DWORD processor_count(void)
{
    static DWORD count;
    int saved = errno;
    long online;

    if (WM_LOAD(count) != 0)
        return WM_LOAD(count);
    online = sysconf(_SC_NPROCESSORS_ONLN);
    errno = saved;
    WM_STORE(count, online < 1 ? 1 : online > GROUP_SIZE ? GROUP_SIZE : (DWORD)online);
    return WM_LOAD(count);
}

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
    DWORD count = processor_count();

    memset(lpSystemInfo, 0, sizeof *lpSystemInfo);
    wm_processor_name(lpSystemInfo);
    lpSystemInfo->dwPageSize = WM_PAGE;
    lpSystemInfo->lpMinimumApplicationAddress = (LPVOID)WM_SPACE_START;
    lpSystemInfo->lpMaximumApplicationAddress = (LPVOID)(WM_SPACE_END - 1);
    lpSystemInfo->dwActiveProcessorMask = count == GROUP_SIZE ? ~(DWORD_PTR)0 : ((DWORD_PTR)1 << count) - 1;
    lpSystemInfo->dwNumberOfProcessors = count;
    lpSystemInfo->dwAllocationGranularity = WM_GRANULE;
}

VOID WINAPI GetNativeSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
    GetSystemInfo(lpSystemInfo);
}

SIZE_T WINAPI GetLargePageMinimum(VOID)
{
    return wm_op_large_page();
}
