/*
 * touchcases.c: first touch, where most programs spend the time that memory costs them.
 *
 * The cases that end in _large are the same for the Win32 API; the native side asks for large pages there, as native
 * allocators do.
 */
#include "arenas.h"

/* --- all of it --- */

static bool touch_at_once(struct bench *b, size_t bytes, bool large)
{
    bool ok = true;

    bench_warm(bytes);
    while (ok && bench_next(b, bytes / PAGE)) {
        char *p = allocate(bytes);

        ok = p != NULL;
        if (ok && large)
            wish_large(p, bytes);
        bench_touch(p, bytes);
        UNTIMED(b) ok = ok && release(p, bytes);
    }
    return ok;
}

bool touch_1g(struct bench *b)
{
    return touch_at_once(b, GIB, false);
}

bool touch_1g_large(struct bench *b)
{
    return touch_at_once(b, GIB, true);
}

static bool touch_block(char *p, size_t bytes, bool large)
{
    bool ok = commit(p, bytes);

    if (ok && large)
        wish_large(p, bytes);
    if (ok)
        bench_touch(p, bytes);
    return ok;
}

static bool touch_in_blocks(struct bench *b, size_t bytes, size_t block, bool large)
{
    bool ok = true;

    bench_warm(bytes);
    while (ok && bench_next(b, bytes / PAGE)) {
        char *p = reserve(bytes);

        ok = p != NULL;
        for (size_t at = 0; ok && at < bytes; at += block)
            ok = touch_block(p + at, block, large);
        UNTIMED(b) ok = ok && release(p, bytes);
    }
    return ok;
}

bool touch_64m(struct bench *b)
{
    return touch_in_blocks(b, 64 * MIB, 2 * MIB, false);
}

bool touch_64m_large(struct bench *b)
{
    return touch_in_blocks(b, 64 * MIB, 2 * MIB, true);
}

/* --- an allocator's life --- */

struct tenant {
    uint32_t seed;
    bool large, ok;
};

static size_t any_page(struct tenant *t)
{
    t->seed = t->seed * 1664525u + 1013904223u;
    return (size_t)((uint64_t)t->seed * ARENA_PAGES >> 32);
}

static bool use_page(char *p)
{
    bool ok = open_page(p);

    if (ok)
        bench_touch(p, ARENA_PAGE);
    return ok;
}

/* An arena is filled; then pages come and go; then it goes. */
static void live(void *tenant, size_t unused)
{
    struct tenant *t = tenant;
    bool used[ARENA_PAGES];
    char *arena = make_arena();

    (void)unused;
    t->ok = arena != NULL;
    if (t->ok && t->large)
        wish_large(arena, ARENA_BYTES);
    for (size_t i = 0; t->ok && i < ARENA_PAGES; i++)
        t->ok = used[i] = use_page(arena + i * ARENA_PAGE);
    for (size_t turn = 0; t->ok && turn < ARENA_PAGES; turn++) {
        size_t i = any_page(t);
        char *p = arena + i * ARENA_PAGE;

        t->ok = used[i] ? shut_page(p) : use_page(p);
        used[i] = !used[i];
    }
    t->ok = t->ok && drop_arena(arena);
}

static bool live_together(struct bench *b, bool large)
{
    struct tenant tenants[BENCH_TOGETHER];
    bool ok = true;

    for (uint32_t i = 0; i < BENCH_TOGETHER; i++)
        tenants[i] = (struct tenant){.seed = i, .large = large};
    bench_warm(BENCH_TOGETHER * (size_t)ARENA_BYTES);
    while (ok && bench_next(b, BENCH_TOGETHER * ARENA_PAGES)) {
        ok = bench_together(BENCH_TOGETHER, live, tenants, sizeof tenants[0]);
        for (size_t i = 0; i < BENCH_TOGETHER; i++)
            ok = ok && tenants[i].ok;
    }
    return ok;
}

bool life(struct bench *b)
{
    return live_together(b, false);
}

bool life_large(struct bench *b)
{
    return live_together(b, true);
}

/* --- a little here and there --- */

enum { SPARSELY = 64 };

/* Bytes in memory for each page that is touched. */
bool sparse_resident(struct bench *b)
{
    size_t before = bench_resident(), step = SPARSELY * PAGE;
    char *p = allocate(GIB);

    if (p == NULL)
        return false;
    for (size_t at = 0; at < GIB; at += step)
        ((volatile char *)p)[at] = 1;
    b->each[b->batches++] = (double)(bench_resident() - before) / (double)(GIB / step);
    return release(p, GIB);
}
