/*
 * block.h: the header of a block, in the 16 bytes before it.
 *
 *   malloc's ... | lead ... header | block: exactly the bytes that were asked for
 *
 * It is never believed alone: it carries a check, and names a slot that has to name the block (slots.h).
 */
#ifndef WM_HEAP_BLOCK_H
#define WM_HEAP_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* Writes the header. The slack is cut to what the header can say. */
void wm_block_write(const struct wm_block *block);

/* Whatever lies before this address, if it is a header of this address. It may be that of a block which is gone. */
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
