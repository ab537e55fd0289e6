/*
 * slots.h: a table of slots, each of which stands for one block or is spare.
 *
 * A block's header tells its slot, and the slot its block: only if both agree is a pointer a block. So a freed, foreign
 * or invented pointer is known for what it is, however its bytes look.
 *
 * Nothing here waits. Spare slots form a list whose head changes by compare and exchange, slots never move, and a
 * thread that goes away in the middle of a change (a fork leaves all others behind) costs one slot and holds up nobody.
 */
#ifndef WM_HEAP_SLOTS_H
#define WM_HEAP_SLOTS_H

#include <stddef.h>

#include "base/atomic.h"
#include "heap/swap.h"

/*
 * A slot's word. In use: the block's address, which is a multiple of 16, shifted, and what is known of it in the low
 * bits; movable memory without contents has no address. Spare: the next spare one, WM_SLOT_SPARE and the generation.
 * Shifted, an address does not look like one: a leak checker finds the blocks that the program has lost, and not our
 * table.
 */
enum {
    WM_SLOT_LOCK = 1, /* one lock of movable memory; there is room for 255 */
    WM_SLOT_LOCKS = 0xFF,
    WM_SLOT_GENERATION = 0x100, /* counts the uses of a slot for movable memory */
    WM_SLOT_GENERATIONS = 0xFF00,
    WM_SLOT_SPARE = 0x10000,
    WM_SLOT_BUSY = 0x20000,        /* one thread is changing the block */
    WM_SLOT_SHARED = 0x40000,      /* movable memory that was allocated with GMEM_DDESHARE */
    WM_SLOT_DISCARDABLE = 0x80000, /* with GMEM_DISCARDABLE; both are only told */
    WM_SLOT_META = 0xFFFFF
};

/*
 * A slot's index is the number of its chunk << 29 | its number in the chunk. Chunks have 64 slots, 512, 4,096 and so on:
 * 153 million in all.
 */
enum {
    WM_SLOT_SHIFT = 16,
    WM_SLOT_NEXT_SHIFT = 20,
    WM_SLOT_CHUNK_SHIFT = 29,
    WM_SLOT_CHUNKS = 8 /* as many as an index can name */
};

struct wm_slot_chunk {
    uint64_t *slots;
    uint64_t length; /* 0: not yet */
};

/* One that is spare and in nobody's list. */
struct wm_spare_slot {
    uint64_t *slot;
    uint32_t index;
};

struct wm_slots {
    uint64_t spare; /* how often it has changed << 32 | 1 + the first spare slot, or 0 */
    uint32_t made;  /* slots there are, counted from the front */
    struct wm_slot_chunk chunks[WM_SLOT_CHUNKS];
    uint64_t unused[14]; /* 256 bytes in all, so that a table is found by a shift */
};

static inline uint64_t wm_slot_word(uintptr_t block, uint64_t meta)
{
    return (uint64_t)block << WM_SLOT_SHIFT | meta;
}

/* Of a slot that stands for a block. */
static inline uintptr_t wm_slot_address(uint64_t word)
{
    return word >> WM_SLOT_NEXT_SHIFT << (WM_SLOT_NEXT_SHIFT - WM_SLOT_SHIFT);
}

/* 0: the slot stands for no block. */
static inline uintptr_t wm_slot_block(uint64_t word)
{
    return word & WM_SLOT_SPARE ? 0 : wm_slot_address(word);
}

/* Does the slot stand for the block? */
static inline bool wm_slot_names(uint64_t word, uintptr_t block)
{
    const uint64_t telling = ~(uint64_t)WM_SLOT_META | WM_SLOT_SPARE;

    return ((word ^ wm_slot_word(block, 0)) & telling) == 0;
}

/* The n-th slot of all, from 0: the first of chunk c is the 64 * (8^c - 1) / 7th. */
uint32_t wm_slot_index(uint32_t n);

static inline uint64_t wm_slot_place(uint32_t index)
{
    return index & (((uint32_t)1 << WM_SLOT_CHUNK_SHIFT) - 1);
}

/* Of an index that wm_slots_take or wm_slot_index gave. */
static inline uint64_t *wm_slots_at(const struct wm_slots *slots, uint32_t index)
{
    return WM_LOAD(slots->chunks[index >> WM_SLOT_CHUNK_SHIFT].slots) + wm_slot_place(index);
}

/* The chunk's place in the array is counted in bytes at once. */
static inline const struct wm_slot_chunk *wm_slot_chunk(const struct wm_slots *slots, uint32_t index)
{
    enum { ORDER = 4, MASK = (WM_SLOT_CHUNKS - 1) << ORDER };

    _Static_assert(sizeof(struct wm_slot_chunk) == 1 << ORDER, "as it is counted");
    return (const void *)((const char *)slots->chunks + (index >> (WM_SLOT_CHUNK_SHIFT - ORDER) & MASK));
}

/* Of any number. False: there has never been such a slot; one of those that come next says 0. */
static inline __attribute__((always_inline)) bool wm_slots_find(const struct wm_slots *slots, uint32_t index,
                                                                uint64_t **out)
{
    const struct wm_slot_chunk *chunk = wm_slot_chunk(slots, index);

    if (wm_slot_place(index) >= WM_LOAD(chunk->length))
        return false;
    *out = WM_LOAD(chunk->slots) + wm_slot_place(index);
    return true;
}

/* As wm_slots_take, when no slot is spare. */
uint64_t *wm_slots_make(struct wm_slots *slots, uint32_t *index);

static inline bool wm_slots_swap_spare(struct wm_slots *slots, uint64_t *head, uint32_t first)
{
    const uint64_t change = (uint64_t)1 << 32;

    return wm_swap(&slots->spare, head, ((*head + change) & ~(change - 1)) | first);
}

/*
 * Takes a spare slot, which says spare until something is stored in it. NULL: no memory. A slot that another thread takes
 * first may say anything by now; then the head has changed, and is not swapped.
 */
static inline __attribute__((always_inline)) uint64_t *wm_slots_take(struct wm_slots *slots, uint32_t *index)
{
    uint64_t head = WM_LOAD(slots->spare), *slot;

    do {
        if (__builtin_expect((uint32_t)head == 0, false))
            return wm_slots_make(slots, index);
        *index = (uint32_t)head - 1;
        slot = wm_slots_at(slots, *index);
    } while (!wm_slots_swap_spare(slots, &head, (uint32_t)(WM_LOAD(*slot) >> WM_SLOT_NEXT_SHIFT)));
    return slot;
}

/* From this slot on to the last, which follow each other; of the last one's meta this is kept. */
static inline __attribute__((always_inline)) void wm_slots_give_list(struct wm_slots *slots, uint32_t first,
                                                                     uint64_t *last, uint64_t kept)
{
    uint64_t head = WM_LOAD(slots->spare);

    do
        WM_STORE(*last, (uint64_t)(uint32_t)head << WM_SLOT_NEXT_SHIFT | kept | WM_SLOT_SPARE);
    while (!wm_slots_swap_spare(slots, &head, first + 1));
}

/* The slot is the caller's, and says spare already or stands for what is no more. It keeps this of its meta. */
static inline __attribute__((always_inline)) void wm_slots_give(struct wm_slots *slots, uint64_t *slot,
                                                                uint32_t index, uint64_t kept)
{
    wm_slots_give_list(slots, index, slot, kept);
}

/* Takes several, in one change of the head: as many as follow each other, `most` at most. 0: no memory. */
uint32_t wm_slots_take_some(struct wm_slots *slots, struct wm_spare_slot *out, uint32_t most);

/* Gives several back, at least one, each of which says spare and keeps its generation. */
void wm_slots_give_some(struct wm_slots *slots, const struct wm_spare_slot *some, uint32_t count);

/* Nobody uses the table any more. */
void wm_slots_end(struct wm_slots *slots);

#endif
