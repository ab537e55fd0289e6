/* pagefault.c: what a fault means by our rules. */
#include <sched.h>

#include "vm/home.h"
#include "vm/ops.h"

enum { PATIENCE = 1000 };

/* A writer of the book that this very thread has interrupted is not waited for. */
static bool peek(uintptr_t addr, struct wm_peek *out)
{
    for (int tries = 0; !wm_space_peek(&wm_home.space, addr, out); tries++) {
        wm_cpu_relax();
        if (tries < PATIENCE)
            continue;
        if (wm_lock_mine(&wm_home.lock))
            return false;
        tries = 0;
        sched_yield();
    }
    return true;
}

enum wm_verdict wm_op_fault(uintptr_t addr, int access)
{
    struct wm_peek found;

    (void)access;
    if (!wm_ok(wm_home_ready()) || !peek(addr, &found))
        return WM_FAULT_FOREIGN;
    return found.found && found.extent.kind != WM_FREE ? WM_FAULT_PLAIN : WM_FAULT_FOREIGN;
}
