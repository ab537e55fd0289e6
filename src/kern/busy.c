/* busy.c: what says how busy a thread is (busy.h). */
#include "kern/busy.h"

#include <stddef.h>

#include "base/atomic.h"

__thread struct wm_busy wm_busy __attribute__((tls_model("initial-exec")));

void (*wm_busy_is_over)(void);

void wm_busy_tell(void)
{
    void (*is_over)(void) = WM_LOAD(wm_busy_is_over);

    if (wm_busy.inside)
        return; /* it will be told at the end of that */
    WM_WORD_AND(wm_busy.times, ~WM_BUSY_WANTED);
    if (is_over != NULL)
        is_over();
}

bool wm_busy_defers(bool although_inside)
{
    bool busy = (wm_busy.times & ~WM_BUSY_WANTED) != 0;

    if (!busy && (although_inside || !wm_busy.inside))
        return false;
    WM_WORD_OR(wm_busy.times, WM_BUSY_WANTED);
    return true;
}
