#include "kern/lock.h"

#include <linux/futex.h>

#include "base/atomic.h"
#include "kern/sys.h"

enum { FREE, HELD, CONTENDED, SPINS = 400 };

static uintptr_t self(void)
{
    return (uintptr_t)__builtin_thread_pointer();
}

static bool try_take(struct wm_lock *lock, uint32_t as)
{
    uint32_t expected = FREE;

    return __atomic_compare_exchange_n(&lock->word, &expected, as, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static bool spin(struct wm_lock *lock)
{
    for (int i = 0; i < SPINS; i++) {
        if (WM_LOAD(lock->word) == FREE && try_take(lock, HELD))
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
    return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == self();
}

bool wm_lock_take(struct wm_lock *lock)
{
    if (!try_take(lock, HELD)) {
        if (wm_lock_mine(lock))
            return false;
        if (!spin(lock))
            sleep_until_free(lock);
    }
    __atomic_store_n(&lock->owner, self(), __ATOMIC_RELAXED);
    return true;
}

void wm_lock_drop(struct wm_lock *lock)
{
    __atomic_store_n(&lock->owner, 0, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&lock->word, FREE, __ATOMIC_RELEASE) == CONTENDED)
        wm_sys4(SYS_futex, (long)&lock->word, FUTEX_WAKE_PRIVATE, 1, 0);
}

void wm_lock_wait(uint32_t *word, uint32_t expected)
{
    wm_sys4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE, (long)expected, 0);
}

void wm_lock_wake_all(uint32_t *word)
{
    wm_sys4(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE, INT32_MAX, 0);
}

void wm_lock_reset(struct wm_lock *lock)
{
    *lock = (struct wm_lock){0};
}
