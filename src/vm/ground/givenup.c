/*
 * givenup.c: the list of ground that could not be unmapped (givenup.h).
 *
 * The list goes through the extents' own records, which free ground does not need for anything else while
 * it is in no bin: so giving up takes no memory, in a moment in which there may be none.
 */
#include "vm/ground/givenup.h"

#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/ground/arena.h"

static void enlist(uint32_t index, struct wm_extent *e)
{
    struct wm_extent next;

    e->previous = 0;
    e->next = wm_home.given_up;
    wm_space_set(wm_book(), index, e);
    if (e->next != 0) {
        next = wm_space_get(wm_book(), e->next);
        next.previous = index;
        wm_space_set(wm_book(), e->next, &next);
    }
    wm_home.given_up = index;
}

static void delist(const struct wm_extent *e)
{
    struct wm_extent other;

    if (e->next != 0) {
        other = wm_space_get(wm_book(), e->next);
        other.previous = e->previous;
        wm_space_set(wm_book(), e->next, &other);
    }
    if (e->previous == 0) {
        wm_home.given_up = e->next;
        return;
    }
    other = wm_space_get(wm_book(), e->previous);
    other.next = e->next;
    wm_space_set(wm_book(), e->previous, &other);
}

void wm_place_give_up(struct wm_found found)
{
    struct wm_extent e = {.start = found.extent.start,
                          .bytes = found.extent.bytes,
                          .kind = WM_FREE,
                          .ground = WM_GROUND_HELD,
                          .state = WM_PAGE_MARKED};

    WM_SPACE_CHANGES(wm_book()) {
        wm_space_lift(wm_book(), found);
        enlist(wm_space_add(wm_book(), &e), &e);
    }
}

bool wm_place_take_back(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);

    if (!wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0) || wm_kern_discard(r) != 0)
        return false;
    WM_SPACE_CHANGES(wm_book()) {
        delist(&found.extent);
        wm_space_free(wm_book(), found, WM_GROUND_HELD);
    }
    return true;
}

void wm_place_regain(void)
{
    struct wm_found found;

    do {
        found.index = wm_home.given_up;
        if (found.index != 0)
            found.extent = wm_space_get(wm_book(), found.index);
    } while (found.index != 0 && wm_place_take_back(found));
}
