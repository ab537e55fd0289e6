/*
 * srwlock.c: SRWLOCK, a lock that many may share or one has alone.
 *
 * One word of its 8 bytes is used. It is 0 while nobody has the lock and nobody waits:
 *
 *   SHARERS        how many share it; all ones: one has it alone
 *   WRITERS_WAIT   somebody sleeps who wants it alone
 *   READERS_WAIT   somebody sleeps who wants to share it
 *   STARVING       while the lock is free: only those who have slept for it take it (lockwait.h)
 *
 *   nobody sleeps unless its bit is in the word that it goes to sleep on (the futex compares)
 *   who makes the lock free takes one of the two bits away in the same step, and wakes those whose it is: all readers after
 *   a writer, one writer after the last reader. If nobody is there, because they are not asleep yet or have stayed behind
 *   in the parent of a fork, the others are woken
 *
 * so a free lock with a bit in it is one that somebody comes for who is awake. While a bit is there, new readers wait: they
 * do not overtake a writer. Readers who were woken are the next, whatever waits; so neither kind waits for ever for the
 * other.
 */
#include "base/atomic.h"
#include "win32/locks/lockwait.h"
#include "win32/locks/lockword.h"
#include "win32/win32.h"

_Static_assert(sizeof(SRWLOCK) == 8, "as on Windows");

#define SHARERS 0x0fffffffu
#define ALONE SHARERS
#define STARVING 0x20000000u
#define READERS_WAIT 0x40000000u
#define WRITERS_WAIT 0x80000000u

static uint32_t *word_of(SRWLOCK *lock)
{
    return (uint32_t *)&lock->Ptr;
}

/* --- who may take it, and what it is then --- */

static bool may_write(uint32_t seen, const struct wm_lock_patience *patience)
{
    return !(seen & SHARERS) && (!(seen & STARVING) || wm_lock_has_slept(patience));
}

/* There may be more writers than the one that was woken. */
static uint32_t written(uint32_t seen, const struct wm_lock_patience *patience)
{
    return (seen & ~STARVING) | ALONE | (patience->since != 0 ? WRITERS_WAIT : 0);
}

static bool may_read(uint32_t seen, const struct wm_lock_patience *patience)
{
    if ((seen & SHARERS) == 0)
        return !(seen & STARVING) || wm_lock_has_slept(patience);
    return (seen & SHARERS) < ALONE - 1 &&
           (patience->was_woken || !(seen & (STARVING | READERS_WAIT | WRITERS_WAIT)));
}

static uint32_t shared(uint32_t seen, const struct wm_lock_patience *patience)
{
    return (wm_lock_has_slept(patience) ? seen & ~STARVING : seen) + 1;
}

/* --- acquiring --- */

struct kind {
    bool (*may)(uint32_t seen, const struct wm_lock_patience *patience);
    uint32_t (*taken)(uint32_t seen, const struct wm_lock_patience *patience);
    uint32_t waits, who;
};

static const struct kind writer = {may_write, written, WRITERS_WAIT, WM_LOCK_WRITERS};
static const struct kind reader = {may_read, shared, READERS_WAIT, WM_LOCK_READERS};

static inline bool take(uint32_t *word, const struct kind *kind, const struct wm_lock_patience *patience,
                        uint32_t *seen)
{
    while (kind->may(*seen, patience))
        if (wm_lock_change(word, seen, kind->taken(*seen, patience)))
            return true;
    return false;
}

static inline bool spin(uint32_t *word, const struct kind *kind, const struct wm_lock_patience *patience,
                        uint32_t *seen)
{
    unsigned spins = wm_lock_spins(0), pause = 1;

    for (unsigned spent = 0; spent < spins; spent += pause) {
        *seen = WM_LOAD(*word);
        if (take(word, kind, patience, seen))
            return true;
        pause = wm_lock_back_off(pause);
    }
    *seen = WM_LOAD(*word);
    return take(word, kind, patience, seen);
}

static inline void acquire(uint32_t *word, const struct kind *kind)
{
    struct wm_lock_patience patience = {0};
    uint32_t seen, wanted;

    while (!spin(word, kind, &patience, &seen)) {
        wanted = seen | kind->waits | (patience.has_run_out ? STARVING : 0);
        if (wanted == seen || wm_lock_change(word, &seen, wanted))
            wm_lock_sleep(&patience, word, wanted, kind->who,
                          wanted & SHARERS ? WM_LOCK_SLEEP : WM_LOCK_GLANCE);
    }
}

static __attribute__((noinline)) void write_later(uint32_t *word)
{
    acquire(word, &writer);
}

static __attribute__((noinline)) void read_later(uint32_t *word)
{
    acquire(word, &reader);
}

/* --- releasing --- */

static bool wake_readers(const uint32_t *word)
{
    return wm_lock_wake(word, WM_LOCK_READERS, INT_MAX);
}

static bool wake_a_writer(const uint32_t *word)
{
    return wm_lock_wake(word, WM_LOCK_WRITERS, 1);
}

static __attribute__((noinline)) void end_writing(uint32_t *word)
{
    uint32_t seen = WM_LOAD(*word), wanted;

    do
        wanted = seen & ~(SHARERS | (seen & READERS_WAIT ? READERS_WAIT : WRITERS_WAIT));
    while (!wm_lock_change(word, &seen, wanted));
    if (!(seen & READERS_WAIT && wake_readers(word)) && seen & WRITERS_WAIT)
        wake_a_writer(word);
}

static __attribute__((noinline)) void end_reading_last(uint32_t *word, uint32_t seen)
{
    uint32_t wanted;

    do {
        wanted = seen - 1;
        if ((wanted & SHARERS) == 0)
            wanted &= ~(seen & WRITERS_WAIT ? WRITERS_WAIT : READERS_WAIT);
    } while (!wm_lock_change(word, &seen, wanted));
    if (wanted & SHARERS)
        return;
    if (!(seen & WRITERS_WAIT && wake_a_writer(word)) && seen & READERS_WAIT)
        wake_readers(word);
}

/* --- as the functions have it --- */

VOID WINAPI InitializeSRWLock(PSRWLOCK SRWLock)
{
    *SRWLock = (SRWLOCK)SRWLOCK_INIT;
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_HEX(SRWLock));
}

VOID WINAPI AcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
    uint32_t seen = 0;

    if (__builtin_expect(!wm_lock_change(word_of(SRWLock), &seen, ALONE), 0))
        write_later(word_of(SRWLock));
}

VOID WINAPI AcquireSRWLockShared(PSRWLOCK SRWLock)
{
    uint32_t *word = word_of(SRWLock), seen = __atomic_load_n(word, __ATOMIC_RELAXED);

    while (seen < ALONE - 1)
        if (__builtin_expect(wm_lock_change(word, &seen, seen + 1), 1))
            return;
    read_later(word);
}

BOOLEAN WINAPI TryAcquireSRWLockExclusive(PSRWLOCK SRWLock)
{
    uint32_t seen = 0;

    while (!(seen & SHARERS))
        if (wm_lock_change(word_of(SRWLock), &seen, seen | ALONE))
            return TRUE;
    return FALSE;
}

BOOLEAN WINAPI TryAcquireSRWLockShared(PSRWLOCK SRWLock)
{
    uint32_t seen = 0;

    while (seen < ALONE - 1 || !(seen & SHARERS))
        if (wm_lock_change(word_of(SRWLock), &seen, seen + 1))
            return TRUE;
    return FALSE;
}

VOID WINAPI ReleaseSRWLockExclusive(PSRWLOCK SRWLock)
{
    uint32_t seen = ALONE;

    if (__builtin_expect(!wm_lock_change(word_of(SRWLock), &seen, 0), 0))
        end_writing(word_of(SRWLock));
}

VOID WINAPI ReleaseSRWLockShared(PSRWLOCK SRWLock)
{
    uint32_t *word = word_of(SRWLock), seen = __atomic_load_n(word, __ATOMIC_RELAXED);

    while (seen < ALONE)
        if (__builtin_expect(wm_lock_change(word, &seen, seen - 1), 1))
            return;
    end_reading_last(word, seen);
}
