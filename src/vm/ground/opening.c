/*
 * opening.c: markers first, then one mprotect (opening.h).
 *
 * Each of the two steps leaves what is allowed if the next is refused. Reserved pages get their markers, which needs no
 * mapping; what their mapping allows is not known then (WM_PAGE_MARKED). One mprotect makes a single mapping of all, and can
 * need a split at the two ends only. Refused in the middle, it has opened some of the mappings: their markers stay, and
 * whoever wants the promise back gives these pages back himself.
 *
 * Pieces that were touched in any order merge because of wm_kern_keep_joinable.
 */
#include "vm/ground/opening.h"

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/ground/spare.h"
#include "vm/ground/warm.h"

enum { OPEN = WM_ACCESS_READ | WM_ACCESS_WRITE };

/* The runs of a stretch one after the other, and the extents they are in. */
struct steps {
    uintptr_t at, end;
    struct wm_found found;
    struct wm_run run;
};

static bool step(struct steps *s)
{
    if (s->at >= s->end || !wm_space_at(wm_book(), s->at, &s->found))
        return false;
    s->run = wm_pages_in(wm_book(), &s->found.extent, (struct wm_range){s->at, s->end}, s->at);
    s->at = s->run.range.end;
    return true;
}

bool wm_opening_is_needed(struct wm_range r)
{
    struct steps s = {.at = r.start, .end = r.end};

    while (step(&s))
        if (wm_opening_is_closed(s.run.state))
            return true;
    return false;
}

static int mark_some(struct wm_range r)
{
    return wm_range_bytes(r) == 0 ? 0 : wm_kern_mark(r);
}

/*
 * All that is reserved without a marker gets one; *end becomes how far that came. Of several mappings the first
 * ones may be marked when it is refused at another.
 */
static int mark_reserved(struct wm_range r, uintptr_t *end)
{
    struct steps s = {.at = r.start, .end = r.end};
    struct wm_range bare = {r.start, r.start};
    int error = 0;

    while (error == 0 && step(&s)) {
        if (s.run.state == 0) {
            bare.end = s.run.range.end;
            continue;
        }
        error = mark_some(bare);
        if (error == 0)
            bare = (struct wm_range){s.run.range.end, s.run.range.end};
    }
    if (error == 0)
        error = mark_some(bare);
    *end = r.end;
    if (error != 0)
        *end = wm_kern_unmark(bare) == 0 ? bare.start : bare.end;
    return error;
}

static int open_all(struct wm_range r, enum wm_opening_spends spends)
{
    return spends == WM_OPENING_SPENDS_SPARE ? wm_spare_protect(r, OPEN, WM_SPARE_RELIEF)
                                             : wm_kern_protect(r, OPEN);
}

/* Runs become other runs, so that the book needs no more room than for the two that may be cut. */
static void record(struct wm_range r, uint16_t state)
{
    struct steps s = {.at = r.start, .end = r.end};

    while (step(&s)) {
        if (!wm_opening_is_closed(s.run.state))
            continue;
        wm_warm_count(s.run.range, state);
        WM_SPACE_CHANGES(wm_book())
            wm_pages_set(wm_book(), &s.found, s.run.range, state);
    }
}

bool wm_opening_make(struct wm_found *found, struct wm_range r, uint16_t kept, enum wm_opening_spends spends)
{
    uintptr_t end;
    int error;

    if (!wm_space_ready(wm_book(), 0, 2 * WM_PAGES_RUNS))
        return false;
    error = mark_reserved(r, &end);
    if (error == 0)
        error = open_all(r, spends);
    record((struct wm_range){r.start, end}, error == 0 ? WM_PAGE_MARKED | kept : WM_PAGE_MARKED);
    found->extent = wm_space_get(wm_book(), found->index);
    return error == 0;
}
