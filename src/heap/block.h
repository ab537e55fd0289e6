/*
 * block.h: the header of a block, in the 16 bytes before it.
 *
 *   malloc's ... | lead ... header | block: exactly the bytes that were asked for
 *
 * It is never believed alone: it names a slot that has to name the block (slots.h), and carries a check.
 */
#ifndef WM_HEAP_BLOCK_H
#define WM_HEAP_BLOCK_H

#include <stddef.h>

#include "kern/signals/tryread.h"

enum {
    WM_BLOCK_HEADER = 16,
    WM_BLOCK_ALIGNMENT = 16,
    WM_BLOCK_LARGE = 1 << 20,      /* from here on blocks are aligned to */
    WM_BLOCK_LARGE_ALIGNMENT = 64, /* and do not grow where they are */
};

#define WM_BLOCK_MOST ((size_t)1 << 46)

struct wm_block {
    uintptr_t at;
    size_t bytes; /* as asked for */
    size_t slack; /* more that it could have without moving, in steps of 16 */
    size_t lead;  /* from what malloc gave to the block */
    uint32_t slot;
    uint8_t table; /* of the heap: the one that the slot belongs to */
};

/*
 * The two words of a header:
 *   low   bytes << 16 | lead / 16 << 8 | table
 *   high  check << 48 | slack / 16 << 32 | slot
 */
enum {
    WM_HEADER_BYTES = 16,
    WM_HEADER_LEAD = 8,
    WM_HEADER_CHECK = 48,
    WM_HEADER_SLACK = 32,
    WM_HEADER_STEP = 16,
    WM_HEADER_BYTE = 0xFF,
    WM_HEADER_HALF = 0xFFFF
};

static inline uint64_t wm_header_table(struct wm_pair header)
{
    return header.low & WM_HEADER_BYTE;
}

static inline size_t wm_header_bytes(struct wm_pair header)
{
    return header.low >> WM_HEADER_BYTES;
}

static inline size_t wm_header_lead(struct wm_pair header)
{
    return (header.low >> WM_HEADER_LEAD & WM_HEADER_BYTE) * WM_HEADER_STEP;
}

/*
 * Enough that stray writes and old headers elsewhere are noticed; nobody is kept out who wants to get in. A single flipped
 * bit always is: it adds or takes away the multiplier, shifted, and wherever that is cut it has neither 16 ones in a row nor
 * 16 zeros. The shift leaves out the check itself.
 */
static inline uint64_t wm_header_sum(uintptr_t at, struct wm_pair header)
{
    const uint64_t spread = 0x9E3779B97F4A7C15;

    return (header.low ^ at ^ header.high << (64 - WM_HEADER_CHECK)) * spread;
}

/* Is this header, whatever it says, that of this address? */
static inline bool wm_header_fits(uintptr_t at, struct wm_pair header)
{
    return (wm_header_sum(at, header) ^ header.high) >> WM_HEADER_CHECK == 0;
}

/* What cannot be read has all bits, and no block has such a lead. */
static inline bool wm_header_is_sound(uintptr_t at, struct wm_pair header)
{
    return wm_header_fits(at, header) && wm_header_lead(header) - 1 < WM_BLOCK_LARGE_ALIGNMENT;
}

static inline struct wm_block wm_header_block(uintptr_t at, struct wm_pair header)
{
    return (struct wm_block){
        .at = at,
        .bytes = wm_header_bytes(header),
        .slack = (header.high >> WM_HEADER_SLACK & WM_HEADER_HALF) * WM_HEADER_STEP,
        .lead = wm_header_lead(header),
        .slot = (uint32_t)header.high,
        .table = (uint8_t)wm_header_table(header),
    };
}

/* Writes the header. The slack is cut to what the header can say. */
static inline void wm_block_write(const struct wm_block *block)
{
    uint64_t *header = (uint64_t *)(block->at - WM_BLOCK_HEADER), slack = block->slack / WM_HEADER_STEP;
    struct wm_pair words;

    words.low = (uint64_t)block->bytes << WM_HEADER_BYTES | block->lead / WM_HEADER_STEP << WM_HEADER_LEAD |
                block->table;
    words.high = (slack < WM_HEADER_HALF ? slack : WM_HEADER_HALF) << WM_HEADER_SLACK | block->slot;
    words.high |= wm_header_sum(block->at, words) >> WM_HEADER_CHECK << WM_HEADER_CHECK;
    __atomic_store_n(&header[0], words.low,
                     __ATOMIC_RELAXED); /* a walk may be reading what was here before */
    __atomic_store_n(&header[1], words.high, __ATOMIC_RELAXED);
}

/* Whatever lies before this address, if it is a sound header of this address. It may be that of a block which is gone. */
bool wm_block_read(uintptr_t at, struct wm_block *out);

static inline uintptr_t wm_block_start(const struct wm_block *block)
{
    return block->at - block->lead;
}

static inline size_t wm_block_capacity(const struct wm_block *block)
{
    return block->bytes + block->slack;
}

/* From the start of malloc's memory to the block; and how much more than the block that memory has to have. */
size_t wm_block_lead(uintptr_t start, size_t bytes);
size_t wm_block_added(size_t bytes);

#endif
