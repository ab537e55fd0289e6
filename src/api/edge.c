/*
 * edge.c: from statuses to last errors, and from a caller's handles and pointers to something one may use.
 *
 * The last error is the thread's own (D12.2a). It lies in initial-exec storage: reaching it is one
 * instruction and no call, so a signal handler can set it at any moment. The other models ask the dynamic
 * linker, which may allocate when a thread comes for the first time.
 *
 * Whether a pointer can be used is found out by asking the kernel, not by trying: a wild one is error 998
 * here as on Windows, also where nobody catches faults. Asking costs 0.1 us a page. So what must be a local
 * of the caller, because it lies just above our own frame, is not asked about: the caller is using that very
 * stack.
 */
#include "api/edge.h"

#include "kern/map/mapping.h"
#include "vm/errno_status.h"
#include "vm/operations.h"

_Static_assert(WM_PROCESS_OPERATE == PROCESS_VM_OPERATION && WM_PROCESS_SET_QUOTA == PROCESS_SET_QUOTA &&
                   WM_PROCESS_QUERY == PROCESS_QUERY_INFORMATION &&
                   WM_PROCESS_QUERY_LIMITED == PROCESS_QUERY_LIMITED_INFORMATION,
               "vm/operations.def names rights as Windows does");

__thread struct wm_last wm_last __attribute__((tls_model("initial-exec")));

/*
 * Records that cannot grow may lack memory, or the system call that a filter forbids. Nobody asks before it
 * matters.
 */
static wm_status looked_into(wm_status st)
{
    return st == WM_BOOK_MEMORY ? wm_no_records() : st;
}

void wm_edge_fail(wm_status st)
{
    st = looked_into(st);
    wm_last = (struct wm_last){wm_status_win32(st), st};
}

LONG wm_edge_nt(wm_status st)
{
    if (wm_ok(st))
        return 0;
    wm_last.cause = looked_into(st);
    return (LONG)wm_status_nt(wm_last.cause);
}

wm_status wm_edge_self(HANDLE process, DWORD rights)
{
    if (process == GetCurrentProcess())
        return WM_OK;
    return process == NULL ? WM_HANDLE : wm_op_is_self((uintptr_t)process, rights);
}

bool wm_edge_asks_writable(void *start, size_t bytes)
{
    return start != NULL && wm_op_takes_result((uintptr_t)start, bytes);
}

bool wm_edge_asks_readable(const void *start, size_t bytes)
{
    return start != NULL && wm_kern_readable(start, bytes);
}

/* A small buffer just above our frame is one of the caller's locals; a long one may reach beyond the stack. */
enum { SMALL = 256 };

wm_status wm_edge_fillable(const void *start, size_t bytes)
{
    if (bytes <= SMALL && wm_edge_on_stack(start))
        return WM_OK;
    return wm_op_takes_bytes((uintptr_t)start, bytes) ? WM_OK : WM_POINTER;
}

wm_status wm_edge_legible(const void *start, size_t bytes)
{
    return wm_op_reaches((uintptr_t)start, bytes, WM_TO_READ) ? WM_OK : WM_POINTER;
}
