#include "heap/walk.h"

#include <stdlib.h>

#include "kern/patience.h"

/* Addresses of blocks in ascending order, as they were when somebody began to walk. */
struct wm_picture {
    size_t count;
    uintptr_t at[];
};

static struct wm_lock pictures; /* guards the pictures of all heaps */

/* --- one block --- */

enum { BUSY_FOR = 100000000 /* nanoseconds */, ENOUGH_LOOKS = 8 };

enum look { NO_BLOCK, SOUND, BROKEN };

/* False: the slot has changed meanwhile, or somebody is changing the block. */
static bool look_once(const uint64_t *slot, uint32_t index, struct wm_walked *out, enum look *result)
{
    uintptr_t at;
    bool read;

    out->word = WM_LOAD(*slot);
    at = wm_slot_block(out->word);
    *result = NO_BLOCK;
    if (at == 0)
        return true;
    read = (out->word & WM_SLOT_BUSY) == 0 && wm_block_read(at, &out->block);
    *result = read && out->block.slot == index ? SOUND : BROKEN;
    return WM_LOAD(*slot) == out->word && (out->word & WM_SLOT_BUSY) == 0;
}

/*
 * Blocks that stay busy for long are left out: in a forked child nobody is at work on them. left is for all blocks of a
 * visit. One that seems to be broken is looked at again, because between two looks at the slot the same memory may have
 * become a new block in the same slot.
 */
static enum look look(const struct wm_slots *slots, uint32_t index, uint64_t *left, struct wm_walked *out)
{
    struct wm_patience patience = wm_patience_for(*left);
    enum look result = NO_BLOCK;

    for (unsigned looks = 0; looks < ENOUGH_LOOKS;)
        if (look_once(wm_slots_at(slots, index), index, out, &result))
            looks += result == BROKEN ? 1 : ENOUGH_LOOKS;
        else if (!wm_patience_nap(&patience)) {
            result = NO_BLOCK;
            break;
        }
    *left = patience.left;
    return result;
}

/* Blocks and broken ones go to visit, which may say that it is enough. */
typedef bool visit_fn(enum look what, const struct wm_walked *block, void *arg);

static bool visit_all(const struct wm_heap *heap, visit_fn *visit, void *arg)
{
    uint64_t left = BUSY_FOR;
    struct wm_walked block;
    enum look what;

    for (unsigned t = 0; t < WM_HEAP_TABLES; t++)
        for (uint32_t i = 0; i < WM_LOAD(heap->tables[t].made); i++) {
            what = look(&heap->tables[t], wm_slot_index(i), &left, &block);
            if (what != NO_BLOCK && !visit(what, &block, arg))
                return false;
        }
    return true;
}

/* --- sums --- */

static bool add_up(enum look what, const struct wm_walked *walked, void *arg)
{
    struct wm_heap_sum *sum = arg;

    if (what != SOUND)
        return true;
    sum->blocks++;
    sum->bytes += walked->block.bytes;
    sum->overhead += walked->block.lead + walked->block.slack + sizeof(uint64_t);
    return true;
}

void wm_heap_sum(const struct wm_heap *heap, struct wm_heap_sum *out)
{
    *out = (struct wm_heap_sum){0};
    visit_all(heap, add_up, out);
}

static bool is_sound(enum look what, const struct wm_walked *walked, void *arg)
{
    (void)walked, (void)arg;
    return what == SOUND;
}

bool wm_heap_is_sound(const struct wm_heap *heap)
{
    return visit_all(heap, is_sound, NULL);
}

/* --- pictures --- */

struct painting {
    struct wm_picture *picture;
    size_t room;
};

static bool paint(enum look what, const struct wm_walked *walked, void *arg)
{
    struct painting *painting = arg;

    if (painting->picture->count == painting->room)
        return false; /* more than there were a moment ago: they are new */
    if (what == SOUND)
        painting->picture->at[painting->picture->count++] = walked->block.at;
    return true;
}

static int compare(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

    return (x > y) - (x < y);
}

static struct wm_picture *make_picture(const struct wm_heap *heap)
{
    struct painting painting;
    struct wm_heap_sum sum;

    wm_heap_sum(heap, &sum);
    painting.room = sum.blocks;
    painting.picture = malloc(sizeof *painting.picture + sum.blocks * sizeof(uintptr_t));
    if (painting.picture == NULL)
        return NULL;
    painting.picture->count = 0;
    visit_all(heap, paint, &painting);
    qsort(painting.picture->at, painting.picture->count, sizeof(uintptr_t), compare);
    return painting.picture;
}

static void hang(struct wm_heap *heap, struct wm_picture *picture)
{
    struct wm_picture *old;

    wm_lock_take(&pictures);
    old = heap->picture;
    heap->picture = picture;
    wm_lock_drop(&pictures);
    free(old);
}

void wm_picture_drop(struct wm_heap *heap)
{
    hang(heap, NULL);
}

void wm_pictures_renew(void)
{
    wm_lock_reset(&pictures);
}

/* --- the walk --- */

/* The first address in the picture behind `after`, or 0. False: there is no picture. */
static bool seek(struct wm_heap *heap, uintptr_t after, uintptr_t *next)
{
    const struct wm_picture *picture;
    size_t low = 0, high;

    wm_lock_take(&pictures);
    picture = heap->picture;
    high = picture == NULL ? 0 : picture->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (picture->at[middle] <= after)
            low = middle + 1;
        else
            high = middle;
    }
    *next = picture != NULL && low < picture->count ? picture->at[low] : 0;
    wm_lock_drop(&pictures);
    return picture != NULL;
}

/* A walk goes on with the picture that it began with, unless another one has taken that down. */
static wm_status renew_picture(struct wm_heap *heap)
{
    struct wm_picture *picture = make_picture(heap);

    if (picture == NULL)
        return WM_HEAP_MEMORY;
    hang(heap, picture);
    return WM_OK;
}

wm_status wm_walk_next(struct wm_heap *heap, uintptr_t after, struct wm_walked *out)
{
    struct wm_found_block found;
    uintptr_t next = after;
    wm_status st = after == 0 ? renew_picture(heap) : WM_OK;

    do {
        while (wm_ok(st) && !seek(heap, after, &next))
            st = renew_picture(heap);
        if (!wm_ok(st))
            return st;
        if (next == 0)
            return WM_HEAP_WALKED;
        after = next;
    } while (!wm_heap_find(heap, next, &found));
    *out = (struct wm_walked){found.block, found.word};
    return WM_OK;
}
