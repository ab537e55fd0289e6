/* heapcases.c: the cases that take blocks from a heap. Who hands them out is in blocks.h, win/ or raw/. */
#include "heap.h"

#include "blocks.h"

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
    return heap_mixed(b, take_global, drop_global, heap_evenly);
}

bool local_mix(struct bench *b)
{
    return heap_mixed(b, take_local, drop_local, heap_evenly);
}

bool private_mix(struct bench *b)
{
    return make_own() && heap_mixed(b, take_own, drop_own, heap_evenly) && drop_all_own();
}

bool heap_64(struct bench *b)
{
    bool ok = true;

    MEASURE(b, HEAP_TURNS)
    ok &= heap_pair(take, drop);
    return ok;
}

bool movable(struct bench *b)
{
    bool ok = true;

    MEASURE(b, HEAP_TURNS)
    ok &= use_movable();
    return ok;
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
