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
    for (uintptr_t addr = range.start; addr < range.end;) {
        struct wm_run run = wm_pages_at(space, e, addr);

        if ((run.state & WM_PAGE_PROTECT) == 0)
            return false;
        addr = run.range.end;
    }
    return true;
}

bool wm_pages_uniform(const struct wm_space *space, const struct wm_extent *e, struct wm_range range)
{
    return wm_range_holds(wm_pages_at(space, e, range.start).range, range);
}

static void remove_runs(struct wm_space *space, struct wm_range range)
{
    struct wm_span span;

    while (wm_btree_next(&space->runs, range.start, &span) && span.start < range.end)
        wm_btree_remove(&space->runs, span.start);
}

void wm_pages_clear(struct wm_space *space, const struct wm_extent *e)
{
    if (e->flags & WM_EXTENT_MIXED)
        remove_runs(space, wm_extent_range(e));
}

static void become_mixed(struct wm_space *space, struct wm_extent *e)
{
    if ((e->flags & WM_EXTENT_MIXED) == 0)
        wm_btree_put(&space->runs, e->start, e->state);
    e->flags |= WM_EXTENT_MIXED;
}

/* One run over everything is not worth an entry. */
static void become_uniform(struct wm_space *space, struct wm_extent *e, uint16_t state)
{
    wm_pages_clear(space, e);
    e->flags &= ~WM_EXTENT_MIXED & 15;
    e->state = state;
}

static void replace_runs(struct wm_space *space, const struct wm_extent *e, struct wm_range range,
                         uint16_t state)
{
    struct wm_range all = wm_extent_range(e);
    bool joins_left = range.start > all.start && wm_pages_at(space, e, range.start - 1).state == state;
    uint16_t behind = range.end < all.end ? wm_pages_at(space, e, range.end).state : state;

    remove_runs(space, (struct wm_range){range.start, range.end + (range.end < all.end)});
    if (!joins_left)
        wm_btree_put(&space->runs, range.start, state);
    if (behind != state)
        wm_btree_put(&space->runs, range.end, behind);
}

void wm_pages_set(struct wm_space *space, struct wm_found *found, struct wm_range range, uint16_t state)
{
    struct wm_extent *e = &found->extent;
    struct wm_run run = wm_pages_at(space, e, range.start);

    assert(wm_range_holds(wm_extent_range(e), range));
    if (run.state == state && wm_range_holds(run.range, range))
        return;
    if (wm_range_holds(range, wm_extent_range(e))) {
        become_uniform(space, e, state);
    } else {
        become_mixed(space, e);
        replace_runs(space, e, range, state);
        if (wm_range_holds(wm_pages_at(space, e, range.start).range, wm_extent_range(e)))
            become_uniform(space, e, state);
    }
    wm_space_set(space, found->index, e);
}
