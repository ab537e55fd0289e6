/*
 * offervirtual.c: OfferVirtualMemory, ReclaimVirtualMemory, DiscardVirtualMemory: memory that a program can
 * do without for a while.
 *
 * The three return the error itself (D9.3g). When they fail the last error is set too, so that
 * WinmemLastCause has a reason to tell; when they succeed it stays (L28). Address and size must be whole
 * pages (D9.3a), where other functions round; that is looked at before the pages are (L22).
 *
 * That contents are lost is an answer rather than a failure: ReclaimVirtualMemory says ERROR_BUSY (170), and
 * the pages are accessible again all the same (D9.3d). All four priorities do the same: Linux knows but one.
 */
#include "api/edge.h"
#include "vm/ops.h"

static wm_status read_range(const void *start, size_t bytes, struct wm_range *out)
{
    if ((uintptr_t)start % WM_PAGE != 0 || bytes % WM_PAGE != 0 || bytes == 0)
        return WM_OFFER_RANGE;
    if ((uintptr_t)start >= WM_SPACE_END)
        return WM_BASE_TOO_HIGH;
    if (!wm_range_fits((uintptr_t)start, bytes))
        return WM_SIZE_TOO_LARGE;
    *out = wm_range_of((uintptr_t)start, bytes);
    return WM_OK;
}

static wm_status check_priority(OFFER_PRIORITY priority)
{
    return priority < VmOfferPriorityVeryLow || priority > VmOfferPriorityNormal ? WM_OFFER_PRIORITY : WM_OK;
}

static DWORD result_of(wm_status st)
{
    if (!wm_ok(st))
        wm_edge_fail(st);
    return wm_status_win32(st);
}

DWORD WINAPI OfferVirtualMemory(PVOID VirtualAddress, SIZE_T Size, OFFER_PRIORITY Priority)
{
    struct wm_range r;
    wm_status st = read_range(VirtualAddress, Size, &r);

    if (wm_ok(st))
        st = check_priority(Priority);
    if (wm_ok(st))
        st = wm_op_offer(r);
    WM_TRACE(st, WM_RETURNS_ZERO, WM_HEX(VirtualAddress), WM_HEX(Size), WM_DECIMAL(Priority));
    return result_of(st);
}

static DWORD on_pages(const char *function, wm_status (*operation)(struct wm_range), const void *start,
                      size_t bytes)
{
    struct wm_range r;
    wm_status st = read_range(start, bytes, &r);

    if (wm_ok(st))
        st = operation(r);
    WM_TRACE_AS(function, st, WM_RETURNS_ZERO, WM_HEX(start), WM_HEX(bytes));
    return result_of(st);
}

DWORD WINAPI ReclaimVirtualMemory(const void *VirtualAddress, SIZE_T Size)
{
    return on_pages(__func__, wm_op_reclaim, VirtualAddress, Size);
}

DWORD WINAPI DiscardVirtualMemory(PVOID VirtualAddress, SIZE_T Size)
{
    return on_pages(__func__, wm_op_discard, VirtualAddress, Size);
}
