/*
 * bins.c: free ground by size (bins.h).
 *
 * A bin holds sizes from its own up to the next, so its members may be too small for a request that falls
 * into it: a few are tried, then the next bin that has any serves, whose members are all large enough. That
 * is not the best fit, but the time does not depend on how much is free, and ground that is given back merges
 * with its neighbours anyway.
 *
 * The list goes through the records by index. Linking and unlinking change the neighbours' records, so
 * whoever holds a copy of one must read it again.
 */
#include "core/bins.h"

enum { LOOK = 8 }; /* extents tried in a bin whose members may be too small */

static size_t granules_in(const struct wm_extent *e)
{
    struct wm_range r = wm_extent_range(e);
    uintptr_t first = wm_up(r.start, WM_GRANULE), last = wm_down(r.end, WM_GRANULE);

    return last > first ? (last - first) / WM_GRANULE : 0;
}

static int bin_of(size_t granules)
{
    int log2 = 63 - __builtin_clzll(granules);
    int quarter = log2 >= 2 ? (int)(granules >> (log2 - 2)) & 3 : 0;

    return log2 * 4 + quarter < WM_BIN_COUNT ? log2 * 4 + quarter : WM_BIN_COUNT - 1;
}

int wm_bins_of(const struct wm_extent *e)
{
    size_t granules = granules_in(e);

    /* Ground that is free only by guard markers (state MARKED) is not handed out. */
    return granules == 0 || e->state != 0 ? -1 : bin_of(granules);
}

static void set_next(struct wm_space *space, struct wm_bins *bins, int bin, uint32_t index, uint32_t next)
{
    struct wm_extent e;

    if (index == 0) {
        bins->head[bin] = next;
        return;
    }
    e = wm_space_get(space, index);
    e.next = next;
    wm_space_set(space, index, &e);
}

static void set_previous(struct wm_space *space, uint32_t index, uint32_t previous)
{
    struct wm_extent e;

    if (index == 0)
        return;
    e = wm_space_get(space, index);
    e.previous = previous;
    wm_space_set(space, index, &e);
}

void wm_bins_link(struct wm_space *space, uint32_t index)
{
    struct wm_extent e = wm_space_get(space, index);
    struct wm_bins *bins = &space->bins[e.ground];
    int bin = wm_bins_of(&e);

    if (bin < 0)
        return;
    e.previous = 0;
    e.next = bins->head[bin];
    wm_space_set(space, index, &e);
    set_previous(space, e.next, index);
    bins->head[bin] = index;
    bins->filled[bin / 64] |= 1ull << (bin % 64);
}

void wm_bins_unlink(struct wm_space *space, struct wm_found found)
{
    struct wm_bins *bins = &space->bins[found.extent.ground];
    int bin = wm_bins_of(&found.extent);
    struct wm_extent e;

    if (bin < 0)
        return;
    e = wm_space_get(space, found.index); /* its links may be newer than found's */
    set_next(space, bins, bin, e.previous, e.next);
    set_previous(space, e.next, e.previous);
    if (bins->head[bin] == 0)
        bins->filled[bin / 64] &= ~(1ull << (bin % 64));
}

/* The first bin from `bin` on that holds something, or -1. */
static int first_filled(const struct wm_bins *bins, int bin)
{
    for (int word = bin / 64; word < WM_BIN_COUNT / 64; word++) {
        uint64_t bits = bins->filled[word];

        if (word == bin / 64)
            bits &= ~0ull << (bin % 64);
        if (bits != 0)
            return word * 64 + __builtin_ctzll(bits);
    }
    return -1;
}

uint32_t wm_bins_pick(const struct wm_space *space, enum wm_ground ground, size_t bytes)
{
    const struct wm_bins *bins = &space->bins[ground];
    size_t granules = wm_up(bytes, WM_GRANULE) / WM_GRANULE;
    int bin = bin_of(granules);
    uint32_t index = bins->head[bin];

    for (int tries = 0; index != 0 && tries < LOOK; tries++) {
        struct wm_extent e = wm_space_get(space, index);

        if (granules_in(&e) >= granules)
            return index;
        index = e.next;
    }
    bin = bin + 1 < WM_BIN_COUNT ? first_filled(bins, bin + 1) : -1;
    return bin < 0 ? 0 : bins->head[bin];
}
