/* virtuallock.c: keeping pages in memory. */
#include "api/arguments.h"
#include "api/edge.h"

BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize)
{
    wm_status st = wm_check_range((uintptr_t)lpAddress, dwSize);

    if (wm_ok(st))
        st = wm_op_lock(wm_range_pages((uintptr_t)lpAddress, dwSize));
    WM_TRACE(st, "(%x, %x) = TRUE", (uintptr_t)lpAddress, (uintptr_t)dwSize);
    return wm_edge_bool(st);
}

BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize)
{
    wm_status st = wm_check_range((uintptr_t)lpAddress, dwSize);

    if (wm_ok(st))
        st = wm_op_unlock(wm_range_pages((uintptr_t)lpAddress, dwSize));
    WM_TRACE(st, "(%x, %x) = TRUE", (uintptr_t)lpAddress, (uintptr_t)dwSize);
    return wm_edge_bool(st);
}
