/*
 * watch.c: what the kernel watches of a MEM_WRITE_WATCH allocation, and what is done when it cannot
 * (watch.h).
 *
 * A written page is never missed; pages that were not written may be told where the kernel cannot say
 * (L21). All that follows goes by that: when in doubt a page was written.
 *
 *   the kernel forgets its mark when a page is emptied, and then it counts as written (pinned:
 *   watch.emptying_loses_the_mark). So nothing here empties watched pages: reset and offer leave them alone
 *   a new mapping is not watched (watch.a_new_mapping_is_not_watched): a decommit clears the marks, as it
 *   is to (O123), and committing begins again
 *   closing the descriptor forgets everything (watch.closing_the_descriptor_forgets_everything), and a
 *   child of a fork has never been watched (watch.a_child_is_not_watched): then all pages that hold
 *   something are latched, for they may have been written since, and watched anew
 */
#include "vm/watch/watch.h"

#include <errno.h>

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "vm/book/home.h"
#include "vm/book/marks.h"
#include "vm/ops.h"
#include "vm/watch/soft.h"

/*
 * More than this at once is not protected page by page: it would take 5 ms and 2 MiB of page tables. Where the
 * kernel does not tell pages that were only read, nothing else is exact: there it takes more to give that up.
 */
#define ARMED_BYTES ((size_t)1 << 30)
#define ARMED_BYTES_NO_ZEROS ((size_t)16 << 30)

enum { LATCH_RUNS = 128 };

static void set_traits(struct wm_found *found, unsigned traits)
{
    if (found->extent.traits == traits)
        return;
    found->extent.traits = (uint8_t)traits;
    WM_SPACE_CHANGES(wm_book())
        wm_space_set(wm_book(), found->index, &found->extent);
}

/* userfaultfd tells no more. What is there outside of `fresh`, other ways know nothing of yet. */
static void go_blind(struct wm_found *found, struct wm_range fresh)
{
    struct wm_range all = wm_extent_range(&found->extent);
    unsigned traits = (found->extent.traits & ~(unsigned)WM_TRAIT_SPARSE) | WM_TRAIT_BLIND;

    if (!wm_kern_tells_soft() || !wm_marks_ready(found)) {
        set_traits(found, traits | WM_TRAIT_SPARSE);
        return;
    }
    set_traits(found, traits);
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, all); wm_run_next(&w);)
        if ((w.run.state & WM_PAGE_PROTECT) && !wm_range_holds(fresh, w.run.range))
            wm_soft_doubt(&found->extent, w.run.range);
}

static const struct wm_range nothing_fresh = {0, 0};

/* --- asking the kernel --- */

/* How much of it depends on what the kernel was told to watch. */
static void say_what_counts(const struct wm_extent *e, struct wm_scan *scan)
{
    scan->tell = scan->all = e->traits & WM_TRAIT_BLIND ? 0 : WM_IS_WRITTEN;
    if (e->traits & (WM_TRAIT_BLIND | WM_TRAIT_SPARSE)) {
        scan->any = WM_IS_PRESENT | WM_IS_SWAPPED;
        scan->none = WM_IS_ZERO;
    }
}

/* Nobody can tell: all of it. */
void wm_watch_say_all(struct wm_written *w)
{
    uintptr_t end = w->range.end;

    if (w->most != 0 && wm_range_bytes(w->range) / WM_PAGE > w->most)
        end = w->range.start + w->most * WM_PAGE;
    w->count = 0;
    if (w->capacity > 0)
        w->runs[w->count++] = (struct wm_page_run){{w->range.start, end}, 0};
    w->stopped = end;
}

static long scan_pages(const struct wm_found *found, struct wm_written *w)
{
    bool reset = w->reset && !(found->extent.traits & WM_TRAIT_BLIND);
    struct wm_scan scan = {.range = w->range, .most = w->most, .protect = reset};
    long count = 0;

    say_what_counts(&found->extent, &scan);
    if (w->capacity == 0)
        scan.tell = 0;
    WM_HOME_CLAIM(found, wm_range_bytes(w->range))
        count = wm_kern_scan(&scan, w->runs, w->capacity);
    w->count = count < 0 ? 0 : (size_t)count;
    w->stopped = scan.stopped;
    return count;
}

/* EPERM is the kernel's word for pages that it does not watch, though we asked it to: it has lost them. */
bool wm_watch_scan(struct wm_found *found, struct wm_written *w)
{
    long count;

    if (wm_soft_tells(&found->extent)) {
        wm_soft_scan(found, w);
        return true;
    }
    count = scan_pages(found, w);
    if (count == -ENOTTY) { /* nothing can be reset on this kernel */
        go_blind(found, nothing_fresh);
        return wm_watch_scan(found, w);
    }
    if (count < 0 && count != -EPERM)
        wm_watch_say_all(w);
    return count != -EPERM;
}

/* Notes the pages of r that count as written now. */
static void latch(struct wm_found *found, struct wm_range r)
{
    struct wm_page_run runs[LATCH_RUNS];
    struct wm_written w = {.range = r, .runs = runs, .capacity = LATCH_RUNS};

    for (; w.range.start < r.end; w.range.start = w.stopped) {
        if (!wm_watch_scan(found, &w))
            wm_watch_say_all(&w);
        if (w.count > 0 && !wm_marks_ready(found))
            return;
        for (size_t i = 0; i < w.count; i++)
            wm_marks_set(&found->extent, WM_MARK_LATCHED, runs[i].range);
    }
}

/* --- beginning, and beginning again --- */

static size_t most_to_arm(void)
{
    return wm_kern_tells_zeros() ? ARMED_BYTES : ARMED_BYTES_NO_ZEROS;
}

static bool watch(struct wm_found *found, struct wm_range r)
{
    if (!wm_probe_has(WM_FEATURE_PAGEMAP_SCAN) || wm_kern_watch(r) != 0)
        return false;
    if (wm_range_bytes(r) <= ARMED_BYTES || wm_range_bytes(r) <= most_to_arm())
        return wm_kern_watch_arm(r) == 0;
    wm_kern_small_pages(r); /* or one write would make a huge page of it */
    set_traits(found, found->extent.traits | WM_TRAIT_SPARSE);
    return true;
}

static void for_committed(struct wm_found *found, void (*visit)(struct wm_found *found, struct wm_range r))
{
    struct wm_range all = wm_extent_range(&found->extent);

    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, all); wm_run_next(&w);)
        if (w.run.state & WM_PAGE_PROTECT)
            visit(found, w.run.range);
}

static void note_data(struct wm_found *found, struct wm_range r, uint32_t where)
{
    struct wm_page_run runs[LATCH_RUNS];
    struct wm_scan scan = {.range = r, .any = where, .none = WM_IS_ZERO, .tell = where};
    long count;

    for (; scan.range.start < r.end; scan.range.start = scan.stopped) {
        count = wm_kern_scan(&scan, runs, LATCH_RUNS);
        if (count < 0) {
            wm_marks_set(&found->extent, WM_MARK_LATCHED, scan.range);
            return;
        }
        for (long i = 0; i < count; i++)
            wm_marks_set(&found->extent, WM_MARK_LATCHED, runs[i].range);
    }
}

/*
 * What is there may have been written while nobody watched. Looked at twice, since a page may be written in
 * between; the second time only for pages in memory, because the kernel's marks look like swapped ones.
 */
static void watch_again(struct wm_found *found, struct wm_range r)
{
    if (found->extent.traits & WM_TRAIT_BLIND)
        return;
    if (!wm_marks_ready(found)) {
        go_blind(found, nothing_fresh);
        return;
    }
    note_data(found, r, WM_IS_PRESENT | WM_IS_SWAPPED);
    if (watch(found, r))
        note_data(found, r, WM_IS_PRESENT);
    else
        go_blind(found, nothing_fresh);
}

/*
 * The descriptor is gone, by a fork or because the program closed everything: the kernel has forgotten all
 * that it watched, at once.
 */
void wm_watch_repair(void)
{
    struct wm_found found;

    wm_home.watch_lost = false;
    if (wm_kern_watch_lost())
        wm_kern_watch_forget();
    while (wm_home.claimed > 0 && wm_home_await())
        ;
    for (uintptr_t addr = 0; wm_space_from(wm_book(), addr, &found);
         addr = wm_extent_range(&found.extent).end)
        if (wm_is_watched(&found.extent))
            for_committed(&found, watch_again);
}

/* What else was watched is watched again at the next question: that may have to wait for other threads. */
static void start(struct wm_found *found, struct wm_range r)
{
    if (found->extent.traits & WM_TRAIT_BLIND || watch(found, r))
        return;
    if (wm_kern_watch_lost()) {
        wm_kern_watch_forget();
        wm_home.watch_lost = true;
        if (watch(found, r))
            return;
    }
    go_blind(found, r);
}

static void start_any(struct wm_found *found, struct wm_range r)
{
    start(found, r);
    if (wm_soft_tells(&found->extent))
        wm_soft_start(&found->extent, r);
}

void wm_watch_start(struct wm_found *found)
{
    start_any(found, wm_extent_range(&found->extent));
}

void wm_watch_start_reserved(struct wm_found *found, struct wm_range r)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        if ((w.run.state & WM_PAGE_PROTECT) == 0)
            start_any(found, w.run.range);
}

void wm_watch_latch(struct wm_found *found, struct wm_range r)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r); wm_run_next(&w);)
        if (w.run.state & WM_PAGE_PROTECT)
            latch(found, w.run.range);
}

static void renew(void)
{
    if (wm_kern_watch_forget())
        wm_home.watch_lost = true;
}

const struct wm_renewal wm_renewed_watch = {.renew = renew};
