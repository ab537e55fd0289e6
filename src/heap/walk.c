/*
 * walk.c: the blocks of a heap one by one, by address (walk.h).
 *
 * HeapWalk knows nothing but the entry before, and wants the next address. To look through all slots each
 * time would make a walk of a heap quadratic. So the first step makes a picture, a sorted list of where
 * blocks were, and hangs it on the heap; each step finds its place in it by halving, and asks the slot
 * whether that block is still there.
 *
 *   the picture may be old; that is why no answer comes from it alone
 *
 * Two walks of one heap share a picture, and one may take down the other's: then it is made anew, and the
 * walk goes on behind the address where it was. The lock is held for a look at the picture and never while
 * memory is allocated.
 */
#include "heap/walk.h"

#include <stdlib.h>

#include "kern/renew.h"

/* Where a block was, and its slot, which knows whether it still is. */
struct sight {
    uintptr_t at;
    uint32_t slot;
    uint32_t table;
};

/* The blocks in ascending order, as they were when somebody began to walk. */
struct wm_picture {
    size_t count;
    struct sight sights[];
};

static struct wm_lock pictures; /* guards the pictures of all heaps */

const struct wm_renewal wm_renewed_heap_pictures = {.lock = &pictures};

/* --- pictures --- */

struct painting {
    struct wm_picture *picture;
    size_t room;
};

static bool paint(enum wm_look what, const struct wm_visited *visited, void *arg)
{
    const struct wm_block *block = &visited->block;
    struct painting *painting = arg;
    struct wm_picture *picture = painting->picture;

    if (picture->count == painting->room)
        return false; /* more than there were a moment ago: they are new */
    if (what == WM_SOUND_BLOCK)
        picture->sights[picture->count++] = (struct sight){block->at, block->slot, block->table};
    return true;
}

static int compare(const void *a, const void *b)
{
    uintptr_t x = ((const struct sight *)a)->at, y = ((const struct sight *)b)->at;

    return (x > y) - (x < y);
}

static struct wm_picture *make_picture(const struct wm_heap *heap)
{
    struct painting painting;
    struct wm_heap_sum sum;

    wm_heap_sum(heap, &sum);
    painting.room = sum.blocks;
    painting.picture = wm_malloc(sizeof *painting.picture + sum.blocks * sizeof(struct sight), false);
    if (painting.picture == NULL)
        return NULL;
    painting.picture->count = 0;
    wm_heap_visit(heap, paint, &painting);
    wm_busy_inside_begin(); /* it allocates, too */
    qsort(painting.picture->sights, painting.picture->count, sizeof(struct sight), compare);
    wm_busy_inside_end();
    return painting.picture;
}

static wm_status hang(struct wm_heap *heap, struct wm_picture *picture)
{
    struct wm_picture *old;

    if (wm_busy_is_inside() || !wm_lock_take(&pictures))
        return WM_REENTERED;
    old = heap->picture;
    heap->picture = picture;
    wm_lock_drop(&pictures);
    wm_mfree(old);
    return WM_OK;
}

/* A walk goes on with the picture that it began with, unless another one has taken that down. */
static wm_status renew(struct wm_heap *heap)
{
    struct wm_picture *picture = wm_busy_is_inside() ? NULL : make_picture(heap);
    wm_status st;

    if (picture == NULL)
        return wm_busy_is_inside() ? WM_REENTERED : WM_HEAP_MEMORY;
    st = hang(heap, picture);
    if (!wm_ok(st))
        wm_mfree(picture);
    return st;
}

wm_status wm_picture_drop(struct wm_heap *heap)
{
    return hang(heap, NULL);
}

/* --- the walk --- */

/* The number of the first sight behind `after`. */
static size_t first_behind(const struct wm_picture *picture, uintptr_t after)
{
    size_t low = 0, high = picture->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (picture->sights[middle].at <= after)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum find { NO_PICTURE, FOUND, END, REENTERED };

static enum find find_behind(struct wm_heap *heap, uintptr_t after, struct sight *out)
{
    enum find result = NO_PICTURE;
    size_t number;

    if (!wm_lock_take(&pictures))
        return REENTERED;
    if (heap->picture != NULL) {
        number = first_behind(heap->picture, after);
        result = number < heap->picture->count ? FOUND : END;
        if (result == FOUND)
            *out = heap->picture->sights[number];
    }
    wm_lock_drop(&pictures);
    return result;
}

static wm_status find_sight(struct wm_heap *heap, uintptr_t after, struct sight *out)
{
    enum find result = after == 0 ? NO_PICTURE : find_behind(heap, after, out);
    wm_status st = WM_OK;

    while (result == NO_PICTURE && wm_ok(st)) {
        st = renew(heap);
        result = find_behind(heap, after, out);
    }
    if (wm_ok(st) && result != FOUND)
        st = result == END ? WM_HEAP_WALKED : WM_REENTERED;
    return st;
}

/* The slot is asked first: what lies where a block was may not be there any more. */
wm_status wm_walk_next(struct wm_heap *heap, uintptr_t after, struct wm_visited *out)
{
    struct sight sight;
    wm_status st;

    do {
        st = find_sight(heap, after, &sight);
        if (!wm_ok(st))
            return st;
        after = sight.at;
    } while (wm_heap_look(heap, sight.table, sight.slot, out) != WM_SOUND_BLOCK || out->block.at != sight.at);
    return WM_OK;
}
