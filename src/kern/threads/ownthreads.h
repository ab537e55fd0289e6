/*
 * ownthreads.h: the threads of this process.
 *
 * What kern.h says holds, and besides
 *   none of it is in a planted agent, whose threads are somebody else's
 *   a thread is told by its number (gettid), which another one may have once it is gone: its mark is its own
 */
#ifndef WM_KERN_OWNTHREADS_H
#define WM_KERN_OWNTHREADS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "kern/kern.h"

/* --- which (identity.c) --- */

/* The number of the calling thread, by a system call. */
uint32_t wm_kern_thread_id(void);

/* Has this process a thread of this number? One that is ending has it still. */
bool wm_kern_has_thread(uint32_t id);

/*
 * When a thread of this process began, as the kernel tells it: tells two of one number apart. 0: there is none;
 * WM_BORN_SOMETIME: no /proc tells, or one in which numbers mean others.
 */
enum { WM_BORN_SOMETIME = 1 };
uint64_t wm_kern_thread_born(uint32_t id);

/* --- its end (endmark.c) --- */

/*
 * A word that changes when a thread is gone, however it ended: behind the last instruction that it has run in this address
 * space. It is a mutex that outlives its owner, taken for good: the kernel goes through those of each thread that ends.
 *
 *   0                 nobody's yet
 *   WM_MARK_GONE set  its thread is gone
 *   else              its thread's
 */
struct wm_end_mark {
    pthread_mutex_t mutex;
};

enum { WM_MARK_GONE = 0x40000000 };

/* Makes it the calling thread's. Its memory stays until the thread is gone; what it was before does not matter. */
void wm_end_mark_take(struct wm_end_mark *mark);

/* As it is before anybody takes it. */
void wm_end_mark_clear(struct wm_end_mark *mark);

bool wm_end_mark_is_taken(const struct wm_end_mark *mark);
bool wm_end_mark_is_gone(const struct wm_end_mark *mark);

/*
 * What to sleep on until it is gone: a futex that processes may share (no PRIVATE flag), and the value that it has, or
 * NULL where it is gone already or was never taken. The kernel wakes one sleeper: he wakes the others.
 */
const uint32_t *wm_end_mark_awaited(struct wm_end_mark *mark, uint32_t *value);
void wm_end_mark_wake_others(struct wm_end_mark *mark);

/* --- its last acts (lastacts.c) --- */

/*
 * Whenever a thread ends by libc's ways, with each value that it has been given here: `fn` runs in the thread, behind the
 * destructors of its C++ objects, several times (round 1 up to WM_LAST_ROUND), for others may do in between what asks for
 * one more. Told once, at load.
 */
#if defined __has_feature
#if __has_feature(thread_sanitizer)
#define WM_BEFORE_SANITIZER                                                                                  \
    1 /* which ends with the thread in the last round, and does not bear that anybody goes on */
#endif
#endif
#ifdef WM_BEFORE_SANITIZER
enum { WM_LAST_ROUND = 3 };
#else
enum { WM_LAST_ROUND = 4 };
#endif

typedef void wm_last_acts_fn(void *value, int round);

void wm_kern_tell_last_acts(wm_last_acts_fn *fn);

/* The value for the calling thread. False: there is none to be had; nothing will run. */
bool wm_kern_expect_last_acts(void *value);

/* --- making one, and leaving it (launch.c) --- */

/*
 * A thread of libc's that nobody joins, with so much stack for the program (0: as libc likes). Its number, or 0 if it has
 * ended already. -EAGAIN, -ENOMEM: no memory, or too many threads.
 */
int wm_kern_launch(size_t stack_bytes, void *(*start)(void *), void *arg, uint32_t *id);

/* The calling thread ends by libc's ways, as after the return of its function: C++ objects on its stack are destroyed. */
_Noreturn void wm_kern_end_thread(void);

/* --- its stack (stackbounds.c) --- */

struct wm_stack_bounds {
    uintptr_t base;    /* behind the highest byte */
    uintptr_t limit;   /* the lowest that may be touched */
    uintptr_t mapping; /* where what belongs to it begins, inaccessible ground included */
};

/* Of the calling thread's. False: nobody knows. */
bool wm_kern_stack_bounds(struct wm_stack_bounds *out);

#endif
