/*
 * inside.h: a thread is inside malloc, or the dynamic linker.
 *
 * Both take locks that a thread which holds them waits for again: a signal handler that has interrupted its own thread
 * there must not go in. It is told, as it is by our own locks (kern/lock.h); memory it gets none. Where the program has
 * called malloc itself nobody knows: a handler may then call these functions as little as malloc. Nor is a thread stopped
 * there by another one (kern/busy.h), as long as that can be waited for.
 */
#ifndef WM_HEAP_INSIDE_H
#define WM_HEAP_INSIDE_H

#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>

#include "kern/busy.h"

/* NULL, too, if this thread is inside. */
static inline void *wm_malloc(size_t bytes, bool zero)
{
    void *start;

    if (__builtin_expect(wm_busy_is_inside(), false))
        return NULL;
    wm_busy_inside_begin();
    start = zero ? calloc(1, bytes) : malloc(bytes);
    wm_busy_inside_end();
    return start;
}

static inline void *wm_realloc(void *start, size_t bytes)
{
    if (__builtin_expect(wm_busy_is_inside(), false))
        return NULL;
    wm_busy_inside_begin();
    start = realloc(start, bytes);
    wm_busy_inside_end();
    return start;
}

/* Whoever gives something back asks first whether he may, before he changes anything. */
static inline void wm_mfree(void *start)
{
    wm_busy_inside_begin();
    free(start);
    wm_busy_inside_end();
}

/* False: not now. */
static inline bool wm_malloc_trim(void)
{
    if (wm_busy_is_inside())
        return false;
#ifdef __GLIBC__ /* others give back what is free whenever they like */
    wm_busy_inside_begin();
    malloc_trim(0);
    wm_busy_inside_end();
#endif
    return true;
}

#endif
