/*
 * check.c: walks the whole book and asserts what extent.h, space.h, bins.h and pages.h say of it.
 *
 * What stands indented in those headers is asserted here, so they cannot fall behind the code: tests call
 * this between their steps. It is built with assertions whatever the rest is. It knows the book alone;
 * whether the kernel agrees, tests/vm/audit.h asks.
 */
#undef NDEBUG
#include <assert.h>

#include "core/bins.h"
#include "core/hints.h"
#include "core/pages.h"

static size_t check_runs(const struct wm_space *space, const struct wm_extent *e, size_t *edges)
{
    uint16_t before = 0;
    size_t runs = 0;
    struct wm_span span;

    if ((e->flags & WM_EXTENT_MIXED) == 0)
        return 0;
    for (struct wm_run_walk w = wm_runs_of(space, e, wm_extent_range(e)); wm_run_next(&w);) {
        assert(wm_btree_find(&space->runs, w.run.range.start, &span) && span.start == w.run.range.start);
        assert(runs == 0 || span.value != before);
        *edges += runs > 0 && wm_page_below(before) != wm_page_below(w.run.state);
        before = (uint16_t)span.value;
        runs++;
    }
    assert(runs > 1);
    return runs;
}

static bool in_bin(const struct wm_space *space, struct wm_found found, int bin)
{
    uint32_t index = space->bins[found.extent.ground].head[bin], before = 0;

    while (index != 0 && index != found.index) {
        struct wm_extent e = wm_space_get(space, index);

        assert(e.kind == WM_FREE && e.previous == before);
        before = index;
        index = e.next;
    }
    return index == found.index;
}

static void check_free(const struct wm_space *space, struct wm_found found, const struct wm_extent *before)
{
    int bin = wm_bins_of(&found.extent);

    assert(found.extent.ground != WM_GROUND_OWN);
    assert((found.extent.flags & WM_EXTENT_MIXED) == 0 && wm_extent_slack(&found.extent) == 0);
    assert(bin < 0 || in_bin(space, found, bin));
    assert(before->kind != WM_FREE || before->ground != found.extent.ground || before->state != 0 ||
           found.extent.state != 0 || wm_extent_range(before).end < found.extent.start);
}

static void check_extent(const struct wm_space *space, struct wm_found found, const struct wm_extent *before)
{
    const struct wm_extent *e = &found.extent;

    assert(e->start % WM_PAGE == 0 && e->bytes % WM_PAGE == 0 && e->bytes != 0);
    assert(wm_extent_ground(before).end <= e->start);
    assert(wm_extent_ground(e).end <= wm_up(wm_extent_range(e).end, WM_GRANULE));
    if (e->kind == WM_FREE)
        check_free(space, found, before);
    if (e->kind == WM_PLACEHOLDER)
        assert(e->flags == 0 && e->state == 0 && e->traits == 0);
}

/* A hint that seems right is right. */
static void check_hints(const struct wm_space *space)
{
    struct wm_found found;
    uint32_t index;
    struct wm_extent e;

    for (uintptr_t addr = 0; wm_space_from(space, addr, &found); addr = wm_extent_range(&found.extent).end)
        if (wm_hints_find(space, found.extent.start, &index, &e))
            assert(index == found.index);
}

static size_t count_bins(const struct wm_space *space)
{
    size_t linked = 0;

    for (int ground = 0; ground < WM_GROUND_BINS; ground++)
        for (int bin = 0; bin < WM_BIN_COUNT; bin++) {
            uint32_t index = space->bins[ground].head[bin];

            assert((index != 0) == (space->bins[ground].filled[bin / 64] >> (bin % 64) & 1));
            for (; index != 0; index = wm_space_get(space, index).next)
                linked++;
        }
    return linked;
}

void wm_space_check(const struct wm_space *space)
{
    size_t extents = 0, runs = 0, binned = 0, edges = 0;
    struct wm_extent before = {.kind = WM_PRIVATE};
    struct wm_found found;

    for (uintptr_t addr = 0; wm_space_from(space, addr, &found); addr = wm_extent_range(&found.extent).end) {
        check_extent(space, found, &before);
        runs += check_runs(space, &found.extent, &edges);
        binned += found.extent.kind == WM_FREE && wm_bins_of(&found.extent) >= 0;
        before = found.extent;
        extents++;
    }
    assert(wm_btree_check(&space->map) == extents);
    assert(wm_btree_check(&space->runs) == runs);
    assert(space->edges == edges);
    assert(count_bins(space) == binned);
    check_hints(space);
    assert(space->extents.used - 1 - space->extents.free_count == extents);
}
