/* busy.c: the word that says how busy a thread is (busy.h). */
#include "kern/busy.h"

#include <stddef.h>

#include "base/atomic.h"

__thread uint32_t wm_busy __attribute__((tls_model("initial-exec")));

void (*wm_busy_is_over)(void);

void wm_busy_tell(void)
{
    void (*is_over)(void) = WM_LOAD(wm_busy_is_over);

    __asm__ volatile("andl %1, %0" : "+m"(wm_busy) : "i"(~WM_BUSY_WANTED) : "memory", "cc");
    if (is_over != NULL)
        is_over();
}

bool wm_busy_defers(bool although_inside)
{
    uint32_t busy = wm_busy & ~WM_BUSY_WANTED;

    if (busy == 0 || (although_inside && busy % WM_BUSY_INSIDE == 0))
        return false;
    __asm__ volatile("orl %1, %0" : "+m"(wm_busy) : "i"(WM_BUSY_WANTED) : "memory", "cc");
    return true;
}
