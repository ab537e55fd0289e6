/*
 * tryread.h: reading memory that may not be there.
 *
 * Two words at a stranger's address cost two instructions: whether they could be read is found out by the fault, which
 * our handler (sigsegv.h) answers by letting the function return nothing. To ask the kernel first would cost a hundred
 * times more.
 */
#ifndef WM_KERN_TRYREAD_H
#define WM_KERN_TRYREAD_H

#include <stdbool.h>
#include <stdint.h>

struct wm_pair {
    uint64_t low, high;
};

/* Valgrind tells a fault's handler another instruction than the one that met it: there the kernel is asked first. */
extern bool wm_try_asks;
bool wm_try_may(uintptr_t addr);

struct wm_pair wm_try_words(uintptr_t addr);

/* Both 0 if not all of them can be read. Not seen by sanitizers: what lies there may be freed. */
static inline struct wm_pair wm_try_read(uintptr_t addr)
{
    if (__builtin_expect(wm_try_asks, false) && !wm_try_may(addr))
        return (struct wm_pair){0, 0};
    return wm_try_words(addr);
}

/* Needed before. Costs what wm_kern_catch_faults does; 0 or a negative errno. */
int wm_kern_allow_tries(void);

/* For the handler: was it a try that met the fault at this instruction? Then where to go on, else 0. */
uintptr_t wm_try_failed(uintptr_t instruction);

#endif
