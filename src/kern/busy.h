/*
 * busy.h: a thread is in the middle of something that others wait for.
 *
 * A thread can be stopped by another one at any instruction (kern/threads/stopping.h), and whoever stopped it may then call
 * anything of this library. So a thread that holds one of our locks, or is in the middle of what other threads wait for, is
 * busy: it is stopped as soon as it is not. Inside malloc and the dynamic linker, whose locks are not ours, it is asked to
 * come to an end of that, for a while: it may itself be waiting there for a thread that has been stopped.
 *
 *   one word a thread: how often it is busy, how often inside, and whether somebody wants to stop it
 *   each change is one instruction, so that a signal handler on the same thread finds it before or after
 *   it is counted before a lock is taken, and until after it was dropped
 *   a lock that is left by longjmp leaves its thread busy: nobody can stop it any more, and he is told
 */
#ifndef WM_KERN_BUSY_H
#define WM_KERN_BUSY_H

#include <stdbool.h>
#include <stdint.h>

#ifdef WM_PLANTED /* whose threads are somebody else's, and may have no such words */

#define wm_busy_begin() ((void)0)
#define wm_busy_end() ((void)0)

#else

#define WM_BUSY_ONE 1u
#define WM_BUSY_INSIDE 0x10000u
#define WM_BUSY_WANTED 0x80000000u

extern __thread uint32_t wm_busy __attribute__((tls_model("initial-exec")));

/* Told by who stops threads: what to do when a thread that is wanted is not busy any more. */
extern void (*wm_busy_is_over)(void);

__attribute__((cold)) void wm_busy_tell(void);

#define WM_BUSY_ADD(what) __asm__ volatile("addl %1, %0" : "+m"(wm_busy) : "i"(what) : "memory", "cc")
#define WM_BUSY_SUBTRACT(what)                                                                               \
    do {                                                                                                     \
        __asm__ volatile("subl %1, %0" : "+m"(wm_busy) : "i"(what) : "memory", "cc");                        \
        if (__builtin_expect(wm_busy == WM_BUSY_WANTED, 0))                                                  \
            wm_busy_tell();                                                                                  \
    } while (0)

static inline void wm_busy_begin(void)
{
    WM_BUSY_ADD(WM_BUSY_ONE);
}

static inline void wm_busy_end(void)
{
    WM_BUSY_SUBTRACT(WM_BUSY_ONE);
}

/* The same inside malloc and its like. */
static inline void wm_busy_inside_begin(void)
{
    WM_BUSY_ADD(WM_BUSY_INSIDE);
}

static inline void wm_busy_inside_end(void)
{
    WM_BUSY_SUBTRACT(WM_BUSY_INSIDE);
}

/* For the signal handler that wants to stop its own thread: true, it will be told when that can be. */
bool wm_busy_defers(bool although_inside);

#endif
#endif
