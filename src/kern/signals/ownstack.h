/*
 * ownstack.h: where a thread's own stack is, so that a handler can run there (arrive.S).
 *
 * The part of it that may be used: a handler has as much room below as our alternate stacks have. Nothing is known of
 * other stacks that a thread may run on (coroutines): what lies below such a stack pointer may be somebody else's.
 */
#ifndef WM_KERN_OWNSTACK_H
#define WM_KERN_OWNSTACK_H

#include <stdbool.h>
#include <stdint.h>

/* Once learned: bytes is not 0. A thread whose stack cannot be told has 1. */
extern __thread uintptr_t wm_own_stack_from __attribute__((tls_model("initial-exec"), visibility("hidden")));
extern __thread uintptr_t wm_own_stack_bytes __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Called by arrive.S on the alternate stack, with where the thread was. False: not now. */
bool wm_own_stack_learn(uintptr_t stack_pointer);

#endif
