/*
 * heap.h: what the cases do with blocks from a heap.
 *
 * Both programs run what is below, inlined, and differ only in who hands out the blocks (blocks.h): the same sizes in
 * the same order go to the same places. The first byte of each block is written, or the compiler would leave malloc
 * out.
 */
#ifndef BENCH_HEAP_H
#define BENCH_HEAP_H

#include "bench.h"

enum { HEAP_LIVE = 1024, HEAP_LEAST = 16, HEAP_MOST = 4096, HEAP_TURNS = 20000 };

typedef void *heap_take(size_t bytes);
typedef bool heap_drop(void *p);
typedef size_t heap_size(uint32_t any);

#define HEAP_INLINE static inline __attribute__((always_inline))

/* A thread's blocks, one of which it replaces at a time. */
struct heap_set {
    uint64_t seed;
    bool failed;   /* to get a block, in the other thread */
    void **shared; /* with the other thread, instead of block: each entry's lowest bit tells whose it is */
    uint64_t me;   /* that bit */
    void *block[HEAP_LIVE];
};

/* 10 bits for the slot, 32 for the size. */
HEAP_INLINE size_t heap_next(struct heap_set *set, uint32_t *any)
{
    set->seed = set->seed * 6364136223846793005u + 1442695040888963407u;
    *any = (uint32_t)(set->seed >> 22);
    return set->seed >> 54;
}

/* Each size is as likely as any other. */
HEAP_INLINE size_t heap_evenly(uint32_t any)
{
    return HEAP_LEAST + ((uint64_t)any * (HEAP_MOST - HEAP_LEAST + 1) >> 32);
}

/* Each power of two is as likely as any other: as programs ask, and as malloc is fastest. */
HEAP_INLINE size_t heap_mostly_small(uint32_t any)
{
    size_t power = (size_t)HEAP_LEAST << (any >> 29);

    return power + (any & (power - 1));
}

HEAP_INLINE void *heap_written(void *p)
{
    if (p != NULL)
        *(volatile char *)p = 1;
    return p;
}

/* --- one set --- */

HEAP_INLINE bool heap_fill(struct heap_set *set, uint64_t seed, heap_take *take, heap_size *size)
{
    uint32_t any;
    bool ok = true;

    set->seed = seed;
    for (size_t i = 0; i < HEAP_LIVE; i++) {
        heap_next(set, &any);
        set->block[i] = heap_written(take(size(any)));
        ok &= set->block[i] != NULL;
    }
    return ok;
}

HEAP_INLINE bool heap_empty(struct heap_set *set, heap_drop *drop)
{
    bool ok = true;

    for (size_t i = 0; i < HEAP_LIVE; i++)
        ok &= drop(set->block[i]);
    return ok;
}

HEAP_INLINE bool heap_replace(struct heap_set *set, heap_take *take, heap_drop *drop, heap_size *size)
{
    uint32_t any;
    size_t slot = heap_next(set, &any);
    bool ok = drop(set->block[slot]);

    set->block[slot] = heap_written(take(size(any)));
    return ok && set->block[slot] != NULL;
}

HEAP_INLINE bool heap_mixed(struct bench *b, heap_take *take, heap_drop *drop, heap_size *size)
{
    static struct heap_set set;
    bool ok = heap_fill(&set, 1, take, size);

    MEASURE(b, HEAP_TURNS)
    ok &= heap_replace(&set, take, drop, size);
    return heap_empty(&set, drop) && ok;
}

/* --- two threads --- */

/* A thread does this, to a set of its own. */
#define HEAP_WORK(name, replace, take, drop)                                                                 \
    static void name(void *context, size_t count)                                                            \
    {                                                                                                        \
        struct heap_set *set = context;                                                                      \
                                                                                                             \
        for (size_t i = 0; i < count; i++)                                                                   \
            set->failed |= !replace(set, take, drop, heap_evenly);                                           \
    }

HEAP_INLINE bool heap_side_by_side(struct bench *b, bench_work *work, heap_take *take, heap_drop *drop)
{
    static struct heap_set mine, its;
    bool ok = heap_fill(&mine, 1, take, heap_evenly) && heap_fill(&its, 2, take, heap_evenly) &&
              bench_pair(b, HEAP_TURNS, work, &mine, &its);

    return heap_empty(&mine, drop) && heap_empty(&its, drop) && ok && !mine.failed && !its.failed;
}

/* --- two threads, each of which gives back the other's blocks --- */

/* A slot with one of the other's; if none is near, any. */
HEAP_INLINE size_t heap_foreign(const struct heap_set *set, size_t slot)
{
    enum { NEAR = 64 };

    for (int i = 0; i < NEAR; i++) {
        if (((uintptr_t)__atomic_load_n(&set->shared[slot], __ATOMIC_RELAXED) & 1) != set->me)
            break;
        slot = (slot + 1) % HEAP_LIVE;
    }
    return slot;
}

HEAP_INLINE bool heap_replace_foreign(struct heap_set *set, heap_take *take, heap_drop *drop, heap_size *size)
{
    uint32_t any;
    size_t slot = heap_foreign(set, heap_next(set, &any));
    char *p = heap_written(take(size(any)));

    if (p == NULL)
        return false;
    p = __atomic_exchange_n(&set->shared[slot], (void *)(p + set->me), __ATOMIC_ACQ_REL);
    return drop(p - ((uintptr_t)p & 1));
}

/* Half of the blocks become the other thread's, or nobody's again. */
HEAP_INLINE void heap_mark(struct heap_set *set, bool shared)
{
    for (size_t i = 0; i < HEAP_LIVE; i++)
        set->block[i] = (char *)set->block[i] - ((uintptr_t)set->block[i] & 1) + (shared ? i & 1 : 0);
}

HEAP_INLINE bool heap_crossed(struct bench *b, bench_work *work, heap_take *take, heap_drop *drop)
{
    static struct heap_set mine, its = {.seed = 2, .me = 1};
    bool ok = heap_fill(&mine, 1, take, heap_evenly);

    mine.shared = its.shared = mine.block;
    heap_mark(&mine, true);
    ok = ok && bench_pair(b, HEAP_TURNS, work, &mine, &its);
    heap_mark(&mine, false);
    return heap_empty(&mine, drop) && ok && !mine.failed && !its.failed;
}

/* --- blocks of 64 bytes, one at a time --- */

HEAP_INLINE bool heap_pair(heap_take *take, heap_drop *drop)
{
    void *p = heap_written(take(64));

    return p != NULL && drop(p);
}

#endif
