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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A slot's word. In use: the block's address, which is a multiple of 16, shifted, and what is known of it in the low
 * bits. Spare: the next spare one, WM_SLOT_SPARE and the generation. Shifted, an address does not look like one: a leak
 * checker finds the blocks that the program has lost, and not our table.
 */
enum {
    WM_SLOT_SPARE = 1,
    WM_SLOT_BUSY = 2, /* one thread is changing the block */
    /* of movable memory: */
    WM_SLOT_DISCARDED = 4,
    WM_SLOT_DISCARDABLE = 8,
    WM_SLOT_LOCK = 0x10, /* one lock; there is room for 255 */
    WM_SLOT_LOCKS = 0xFF0,
    WM_SLOT_GENERATION = 0x1000, /* counts the uses of a slot */
    WM_SLOT_GENERATIONS = 0xFF000,
    WM_SLOT_META = 0xFFFFF
};

enum { WM_SLOT_SHIFT = 16, WM_SLOT_CHUNKS = 26, WM_SLOT_FIRST = 64 };

struct wm_slots {
    uint64_t spare;                   /* how often it has changed << 32 | 1 + the first spare slot, or 0 */
    uint32_t made;                    /* slots there are, from the front */
    uint64_t *chunks[WM_SLOT_CHUNKS]; /* each twice as long as the one before; NULL: not yet */
};

static inline uint64_t wm_slot_word(uintptr_t block, uint64_t meta)
{
    return (uint64_t)block << WM_SLOT_SHIFT | meta;
}

/* 0: the slot stands for no block. */
static inline uintptr_t wm_slot_block(uint64_t word)
{
    return word & (WM_SLOT_SPARE | WM_SLOT_DISCARDED) ? 0 : (word & ~(uint64_t)WM_SLOT_META) >> WM_SLOT_SHIFT;
}

/* index < made. */
static inline uint64_t *wm_slots_at(const struct wm_slots *slots, uint32_t index)
{
    uint64_t n = (uint64_t)index + WM_SLOT_FIRST;
    unsigned order = 63 - (unsigned)__builtin_clzll(n);
    uint64_t *chunk = __atomic_load_n(&slots->chunks[order - 6], __ATOMIC_ACQUIRE);

    return chunk + (n - ((uint64_t)1 << order));
}

/* NULL: there has never been such a slot. */
static inline uint64_t *wm_slots_find(const struct wm_slots *slots, uint32_t index)
{
    return index < __atomic_load_n(&slots->made, __ATOMIC_ACQUIRE) ? wm_slots_at(slots, index) : NULL;
}

/* Takes a spare slot, which says spare until something is stored in it. NULL: no memory. */
uint64_t *wm_slots_take(struct wm_slots *slots, uint32_t *index);

/* The slot is the caller's, and says spare already or stands for what is no more. It keeps this of its meta. */
void wm_slots_give(struct wm_slots *slots, uint32_t index, uint64_t kept);

/* Nobody uses the table any more. */
void wm_slots_end(struct wm_slots *slots);

#endif
