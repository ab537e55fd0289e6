/* rawheap.c: blocks from malloc. */
#include <stdlib.h>

#include "heap.h"

HEAP_INLINE void *take(size_t bytes)
{
    return malloc(bytes);
}

HEAP_INLINE bool drop(void *p)
{
    free(p);
    return true;
}

/* --- one thread --- */

bool heap_mix(struct bench *b)
{
    return heap_mixed(b, take, drop, heap_evenly);
}

bool heap_small(struct bench *b)
{
    return heap_mixed(b, take, drop, heap_mostly_small);
}

bool global_mix(struct bench *b)
{
    return heap_mix(b);
}

bool local_mix(struct bench *b)
{
    return heap_mix(b);
}

bool private_mix(struct bench *b)
{
    return heap_mix(b);
}

bool heap_64(struct bench *b)
{
    bool ok = true;

    MEASURE(b, HEAP_TURNS)
    ok &= heap_pair(take, drop);
    return ok;
}

/* The yardstick is one block: there is nothing here that would move. */
bool movable(struct bench *b)
{
    return heap_64(b);
}

/* --- two threads --- */

HEAP_WORK(replace_own, heap_replace, take, drop)
HEAP_WORK(replace_foreign, heap_replace_foreign, take, drop)

bool heap_threads(struct bench *b)
{
    return heap_side_by_side(b, replace_own, take, drop);
}

bool heap_passed(struct bench *b)
{
    return heap_crossed(b, replace_foreign, take, drop);
}
