/* memory.c: reserving, committing, protecting, and two threads that do so. */
#include "verbs.h"

/* --- reserving, committing --- */

static bool reserve_bytes(struct bench *b, size_t bytes)
{
    bool ok = true;

    MEASURE(b, 1000)
    ok &= release(reserve(bytes), bytes);
    return ok;
}

bool reserve_64k(struct bench *b)
{
    return reserve_bytes(b, SMALL);
}

bool reserve_16t(struct bench *b)
{
    char *p = reserve(16 * TIB);

    return p != NULL && release(p, 16 * TIB) && reserve_bytes(b, 16 * TIB);
}

static void allocate_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++)
        release(allocate(SMALL), SMALL);
}

bool alloc_64k(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 500)
    ok &= release(allocate(SMALL), SMALL);
    return ok;
}

bool alloc_64k_touched(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 50)
    {
        char *p = allocate(SMALL);

        bench_touch(p, SMALL);
        ok &= release(p, SMALL);
    }
    return ok;
}

static bool cycle(char *p, size_t bytes)
{
    return commit(p, bytes) && decommit(p, bytes);
}

static bool commit_inside(struct bench *b, size_t bytes)
{
    char *p = reserve(GIB);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 300)
    ok &= cycle(p + GIB / 2, bytes);
    return release(p, GIB) && ok;
}

bool commit_64k(struct bench *b)
{
    return commit_inside(b, SMALL);
}

bool commit_4k(struct bench *b)
{
    return commit_inside(b, PAGE);
}

/* All over it: 1,021 blocks on each time, so that every one has its turn; each has had one before. */
bool commit_around(struct bench *b)
{
    enum { BLOCKS = GIB / SMALL };
    char *p = reserve(GIB);
    size_t at = 0;
    bool ok = p != NULL;

    if (!ok)
        return false;
    for (size_t i = 0; i < BLOCKS; i++)
        ok &= cycle(p + i * 1021 % BLOCKS * SMALL, SMALL);
    MEASURE(b, 300)
    {
        ok &= cycle(p + at * SMALL, SMALL);
        at = (at + 1021) % BLOCKS;
    }
    return release(p, GIB) && ok;
}

static bool recommit_bytes(struct bench *b, size_t bytes)
{
    char *p = allocate(bytes);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= commit(p, bytes);
    return release(p, bytes) && ok;
}

bool recommit_64k(struct bench *b)
{
    return recommit_bytes(b, SMALL);
}

bool recommit_1g(struct bench *b)
{
    return recommit_bytes(b, GIB);
}

/* --- protecting --- */

bool protect_flip(struct bench *b)
{
    char *p = allocate(SMALL);
    bool ok = p != NULL;

    if (!ok)
        return false;
    bench_touch(p, SMALL);
    MEASURE(b, 300)
    ok &= make_read_only(p + 5 * PAGE, PAGE) && make_writable(p + 5 * PAGE, PAGE);
    return release(p, SMALL) && ok;
}

bool protect_same(struct bench *b)
{
    char *p = allocate(SMALL);
    bool ok = p != NULL;

    if (!ok)
        return false;
    bench_touch(p, SMALL);
    MEASURE(b, 1000)
    ok &= make_writable(p + 5 * PAGE, PAGE);
    return release(p, SMALL) && ok;
}

/* --- two threads --- */

bool threads_alloc(struct bench *b)
{
    return bench_pair(b, 1000, allocate_often, NULL, NULL);
}

static void cycle_often(void *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cycle(p, SMALL);
}

bool threads_commit(struct bench *b)
{
    char *mine = reserve(GIB), *its = reserve(GIB);
    bool ok = mine != NULL && its != NULL && bench_pair(b, 1000, cycle_often, mine + GIB / 2, its + GIB / 2);

    return ok && release(mine, GIB) && release(its, GIB);
}

bool query_beside_alloc(struct bench *b)
{
    char *p;
    bool ok = bench_background(allocate_often, NULL, 100);

    if (!ok)
        return false;
    p = reserve(SMALL);
    ok = p != NULL;
    MEASURE(b, 1000)
    ok &= ask(p + SMALL / 2);
    bench_background_stop();
    return release(p, SMALL) && ok;
}
