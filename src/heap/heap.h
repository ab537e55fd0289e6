/*
 * heap.h: heaps of exact blocks on the process's malloc.
 *
 * malloc finds the memory; a heap knows which blocks there are, how long each is to the byte, and whose. A wrong pointer
 * is a status, never a crash. Blocks of different threads are entered in different tables, so that they seldom meet.
 *
 * The record of a heap is malloc's as well, and found from a list that begins in our data: leak checkers follow it. The
 * handle is the address of a reservation, as it is on Windows; the reservation's first words lead to the record.
 */
#ifndef WM_HEAP_HEAP_H
#define WM_HEAP_HEAP_H

#include <stdbool.h>
#include <stdlib.h>

#include "base/atomic.h"
#include "base/range.h"
#include "base/status.h"
#include "heap/block.h"
#include "heap/inside.h"
#include "heap/slots.h"
#include "kern/lock.h"

struct wm_code_heap;
struct wm_picture;

enum {
    WM_HEAP_SHARDS = 8,  /* tables that threads share out among themselves */
    WM_HEAP_STORED = 0,  /* and the one of them that the process's heap uses, by stores (store.h) */
    WM_HEAP_MOVABLE = 8, /* and that of movable memory (movable.h), of the process's heap only */
    WM_HEAP_TABLES
};

/* What heaps are created with. */
struct wm_heap_nature {
    bool free_for_all; /* HEAP_NO_SERIALIZE: its lock excludes nobody */
    bool raises;       /* HEAP_GENERATE_EXCEPTIONS */
    bool executable;
    size_t initial; /* only a wish */
    size_t maximum; /* 0: it grows */
};

struct wm_heap {
    struct wm_heap *next, *previous; /* in the order in which they were created */
    uintptr_t handle;
    size_t reserved, committed; /* bytes at the handle */
    struct wm_heap_nature nature;
    bool plain;                 /* neither a maximum nor executable: malloc alone decides */
    bool stored;                /* the process's: its slots come from stores */
    uint32_t compatibility;     /* as HeapSetInformation sets it */
    size_t used;                /* of the maximum */
    struct wm_lock lock;        /* HeapLock */
    uint32_t lock_depth;        /* times that its owner has come again */
    struct wm_code_heap *code;  /* where executable blocks lie; NULL: malloc has them */
    struct wm_picture *picture; /* of a walk; guarded by pictures in walk.c */
    struct wm_slots tables[WM_HEAP_TABLES];
};

/* A block that is there, as far as its slot tells; its header may have been overwritten. */
struct wm_seen_block {
    struct wm_pair header;
    uint64_t *slot;
    uint64_t word; /* that the slot said */
};

/* The same, and its header is sound. */
struct wm_found_block {
    struct wm_block block;
    uint64_t *slot;
    uint64_t word;
};

/* --- heaps (heaps.c) --- */

wm_status wm_heap_create(const struct wm_heap_nature *nature, struct wm_heap **out);

/* With all its blocks. Never the process's. */
wm_status wm_heap_destroy(struct wm_heap *heap);

extern struct wm_heap wm_process_heap;
wm_status wm_heap_be_born(void);

/* The process's heap, which there is from now on. */
static inline wm_status wm_heap_process(struct wm_heap **out)
{
    *out = &wm_process_heap;
    return __builtin_expect(WM_LOAD(wm_process_heap.handle) != 0, true) ? WM_OK : wm_heap_be_born();
}

/*
 * What lies at the handle of a heap that was created. The mark depends on the address, so that a copy elsewhere is no
 * heap.
 */
struct wm_heap_door {
    uint64_t mark;
    struct wm_heap *heap;
};

static inline uint64_t wm_heap_mark(uintptr_t handle)
{
    return handle ^ 0x9E3779B97F4A7C15;
}

/* NULL: no heap has this handle. */
struct wm_heap *wm_heap_of(uintptr_t handle);

/*
 * There is the process's heap, nobody needs to be asked before memory is tried, and nobody wants to know of each call. Then
 * questions can be answered by a few instructions without a call; what these do not find is looked for in the ordinary way.
 */
extern bool wm_heap_is_quick;
void wm_heap_slow_down(void); /* somebody wants to know */

/*
 * The handle of the process's heap, while that is quick and nobody has locked it; else what nobody has for a handle. So one
 * comparison says all that is asked of a heap before an ordinary change (atonce.h).
 */
extern uintptr_t wm_heap_gate;

/* Closed by who has locked the process's heap, opened by who is about to unlock it. */
void wm_heap_close_gate(void);
void wm_heap_open_gate(void);

static inline __attribute__((always_inline)) bool wm_heap_at_once(uintptr_t handle, struct wm_heap **out)
{
    struct wm_pair door;

    *out = &wm_process_heap;
    if (handle == wm_process_heap.handle)
        return true;
    if (handle % WM_GRANULE != 0)
        return false;
    door = wm_try_at_once(handle);
    *out = (struct wm_heap *)door.high;
    return door.low == wm_heap_mark(handle);
}

/* Handles in order, as many as fit, and how many there are. */
wm_status wm_heap_list(uintptr_t *handles, size_t room, size_t *all);

/* --- blocks (heap.c) --- */

wm_status wm_heap_alloc(struct wm_heap *heap, size_t bytes, bool zero, uintptr_t *out);
wm_status wm_heap_free(struct wm_heap *heap, uintptr_t at);

/* May a block move when its size changes? A malloc moves it when it shrinks, too, if it likes. */
enum wm_moves { WM_MAY_MOVE, WM_MOVES_TO_GROW, WM_STAYS };

/* Where it has moved, `at` changes. Its contents stay, up to the smaller size; zero is for what comes behind them. */
wm_status wm_heap_resize(struct wm_heap *heap, uintptr_t *at, size_t bytes, bool zero, enum wm_moves moves);

/*
 * Movable memory's blocks, too. False: no block of this heap begins there. What the header says is believed if the slot
 * that it names stands for the block. What cannot be read names no table: so an address has no bits that a slot's word does
 * not hold.
 */
static inline __attribute__((always_inline)) bool wm_heap_see_at_once(const struct wm_heap *heap,
                                                                      uintptr_t at, struct wm_seen_block *out)
{
    uint64_t table;

    if (at % WM_BLOCK_ALIGNMENT != 0)
        return false;
    out->header = wm_try_at_once(at - WM_BLOCK_HEADER);
    table = wm_header_table(out->header);
    if (table >= WM_HEAP_TABLES ||
        !wm_slots_find(&heap->tables[table], (uint32_t)out->header.high, &out->slot))
        return false;
    out->word = WM_LOAD(*out->slot);
    return wm_slot_names(out->word, at);
}

static inline bool wm_heap_see(const struct wm_heap *heap, uintptr_t at, struct wm_seen_block *out)
{
    return wm_try_may(at - WM_BLOCK_HEADER) && wm_heap_see_at_once(heap, at, out);
}

bool wm_heap_find(const struct wm_heap *heap, uintptr_t at, struct wm_found_block *out);

/* Of a block that is no more: its slot says spare. */
void wm_heap_give_slot(struct wm_heap *heap, unsigned table, uint64_t *slot, uint32_t index);

/* --- for whoever holds a slot (movable.c) --- */

/* The ordinary case: less than WM_BLOCK_LARGE of a plain heap. False: no memory. */
static inline bool wm_block_obtain_plainly(size_t bytes, bool zero, struct wm_block *out)
{
    void *start = wm_malloc(bytes + WM_BLOCK_HEADER, zero);

    out->at = (uintptr_t)start + WM_BLOCK_HEADER;
    out->bytes = bytes;
    out->lead = WM_BLOCK_HEADER;
    out->slack = 0;
    return __builtin_expect(start != NULL, true);
}

/* Memory for a block, without a header. */
wm_status wm_block_obtain(struct wm_heap *heap, size_t bytes, bool zero, struct wm_block *out);
void wm_block_return(struct wm_heap *heap, const struct wm_block *block);

/* The header is written anew. The block's slot is WM_SLOT_BUSY meanwhile, and the caller's to store. */
wm_status wm_block_resize(struct wm_heap *heap, struct wm_block *block, size_t bytes, bool zero,
                          enum wm_moves moves);

/* --- locking (heaplock.c) --- */

void wm_heap_lock(struct wm_heap *heap);
wm_status wm_heap_unlock(struct wm_heap *heap);

/* Returns when no other thread has locked it. */
void wm_heap_await(struct wm_heap *heap) __attribute__((noinline, cold));

/* Before each change that is not free for all. Costs a look unless somebody has locked the heap. */
static inline void wm_heap_pass(struct wm_heap *heap)
{
    if (__builtin_expect(WM_LOAD(heap->lock.word) != 0, false))
        wm_heap_await(heap);
}

#endif
