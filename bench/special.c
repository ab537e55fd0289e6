/* special.c: views, write watch, guard pages, contents that may go, physical pages. */
#include "verbs.h"

/* --- sections --- */

static bool make_ring(bench_section section)
{
    char *p = reserve_halves();

    return p != NULL && map_over(section, p) && map_over(section, p + SMALL) && unmap_half(p) &&
           unmap_half(p + SMALL);
}

bool ring_buffer(struct bench *b)
{
    bench_section section;
    bool ok = have_placeholders() && make_section(&section) && make_ring(section);

    if (!ok)
        return false;
    MEASURE(b, 100)
    ok &= make_ring(section);
    return close_section(section) && ok;
}

bool view_64k(struct bench *b)
{
    bench_section section;
    bool ok = make_section(&section);

    if (!ok)
        return false;
    MEASURE(b, 200)
    ok &= unmap_view(map_view(section));
    return close_section(section) && ok;
}

bool named_open(struct bench *b)
{
    bench_section first, again;
    bool ok = make_named(&first);

    if (!ok)
        return false;
    MEASURE(b, 200)
    ok &= open_named(&again) && close_section(again);
    return drop_named(first) && ok;
}

/* --- write watch --- */

static void write_each(char *p, size_t step)
{
    for (size_t page = 0; step > 0 && page < WATCH_PAGES; page += step)
        ((volatile char *)p)[page * PAGE]++;
}

bool watch_first_write(struct bench *b)
{
    char *p = make_watched(WATCH_PAGES * PAGE);

    if (p == NULL)
        return false;
    write_each(p, 1);
    MEASURE(b, WATCH_PAGES)
    {
        if (turn == 0)
            UNTIMED(b) reset_watched(p, WATCH_PAGES * PAGE);
        ((volatile char *)p)[turn * PAGE]++;
    }
    return drop_watched(p, WATCH_PAGES * PAGE);
}

static bool get_each(struct bench *b, size_t bytes, size_t step)
{
    char *p = make_watched(bytes);
    bool ok = p != NULL;

    if (!ok)
        return false;
    write_each(p, 1);
    reset_watched(p, bytes);
    MEASURE(b, 5)
    {
        UNTIMED(b) write_each(p, step);
        ok &= take_written(p, bytes, step);
    }
    return drop_watched(p, bytes) && ok;
}

bool watch_get_1(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 100);
}

bool watch_get_10(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 10);
}

bool watch_get_100(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 1);
}

bool watch_get_clean(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 0);
}

bool watch_clean_64g(struct bench *b)
{
    return get_each(b, 64 * GIB, 0);
}

/* --- guard pages --- */

bool guard_hit(struct bench *b)
{
    char *p = allocate(SMALL);
    bool ok = p != NULL && begin_guarding(p);

    if (!ok)
        return false;
    MEASURE(b, 200)
    {
        ok &= guard(p);
        *(volatile char *)p = 1;
    }
    end_guarding();
    return release(p, SMALL) && ok;
}

/* --- contents that may go --- */

bool reset_1m(struct bench *b)
{
    char *p = allocate(MIB);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 20)
    {
        bench_touch(p, MIB);
        ok &= let_go(p, MIB);
    }
    return release(p, MIB) && ok;
}

bool reset_undo_1m(struct bench *b)
{
    char *p = allocate(MIB);
    bool ok = p != NULL;

    if (!ok)
        return false;
    bench_touch(p, MIB);
    MEASURE(b, 20)
    ok &= let_go(p, MIB) && take_back(p, MIB);
    return release(p, MIB) && ok;
}

/* --- physical pages --- */

static bool move_frames(struct bench *b, bool scattered)
{
    bool ok = make_frames(scattered);

    if (!ok)
        return false;
    while (bench_next(b, BENCH_FRAMES))
        ok &= in_and_out(scattered);
    return drop_frames() && ok;
}

bool physical_scatter(struct bench *b)
{
    return move_frames(b, true);
}

bool physical_run(struct bench *b)
{
    return move_frames(b, false);
}
