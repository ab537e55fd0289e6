/* blocks.h: blocks from malloc, whatever heap they are to come from. */
#ifndef BENCH_BLOCKS_H
#define BENCH_BLOCKS_H

#include <stdlib.h>

HEAP_INLINE void *take(size_t bytes)
{
    return malloc(bytes);
}

HEAP_INLINE bool drop(void *p)
{
    free(p);
    return true;
}

#define take_global take
#define drop_global drop
#define take_local take
#define drop_local drop
#define take_own take
#define drop_own drop

static inline bool make_own(void)
{
    return true;
}

static inline bool drop_all_own(void)
{
    return true;
}

/* The yardstick is one block: there is nothing here that would move. */
static inline bool use_movable(void)
{
    return heap_pair(take, drop);
}

#endif
