/*
 * busy.h: a thread is in the middle of something that others wait for.
 *
 * A thread can be stopped by another one at any instruction (kern/threads/stopping.h), and whoever stopped it may then call
 * anything of this library. So a thread that holds one of our locks, or is in the middle of what other threads wait for, is
 * busy: it is stopped as soon as it is not. Inside malloc and the dynamic linker, whose locks are not ours, it is asked to
 * come to an end of that, for a while: it may itself be waiting there for a thread that has been stopped.
 *
 *   times    how often it is busy, and whether somebody wants to stop it; each change is one instruction, so that a signal
 *            handler on the same thread finds it before or after
 *   inside   it is inside malloc or its like, once at most. It is set and not counted: what is added to a word and taken
 *            away again costs more than a whole malloc that way
 *   it is counted before a lock is taken, and until after it was dropped
 *   a lock that is left by longjmp leaves its thread busy: nobody can stop it any more, and he is told
 */
#ifndef WM_KERN_BUSY_H
#define WM_KERN_BUSY_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/arch/machine.h"

#ifdef WM_PLANTED /* whose threads are somebody else's, and may have no such words */

#define wm_busy_begin() ((void)0)
#define wm_busy_end() ((void)0)

#else

#define WM_BUSY_ONE 1u
#define WM_BUSY_WANTED 0x80000000u

struct wm_store;

struct wm_busy {
    uint32_t times;
    bool inside;
    struct wm_store *store; /* heap/store.h: whoever goes inside looks at it, and has one address for both */
};

extern __thread struct wm_busy wm_busy __attribute__((tls_model("initial-exec")));

/* Told by who stops threads: what to do when a thread that is wanted is not busy any more. */
extern void (*wm_busy_is_over)(void);

__attribute__((cold)) void wm_busy_tell(void);

static inline void wm_busy_begin(void)
{
    WM_WORD_ADD(wm_busy.times, WM_BUSY_ONE);
}

static inline bool wm_busy_is_wanted(void)
{
    return __builtin_expect(wm_busy.times == WM_BUSY_WANTED, 0);
}

static inline void wm_busy_tell_if_wanted(void)
{
    if (wm_busy_is_wanted())
        wm_busy_tell();
}

static inline void wm_busy_end(void)
{
    WM_WORD_SUB(wm_busy.times, WM_BUSY_ONE);
    wm_busy_tell_if_wanted();
}

static inline bool wm_busy_is_inside(void)
{
    return wm_busy.inside;
}

/* Who is not yet inside malloc or its like. Between the two the compiler moves nothing: a handler is on the same thread. */
static inline void wm_busy_inside_begin(void)
{
    wm_busy.inside = true;
    __asm__ volatile("" ::: "memory");
}

/* True: wm_busy_tell is still to be called. A handler that comes behind this stops the thread by itself. */
static inline bool wm_busy_inside_is_over(void)
{
    __asm__ volatile("" ::: "memory");
    wm_busy.inside = false;
    __asm__ volatile("" ::: "memory");
    return wm_busy_is_wanted();
}

static inline void wm_busy_inside_end(void)
{
    if (wm_busy_inside_is_over())
        wm_busy_tell();
}

/* For the signal handler that wants to stop its own thread: true, it will be told when that can be. */
bool wm_busy_defers(bool although_inside);

#endif
#endif
