/*
 * altstack.h: a stack to handle faults on, one a thread.
 *
 * A fault on a thread's own stack (its end, or a guard page on it) can be handled only on another one. A thread that
 * has an alternate stack already keeps it. Ours has inaccessible ground below, and goes when the thread ends.
 */
#ifndef WM_KERN_ALTSTACK_H
#define WM_KERN_ALTSTACK_H

#include "kern/signals/signals.h"

#define WM_ALTSTACK_GUARD WM_GRANULE /* below the stack: no frame of a handler is larger */

extern __thread uintptr_t wm_altstack_lowest __attribute__((tls_model("initial-exec"))); /* 0: none of ours */

/*
 * Has the thread run over the end of our stack? The kernel leaves the red zone below the stack pointer alone, then looks
 * whether it is still on the alternate stack; if it is not, it begins at the top again, for ever.
 */
static inline bool wm_altstack_is_used_up(uintptr_t stack_pointer)
{
    return wm_altstack_lowest + WM_RED_ZONE - stack_pointer <= WM_ALTSTACK_GUARD;
}

/* The pieces, for a thread that is just being made (newthread.c). Above the stack `extra` bytes are the maker's. */
struct wm_altstack {
    struct wm_range mapping;
    struct wm_range stack;
};

bool wm_altstack_make(size_t extra, struct wm_altstack *out);
void wm_altstack_drop(const struct wm_altstack *altstack);

/* Makes it the calling thread's; if that has one, or none can be set, the mapping goes at once. */
void wm_altstack_adopt(const struct wm_altstack *altstack);

#endif
