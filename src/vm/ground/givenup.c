#include "vm/ground/givenup.h"

#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/ground/arena.h"

static struct wm_space *space(void)
{
    return &wm_home.space;
}

static void enlist(uint32_t index, struct wm_extent *e)
{
    struct wm_extent next;

    e->previous = 0;
    e->next = wm_home.given_up;
    wm_space_set(space(), index, e);
    if (e->next != 0) {
        next = wm_space_get(space(), e->next);
        next.previous = index;
        wm_space_set(space(), e->next, &next);
    }
    wm_home.given_up = index;
}

static void delist(const struct wm_extent *e)
{
    struct wm_extent other;

    if (e->next != 0) {
        other = wm_space_get(space(), e->next);
        other.previous = e->previous;
        wm_space_set(space(), e->next, &other);
    }
    if (e->previous == 0) {
        wm_home.given_up = e->next;
        return;
    }
    other = wm_space_get(space(), e->previous);
    other.next = e->next;
    wm_space_set(space(), e->previous, &other);
}

void wm_place_give_up(struct wm_found found)
{
    struct wm_extent e = {.start = found.extent.start,
                          .bytes = found.extent.bytes,
                          .kind = WM_FREE,
                          .ground = WM_GROUND_HELD,
                          .state = WM_PAGE_MARKED};

    WM_SPACE_CHANGES(space()) {
        wm_space_lift(space(), found);
        enlist(wm_space_add(space(), &e), &e);
    }
}

bool wm_place_take_back(struct wm_found found)
{
    struct wm_range r = wm_extent_range(&found.extent);

    if (!wm_space_ready(space(), WM_ARENA_RECORDS, 0) || wm_kern_discard(r) != 0)
        return false;
    WM_SPACE_CHANGES(space()) {
        delist(&found.extent);
        wm_space_forget(space(), found);
        wm_space_add_free(space(), r, WM_GROUND_HELD);
    }
    return true;
}

void wm_place_regain(void)
{
    struct wm_found found;

    do {
        found.index = wm_home.given_up;
        if (found.index != 0)
            found.extent = wm_space_get(space(), found.index);
    } while (found.index != 0 && wm_place_take_back(found));
}
