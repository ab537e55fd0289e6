/*
 * virtuallock.c: VirtualLock, VirtualUnlock, VirtualUnlockEx: pages that stay in memory.
 *
 * Locks are not counted: one unlock undoes any number of them (D7.12b), so a page is locked or is not, and
 * the book says which. mlock means the same, and is bounded by RLIMIT_MEMLOCK; Windows bounds its locks by
 * the minimum working set, which is kept here as well. Both are 1453, and WinmemLastCause says which (L111).
 *
 * There is no VirtualLockEx: pages of another process cannot be locked, but they can be unlocked.
 */
#include "api/arguments.h"
#include "api/edge.h"
#include "remote/target.h"

BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize)
{
    wm_status st = wm_check_range((uintptr_t)lpAddress, dwSize);

    if (wm_ok(st))
        st = wm_op_lock(wm_range_pages((uintptr_t)lpAddress, dwSize));
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpAddress), WM_HEX(dwSize));
    return wm_edge_bool(st);
}

static wm_status unlock_in(HANDLE process, LPVOID address, SIZE_T size)
{
    struct wm_unlock_req req;
    wm_status st = wm_check_range((uintptr_t)address, size);

    if (!wm_ok(st))
        return st;
    req.at = wm_range_pages((uintptr_t)address, size);
    return wm_on_unlock((uintptr_t)process, &req);
}

BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize)
{
    wm_status st = unlock_in(GetCurrentProcess(), lpAddress, dwSize);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpAddress), WM_HEX(dwSize));
    return wm_edge_bool(st);
}

BOOL WINAPI VirtualUnlockEx(HANDLE Process, LPVOID Address, SIZE_T Size)
{
    wm_status st = unlock_in(wm_edge_or_own(Process), Address, Size);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Process), WM_HEX(Address), WM_HEX(Size));
    return wm_edge_bool(st);
}
