/*
 * pages.c: the runs of an extent's pages (pages.h).
 *
 *   a run of the tree begins at a page and ends at the next run or with the extent, so runs have no gaps
 *   no two neighbours are equal: whoever changes a run joins it with what has become like it
 *   an extent whose pages are all alike has no run
 *
 * Two cases have a short way of their own: pages that are all alike, and a range that is exactly one run.
 */
#include "core/pages.h"

#include <assert.h>

struct wm_run wm_pages_at(const struct wm_space *space, const struct wm_extent *e, uintptr_t addr)
{
    struct wm_run run = {wm_extent_range(e), e->state};
    struct wm_span span;

    if ((e->flags & WM_EXTENT_MIXED) && wm_btree_find(&space->runs, addr, &span)) {
        run.state = (uint16_t)span.value;
        run.range = wm_range_cut(run.range, (struct wm_range){span.start, span.end});
    }
    return run;
}

struct wm_run wm_pages_in(const struct wm_space *space, const struct wm_extent *e, struct wm_range range,
                          uintptr_t addr)
{
    struct wm_run run = wm_pages_at(space, e, addr);

    run.range = wm_range_cut(run.range, range);
    return run;
}

bool wm_pages_committed(const struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    for (struct wm_run_walk w = wm_runs_of(space, e, range); wm_run_next(&w);)
        if ((w.run.state & WM_PAGE_PROTECT) == 0)
            return false;
    return true;
}

bool wm_pages_readwrite_below(const struct wm_space *space, const struct wm_extent *e, struct wm_range range,
                              uint16_t beside)
{
    for (struct wm_run_walk w = wm_runs_of(space, e, range); wm_run_next(&w);)
        if (wm_page_below((uint16_t)(w.run.state & ~beside)) != WM_BELOW_READWRITE)
            return false;
    return true;
}

/* Is there an end of a mapping between them? */
static size_t edge(uint16_t left, uint16_t right)
{
    return wm_page_below(left) != wm_page_below(right);
}

/* Those that begin in range. The edges between them, and to what lies before them, go as well. */
static void remove_runs(struct wm_space *space, struct wm_range range, uint16_t before)
{
    struct wm_span span;

    while (wm_btree_next(&space->runs, range.start, &span) && span.start < range.end) {
        space->edges -= edge(before, (uint16_t)span.value);
        before = (uint16_t)span.value;
        wm_btree_remove(&space->runs, span.start);
    }
}

void wm_pages_clear(struct wm_space *space, const struct wm_extent *e)
{
    if (e->flags & WM_EXTENT_MIXED)
        remove_runs(space, wm_extent_range(e), wm_pages_at(space, e, e->start).state);
}

/* One run over everything is not worth an entry. */
static void become_uniform(struct wm_extent *e, uint16_t state)
{
    e->flags &= ~WM_EXTENT_MIXED & 15;
    e->state = state;
}

/* A part of a mixed extent, whose runs begin and end with it, may be all alike. */
static void settle_part(struct wm_space *space, struct wm_extent *part)
{
    struct wm_range all = wm_extent_range(part);
    struct wm_span span = {0, 0, 0};

    if (!wm_btree_find(&space->runs, all.start, &span) || span.end < all.end)
        return;
    wm_btree_remove(&space->runs, all.start);
    become_uniform(part, (uint16_t)span.value);
}

void wm_pages_divide(struct wm_space *space, struct wm_extent *first, struct wm_extent *second)
{
    struct wm_span span = {0, 0, 0};

    if ((first->flags & WM_EXTENT_MIXED) == 0)
        return;
    if (wm_btree_find(&space->runs, second->start, &span) && span.start < second->start)
        wm_btree_put(&space->runs, second->start, span.value);
    else
        space->edges -= edge(wm_pages_at(space, first, second->start - 1).state, (uint16_t)span.value);
    settle_part(space, first);
    settle_part(space, second);
}

/* Inside pages that are all alike: the range, and what is left and right of it. */
static void set_in_uniform(struct wm_space *space, struct wm_extent *e, struct wm_range range, uint16_t state)
{
    struct wm_range all = wm_extent_range(e);

    if (wm_range_holds(range, all)) {
        e->state = state;
        return;
    }
    e->flags |= WM_EXTENT_MIXED;
    if (range.start > all.start)
        wm_btree_put(&space->runs, all.start, e->state);
    wm_btree_put(&space->runs, range.start, state);
    if (range.end < all.end)
        wm_btree_put(&space->runs, range.end, e->state);
    space->edges += edge(e->state, state) * ((range.start > all.start) + (range.end < all.end));
}

/* The range is exactly one run: it stays one, or joins its neighbours. */
static void set_run(struct wm_space *space, struct wm_extent *e, struct wm_run run, uint16_t state)
{
    struct wm_range all = wm_extent_range(e), range = run.range, joined = range;
    struct wm_run left = {.state = (uint16_t)~state}, right = left;

    if (range.start > all.start) {
        left = wm_pages_at(space, e, range.start - 1);
        space->edges += edge(left.state, state) - edge(left.state, run.state);
    }
    if (range.end < all.end) {
        right = wm_pages_at(space, e, range.end);
        space->edges += edge(right.state, state) - edge(right.state, run.state);
    }
    if (left.state == state) {
        wm_btree_remove(&space->runs, range.start);
        joined.start = left.range.start;
    } else {
        wm_btree_put(&space->runs, range.start, state);
    }
    if (right.state == state) {
        wm_btree_remove(&space->runs, range.end);
        joined.end = right.range.end;
    }
    if (wm_range_holds(joined, all)) {
        wm_btree_remove(&space->runs, all.start);
        become_uniform(e, state);
    }
}

/* Parts of runs, or several. */
static void set_across(struct wm_space *space, struct wm_extent *e, struct wm_range range, uint16_t state)
{
    struct wm_range all = wm_extent_range(e);
    bool begins = range.start == all.start;
    uint16_t before = wm_pages_at(space, e, range.start - !begins).state;
    uint16_t behind = range.end < all.end ? wm_pages_at(space, e, range.end).state : state;

    remove_runs(space, (struct wm_range){range.start, range.end + (range.end < all.end)}, before);
    space->edges += (begins ? 0 : edge(before, state)) + edge(state, behind);
    if (begins || before != state)
        wm_btree_put(&space->runs, range.start, state);
    if (behind != state)
        wm_btree_put(&space->runs, range.end, behind);
    if (wm_range_holds(wm_pages_at(space, e, all.start).range, all)) {
        wm_pages_clear(space, e);
        become_uniform(e, state);
    }
}

void wm_pages_set(struct wm_space *space, struct wm_found *found, struct wm_range range, uint16_t state)
{
    struct wm_extent *e = &found->extent;
    struct wm_run run = wm_pages_at(space, e, range.start);

    assert(wm_range_holds(wm_extent_range(e), range));
    if (run.state == state && wm_range_holds(run.range, range))
        return;
    if ((e->flags & WM_EXTENT_MIXED) == 0)
        set_in_uniform(space, e, range, state);
    else if (run.range.start == range.start && run.range.end == range.end)
        set_run(space, e, run, state);
    else
        set_across(space, e, range, state);
    wm_space_set(space, found->index, e);
}

uint32_t wm_pages_count(const struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    uint32_t count = 0;

    for (struct wm_run_walk w = wm_runs_of(space, e, range); wm_run_next(&w);)
        count++;
    return count;
}

bool wm_pages_ready(struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    return wm_space_ready(space, 0, wm_pages_count(space, e, range) * WM_PAGES_RUNS);
}

void wm_pages_change(struct wm_space *space, struct wm_found *found, struct wm_range range, uint16_t keep,
                     uint16_t set)
{
    for (struct wm_run_walk w = wm_runs_of(space, &found->extent, range); wm_run_next(&w);)
        wm_pages_set(space, found, w.run.range, (uint16_t)((w.run.state & keep) | set));
}
