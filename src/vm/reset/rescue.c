/*
 * rescue.c: how a page is proven to be whole.
 *
 * Looking whether a page is there and then touching it is not enough: in between it is dropped, and touching
 * makes a new one. So the pages are pinned first. A page that is there under the pin is whole, because
 *
 *   a page that was read after it was dropped is the page of zeros, which is told apart,
 *   one that was written holds what the program wrote, which is what it wants to keep, and
 *   large pages, which would fill up the neighbours of such a page, are forbidden before anything is dropped.
 *
 * Where pinning is not allowed, or the page of zeros not told apart (not every kernel has one, and before PAGEMAP_SCAN
 * neither is a large page told), a word of each page is kept (canary.h). Then the page is made to stay first and compared afterwards: what is equal then can no longer go.
 */
#include "vm/reset/rescue.h"

#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/marks.h"
#include "vm/reset/canary.h"

enum { ROOM = 64 };

/* More is not pinned at a time; less where RLIMIT_MEMLOCK or the table of mappings says so. */
#define CHUNK_BYTES ((size_t)64 << 20)

static bool presence_is_enough(void)
{
    return wm_kern_can_pin() && wm_kern_tells_zeros() && wm_probe_has(WM_FEATURE_PAGEMAP_SCAN);
}

typedef bool visitor(void *context, const struct wm_page_run *run);

/* Visits the pages of r that hold data. False: they are not known, or a visitor said so. */
static bool each_present(struct wm_range r, visitor *visit, void *context)
{
    struct wm_scan scan = {
        .range = r, .any = WM_IS_PRESENT | WM_IS_SWAPPED, .none = WM_IS_ZERO, .tell = WM_IS_HUGE};
    struct wm_page_run runs[ROOM];
    bool ok = true;

    while (ok && scan.range.start < r.end) {
        long count = wm_kern_scan(&scan, runs, ROOM);

        ok = count >= 0 && scan.stopped > scan.range.start;
        for (long i = 0; ok && i < count; i++)
            ok = visit(context, &runs[i]);
        scan.range.start = scan.stopped;
    }
    return ok;
}

/* --- noting --- */

struct noting {
    const struct wm_extent *e;
    int memory; /* for canaries */
    bool huge;
};

static bool note_run(void *context, const struct wm_page_run *run)
{
    struct noting *n = context;

    n->huge |= (run->categories & WM_IS_HUGE) != 0;
    return wm_canary_keep(n->e, n->memory, run->range);
}

static bool holds_data(const struct wm_page_run *run)
{
    return (run->categories & WM_IS_SWAPPED) ||
           (run->categories & (WM_IS_PRESENT | WM_IS_ZERO)) == WM_IS_PRESENT;
}

/*
 * Marks all but the pages without data. Telling of a page costs the kernel ten times as much (17 ns) as passing
 * it by, and most pages that are reset hold data: so the others are asked for.
 */
static bool note_marks(struct noting *n, struct wm_range r)
{
    struct wm_scan scan = {.range = r,
                           .lacks = WM_IS_PRESENT,
                           .any = WM_IS_ZERO | WM_IS_HUGE,
                           .tell = WM_IS_PRESENT | WM_IS_SWAPPED | WM_IS_ZERO | WM_IS_HUGE};
    struct wm_page_run runs[ROOM];

    for (; scan.range.start < r.end; scan.range.start = scan.stopped) {
        uintptr_t from = scan.range.start;
        long count = wm_kern_scan(&scan, runs, ROOM);

        if (count < 0 || scan.stopped <= from)
            return false;
        for (long i = 0; i < count; i++) {
            n->huge |= (runs[i].categories & WM_IS_HUGE) != 0;
            if (holds_data(&runs[i]))
                continue;
            wm_marks_set(n->e, WM_MARK_RESET, (struct wm_range){from, runs[i].range.start});
            from = runs[i].range.end;
        }
        wm_marks_set(n->e, WM_MARK_RESET, (struct wm_range){from, scan.stopped});
    }
    return true;
}

static bool note_canaries(struct noting *n, struct wm_range r)
{
    bool ok;

    n->memory = wm_kern_open_memory();
    if (n->memory < 0)
        return false;
    ok = each_present(r, note_run, n);
    wm_kern_close(n->memory);
    return ok;
}

bool wm_rescue_note(const struct wm_extent *e, struct wm_range r)
{
    struct noting n = {e, -1, (e->flags & WM_EXTENT_ADVISED) || wm_kern_huge_unasked()};
    bool ok = presence_is_enough() ? note_marks(&n, r) : note_canaries(&n, r);

    return ok && (!n.huge || wm_kern_small_pages(r) == 0);
}

/* --- rescuing --- */

struct rescue {
    const struct wm_extent *e;
    bool writable;
    bool unlocked; /* touching a page may take a fault, which wants no lock */
    bool pinned;   /* and what is there is known for sure */
    int memory;    /* -1: not needed, or not to be had */
};

/* A page that cannot be written is dirtied behind its back; the byte of a canary is not the one for it. */
static bool make_stay(const struct rescue *s, struct wm_range r)
{
    int error = 0;

    if (s->writable)
        return wm_kern_stay(r, s->unlocked) == 0;
    if (s->pinned)
        return wm_kern_stay_behind(s->memory, r, 0) == 0;
    for (uintptr_t addr = r.start; error == 0 && addr < r.end; addr += WM_PAGE)
        error = wm_kern_stay_behind(s->memory, wm_range_of(addr, WM_PAGE), wm_canary_beside(s->e, addr));
    return error == 0;
}

static void clear_where_alive(const struct rescue *s, struct wm_range r)
{
    for (uintptr_t addr = r.start; addr < r.end; addr += WM_PAGE)
        if (wm_canary_lives(s->e, s->memory, addr))
            wm_marks_clear(s->e, WM_MARK_RESET, wm_range_of(addr, WM_PAGE));
}

static bool rescue_present(void *context, const struct wm_page_run *run)
{
    const struct rescue *s = context;

    if (!make_stay(s, run->range))
        return true; /* this one cannot be promised; the next perhaps */
    if (s->pinned)
        wm_marks_clear(s->e, WM_MARK_RESET, run->range);
    else
        clear_where_alive(s, run->range);
    return true;
}

/*
 * What is pinned is whole mappings by now, so unpinning them splits none: a refusal is a passing one. A pin
 * that stayed would hold the memory for good, and count against the program's limit.
 */
static void unpin(struct wm_range r)
{
    if (wm_kern_unlock_pages(r) != 0)
        wm_kern_unlock_pages(r);
}

/* Pins as much of r as may be, from its start on; then r is that. A pin that fails may have got half-way. */
static bool pin_some(struct wm_range *r)
{
    size_t bytes = wm_range_bytes(*r);

    if (!presence_is_enough())
        return false;
    bytes = bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES;
    for (; bytes >= WM_PAGE; bytes = wm_down(bytes / 2, WM_PAGE)) {
        struct wm_range part = wm_range_of(r->start, bytes);

        if (wm_kern_pin(part) == 0) {
            *r = part;
            return true;
        }
        unpin(part);
    }
    return false;
}

/* r begins with a marked page. How far it came. */
static uintptr_t rescue_chunk(struct rescue *s, struct wm_range r)
{
    s->pinned = pin_some(&r);
    each_present(r, rescue_present, s);
    if (s->pinned)
        unpin(r);
    return r.end;
}

void wm_rescue(const struct wm_extent *e, struct wm_run run)
{
    struct rescue s = {.e = e,
                       .writable = (wm_access_of(run.state) & WM_ACCESS_WRITE) != 0,
                       .unlocked = !wm_lock_mine(&wm_home.lock),
                       .memory = -1};
    struct wm_range left = run.range, marked;

    if (!wm_marks_first(e, WM_MARK_RESET, left, &marked))
        return;
    if (!s.writable || wm_marks_canary(e, marked.start) != NULL)
        s.memory = wm_kern_open_memory();
    while (left.start < left.end && wm_marks_first(e, WM_MARK_RESET, left, &marked))
        left.start = rescue_chunk(&s, (struct wm_range){marked.start, left.end});
    if (s.memory >= 0)
        wm_kern_close(s.memory);
}
