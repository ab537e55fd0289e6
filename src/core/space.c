/*
 * space.c: the book: extents in the map, and questions without a lock (space.h).
 *
 * Changes stand inside WM_SPACE_CHANGES and cannot fail: all memory that they may need was made ready before.
 * Each entry point leaves everything true that space.h says, which check.c asserts in the tests.
 *
 * A reader without the lock (wm_space_peek) may follow pointers of another moment. He stays inside the pools
 * whatever he meets, and believes what he has found only if the sequence number was even and has not moved.
 */
#include "core/space.h"

#include <assert.h>

#include "core/bins.h"
#include "core/hints.h"
#include "core/pages.h"

void wm_space_init(struct wm_space *space, uint32_t *hints)
{
    space->hints = hints;
    space->hint_mask = WM_HINTS - 1;
    space->map = (struct wm_btree){.nodes = &space->nodes};
    space->runs = (struct wm_btree){.nodes = &space->nodes};
}

struct wm_extent wm_space_get(const struct wm_space *space, uint32_t index)
{
    return wm_extent_load(wm_pool_at(&space->extents, index));
}

void wm_space_set(struct wm_space *space, uint32_t index, const struct wm_extent *e)
{
    assert(space->sequence % 2 != 0);
    wm_extent_store(wm_pool_at(&space->extents, index), e);
}

static void fill_found(const struct wm_space *space, uint32_t index, struct wm_found *out)
{
    *out = (struct wm_found){index, wm_space_get(space, index)};
}

bool wm_space_at(const struct wm_space *space, uintptr_t addr, struct wm_found *out)
{
    uint32_t index;

    if (wm_hints_find(space, addr, &out->index, &out->extent))
        return true;
    if (!wm_btree_floor(&space->map, addr, &index))
        return false;
    fill_found(space, index, out);
    return addr < wm_extent_ground(&out->extent).end;
}

bool wm_space_from(const struct wm_space *space, uintptr_t addr, struct wm_found *out)
{
    struct wm_span span;

    if (!wm_btree_next(&space->map, addr, &span))
        return false;
    fill_found(space, span.value, out);
    return true;
}

bool wm_space_first_in(const struct wm_space *space, struct wm_range range, bool open, struct wm_found *out)
{
    bool found = wm_space_at(space, range.start, out) || wm_space_from(space, range.start, out);

    while (found && out->extent.start < range.end) {
        if (!open || out->extent.kind != WM_FREE || out->extent.ground != WM_GROUND_OPEN)
            return true;
        found = wm_space_from(space, wm_extent_ground(&out->extent).end, out);
    }
    return false;
}

bool wm_space_pick(const struct wm_space *space, enum wm_ground ground, size_t bytes, struct wm_found *out)
{
    uint32_t index = wm_bins_pick(space, ground, bytes);

    if (index != 0)
        fill_found(space, index, out);
    return index != 0;
}

/* Nodes that one entry may need: a tree of this height holds more than there are pages. */
enum { NODES_PER_ENTRY = 8 };

bool wm_space_ready(struct wm_space *space, uint32_t extents, uint32_t runs)
{
    extents += space->promises * WM_PROMISE_EXTENTS;
    runs += space->promises * WM_PROMISE_RUNS;
    if (space->extents.used > space->hint_mask)
        wm_hints_grow(space);
    return wm_pool_reserve(&space->extents, extents) &&
           wm_pool_reserve(&space->nodes, (extents + runs) * NODES_PER_ENTRY);
}

void wm_space_promise(struct wm_space *space)
{
    space->promises++;
}

void wm_space_redeem(struct wm_space *space)
{
    assert(space->promises > 0);
    space->promises--;
}

void wm_space_begin(struct wm_space *space)
{
    assert(space->sequence % 2 == 0);
    WM_STORE(space->sequence, space->sequence + 1);
}

void wm_space_end(struct wm_space *space)
{
    assert(space->sequence % 2 != 0);
    WM_STORE(space->sequence, space->sequence + 1);
}

uint32_t wm_space_add(struct wm_space *space, const struct wm_extent *e)
{
    uint32_t index = wm_pool_take(&space->extents);

    wm_space_set(space, index, e);
    wm_btree_put(&space->map, e->start, index);
    wm_hints_note(space, e->start, index);
    return index;
}

void wm_space_give(struct wm_space *space, uint32_t index)
{
    assert(space->sequence % 2 != 0);
    wm_hints_void(space, index);
    wm_pool_give(&space->extents, index);
}

static void remove_extent(struct wm_space *space, struct wm_found found)
{
    wm_btree_remove(&space->map, found.extent.start);
    wm_space_give(space, found.index);
}

void wm_space_untie(struct wm_space *space, struct wm_found found)
{
    if (found.extent.kind == WM_FREE)
        wm_bins_unlink(space, found);
    else
        wm_pages_clear(space, &found.extent);
}

void wm_space_forget(struct wm_space *space, struct wm_found found)
{
    wm_space_untie(space, found);
    remove_extent(space, found);
}

void wm_space_lift(struct wm_space *space, struct wm_found found)
{
    wm_space_forget(space, found);
    wm_space_add_free(space, wm_extent_rest(&found.extent), found.extent.ground);
}

void wm_space_drop(struct wm_space *space, struct wm_found found)
{
    if (found.extent.ground != WM_GROUND_OWN)
        wm_space_free(space, found, found.extent.ground);
    else
        wm_space_forget(space, found);
}

void wm_space_become(struct wm_space *space, struct wm_found found, struct wm_extent e)
{
    assert(e.start == found.extent.start && e.bytes == found.extent.bytes);
    assert(found.extent.kind != WM_FREE && e.kind != WM_FREE);
    e.ground = found.extent.ground;
    e.slack = found.extent.slack;
    wm_pages_clear(space, &found.extent);
    wm_space_set(space, found.index, &e);
}

void wm_space_become_placeholder(struct wm_space *space, struct wm_found found)
{
    struct wm_extent e = {.start = found.extent.start,
                          .bytes = found.extent.bytes,
                          .kind = WM_PLACEHOLDER,
                          .alloc_protect = WM_PLACEHOLDER_PROTECT};

    wm_space_become(space, found, e);
}

void wm_space_split(struct wm_space *space, struct wm_found found, uintptr_t addr)
{
    struct wm_extent first = found.extent, second = found.extent;

    first.bytes = addr - first.start;
    first.slack = 0;
    second.start = addr;
    second.bytes = wm_extent_range(&found.extent).end - addr;
    wm_pages_divide(space, &first, &second);
    wm_space_set(space, found.index, &first);
    wm_space_add(space, &second);
}

/*
 * What lies under two placeholders is the same, memory without access: so ground of two kinds serves both as
 * held ground if an arena holds a part of it already, and else as a mapping of its own. The slack is not under
 * the placeholder, and keeps its kind: where that differs it becomes free ground.
 */
void wm_space_join(struct wm_space *space, struct wm_found first, struct wm_found second)
{
    struct wm_extent e = first.extent, *behind = &second.extent;
    bool held = e.ground == WM_GROUND_HELD || behind->ground == WM_GROUND_HELD;

    assert(wm_extent_range(&e).end == behind->start && e.slack == 0);
    assert(((e.flags | behind->flags) & WM_EXTENT_MIXED) == 0);
    if (e.ground != behind->ground)
        e.ground = held ? WM_GROUND_HELD : WM_GROUND_OWN;
    e.bytes += behind->bytes;
    if (e.ground == behind->ground) {
        e.slack = behind->slack;
        remove_extent(space, second);
    } else {
        wm_space_lift(space, second);
    }
    wm_space_set(space, first.index, &e);
}

/* The run at addr, widened by the runs behind it that VirtualQuery cannot tell from it. */
static bool peek_run(const struct wm_space *space, uintptr_t addr, struct wm_peek *out)
{
    struct wm_span span;

    if ((out->extent.flags & WM_EXTENT_MIXED) == 0) {
        out->state = out->extent.state;
        out->run = wm_extent_range(&out->extent);
        out->same = out->run.end;
        return true;
    }
    if (!wm_btree_find(&space->runs, addr, &span))
        return false;
    out->state = (uint16_t)span.value;
    out->run = (struct wm_range){span.start, span.end};
    out->same = wm_range_cut(out->run, wm_extent_range(&out->extent)).end;
    while (out->run.end < wm_extent_range(&out->extent).end) {
        if (!wm_btree_find(&space->runs, out->run.end, &span) || span.end <= out->run.end)
            return false;
        if ((span.value ^ out->state) & WM_PAGE_VISIBLE)
            break;
        out->run.end = span.end;
    }
    out->run = wm_range_cut(out->run, wm_extent_range(&out->extent));
    return true;
}

/* Everything but the run. */
static void peek_extent(const struct wm_space *space, uintptr_t addr, struct wm_peek *out)
{
    uint32_t index;
    struct wm_span span;

    out->found = wm_hints_find(space, addr, &index, &out->extent);
    if (out->found)
        return;
    out->below = 0;
    out->above = UINTPTR_MAX;
    if (wm_btree_find(&space->map, addr, &span) && wm_pool_has(&space->extents, span.value)) {
        out->extent = wm_space_get(space, span.value);
        out->below = wm_extent_ground(&out->extent).end;
        out->found = addr < out->below;
        out->above = span.end;
        wm_hints_note(space, addr, span.value);
    } else if (wm_btree_next(&space->map, addr, &span)) {
        out->above = span.start;
    }
}

bool wm_space_peek(const struct wm_space *space, uintptr_t addr, struct wm_peek *out)
{
    uint32_t sequence = WM_LOAD(space->sequence);
    bool whole = true;

    if (sequence % 2 != 0)
        return false;
    peek_extent(space, addr, out);
    if (out->found && addr < wm_extent_range(&out->extent).end)
        whole = peek_run(space, addr, out);
    return whole && WM_LOAD(space->sequence) == sequence;
}
