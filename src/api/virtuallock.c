/* virtuallock.c: keeping pages in memory. */
#include "api/edge.h"
#include "vm/ops.h"

static wm_status check(const void *base, size_t size)
{
    if ((uintptr_t)base >= WM_SPACE_END)
        return WM_BASE_TOO_HIGH;
    if (size == 0)
        return WM_SIZE_ZERO;
    return wm_range_fits((uintptr_t)base, size) ? WM_OK : WM_SIZE_TOO_LARGE;
}

BOOL WINAPI VirtualLock(LPVOID lpAddress, SIZE_T dwSize)
{
    wm_status st = check(lpAddress, dwSize);

    if (wm_ok(st))
        st = wm_op_lock(wm_range_pages((uintptr_t)lpAddress, dwSize));
    WM_TRACE(st, "(%x, %x) = TRUE", (uintptr_t)lpAddress, (uintptr_t)dwSize);
    return wm_edge_bool(st);
}

BOOL WINAPI VirtualUnlock(LPVOID lpAddress, SIZE_T dwSize)
{
    wm_status st = check(lpAddress, dwSize);

    if (wm_ok(st))
        st = wm_op_unlock(wm_range_pages((uintptr_t)lpAddress, dwSize));
    WM_TRACE(st, "(%x, %x) = TRUE", (uintptr_t)lpAddress, (uintptr_t)dwSize);
    return wm_edge_bool(st);
}
