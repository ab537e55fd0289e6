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
#include "vm/ground/crowd.h"

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

static bool is_given_up(uintptr_t addr, struct wm_found *found)
{
    return wm_space_at(wm_book(), addr, found) && wm_extent_is_given_up(&found->extent);
}

static void lift(struct wm_found found)
{
    delist(&found.extent);
    wm_space_lift(wm_book(), found);
}

void wm_place_give_up(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);
    struct wm_found beside;
    struct wm_extent e;

    WM_SPACE_CHANGES(wm_book()) {
        wm_space_lift(wm_book(), found);
        if (is_given_up(r.start - 1, &beside)) {
            r.start = beside.extent.start;
            lift(beside);
        }
        if (is_given_up(r.end, &beside)) {
            r.end = wm_extent_range(&beside.extent).end;
            lift(beside);
        }
        e = (struct wm_extent){.start = r.start,
                               .bytes = wm_range_bytes(r),
                               .kind = WM_FREE,
                               .ground = WM_GROUND_HELD,
                               .state = WM_PAGE_MARKED};
        enlist(wm_space_add(wm_book(), &e), &e);
    }
}

static bool is_open_ground(uintptr_t addr)
{
    struct wm_found found;

    return wm_space_at(wm_book(), addr, &found) &&
           (found.extent.ground == WM_GROUND_OPEN || wm_ground_is_kept(found.extent.ground));
}

/* Among open ground it becomes that: held, it would stay a mapping of its own when all around it has gone. */
bool wm_place_take_back(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);
    bool open = is_open_ground(r.start - 1) || is_open_ground(r.end);

    if (!wm_space_ready(wm_book(), WM_ARENA_RECORDS, 0) ||
        (open ? wm_kern_unmap(r) : wm_kern_discard(r)) != 0)
        return false;
    WM_SPACE_CHANGES(wm_book()) {
        delist(&found.extent);
        wm_space_free(wm_book(), found, open ? WM_GROUND_OPEN : WM_GROUND_HELD);
    }
    return true;
}

static bool may_be_taken_back(struct wm_found found)
{
    return !wm_crowd_bars(wm_extent_range(&found.extent)) && wm_place_take_back(found);
}

void wm_place_regain(void)
{
    struct wm_found found;

    do {
        found.index = wm_home.given_up;
        if (found.index != 0)
            found.extent = wm_space_get(wm_book(), found.index);
    } while (found.index != 0 && may_be_taken_back(found));
}

void wm_place_regain_beside(struct wm_range r)
{
    const uintptr_t places[] = {r.start - 1, r.start, r.end};
    struct wm_found found;

    if (wm_home.given_up == 0)
        return;
    for (int i = 0; i < 3; i++)
        if (is_given_up(places[i], &found) && !wm_crowd_is_around(wm_extent_range(&found.extent)))
            wm_place_take_back(found);
}
