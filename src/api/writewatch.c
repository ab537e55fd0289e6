/*
 * writewatch.c: GetWriteWatch and ResetWriteWatch: which pages were written.
 *
 * The kernel tells runs of pages and the caller wants the address of each page, so answers come in portions
 * and are spread out here. Each portion is taken, and reset if that is wanted, in one step: what is written
 * meanwhile is told by this call or by the next, and never lost. Where the array is full before the range is
 * done, the rest keeps its marks for the next question (O119).
 *
 * The array may lie in watched memory itself; storing the answer is a write like any other. Both functions
 * return 0 or all ones, where others return TRUE and FALSE (O116).
 */
#include <string.h>

#include "api/edge.h"
#include "kern/pages/pagestate.h"
#include "vm/ops.h"

#define WATCH_FAILED ((UINT)-1)

enum { RUNS = 512 }; /* asked for at a time: 12 KiB of stack */

static wm_status check_range(const void *base, size_t size)
{
    if (size == 0)
        return WM_SIZE_ZERO;
    return wm_range_fits((uintptr_t)base, size) ? WM_OK : WM_SIZE_TOO_LARGE;
}

/*
 * No more is ever stored than one address for each page of the range: room beyond that need not be there. The
 * question keeps what lies in the array, as O120 wants where nothing was written.
 */
static wm_status check_pointers(PVOID *addresses, ULONG_PTR *count, DWORD *granularity, size_t bytes)
{
    size_t most = bytes / WM_PAGE + 2;
    wm_status st = wm_edge_fillable(granularity, sizeof *granularity);
    ULONG_PTR room;

    if (wm_ok(st))
        st = wm_edge_fillable(count, sizeof *count);
    if (!wm_ok(st))
        return st;
    memcpy(&room, count, sizeof room);
    if (room == 0)
        return WM_WATCH_NO_ROOM;
    return wm_edge_fillable(addresses, (room < most ? room : most) * sizeof *addresses);
}

/* The pages of each run, one by one. */
static PVOID *store(const struct wm_watch_req *req, PVOID *out)
{
    for (size_t i = 0; i < req->count; i++)
        for (uintptr_t page = req->runs[i].range.start; page < req->runs[i].range.end;
             page += WM_PAGE, out++) {
            PVOID address = (PVOID)page;

            memcpy(out, &address, sizeof address);
        }
    return out;
}

static wm_status get(DWORD flags, struct wm_range range, PVOID *addresses, ULONG_PTR *count)
{
    struct wm_page_run runs[RUNS];
    struct wm_watch_req req = {
        .range = range, .reset = (flags & WRITE_WATCH_FLAG_RESET) != 0, .runs = runs, .capacity = RUNS};
    PVOID *out = addresses;
    ULONG_PTR room;
    wm_status st;

    memcpy(&room, count, sizeof room);
    do {
        req.max_pages = room - (size_t)(out - addresses);
        st = wm_op_get_written(&req);
        if (!wm_ok(st))
            return st;
        out = store(&req, out);
        req.range.start = req.stopped;
    } while (req.stopped < range.end && (size_t)(out - addresses) < room);
    room = (ULONG_PTR)(out - addresses);
    memcpy(count, &room, sizeof room);
    return WM_OK;
}

UINT WINAPI GetWriteWatch(DWORD dwFlags, PVOID lpBaseAddress, SIZE_T dwRegionSize, PVOID *lpAddresses,
                          ULONG_PTR *lpdwCount, LPDWORD lpdwGranularity)
{
    const DWORD granularity = WM_PAGE;
    wm_status st =
        dwFlags & ~(DWORD)WRITE_WATCH_FLAG_RESET ? WM_WATCH_FLAGS : check_range(lpBaseAddress, dwRegionSize);

    if (wm_ok(st))
        st = check_pointers(lpAddresses, lpdwCount, lpdwGranularity, dwRegionSize);
    if (wm_ok(st))
        st = get(dwFlags, wm_range_pages((uintptr_t)lpBaseAddress, dwRegionSize), lpAddresses, lpdwCount);
    if (wm_ok(st))
        memcpy(lpdwGranularity, &granularity, sizeof granularity);
    WM_TRACE(st, WM_RETURNS_ZERO, WM_HEX(dwFlags), WM_HEX(lpBaseAddress), WM_HEX(dwRegionSize),
             WM_HEX(lpAddresses), WM_HEX(lpdwCount), WM_HEX(lpdwGranularity));
    return wm_edge_bool(st) ? 0 : WATCH_FAILED;
}

UINT WINAPI ResetWriteWatch(LPVOID lpBaseAddress, SIZE_T dwRegionSize)
{
    wm_status st = check_range(lpBaseAddress, dwRegionSize);

    if (wm_ok(st))
        st = wm_op_reset_written(wm_range_pages((uintptr_t)lpBaseAddress, dwRegionSize));
    WM_TRACE(st, WM_RETURNS_ZERO, WM_HEX(lpBaseAddress), WM_HEX(dwRegionSize));
    return wm_edge_bool(st) ? 0 : WATCH_FAILED;
}
