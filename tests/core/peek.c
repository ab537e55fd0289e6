/*
 * wm_space_peek: readers without the lock beside a writer.
 *
 * The writer keeps to a rule that a reader can check on what it got: all pages of an extent are in the
 * state that its start gives, or its second half is in the other one.
 */
#include "book.h"

#include <pthread.h>
#include <string.h>

enum { READERS = 2, GRANULES = 256, LENGTH = 12, HALF = LENGTH / 2 };

static bool stop;

static uint16_t state_of(uintptr_t start)
{
    return (uint16_t)(1 + start / WM_GRANULE % 100);
}

static uint16_t other_state_of(uintptr_t start)
{
    return (uint16_t)(state_of(start) + 100);
}

/* --- the writer --- */

static void change(struct dice *dice)
{
    size_t first = below(dice, GRANULES) * GRANULE_PAGES;
    struct wm_extent e = private_pages(first, LENGTH);

    e.state = state_of(e.start);
    if (at(first).extent.kind == WM_FREE)
        carve(e);
    else if (below(dice, 2))
        set_pages(first + HALF, HALF, below(dice, 2) ? state_of(e.start) : other_state_of(e.start));
    else
        drop(first);
}

static void write_for(double time)
{
    struct dice dice = {9};
    double end = seconds() + time;

    for (unsigned i = 0; i % 64 != 0 || seconds() < end; i++)
        change(&dice);
}

/* --- readers: what is wrong with a peek, or NULL --- */

static const char *wrong_with_run(const struct wm_peek *peek)
{
    const struct wm_extent *e = &peek->extent;
    uintptr_t middle = e->start + HALF * WM_PAGE;
    bool mixed = (e->flags & WM_EXTENT_MIXED) != 0;

    if (!mixed)
        return peek->state == state_of(e->start) ? NULL : "state";
    if (peek->state == state_of(e->start))
        return peek->run.start == e->start && peek->run.end == middle ? NULL : "first half";
    if (peek->state != other_state_of(e->start))
        return "mixed state";
    return peek->run.start == middle && peek->run.end == wm_extent_range(e).end ? NULL : "second half";
}

static const char *wrong_with(const struct wm_peek *peek, uintptr_t addr)
{
    const struct wm_extent *e = &peek->extent;

    if (!peek->found || e->ground != WM_GROUND_HELD)
        return "not found";
    if (addr < e->start || addr >= wm_extent_ground(e).end)
        return "range";
    if (addr >= wm_extent_range(e).end && peek->above < wm_extent_ground(e).end)
        return "above";
    if (e->kind == WM_FREE)
        return e->slack == 0 ? NULL : "slack";
    if (e->start % WM_GRANULE != 0 || e->bytes != LENGTH * WM_PAGE || e->slack != GRANULE_PAGES - LENGTH)
        return "extent";
    return addr < wm_extent_range(e).end ? wrong_with_run(peek) : NULL;
}

struct reader {
    pthread_t thread;
    uint64_t seed;
    unsigned whole, refused;
    const char *wrong;
};

static void *read_until_stopped(void *argument)
{
    struct reader *reader = argument;
    struct dice dice = {reader->seed};
    struct wm_peek peek;

    while (!WM_LOAD(stop) && reader->wrong == NULL) {
        uintptr_t addr = page(below(&dice, GRANULES * GRANULE_PAGES)) + below(&dice, 4096);

        if (wm_space_peek(&book, addr, &peek)) {
            reader->whole++;
            reader->wrong = wrong_with(&peek, addr);
        } else {
            reader->refused++;
        }
    }
    return NULL;
}

static void what_a_reader_gets_beside_a_writer_is_whole(void **state)
{
    static struct reader readers[READERS];

    (void)state;
    add_arena(0, GRANULES * GRANULE_PAGES, WM_GROUND_HELD);
    for (int i = 0; i < READERS; i++) {
        readers[i].seed = (uint64_t)i;
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_until_stopped, &readers[i]), 0);
    }
    write_for(1.0);
    WM_STORE(stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(readers[i].thread, NULL);
    for (int i = 0; i < READERS; i++) {
        if (readers[i].wrong != NULL)
            fail_msg("wrong after %u looks: %s", readers[i].whole, readers[i].wrong);
        assert_true(readers[i].whole > 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BOOK(what_a_reader_gets_beside_a_writer_is_whole),
    };

    return RUN(tests);
}
