/*
 * lock.h: the lock of the book.
 *
 * One futex word and the owner's thread pointer: no libc, no thread-local storage, nothing to allocate.
 * It is mostly held for less than a microsecond, so a waiter spins before it sleeps.
 * A signal handler that interrupts its own thread's critical section would wait for itself: it is told.
 */
#ifndef WM_KERN_LOCK_H
#define WM_KERN_LOCK_H

#include <stdbool.h>
#include <stdint.h>

struct wm_lock {
    uint32_t word; /* 0 free, 1 held, 2 held and somebody may sleep */
    uintptr_t owner;
};

/* False: this thread holds the lock already. */
bool wm_lock_take(struct wm_lock *lock);
void wm_lock_drop(struct wm_lock *lock);
bool wm_lock_mine(const struct wm_lock *lock);

/* As wm_lock_take, but a thread in a hurry gives up after a while: false, too. */
bool wm_lock_enter(struct wm_lock *lock);

/*
 * One thread may be in a hurry: a borrowed one (vm/agent/agent.h), because whoever holds a lock may be stopped. A thread
 * that may not sleep yields instead: to sleep for a certain time overwrites what the kernel knows of a sleep that was
 * interrupted.
 */
void wm_lock_hurry(uint64_t nanoseconds, bool may_sleep); /* 0: no more */
bool wm_lock_is_hurried(void);                            /* this thread is: it is a borrowed one */
bool wm_lock_is_late(void); /* this thread is in a hurry, and has waited long enough */

/* What tells threads apart. */
static inline uintptr_t wm_lock_self(void)
{
#ifdef WM_PLANTED
    return 1; /* one at a time, of a program that may have no thread pointers */
#else
    return (uintptr_t)__builtin_thread_pointer();
#endif
}

/* Sleeps unless *word has changed from expected; may wake for no reason. */
void wm_lock_wait(uint32_t *word, uint32_t expected);
void wm_lock_wake_all(uint32_t *word);

/* In a forked child, where nobody else is left: free, unless this thread held it before the fork. */
void wm_lock_renew(struct wm_lock *lock);

/* In a forked child: is this what wm_lock_self was for the thread that forked? */
bool wm_lock_outlives_fork(uintptr_t thread);

#endif
