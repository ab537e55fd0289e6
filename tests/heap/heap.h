/* heap.h: what the tests of heaps share: blocks that can tell what is in them, and dice for sizes. */
#ifndef HEAP_H
#define HEAP_H

#include "support/apart.h"

#include <windows.h>

#include <string.h>

enum { KiB = 1024, MiB = 1024 * KiB, EDGE = 64, STRIDE = 509 };

/* Programs end though a test hangs: each test is a process that apart.h gives two minutes. */
#define RUN_HEAP(tests) (alarm(SANITIZED ? 120 : 60), RUN_APART(tests))

/* A block, or movable memory, and what was written to it. */
struct held {
    uint8_t *at;
    HGLOBAL handle;
    size_t bytes;
    uint64_t stamp;
};

/* Both edges, and places between them. */
static inline size_t next_place(size_t place, size_t bytes)
{
    if (place < EDGE || place + EDGE >= bytes)
        return place + 1;
    return place + STRIDE < bytes - EDGE ? place + STRIDE : bytes - EDGE;
}

static inline uint8_t byte_at(uint64_t stamp, size_t place)
{
    return (uint8_t)((stamp + place) * 0x9e3779b97f4a7c15u >> 56);
}

static inline void write_stamp(uint8_t *at, size_t bytes, uint64_t stamp)
{
    for (size_t i = 0; i < bytes; i = next_place(i, bytes))
        at[i] = byte_at(stamp, i);
}

/* The first `left` of the bytes that were stamped are as they were. */
static inline bool has_stamp(const uint8_t *at, size_t left, size_t bytes, uint64_t stamp)
{
    for (size_t i = 0; i < left && i < bytes; i = next_place(i, bytes))
        if (at[i] != byte_at(stamp, i))
            return false;
    return true;
}

static inline void write_held(struct held *held, uint64_t stamp)
{
    held->stamp = stamp;
    write_stamp(held->at, held->bytes, stamp);
}

static inline bool is_held(const struct held *held)
{
    return has_stamp(held->at, held->bytes, held->bytes, held->stamp);
}

static inline bool is_zero(const uint8_t *at, size_t from, size_t bytes)
{
    for (size_t i = from; i < bytes; i++)
        if (at[i] != 0)
            return false;
    return true;
}

/* Mostly small, seldom large. */
static inline size_t roll_size(struct dice *dice)
{
    unsigned kind = below(dice, 256);

    return kind == 0    ? MiB + below(dice, MiB)
           : kind < 8   ? below(dice, 128 * KiB)
           : kind < 100 ? below(dice, 2048)
                        : below(dice, 128);
}

#endif
