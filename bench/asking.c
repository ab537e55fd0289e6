/* asking.c: what lies at an address, and walks over many of them. */
#include "verbs.h"

static char *crowd[BENCH_CROWD];

static bool fill_crowd(size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((crowd[i] = one_of_a_crowd(i, SMALL)) == NULL)
            return false;
    return true;
}

static bool empty_crowd(size_t count)
{
    bool ok = true;

    for (size_t i = 0; i < count; i++)
        ok &= release(crowd[i], SMALL);
    return ok;
}

static bool query_of(struct bench *b, size_t count)
{
    bool ok = fill_crowd(count);
    size_t at = 0;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    {
        at = (at + 7919) % count;
        ok &= ask(crowd[at] + PAGE);
    }
    return empty_crowd(count) && ok;
}

bool query_of_10(struct bench *b)
{
    return query_of(b, 10);
}

bool query_of_1000(struct bench *b)
{
    return query_of(b, 1000);
}

bool query_of_30000(struct bench *b)
{
    return query_of(b, BENCH_CROWD);
}

static bool query_at(struct bench *b, const void *p)
{
    bool ok = true;

    MEASURE(b, 1000)
    ok &= ask(p);
    return ok;
}

static bool query_inside(struct bench *b, char *p, size_t bytes)
{
    bool ok = p != NULL && query_at(b, p + bytes / 2);

    return ok && release(p, bytes);
}

bool query_committed_1g(struct bench *b)
{
    return query_inside(b, allocate(GIB), GIB);
}

bool query_reserved_64g(struct bench *b)
{
    return query_inside(b, reserve(64 * GIB), 64 * GIB);
}

bool query_reserved_64k(struct bench *b)
{
    return query_inside(b, reserve(SMALL), SMALL);
}

bool query_static_buffer(struct bench *b)
{
    char *p = reserve(SMALL);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= ask_into_static(p);
    return release(p, SMALL) && ok;
}

bool query_stack(struct bench *b)
{
    char local = 0;

    return query_at(b, &local);
}

bool query_library(struct bench *b)
{
    return query_at(b, somewhere_in_a_library());
}

bool query_free(struct bench *b)
{
    const char *p = free_space(GIB);

    return p != NULL && query_at(b, p);
}

/* Free space between two reservations. */
bool query_hole(struct bench *b)
{
    bool ok = fill_crowd(99) && release(crowd[48], SMALL) && query_at(b, crowd[48]);

    crowd[48] = reserve(SMALL);
    return empty_crowd(99) && ok;
}

/* --- walks --- */

static size_t walk(const char *from, const char *to)
{
    size_t regions = 0;

    for (; from != NULL && from < to; from = end_of_region(from))
        regions++;
    return regions;
}

static bool measure_walk(struct bench *b, const char *from, const char *to)
{
    size_t regions = walk(from, to), seen = 0;

    while (bench_next(b, regions))
        seen = walk(from, to);
    return seen == regions;
}

bool walk_allocations(struct bench *b)
{
    char *low, *high;

    return make_row(&low, &high) && measure_walk(b, low, high) && drop_row();
}

/* Stretches of committed and reserved pages within one reservation. */
bool walk_runs(struct bench *b)
{
    char *p = reserve(BENCH_WALKED * SMALL);
    bool ok = p != NULL;

    for (size_t i = 0; ok && i < BENCH_WALKED; i += 2)
        ok = commit(p + i * SMALL, SMALL);
    return ok && measure_walk(b, p, p + BENCH_WALKED * SMALL) && release(p, BENCH_WALKED * SMALL);
}
