/*
 * traced.h: the registers of a thread that stands still for us (hold.h): what they tell, and how they are set so that it
 * finds back. A file for each processor.
 */
#ifndef WM_KERN_TRACED_H
#define WM_KERN_TRACED_H

#include "kern/process/loans.h"
#include "kern/sys.h"

static inline long wm_trace(long request, int32_t tid, uintptr_t addr, uintptr_t data)
{
    return wm_sys4(SYS_ptrace, request, tid, (long)addr, (long)data);
}

/* Registers and mask. -ENOTSUP: a thread like that finds back from nowhere. -EAGAIN: not from where it is. */
int wm_traced_read(struct wm_loan *loan);

/* Its way back, and where that is to be written. An interrupted system call is made again. */
void wm_traced_plan_return(struct wm_loan *loan);

/* To code that gets two arguments, with a stack pointer of loan->frame. 0 or a negative errno. */
long wm_traced_send(const struct wm_loan *loan, uintptr_t code, uint64_t first, uint64_t second);

/* Does it stand before or behind the system call that is its last, with its way back on its stack? */
bool wm_traced_is_home(const struct wm_loan *loan);

/* What that call and the instructions behind it would do, from loan->back; should we die in between, they do it. */
void wm_traced_take_back(const struct wm_loan *loan);

/* As wm_traced_read found them. */
uintptr_t wm_traced_pc(const struct wm_loan *loan);
uintptr_t wm_traced_sp(const struct wm_loan *loan);

/* Has libc set up the thread? */
bool wm_traced_has_libc(const struct wm_loan *loan);

#endif
