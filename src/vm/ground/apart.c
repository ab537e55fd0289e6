/*
 * apart.c: which pages are kept in mappings of their own (apart.h).
 *
 * Measured (Linux 6.18): one page made read-only and writable again takes 4.4 us within a mapping and 1.35 in one of its
 * own; to cut it off and to join it again, 3.9. So the fourth change of the same range cuts it off. Ranges are told apart
 * by where they begin; of those that fall together the one stays that is changed more often.
 *
 * Nothing depends on it: what cannot be kept apart or joined (sandboxes forbid mbind) costs time, or a mapping.
 */
#include "vm/ground/apart.h"

#include "kern/system/system.h"

enum { ENOUGH = 4 };

/* A whole page table is not cut up for the sake of some of it; and of many pages it is not the mapping that costs. */
#define MOST_BYTES ((size_t)1 << 21)

static bool suits(const struct wm_extent *e, struct wm_range r)
{
    return e->kind == WM_PRIVATE && e->node == 0 && e->traits == 0 && wm_range_bytes(r) < MOST_BYTES;
}

static bool is_same(struct wm_range a, struct wm_range b)
{
    return a.start == b.start && a.end == b.end;
}

static void forget(struct wm_flip *f)
{
    if (f->kept) {
        wm_kern_join(f->range);
        wm_home.apart.kept--;
    }
    *f = (struct wm_flip){0};
}

static void keep(struct wm_flip *f)
{
    f->kept = wm_kern_keep_apart(f->range) == 0;
    wm_home.apart.kept += f->kept;
    if (!f->kept)
        f->changes = 0;
}

void wm_apart_note(const struct wm_found *found, struct wm_range r)
{
    struct wm_flip *f = &wm_home.apart.flips[r.start / WM_PAGE % WM_APARTS];

    if (!is_same(f->range, r) && f->changes > 0) {
        f->changes--;
        return;
    }
    if (!is_same(f->range, r)) {
        forget(f);
        f->range = r;
    }
    if (f->changes < ENOUGH)
        f->changes++;
    if (f->changes == ENOUGH && !f->kept && suits(&found->extent, r) && wm_kern_keeps_apart())
        keep(f);
}

void wm_apart_join(struct wm_range r)
{
    for (int i = 0; i < WM_APARTS; i++)
        if (wm_home.apart.flips[i].kept && wm_range_touches(wm_home.apart.flips[i].range, r))
            forget(&wm_home.apart.flips[i]);
}
