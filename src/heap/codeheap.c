/*
 * codeheap.c: memory for heaps that were created with HEAP_CREATE_ENABLE_EXECUTE (codeheap.h).
 *
 *   a piece is in use, or in the list of spare pieces of its class, or not yet cut from a region
 *   pieces of a class have one size; a piece of more than 64 KiB has a region of its own
 *   regions are in one list, and go with the heap if not before
 *
 * Regions are ordinary allocations of this library, readable, writable and executable. A common one stays as
 * long as the heap, whatever is freed in it.
 *
 * One lock guards a heap's lists, unlike the tables of its blocks. A signal handler that interrupts its own
 * thread in here gets no memory, and what it frees stays until the heap goes. A fork holds the lock, so the
 * child's lists are whole.
 */
#include "heap/codeheap.h"

#include <string.h>

#include "heap/inside.h"
#include "kern/lock.h"
#include "vm/access.h"
#include "vm/ops.h"

enum {
    STEP = 16,
    SMALL_CLASSES = 64, /* multiples of 16 up to 1 KiB; then four sizes to each power of two */
    SMALL_MOST = SMALL_CLASSES * STEP,
    CLASSES = SMALL_CLASSES + 6 * 4,
    PIECE_MOST = 64 * 1024,
    REGION_BYTES = 256 * 1024
};

/* In front of each piece; what follows it is the caller's, or the list of spare pieces while there is none. */
struct piece {
    struct region *own; /* the region that is this piece alone; NULL: one of many */
    uint64_t class;
};

struct region {
    struct region *next, *previous;
    size_t bytes, taken; /* from the front */
};

struct wm_code_heap {
    struct wm_lock lock;
    bool held; /* for a fork */
    struct region *regions;
    struct region *open; /* the one that pieces are cut from; NULL: none yet */
    struct piece *spare[CLASSES];
};

_Static_assert(sizeof(struct piece) == STEP && sizeof(struct region) % STEP == 0, "pieces stay aligned");

static struct piece **next_of(struct piece *piece)
{
    return (struct piece **)(piece + 1);
}

/* --- sizes --- */

/* bytes > SMALL_MOST: 1280, 1536, 1792, 2048, 2560, ... */
static unsigned class_above(size_t bytes)
{
    unsigned order = 63 - (unsigned)__builtin_clzll(bytes - 1);

    return SMALL_CLASSES + (order - 10) * 4 + (unsigned)((bytes - 1) >> (order - 2) & 3);
}

static unsigned class_of(size_t bytes)
{
    return bytes <= SMALL_MOST ? (unsigned)((bytes - 1) / STEP) : class_above(bytes);
}

static size_t bytes_of(unsigned class)
{
    unsigned above = class - SMALL_CLASSES;

    return class < SMALL_CLASSES ? ((size_t) class + 1) * STEP : (size_t)(5 + above % 4) << (8 + above / 4);
}

/* --- regions --- */

static struct region *make_region(struct wm_code_heap *heap, size_t bytes)
{
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .commit = true,
                               .at = {0, wm_up(bytes, WM_PAGE)},
                               .protect = WM_EXECUTE_READWRITE};
    struct region *region;

    if (!wm_ok(wm_op_alloc(&req)))
        return NULL;
    region = (struct region *)req.result;
    *region = (struct region){.next = heap->regions, .bytes = req.at.end, .taken = sizeof *region};
    if (heap->regions != NULL)
        heap->regions->previous = region;
    heap->regions = region;
    return region;
}

static bool give_region_back(struct region *region)
{
    struct wm_free_req req = {.kind = WM_FREE_RELEASE, .base = (uintptr_t)region};

    return wm_ok(wm_op_free(&req));
}

/* One that the kernel does not take now, because it has too many mappings, goes with the heap. */
static void drop_region(struct wm_code_heap *heap, struct region *region)
{
    const struct region was = *region;

    if (!give_region_back(region))
        return;
    if (was.previous != NULL)
        was.previous->next = was.next;
    else
        heap->regions = was.next;
    if (was.next != NULL)
        was.next->previous = was.previous;
}

/* NULL: there is no region, or too little left of it. */
static struct piece *cut(struct region *region, size_t bytes)
{
    if (region == NULL || region->bytes - region->taken < bytes)
        return NULL;
    region->taken += bytes;
    return (struct piece *)((uintptr_t)region + region->taken - bytes);
}

/* --- pieces; under the lock --- */

static struct piece *take_region(struct wm_code_heap *heap, size_t bytes)
{
    struct region *region = make_region(heap, sizeof *region + bytes);
    struct piece *piece = cut(region, bytes);

    if (piece != NULL)
        *piece = (struct piece){.own = region};
    return piece;
}

static struct piece *take_piece(struct wm_code_heap *heap, unsigned class)
{
    struct piece *piece = heap->spare[class];

    if (piece != NULL) {
        heap->spare[class] = *next_of(piece);
        return piece;
    }
    piece = cut(heap->open, bytes_of(class));
    if (piece == NULL) {
        heap->open = make_region(heap, REGION_BYTES);
        piece = cut(heap->open, bytes_of(class));
    }
    if (piece != NULL)
        *piece = (struct piece){.class = class};
    return piece;
}

static struct piece *take(struct wm_code_heap *heap, size_t bytes)
{
    return bytes > PIECE_MOST ? take_region(heap, bytes) : take_piece(heap, class_of(bytes));
}

static void give(struct wm_code_heap *heap, struct piece *piece)
{
    if (piece->own != NULL) {
        drop_region(heap, piece->own);
        return;
    }
    *next_of(piece) = heap->spare[piece->class];
    heap->spare[piece->class] = piece;
}

/* --- for heaps --- */

struct wm_code_heap *wm_code_create(void)
{
    return wm_malloc(sizeof(struct wm_code_heap), true);
}

void wm_code_destroy(struct wm_code_heap *heap)
{
    for (struct region *region = heap->regions, *next; region != NULL; region = next) {
        next = region->next;
        give_region_back(region);
    }
    wm_mfree(heap);
}

/* A signal handler that interrupted its own thread here gets nothing. */
void *wm_code_alloc(struct wm_code_heap *heap, size_t bytes, bool zero)
{
    bool locked = wm_lock_take(&heap->lock);
    struct piece *piece = locked ? take(heap, bytes + sizeof *piece) : NULL;

    if (locked)
        wm_lock_drop(&heap->lock);
    return piece == NULL ? NULL : zero ? memset(piece + 1, 0, bytes) : piece + 1;
}

/* What such a signal handler gives back stays until the heap goes. */
void wm_code_free(struct wm_code_heap *heap, void *start)
{
    if (!wm_lock_take(&heap->lock))
        return;
    give(heap, (struct piece *)start - 1);
    wm_lock_drop(&heap->lock);
}

/* --- forks --- */

void wm_code_hold(struct wm_code_heap *heap)
{
    heap->held = wm_lock_take(&heap->lock);
}

void wm_code_release(struct wm_code_heap *heap)
{
    if (heap->held)
        wm_lock_drop(&heap->lock);
}

void wm_code_renew(struct wm_code_heap *heap)
{
    wm_lock_renew(&heap->lock);
}
