/*
 * futex.h: sleeping until a word has changed.
 *
 * The word is whoever's it is; here it is only compared. A wait ends because somebody woke it, because the word is not what
 * was expected, because of a signal, because its time has come, or for no reason: so whoever waits looks again each time.
 * until is a time of kern/clock.h, UINT64_MAX never.
 *
 * Nobody but the threads of this process meets a word that is OURS; EVERYBODYS is one in shared memory, wherever each has
 * it mapped.
 */
#ifndef WM_KERN_FUTEX_H
#define WM_KERN_FUTEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/private.h"

enum wm_futex_scope { WM_FUTEX_OURS, WM_FUTEX_EVERYBODYS };

/* Who sleeps with some of these bits is woken by whoever wakes with one of them. */
#define WM_FUTEX_ALL_BITS UINT32_MAX

struct wm_futex_word {
    const uint32_t *word;
    uint32_t expected;
    enum wm_futex_scope scope;
};

enum { WM_FUTEX_WORDS_MAX = 128 };

/* 0: woken; -EAGAIN: it was not as expected; -EINTR; -ETIMEDOUT. */
WM_FOR_WIN32 int wm_futex_wait(const struct wm_futex_word *word, uint32_t bits, uint64_t until);

/*
 * The same for several words at once, all bits: whichever is woken or is not as expected. Without futex_waitv (Linux 5.16)
 * it sleeps on the first of them, for so long at most (nanoseconds), and then says -EAGAIN.
 */
WM_FOR_WIN32 int wm_futex_wait_any(const struct wm_futex_word *words, size_t count, uint64_t until,
                                   uint64_t slice);

/* How many were woken, the longest sleepers first. */
WM_FOR_WIN32 int wm_futex_wake(const uint32_t *word, enum wm_futex_scope scope, uint32_t bits, int most);

#endif
