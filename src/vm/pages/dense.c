/*
 * dense.c: when a stretch is turned, how far around, and back (dense.h).
 *
 * How broken memory is, the book counts (space->edges), and how much effort is made follows from that. Markers cost time
 * by the page. Where islands lie close together the unit around is turned. Where they lie far apart it holds but one, and is
 * no fewer mappings than the island was: there the least gap nearby is bridged for each that comes.
 *
 * Turning is opening (vm/ground/opening.h). Where that is refused half-way the table was full, and the markers stay.
 *
 * A stretch goes as far as the kernel can have it in one mapping: over neighbouring reservations where an arena
 * holds them, and never into what is another thread's just now.
 */
#include "vm/pages/dense.h"

#include <string.h>

#include "base/atomic.h"
#include "core/pages.h"
#include "kern/pages/pagestate.h"
#include "kern/system/system.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/opening.h"
#include "vm/ground/warm.h"

#define MIB ((size_t)1 << 20)

/* Turned at once, where more than one island lies in it: what one page table tells of. */
#define UNIT (2 * MIB)

/* From so many sixteenths of the table on, gaps of so much, where islands lie further apart. */
static const struct {
    unsigned sixteenths;
    size_t bytes;
} gaps[] = {{2, UNIT}, {6, 8 * MIB}, {7, 64 * MIB}, {12, 1024 * MIB}};

/* So many runs on each side are looked at for a gap: two for each of those that would do. */
enum { LOOKED_AT = 32 };

enum { GAPS = sizeof gaps / sizeof gaps[0] };

/* Fewer edges are no danger to any table: its limit need not be known. */
enum { FEW_EDGES = 4096 };

/* --- when --- */

/* By threads that come first at once, before there is a lock. */
void wm_dense_read(const char *when)
{
    WM_STORE(wm_home.dense.first, when != NULL && strcmp(when, "first") == 0);
}

/* Looked up once: whoever raises the limit later gets stretches that are turned earlier than need be. */
static size_t table(void)
{
    if (wm_home.dense.table == 0)
        wm_home.dense.table = wm_kern_max_maps();
    return wm_home.dense.table;
}

static size_t limit(void)
{
    if (wm_home.dense.limit == 0)
        wm_home.dense.limit = wm_kern_counts_promises() ? SIZE_MAX : table();
    return wm_home.dense.limit;
}

/* How far to go, by how much of a table is broken; 0: nowhere. */
static size_t reach_in(size_t (*limit_of)(void))
{
    size_t edges = wm_book()->edges, bytes = WM_LOAD(wm_home.dense.first) ? UNIT : 0;

    if (edges >= FEW_EDGES)
        for (int i = 0; i < GAPS; i++)
            if (edges >= limit_of() / 16 * gaps[i].sixteenths)
                bytes = gaps[i].bytes;
    return bytes;
}

/* How long a gap may be; 0: nothing is to be turned. */
static size_t longest_gap(void)
{
    return reach_in(limit);
}

size_t wm_dense_pressure(void)
{
    return reach_in(table);
}

/* --- what --- */

static bool is_plain(const struct wm_extent *e)
{
    return e->kind == WM_PRIVATE && e->traits == 0 && e->node == 0;
}

/* What is mapped read/write, or may be: reserved pages, once they are marked. */
static bool can_be_turned(uint16_t state)
{
    return (state & WM_PAGE_PROTECT) == 0 || (state & ~WM_PAGE_LOCKED) == WM_READWRITE ||
           (state & WM_PAGE_DENSE) != 0;
}

static bool is_open(uint16_t state)
{
    return wm_page_below(state) == WM_BELOW_READWRITE;
}

/* The run at addr, in whatever extent, if it can be of one mapping with those of e. */
static bool find_run(const struct wm_found *of, uintptr_t addr, struct wm_found *found, struct wm_run *run)
{
    if (!wm_space_at(wm_book(), addr, found) || addr >= wm_extent_range(&found->extent).end)
        return false;
    if (found->index != of->index &&
        (found->extent.ground != WM_GROUND_HELD || of->extent.ground != WM_GROUND_HELD ||
         !is_plain(&found->extent) || wm_home_is_claimed(found->index)))
        return false;
    *run = wm_pages_at(wm_book(), &found->extent, addr);
    return true;
}

/* Around addr, as far as all states suit. */
static struct wm_range stretch_around(const struct wm_found *of, uintptr_t addr, struct wm_range within,
                                      bool (*suits)(uint16_t state))
{
    struct wm_range r = {addr, addr};
    struct wm_found found;
    struct wm_run run;

    while (r.end < within.end && find_run(of, r.end, &found, &run) && suits(run.state))
        r.end = run.range.end;
    while (r.start > within.start && find_run(of, r.start - 1, &found, &run) && suits(run.state))
        r.start = run.range.start;
    return wm_range_cut(r, within);
}

static struct wm_range whole_units(struct wm_range r, size_t bytes)
{
    return (struct wm_range){wm_down(r.start, bytes), wm_up(r.end, bytes)};
}

struct wm_range wm_dense_open_around(const struct wm_found *found, struct wm_range r, size_t bytes)
{
    return stretch_around(found, r.start, whole_units(r, bytes), is_open);
}

/* --- how --- */

static bool turn(struct wm_found *found, struct wm_range r, size_t bytes, enum wm_opening_spends spends)
{
    struct wm_range stretch = stretch_around(found, r.start, whole_units(r, bytes), can_be_turned);

    return wm_opening_is_needed(stretch) && wm_opening_make(found, stretch, WM_PAGE_DENSE, spends);
}

/*
 * The least gap between two mappings among the next runs from `at` on, upwards or downwards: *gap, if it has no more than
 * *least bytes. A gap is all reserved.
 */
static void find_gap(const struct wm_found *of, uintptr_t at, bool up, struct wm_range *gap, size_t *least)
{
    uintptr_t from = at;
    struct wm_found found;
    struct wm_run run;

    for (int i = 0; i < LOOKED_AT && find_run(of, up ? at : at - 1, &found, &run) && can_be_turned(run.state);
         i++) {
        struct wm_range passed = up ? (struct wm_range){from, at} : (struct wm_range){at, from};

        at = up ? run.range.end : run.range.start;
        if (wm_opening_is_closed(run.state))
            continue;
        from = at;
        if (wm_range_bytes(passed) == 0 || wm_range_bytes(passed) > *least)
            continue;
        *gap = passed;
        *least = wm_range_bytes(passed);
    }
}

/*
 * r is going to be two ends of mappings more; so two that are there go, where that costs least. To r itself as well, which is
 * of one mapping with what is opened beside it.
 */
static bool bridge(struct wm_found *found, struct wm_range r, size_t most)
{
    struct wm_range gap = {0, 0};

    find_gap(found, r.end, true, &gap, &most);
    find_gap(found, r.start, false, &gap, &most);
    return wm_range_bytes(gap) != 0 && wm_opening_make(found, gap, WM_PAGE_DENSE, WM_OPENING_KEEPS_SPARE);
}

/* Nothing but reserved pages in the unit: to turn it would make a longer island, and not one less. */
static bool is_alone(const struct wm_extent *e, struct wm_range r)
{
    struct wm_range unit = {wm_down(r.start, UNIT), wm_up(r.end, UNIT)};
    struct wm_run run = wm_pages_at(wm_book(), e, r.start);

    return run.state == 0 && wm_range_holds(run.range, unit);
}

static bool has_bare(const struct wm_extent *e, struct wm_range r)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        if (w.run.state == 0)
            return true;
    return false;
}

/* A range as long as what would be turned breaks nothing that counts. */
bool wm_dense_prepare(struct wm_found *found, struct wm_range r)
{
    size_t bytes = longest_gap();

    if (bytes == 0 || !is_plain(&found->extent) || wm_range_bytes(r) >= bytes ||
        wm_range_holds(r, wm_extent_range(&found->extent)))
        return false;
    if (!has_bare(&found->extent, r) || !wm_kern_has_markers())
        return false;
    if (is_alone(&found->extent, r) && !WM_LOAD(wm_home.dense.first))
        return bridge(found, r, bytes);
    return turn(found, r, UNIT, WM_OPENING_KEEPS_SPARE);
}

bool wm_dense_relieve(struct wm_found *found, struct wm_range r)
{
    bool turned = false;

    if (!is_plain(&found->extent) || !wm_kern_has_markers() || !wm_table_is_full())
        return false;
    for (int i = GAPS - 1; i >= 0 && !turned; i--)
        turned = turn(found, r, gaps[i].bytes, WM_OPENING_SPENDS_SPARE);
    return turned && wm_pages_ready(wm_book(), &found->extent, r);
}

/* --- and back --- */

static bool is_kept(uint16_t state)
{
    return (state & (WM_PAGE_DENSE | WM_PAGE_WARM)) != 0 && (state & WM_PAGE_PROTECT) == 0;
}

/* Warm pages between dense ones are given back with them: else some would be left over in what is all reserved. */
struct wm_range wm_dense_around(const struct wm_extent *e, struct wm_range r)
{
    struct wm_range all = wm_extent_range(e), wide = r;
    uint16_t met = 0;
    struct wm_run run;

    if (wm_home.dense.bytes == 0)
        return r;
    while (wide.start > all.start && is_kept((run = wm_pages_at(wm_book(), e, wide.start - 1)).state)) {
        wide.start = run.range.start;
        met |= run.state;
    }
    while (wide.end < all.end && is_kept((run = wm_pages_at(wm_book(), e, wide.end)).state)) {
        wide.end = run.range.end;
        met |= run.state;
    }
    return met & WM_PAGE_DENSE ? wide : r;
}

/* Is the page at addr in the mapping that the dense pages beside it are in? */
static bool goes_on(const struct wm_found *of, uintptr_t addr)
{
    struct wm_found found;
    struct wm_run run;

    return find_run(of, addr, &found, &run) && is_open(run.state);
}

/*
 * At an edge that is there already, giving back only moves it. In the middle it makes two; and where a stretch goes
 * on in the next extent it was turned for want of mappings, however few edges there are by now.
 */
bool wm_dense_keep(const struct wm_found *found, struct wm_range r)
{
    const struct wm_extent *e = &found->extent;
    struct wm_range all = wm_extent_range(e), reserved;

    if (!(e->flags & WM_EXTENT_MIXED) && !WM_LOAD(wm_home.dense.first))
        return false;
    reserved = wm_dense_around(e, r);
    if (longest_gap() == 0 && (wm_range_bytes(reserved) == wm_range_bytes(r) ||
                               (reserved.start > all.start && reserved.end < all.end)))
        return false;
    if (!is_plain(e) || !wm_pages_readwrite_below(wm_book(), e, r, 0) ||
        !goes_on(found, reserved.start - 1) || !goes_on(found, reserved.end))
        return false;
    if (!wm_kern_has_markers() || wm_kern_mark(r) != 0)
        return false;
    wm_warm_uncount(e, r);
    wm_warm_count(r, WM_PAGE_DENSE);
    return true;
}

size_t wm_dense_bytes(void)
{
    return WM_LOAD(wm_home.dense.bytes);
}
