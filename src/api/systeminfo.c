/*
 * systeminfo.c: GetSystemInfo: pages, granules, processors, and where the address space ends.
 *
 * Page and granule are constants (4 KiB and 64 KiB), whatever the hardware could do, because programs are
 * written for them. The two ends are those of Windows, and what is allocated lies between them (D12.1c).
 * These functions cannot fail. What costs more than a few instructions is asked once and kept.
 */
#include <cpuid.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "api/edge.h"
#include "base/atomic.h"
#include "base/range.h"
#include "vm/ops.h"

enum { GROUP_SIZE = 64, PROCESSOR_LEVEL_SHIFT = 8 };

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

/* CPUID leaf 1, asked once: in a virtual machine it takes microseconds. */
static unsigned processor_signature(void)
{
    static unsigned signature;
    unsigned a = 0, b, c, d;

    if (WM_LOAD(signature) == 0 && __get_cpuid(1, &a, &b, &c, &d))
        WM_STORE(signature, a);
    return WM_LOAD(signature);
}

/* Family as the level, model and stepping as the revision. */
static void describe_processor(LPSYSTEM_INFO info)
{
    unsigned a = processor_signature(), family, model;

    family = (a >> 8 & 0xf) + ((a >> 8 & 0xf) == 0xf ? a >> 20 & 0xff : 0);
    model = (a >> 4 & 0xf) | (a >> 12 & 0xf0);
    info->wProcessorArchitecture = PROCESSOR_ARCHITECTURE_AMD64;
    info->dwProcessorType = PROCESSOR_AMD_X8664;
    info->wProcessorLevel = (WORD)family;
    info->wProcessorRevision = (WORD)(model << PROCESSOR_LEVEL_SHIFT | (a & 0xf));
}

VOID WINAPI GetSystemInfo(LPSYSTEM_INFO lpSystemInfo)
{
    DWORD count = processor_count();

    memset(lpSystemInfo, 0, sizeof *lpSystemInfo);
    describe_processor(lpSystemInfo);
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
