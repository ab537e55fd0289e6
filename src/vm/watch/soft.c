/*
 * soft.c: a write watch by soft-dirty bits (soft.h).
 *
 * Reading bits and clearing them are two steps, and all bits of the process go at once: so a page that was clean when it was
 * read and is written before the clearing would be missed, in whichever watched allocation it lies (seen: 600 of 2.4 million
 * writes). Dirty ones are told by the call that is under way, or are marked; so only first writes to clean pages are in danger. No
 * order of reading and clearing saves them, and write-protection would make system calls fail with EFAULT. What does:
 *
 *   1. a shadow begins (kern/pages/shadow.c): from here on a page that is written becomes this process's alone
 *   2. bits are read and noted
 *   3. bits are cleared
 *   4. pages that are there and shared were not written since 1. All others count as written: those swapped out or just
 *      being moved as well, of which nobody knows more
 *
 * A page that is not there at 1. is not there, the page of zeros, or written at 4. A fork by another thread, which would
 * share a page that was written in between, waits for the lock; one past libc (_Fork, clone) in these microseconds
 * could hide a write.
 *
 * A mapping is born with all its bits, and one that becomes part of a newer neighbour has them again until the next clearing:
 * then a page that is there counts, less those that were only read. Large pages have one bit: there are none in watched memory.
 */
#include "vm/watch/soft.h"

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/book/marks.h"

/* Which pages are meant, by what the kernel tells of each; is[] is of the pages from start on, and may be completed. */
typedef void chooser(uintptr_t start, uint8_t *is, int count);

enum { CHOSEN = WM_IS_WRITTEN }; /* what choosers leave of is[]: a bit that says nothing here */

static void choose_dirty(uintptr_t start, uint8_t *is, int count)
{
    wm_kern_add_zeros(start, is, count);
    for (int i = 0; i < count; i++) {
        bool there = (is[i] & (WM_IS_PRESENT | WM_IS_SWAPPED)) != 0;

        is[i] = there && (is[i] & WM_IS_SOFT) && (is[i] & WM_IS_ZERO) == 0 ? CHOSEN : 0;
    }
}

static void choose_there(uintptr_t start, uint8_t *is, int count)
{
    wm_kern_add_zeros(start, is, count);
    for (int i = 0; i < count; i++) {
        bool there = (is[i] & (WM_IS_PRESENT | WM_IS_SWAPPED)) != 0;

        is[i] = there && (is[i] & WM_IS_ZERO) == 0 ? CHOSEN : 0;
    }
}

/* Beside a shadow: pages that nobody can have written are away, or shared. */
static void choose_changed(uintptr_t start, uint8_t *is, int count)
{
    (void)start;
    for (int i = 0; i < count; i++) {
        bool away = (is[i] & (WM_IS_PRESENT | WM_IS_SWAPPED)) == 0;
        bool shared = (is[i] & (WM_IS_PRESENT | WM_IS_ALONE | WM_IS_FILE)) == WM_IS_PRESENT;

        is[i] = away || shared ? 0 : CHOSEN;
    }
}

static void mark_chosen(const struct wm_extent *e, uintptr_t start, const uint8_t *is, int count)
{
    for (int i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && is[end] == is[i]; end++)
            ;
        if (is[i] == CHOSEN)
            wm_marks_set(e, WM_MARK_WRITTEN,
                         wm_range_of(start + (size_t)i * WM_PAGE, (size_t)(end - i) * WM_PAGE));
    }
}

/* False: the kernel does not tell, and what has not been looked at is marked. */
static bool mark(const struct wm_extent *e, struct wm_range r, chooser *choose)
{
    uint8_t is[WM_PAGES_READ];

    while (r.start < r.end) {
        int count = wm_kern_pages(r, is);

        if (count <= 0) {
            wm_marks_set(e, WM_MARK_WRITTEN, r);
            return false;
        }
        choose(r.start, is, count);
        mark_chosen(e, r.start, is, count);
        r.start += (size_t)count * WM_PAGE;
    }
    return true;
}

void wm_soft_start(const struct wm_extent *e, struct wm_range r)
{
    wm_marks_clear(e, WM_MARK_WRITTEN, r);
    wm_kern_small_pages(r);
}

void wm_soft_doubt(const struct wm_extent *e, struct wm_range r)
{
    mark(e, r, choose_there);
}

bool wm_soft_has_bits(struct wm_range r)
{
    uint8_t is[WM_PAGES_READ];

    while (r.start < r.end) {
        int count = wm_kern_pages(r, is);

        if (count <= 0)
            return true;
        choose_dirty(r.start, is, count);
        for (int i = 0; i < count; i++)
            if (is[i] == CHOSEN)
                return true;
        r.start += (size_t)count * WM_PAGE;
    }
    return false;
}

/* --- clearing --- */

static bool mark_everywhere(chooser *choose)
{
    struct wm_found found;
    bool ok = true;

    for (uintptr_t addr = 0; wm_space_from(wm_book(), addr, &found);
         addr = wm_extent_range(&found.extent).end) {
        struct wm_range all = wm_extent_range(&found.extent);

        if (!wm_is_watched(&found.extent) || !wm_soft_tells(&found.extent))
            continue;
        for (struct wm_run_walk w = wm_runs_of(wm_book(), &found.extent, all); wm_run_next(&w);)
            if (w.run.state & WM_PAGE_PROTECT)
                ok = mark(&found.extent, w.run.range, choose) && ok;
    }
    return ok;
}

bool wm_soft_gather(void)
{
    int32_t shadow;
    bool cleared;

    while (wm_home.claimed > 0)
        if (!wm_home_await())
            return false;
    if (wm_kern_shadow(&shadow) != 0)
        return false;
    cleared = mark_everywhere(choose_dirty) && wm_kern_clear_soft() == 0;
    mark_everywhere(choose_changed);
    wm_kern_shadow_end(shadow);
    return cleared;
}

/* --- answering --- */

/* False: it does not fit. */
static bool tell(struct wm_written *w, struct wm_range r)
{
    if (w->count == w->capacity)
        return false;
    w->runs[w->count++] = (struct wm_page_run){r, 0};
    return true;
}

static void answer(const struct wm_extent *e, struct wm_written *w)
{
    struct wm_range rest = w->range, run;
    size_t left = w->most != 0 ? w->most : SIZE_MAX;

    while (left > 0 && wm_marks_first(e, WM_MARK_WRITTEN, rest, &run)) {
        if (wm_range_bytes(run) / WM_PAGE > left)
            run.end = run.start + left * WM_PAGE;
        if (!tell(w, run)) {
            w->stopped = run.start;
            return;
        }
        if (w->reset)
            wm_marks_clear(e, WM_MARK_WRITTEN, run);
        left -= wm_range_bytes(run) / WM_PAGE;
        rest.start = run.end;
    }
    w->stopped = left > 0 ? w->range.end : rest.start;
}

void wm_soft_scan(const struct wm_found *found, struct wm_written *w)
{
    w->count = 0;
    if (w->capacity == 0) {
        wm_marks_clear(&found->extent, WM_MARK_WRITTEN, w->range);
        return;
    }
    if (!w->gathered)
        WM_HOME_CLAIM(found, wm_range_bytes(w->range))
            mark(&found->extent, w->range, choose_dirty);
    answer(&found->extent, w);
}
