#include "kern/lock.h"

#include <linux/futex.h>
#include <time.h>

#include "base/atomic.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "kern/system/clock.h"

enum { FREE, HELD, CONTENDED, SPINS = 400, MANY_SPINS = 20000 };

static uintptr_t hurried; /* the thread in a hurry, or 0 */
static uint64_t late_from;
static bool sleeps;

void wm_lock_hurry(uint64_t nanoseconds, bool may_sleep)
{
    late_from = wm_clock_after(nanoseconds);
    sleeps = may_sleep;
    WM_STORE(hurried, nanoseconds != 0 ? wm_lock_self() : 0);
}

static bool in_a_hurry(void)
{
    return WM_LOAD(hurried) == wm_lock_self();
}

bool wm_lock_is_hurried(void)
{
    return in_a_hurry();
}

bool wm_lock_is_late(void)
{
    return in_a_hurry() && wm_clock_now() > late_from;
}

/* As long as there is time: who comes back often stands last in the queue each time. */
static void wait_in_a_hurry(uint32_t *word, uint32_t expected)
{
    struct timespec left = wm_clock_left(late_from, UINT64_MAX);

    if (sleeps)
        wm_sys4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, (long)expected, (long)&left);
    else
        wm_sys3(SYS_sched_yield, 0, 0, 0);
}

static bool try_take(struct wm_lock *lock, uint32_t as)
{
    uint32_t expected = FREE;

    return __atomic_compare_exchange_n(&lock->word, &expected, as, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static bool spin(struct wm_lock *lock, int spins, uint32_t as)
{
    for (int i = 0; i < spins; i++) {
        if (WM_LOAD(lock->word) == FREE && try_take(lock, as))
            return true;
        wm_cpu_relax();
    }
    return false;
}

static void sleep_until_free(struct wm_lock *lock)
{
    while (__atomic_exchange_n(&lock->word, CONTENDED, __ATOMIC_ACQUIRE) != FREE)
        wm_sys4(SYS_futex, (long)&lock->word, FUTEX_WAIT_PRIVATE, CONTENDED, 0);
}

bool wm_lock_mine(const struct wm_lock *lock)
{
    return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == wm_lock_self();
}

bool wm_lock_take(struct wm_lock *lock)
{
    if (!try_take(lock, HELD)) {
        if (wm_lock_mine(lock))
            return false;
        if (!spin(lock, SPINS, HELD))
            sleep_until_free(lock);
    }
    __atomic_store_n(&lock->owner, wm_lock_self(), __ATOMIC_RELAXED);
    return true;
}

/*
 * Where many want the lock all the time, whoever sleeps comes too late whenever he is woken: seen for twenty seconds
 * among sixteen threads. So this one spins for longer than a call of theirs takes.
 */
static bool take_in_a_hurry(struct wm_lock *lock)
{
    if (wm_lock_mine(lock))
        return false;
    while (!spin(lock, MANY_SPINS, CONTENDED) &&
           __atomic_exchange_n(&lock->word, CONTENDED, __ATOMIC_ACQUIRE) != FREE) {
        if (wm_lock_is_late())
            return false;
        wait_in_a_hurry(&lock->word, CONTENDED);
    }
    __atomic_store_n(&lock->owner, wm_lock_self(), __ATOMIC_RELAXED);
    return true;
}

bool wm_lock_enter(struct wm_lock *lock)
{
    if (__builtin_expect(try_take(lock, HELD), true)) {
        __atomic_store_n(&lock->owner, wm_lock_self(), __ATOMIC_RELAXED);
        return true;
    }
    return in_a_hurry() ? take_in_a_hurry(lock) : wm_lock_take(lock);
}

void wm_lock_drop(struct wm_lock *lock)
{
    __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&lock->word, FREE, __ATOMIC_RELEASE) == CONTENDED)
        wm_sys4(SYS_futex, (long)&lock->word, FUTEX_WAKE_PRIVATE, 1, 0);
}

void wm_lock_wait(uint32_t *word, uint32_t expected)
{
    if (in_a_hurry())
        wait_in_a_hurry(word, expected);
    else
        wm_sys4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, (long)expected, 0);
}

void wm_lock_wake_all(uint32_t *word)
{
    wm_sys4(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, INT32_MAX, 0);
}

/* --- forks --- */

/*
 * The thread that forked is the child's first, and keeps its thread pointer. Another of the child may have got that of a
 * thread which stayed behind.
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
    if (!wm_lock_outlives_fork(lock->owner))
        *lock = (struct wm_lock){0};
}

static void renew(void)
{
    if (!wm_lock_outlives_fork(hurried))
        hurried = 0;
}

const struct wm_renewal wm_renewed_hurry = {.renew = renew};
