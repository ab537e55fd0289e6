/*
 * lock.h: the lock of the book.
 *
 * One word, which says whether it is held and by whom: no libc, no thread-local storage, nothing to allocate.
 * It is mostly held for less than a microsecond, so a waiter spins before it sleeps.
 * A signal handler that interrupts its own thread's critical section would wait for itself: it is told.
 *
 *   one thread at a time holds it
 *   wherever a handler interrupts its own thread, it is told or gets the lock; it never waits for that thread
 *   the child of a fork never waits for a thread that it does not have (renew.h), however it was made
 *
 * tests/model/lock.pml is this lock with signals and forks, checked for each order of steps.
 */
#ifndef WM_KERN_LOCK_H
#define WM_KERN_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/threadpointer.h"

struct wm_lock {
    uint64_t word; /* 0: free; see lock.c */
};

/* False: this thread holds the lock already. */
bool wm_lock_take(struct wm_lock *lock) __attribute__((warn_unused_result));
void wm_lock_drop(struct wm_lock *lock);
bool wm_lock_mine(const struct wm_lock *lock);

/* As wm_lock_take, but a thread in a hurry gives up after a while: false, too. */
bool wm_lock_enter(struct wm_lock *lock) __attribute__((warn_unused_result));

/* Where this thread cannot hold it. */
void wm_lock_take_back(struct wm_lock *lock);

/*
 * One thread may be in a hurry: a borrowed one (vm/agent/agent.h), because whoever holds a lock may be stopped. A thread
 * that may not sleep yields instead: to sleep for a certain time overwrites what the kernel knows of a sleep that was
 * interrupted.
 */
void wm_lock_hurry(uint64_t nanoseconds, bool may_sleep); /* 0: no more */
bool wm_lock_is_hurried(void);                            /* this thread is: it is a borrowed one */
bool wm_lock_is_late(void); /* this thread is in a hurry, and has waited long enough */

/* Moves when a thread that wants a lock has to wait for it. */
extern uint32_t wm_lock_waits;

/* What tells threads apart: never 0, and the bit above the lowest is free. */
static inline uintptr_t wm_lock_self(void)
{
#ifdef WM_PLANTED
    return 1; /* one at a time, of a program that may have no thread pointers */
#else
    return wm_thread_pointer() | 1;
#endif
}

/* Sleeps unless *word has changed from expected; wakes for no reason, too, at the latest after a while. */
void wm_lock_wait(uint32_t *word, uint32_t expected);
void wm_lock_wake_all(uint32_t *word);

/* In a forked child, where nobody else is left: free, unless this thread held it before the fork. */
void wm_lock_renew(struct wm_lock *lock);

/*
 * Told at birth: a word that is 0 in the child of a fork until that has renewed what a fork renews. A thread may be in
 * such a child in the middle of a wait, because its signal handler forked: whom it waits for the child has not.
 */
extern const uint64_t *wm_lock_alive;

/* The first calls of several threads tell it while the others look: so where it lies is read like what lies there. */
static inline uint64_t wm_lock_pulse(void)
{
    return __atomic_load_n(__atomic_load_n(&wm_lock_alive, __ATOMIC_ACQUIRE), __ATOMIC_ACQUIRE);
}

static inline bool wm_lock_is_orphaned(void)
{
    return __builtin_expect(wm_lock_pulse() == 0, false);
}

/* In a forked child: is this what wm_lock_self was for the thread that forked? */
bool wm_lock_outlives_fork(uintptr_t thread);

#endif
