/*
 * visit.c: looking at all blocks of a heap while others go on using it (visit.h).
 *
 * Nobody is stopped and nothing is locked. A block may be freed and its memory unmapped while its header is
 * read: so the header is tried, and the slot is asked again afterwards. If that has not changed, the header
 * was the block's. What seems broken is looked at several times before it is called so, because a new block
 * may have come to the same slot in between.
 *
 * A block that stays busy is waited for, but for all of a visit together not longer than a tenth of a second.
 */
#include "heap/visit.h"

#include "kern/patience.h"
#include "kern/signals/signals.h"

enum { BUSY_FOR = 100000000 /* nanoseconds */, ENOUGH_LOOKS = 8 };

/* --- one block --- */

/* False: the slot has changed meanwhile, or somebody is changing the block. */
static bool look_once(const uint64_t *slot, uint32_t index, struct wm_visited *out, enum wm_look *result)
{
    uintptr_t at;

    out->word = WM_LOAD(*slot);
    at = wm_slot_block(out->word);
    *result = WM_NO_BLOCK;
    if (at == 0)
        return true;
    if (out->word & WM_SLOT_BUSY)
        return false;
    *result = wm_block_read(at, &out->block) && out->block.slot == index ? WM_SOUND_BLOCK : WM_BROKEN_BLOCK;
    return WM_LOAD(*slot) == out->word;
}

/* False: the block stays busy. In a forked child nobody is at work on it. */
static bool look_when_idle(const uint64_t *slot, uint32_t index, uint64_t *left, struct wm_visited *out,
                           enum wm_look *result)
{
    struct wm_patience patience = wm_patience_for(*left);
    bool idle = true;

    while (idle && !look_once(slot, index, out, result))
        idle = wm_patience_nap(&patience);
    *left = patience.left;
    return idle;
}

/*
 * One that seems to be broken is looked at again, because between two looks at the slot the same memory may have become a
 * new block in the same slot.
 */
static enum wm_look look(const struct wm_slots *slots, uint32_t index, uint64_t *left, struct wm_visited *out)
{
    enum wm_look result = WM_BROKEN_BLOCK;

    for (unsigned looks = 0; looks < ENOUGH_LOOKS && result == WM_BROKEN_BLOCK; looks++)
        if (!look_when_idle(wm_slots_at(slots, index), index, left, out, &result))
            return WM_NO_BLOCK;
    return result;
}

enum wm_look wm_heap_look(const struct wm_heap *heap, unsigned table, uint32_t index, struct wm_visited *out)
{
    uint64_t left = BUSY_FOR;

    return look(&heap->tables[table], index, &left, out);
}

/* --- all of them --- */

static bool visit_table(const struct wm_slots *slots, wm_visit_fn *visit, void *arg, uint64_t *left)
{
    struct wm_visited block;
    enum wm_look what;

    for (uint32_t i = 0; i < WM_LOAD(slots->made); i++) {
        what = look(slots, wm_slot_index(i), left, &block);
        if (what != WM_NO_BLOCK && !visit(what, &block, arg))
            return false;
    }
    return true;
}

/* A block may be unmapped while its header is read: that fault must reach us, whatever the thread blocks. */
bool wm_heap_visit(const struct wm_heap *heap, wm_visit_fn *visit, void *arg)
{
    uint64_t left = BUSY_FOR, blocked = wm_kern_unblock_faults();
    bool all = true;

    for (unsigned t = 0; t < WM_HEAP_TABLES && all; t++)
        all = visit_table(&heap->tables[t], visit, arg, &left);
    wm_kern_block_faults(blocked);
    return all;
}

/* --- sums --- */

static bool add_up(enum wm_look what, const struct wm_visited *visited, void *arg)
{
    struct wm_heap_sum *sum = arg;

    if (what != WM_SOUND_BLOCK)
        return true;
    sum->blocks++;
    sum->bytes += visited->block.bytes;
    sum->overhead += visited->block.lead + visited->block.slack + sizeof(uint64_t);
    return true;
}

void wm_heap_sum(const struct wm_heap *heap, struct wm_heap_sum *out)
{
    *out = (struct wm_heap_sum){0};
    wm_heap_visit(heap, add_up, out);
}

static bool is_sound(enum wm_look what, const struct wm_visited *visited, void *arg)
{
    (void)visited, (void)arg;
    return what == WM_SOUND_BLOCK;
}

bool wm_heap_is_sound(const struct wm_heap *heap)
{
    return wm_heap_visit(heap, is_sound, NULL);
}
