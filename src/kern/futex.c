/*
 * futex.c: futex(2) and futex_waitv(2).
 *
 * Times are told as the end of the wait, not as its length (FUTEX_WAIT_BITSET): a wait that a signal interrupted is begun
 * again without a look at the clock. The kernel restarts none of them by itself.
 *
 * futex_waitv is worth a feature of its own: an older kernel has no way to sleep on two words, and filters that are older
 * than it refuse it.
 */
#include "kern/futex.h"

#include <errno.h>
#include <linux/futex.h>

#include "kern/clock.h"
#include "kern/probe.h"
#include "kern/sys.h"

struct waiter { /* struct futex_waitv, which linux/futex.h of older systems lacks */
    uint64_t expected, word;
    uint32_t flags, reserved;
};

enum { IS_32_BITS = 2 }; /* FUTEX_32: so does its name */

static int private_or_not(enum wm_futex_scope scope)
{
    return scope == WM_FUTEX_OURS ? FUTEX_PRIVATE_FLAG : 0;
}

static const struct timespec *end_of(uint64_t until, struct timespec *then)
{
    *then = (struct timespec){(time_t)(until / 1000000000u), (long)(until % 1000000000u)};
    return until == UINT64_MAX ? NULL : then;
}

int wm_futex_wait(const struct wm_futex_word *word, uint32_t bits, uint64_t until)
{
    struct timespec then;

    return (int)wm_sys6(SYS_futex, (long)word->word, FUTEX_WAIT_BITSET | private_or_not(word->scope),
                        (long)word->expected, (long)end_of(until, &then), 0, (long)bits);
}

int wm_futex_wake(const uint32_t *word, enum wm_futex_scope scope, uint32_t bits, int most)
{
    return (int)wm_sys6(SYS_futex, (long)word, FUTEX_WAKE_BITSET | private_or_not(scope), most, 0, 0,
                        (long)bits);
}

/* --- several words --- */

static int wait_any(const struct wm_futex_word *words, size_t count, uint64_t until)
{
    struct waiter waiters[WM_FUTEX_WORDS_MAX];
    struct timespec then;
    int result;

    for (size_t i = 0; i < count; i++)
        waiters[i] = (struct waiter){words[i].expected, (uintptr_t)words[i].word,
                                     IS_32_BITS | (uint32_t)private_or_not(words[i].scope), 0};
    result = (int)wm_sys6(SYS_futex_waitv, (long)waiters, (long)count, 0, (long)end_of(until, &then),
                          CLOCK_MONOTONIC, 0);
    return result > 0 ? 0 : result;
}

/* A word that is not as expected: nobody sleeps. */
int wm_trial_futex_waitv(void)
{
    const uint32_t zero = 0;
    const struct wm_futex_word word = {&zero, 1, WM_FUTEX_OURS};
    int result = wait_any(&word, 1, UINT64_MAX);

    return result == -EAGAIN ? 0 : result;
}

int wm_futex_wait_any(const struct wm_futex_word *words, size_t count, uint64_t until, uint64_t slice)
{
    uint64_t end;
    int result;

    if (count == 1)
        return wm_futex_wait(words, WM_FUTEX_ALL_BITS, until);
    if (wm_probe_finds(WM_FEATURE_FUTEX_WAITV, wm_trial_futex_waitv)) {
        result = wait_any(words, count, until);
        if (result != -ENOSYS && result != -EPERM && result != -EACCES)
            return result;
        wm_probe_told(WM_FEATURE_FUTEX_WAITV, result);
    }
    for (size_t i = 1; i < count; i++)
        if (WM_LOAD(*words[i].word) != words[i].expected)
            return -EAGAIN;
    end = wm_clock_after(slice);
    result = wm_futex_wait(words, WM_FUTEX_ALL_BITS, end < until ? end : until);
    return result == -ETIMEDOUT && end < until ? -EAGAIN : result;
}
