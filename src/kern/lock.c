/*
 * lock.c: one word that says whether a lock is held, and by whom (lock.h).
 *
 * The word is
 *
 *   0                 free
 *   owner             held; wm_lock_self of whoever holds it
 *   owner|CONTENDED   held, and somebody may sleep until it is free
 *
 * Being held and belonging to somebody are one word because of signal handlers. A handler that needs a lock
 * which its own thread holds must be told so, or it waits for itself. When state and owner were two words,
 * a signal between the two stores found a lock that was held by nobody known. Now one instruction changes
 * both: before it the handler gets the lock, after it he is told.
 *
 * CONTENDED keeps sleepers from being forgotten:
 *
 *   nobody sleeps unless he has seen the bit in the word that he goes to sleep on (the futex compares)
 *   whoever drops a lock with the bit set wakes one sleeper
 *   a sleeper that was woken takes the lock with the bit set, because others may be asleep still
 *
 * Forks are the other danger: the threads that one waits for may have stayed behind in the parent. So every
 * sleep ends after 100 ms at the latest, and the sleeper looks whether it is in such a child now
 * (wm_lock_is_orphaned).
 *
 * tests/model/lock.pml is this file in Promela, gone through in every order of steps.
 */
#include "kern/lock.h"

#include <linux/futex.h>
#include <time.h>

#include "base/atomic.h"
#include "kern/busy.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "kern/clock.h"

/*
 * Spinning is worth it because most holders are through in less than a microsecond, and a sleep and its
 * waking cost several.
 */
enum { FREE, CONTENDED = 2, SPINS = 400, MANY_SPINS = 20000 };

/*
 * Nanoseconds. Nobody sleeps for longer without a look whether this is the child of a fork, where nobody is
 * left to wake him.
 */
enum { LONGEST_SLEEP = 100000000 };

static uintptr_t hurried; /* the thread in a hurry, or 0 */
static uint64_t late_from;
static bool sleeps;

void wm_lock_hurry(uint64_t nanoseconds, bool may_sleep)
{
    if (nanoseconds != 0)
        wm_busy_begin();
    late_from = wm_clock_after(nanoseconds);
    sleeps = may_sleep;
    WM_STORE(hurried, nanoseconds != 0 ? wm_lock_self() : 0);
    if (nanoseconds == 0)
        wm_busy_end();
}

bool wm_lock_is_hurried(void)
{
    return WM_LOAD(hurried) == wm_lock_self();
}

bool wm_lock_is_late(void)
{
    return wm_lock_is_hurried() && wm_clock_now() > late_from;
}

/* Whoever is borrowed wakes now and then, so that the borrower sees that it is at work (remote/thread.h). */
#define SIGN_OF_LIFE 200000000u

/*
 * As long as there is time: who comes back often stands last in the queue each time. Where it may not
 * sleep, see wm_lock_hurry.
 */
static void wait_in_a_hurry(uint32_t *word, uint32_t expected)
{
    struct timespec left = wm_clock_left(late_from, SIGN_OF_LIFE);

    if (sleeps)
        wm_sys4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, (long)expected, (long)&left);
    else
        wm_sys3(SYS_sched_yield, 0, 0, 0);
}

/* The half of a lock's word that the kernel compares: with CONTENDED in it, the same half will do. */
static uint32_t *half_of(struct wm_lock *lock)
{
    return (uint32_t *)&lock->word;
}

static bool swap(struct wm_lock *lock, uint64_t expected, uint64_t wanted)
{
    return __atomic_compare_exchange_n(&lock->word, &expected, wanted, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

/* Takes it, if the word is what was expected. Whoever holds a lock is busy (busy.h), and has been since before he had it. */
static inline bool grab(struct wm_lock *lock, uint64_t expected, uint64_t as)
{
    wm_busy_begin();
    if (__builtin_expect(swap(lock, expected, as), true))
        return true;
    wm_busy_end();
    return false;
}

uint32_t wm_lock_waits;

static bool spin(struct wm_lock *lock, int spins, uint64_t as)
{
    __atomic_fetch_add(&wm_lock_waits, 1, __ATOMIC_RELAXED);
    for (int i = 0; i < spins; i++) {
        if (WM_LOAD(lock->word) == FREE && grab(lock, FREE, as))
            return true;
        wm_cpu_relax();
    }
    return false;
}

bool wm_lock_mine(const struct wm_lock *lock)
{
    return (__atomic_load_n(&lock->word, __ATOMIC_RELAXED) & ~(uint64_t)CONTENDED) == wm_lock_self();
}

static void sleep_on(uint32_t *word, uint32_t expected)
{
    const struct timespec longest = {0, LONGEST_SLEEP};

    wm_sys4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, (long)expected, (long)&longest);
}

static bool take_contended(struct wm_lock *lock, uint64_t *seen)
{
    *seen = WM_LOAD(lock->word);
    if (*seen == FREE || wm_lock_is_orphaned())
        return grab(lock, *seen, wm_lock_self() | CONTENDED);
    return false;
}

/*
 * Says in the word that somebody is going to sleep, and returns the word to sleep on; without CONTENDED in
 * it, it has changed meanwhile, and is to be looked at again. The bit is put only beside the owner that was
 * seen: put into a word that has become free, it would be a lock that nobody holds and nobody can take.
 */
static uint64_t announce(struct wm_lock *lock, uint64_t seen)
{
    if (seen != FREE && !(seen & CONTENDED) && swap(lock, seen, seen | CONTENDED))
        seen |= CONTENDED;
    return seen;
}

static void sleep_until_free(struct wm_lock *lock)
{
    uint64_t seen;

    while (!take_contended(lock, &seen)) {
        seen = announce(lock, seen);
        if (seen & CONTENDED)
            sleep_on(half_of(lock), (uint32_t)seen);
    }
}

bool wm_lock_take(struct wm_lock *lock)
{
    if (!grab(lock, FREE, wm_lock_self())) {
        if (wm_lock_mine(lock))
            return false;
        if (!spin(lock, SPINS, wm_lock_self()))
            sleep_until_free(lock);
    }
    return true;
}

void wm_lock_take_back(struct wm_lock *lock)
{
    if (!wm_lock_take(lock))
        return; /* held by this thread already: a signal handler that took it was left by longjmp */
}

/*
 * Where many want the lock all the time, whoever sleeps comes too late whenever he is woken: seen for twenty seconds
 * among sixteen threads. So this one spins for longer than a call of theirs takes.
 */
static bool take_in_a_hurry(struct wm_lock *lock)
{
    uint64_t seen;

    if (wm_lock_mine(lock))
        return false;
    while (!spin(lock, MANY_SPINS, wm_lock_self() | CONTENDED) && !take_contended(lock, &seen)) {
        seen = announce(lock, seen);
        if (wm_lock_is_late())
            return false;
        if (seen & CONTENDED)
            wait_in_a_hurry(half_of(lock), (uint32_t)seen);
    }
    return true;
}

bool wm_lock_enter(struct wm_lock *lock)
{
    if (grab(lock, FREE, wm_lock_self()))
        return true;
    return wm_lock_is_hurried() ? take_in_a_hurry(lock) : wm_lock_take(lock);
}

void wm_lock_drop(struct wm_lock *lock)
{
    if (__atomic_exchange_n(&lock->word, FREE, __ATOMIC_RELEASE) & CONTENDED)
        wm_sys4(SYS_futex, (long)half_of(lock), FUTEX_WAKE_PRIVATE, 1, 0);
    wm_busy_end();
}

void wm_lock_wait(uint32_t *word, uint32_t expected)
{
    if (wm_lock_is_hurried())
        wait_in_a_hurry(word, expected);
    else
        sleep_on(word, expected);
}

void wm_lock_wake_all(uint32_t *word)
{
    wm_sys4(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, INT32_MAX, 0);
}

/* --- forks --- */

static const uint64_t never_told = 1;

const uint64_t *wm_lock_alive = &never_told;

/*
 * The thread that forked goes on as the child's first and keeps its thread pointer, so what it held it
 * holds. Only the first thread is asked: another one of the child may have been given the pointer of a
 * thread that stayed behind.
 */
bool wm_lock_outlives_fork(uintptr_t thread)
{
#ifdef WM_PLANTED
    (void)thread; /* borrowed threads do not fork */
    return false;
#else
    return thread == wm_lock_self() && wm_sys3(SYS_gettid, 0, 0, 0) == wm_sys3(SYS_getpid, 0, 0, 0);
#endif
}

void wm_lock_renew(struct wm_lock *lock)
{
    if (!wm_lock_outlives_fork(lock->word & ~(uint64_t)CONTENDED))
        WM_STORE(lock->word, FREE);
}

static void renew(void)
{
    if (!wm_lock_outlives_fork(hurried))
        hurried = 0;
}

const struct wm_renewal wm_renewed_hurry = {.renew = renew};
