/*
 * lockword.h: the one instruction that takes and lets go of a lock.
 *
 * In a process with one thread it need not keep other processors out, only be one instruction, because of signal handlers:
 * that is a third of its cost, and libc's own locks do the same. libc knows how many threads there are.
 */
#ifndef WM_WIN32_LOCKWORD_H
#define WM_WIN32_LOCKWORD_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__has_include) && !defined(__SANITIZE_THREAD__)
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define WM_LOCK_IS_ALONE __libc_single_threaded
#endif
#endif
#ifndef WM_LOCK_IS_ALONE
#define WM_LOCK_IS_ALONE 0
#endif

/* Whether it was so; if not, seen is what it is. */
static inline bool wm_lock_change(uint32_t *word, uint32_t *seen, uint32_t wanted)
{
    bool done;

    if (!WM_LOCK_IS_ALONE)
        return __atomic_compare_exchange_n(word, seen, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    __asm__ volatile("cmpxchgl %[wanted], %[word]"
                     : [word] "+m"(*word), "+a"(*seen), "=@ccz"(done)
                     : [wanted] "r"(wanted)
                     : "memory");
    return done;
}

#endif
