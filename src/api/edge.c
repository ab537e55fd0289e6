#include "api/edge.h"

#include "kern/map/mapping.h"
#include "vm/errno_status.h"
#include "vm/ops.h"

__thread struct wm_last wm_last __attribute__((tls_model("initial-exec")));

void wm_edge_fail(wm_status st)
{
    if (st == WM_BOOK_MEMORY)
        st = wm_no_records();
    wm_last = (struct wm_last){wm_status_win32(st), st};
}

wm_status wm_edge_self(HANDLE process, DWORD rights)
{
    if (process == GetCurrentProcess())
        return WM_OK;
    return process == NULL ? WM_HANDLE : wm_op_is_self((uintptr_t)process, rights);
}

wm_status wm_edge_target(HANDLE process, DWORD rights, struct wm_target *out)
{
    return process == NULL ? WM_HANDLE : wm_target_of((uintptr_t)process, rights, out);
}

bool wm_edge_asks_writable(void *start, size_t bytes)
{
    return start != NULL && wm_kern_writable(start, bytes);
}

bool wm_edge_asks_readable(const void *start, size_t bytes)
{
    return start != NULL && wm_kern_readable(start, bytes);
}

/* A small buffer just above our frame is one of the caller's locals. */
enum { SMALL = 256 };

wm_status wm_edge_fillable(const void *start, size_t bytes)
{
    if (bytes <= SMALL && wm_edge_on_stack(start))
        return WM_OK;
    return wm_op_reaches((uintptr_t)start, bytes, WM_TO_WRITE) ? WM_OK : WM_POINTER;
}

wm_status wm_edge_legible(const void *start, size_t bytes)
{
    return wm_op_reaches((uintptr_t)start, bytes, WM_TO_READ) ? WM_OK : WM_POINTER;
}
