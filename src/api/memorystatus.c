/*
 * memorystatus.c: GlobalMemoryStatus and its kin: how much memory there is.
 *
 * vm/system/memory.c says how much, for this process: the tightest of the machine's limits, those of control
 * groups (L105) and its own (L106) counts. Here it is put into the words of two generations of structures.
 * The older one has fields of 32 bits on 32-bit systems and is cut off where they end (O237), cannot fail,
 * and ignores its length; the newer one must be told its length (O235).
 */
#include <string.h>

#include "api/edge.h"
#include "kern/system/system.h"
#include "vm/ops.h"

enum { PERCENT = 100, KIB = 1024 };

/*
 * By a hundredth of the whole, rounded down, as Windows divides: another order of the steps is one off now
 * and then.
 */
static DWORD load_of(const struct wm_memory *memory)
{
    uint64_t hundredth = memory->total / PERCENT;
    uint64_t load = hundredth == 0 ? 0 : (memory->total - memory->available) / hundredth;

    return load > PERCENT ? PERCENT : (DWORD)load;
}

/*
 * Looked at before the buffer is asked whether it can be written, which may change what lies there (edge.h).
 * A wrong length must leave the buffer as it was.
 */
static wm_status check_length(const void *buffer)
{
    DWORD length;
    wm_status st = wm_edge_readable(buffer, sizeof length);

    if (!wm_ok(st))
        return st;
    memcpy(&length, buffer, sizeof length);
    return length == sizeof(MEMORYSTATUSEX) ? WM_OK : WM_LENGTH_WRONG;
}

static wm_status tell_status(LPMEMORYSTATUSEX buffer)
{
    wm_status st = check_length(buffer);
    struct wm_memory memory;
    MEMORYSTATUSEX status;

    if (wm_ok(st))
        st = wm_op_memory(&memory);
    if (!wm_ok(st))
        return st;
    status = (MEMORYSTATUSEX){
        .dwLength = sizeof status,
        .dwMemoryLoad = load_of(&memory),
        .ullTotalPhys = memory.total,
        .ullAvailPhys = memory.available,
        .ullTotalPageFile = memory.promises_total,
        .ullAvailPageFile = memory.promises_left,
        .ullTotalVirtual = memory.addresses_total,
        .ullAvailVirtual = memory.addresses_left,
    };
    return wm_edge_tell(buffer, &status, sizeof status);
}

BOOL WINAPI GlobalMemoryStatusEx(LPMEMORYSTATUSEX lpBuffer)
{
    wm_status st = tell_status(lpBuffer);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpBuffer));
    return wm_edge_bool(st);
}

static SIZE_T capped(uint64_t bytes, SIZE_T most)
{
    return bytes > most ? most : (SIZE_T)bytes;
}

/* It cannot fail: what cannot be learned is 0. */
VOID WINAPI GlobalMemoryStatus(LPMEMORYSTATUS lpBuffer)
{
    struct wm_memory memory = {0};
    wm_status st = wm_op_memory(&memory);
    MEMORYSTATUS status = {
        .dwLength = sizeof status,
        .dwMemoryLoad = load_of(&memory),
        .dwTotalPhys = capped(memory.total, SIZE_MAX / 2),
        .dwAvailPhys = capped(memory.available, SIZE_MAX / 2),
        .dwTotalPageFile = capped(memory.promises_total, SIZE_MAX),
        .dwAvailPageFile = capped(memory.promises_left, SIZE_MAX),
        .dwTotalVirtual = memory.addresses_total,
        .dwAvailVirtual = memory.addresses_left,
    };

    memcpy(lpBuffer, &status, sizeof status);
    WM_TRACE(st, WM_RETURNS_NOTHING, WM_HEX(lpBuffer));
}

static wm_status tell_installed(PULONGLONG kib)
{
    wm_status st = kib == NULL ? WM_RESULT_NULL : wm_edge_writable(kib, sizeof *kib);
    ULONGLONG installed;

    if (!wm_ok(st))
        return st;
    installed = wm_kern_installed_memory() / KIB;
    if (installed == 0)
        return WM_KERNEL;
    memcpy(kib, &installed, sizeof installed);
    return WM_OK;
}

BOOL WINAPI GetPhysicallyInstalledSystemMemory(PULONGLONG TotalMemoryInKilobytes)
{
    wm_status st = tell_installed(TotalMemoryInKilobytes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(TotalMemoryInKilobytes));
    return wm_edge_bool(st);
}
