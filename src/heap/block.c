#include "heap/block.h"

#include "kern/signals/tryread.h"

/*
 * The two words of a header:
 *   low   bytes << 16 | table << 8 | lead / 16
 *   high  check << 48 | slack / 16 << 32 | slot
 */
enum {
    STEP = 16,
    SLACK_SHIFT = 32,
    CHECK_SHIFT = 48,
    BYTES_SHIFT = 16,
    TABLE_SHIFT = 8,
    BYTE = 0xFF,
    HALF = 0xFFFF
};

struct header {
    uint64_t low, high;
};

/*
 * Enough that stray writes and old headers elsewhere are noticed; nobody is kept out who wants to get in. A single flipped
 * bit always is: it adds or takes away a multiplier, shifted, and wherever one is cut these have neither 16 ones in a row
 * nor 16 zeros.
 */
static uint64_t check_of(uintptr_t at, uint64_t low, uint64_t high)
{
    const uint64_t spread = 0x9E3779B97F4A7C15, other = 0xD6E8FEB86659FD93;

    return ((low ^ at) * spread + (high & (((uint64_t)1 << CHECK_SHIFT) - 1)) * other) >> CHECK_SHIFT;
}

static size_t sayable(size_t slack)
{
    return slack / STEP > HALF ? HALF : slack / STEP;
}

void wm_block_write(const struct wm_block *block)
{
    struct header *header = (struct header *)(block->at - WM_BLOCK_HEADER);
    uint64_t low =
        (uint64_t)block->bytes << BYTES_SHIFT | (uint64_t)block->table << TABLE_SHIFT | block->lead / STEP;
    uint64_t high = (uint64_t)sayable(block->slack) << SLACK_SHIFT | block->slot;

    __atomic_store_n(&header->low, low, __ATOMIC_RELAXED); /* a walk may be reading what was here before */
    __atomic_store_n(&header->high, check_of(block->at, low, high) << CHECK_SHIFT | high, __ATOMIC_RELAXED);
}

bool wm_block_read(uintptr_t at, struct wm_block *out)
{
    struct wm_pair words;

    if (at % WM_BLOCK_ALIGNMENT != 0 || at < WM_BLOCK_HEADER)
        return false;
    words = wm_try_read(at - WM_BLOCK_HEADER);
    *out = (struct wm_block){
        .at = at,
        .bytes = words.low >> BYTES_SHIFT,
        .slack = (words.high >> SLACK_SHIFT & HALF) * STEP,
        .lead = (words.low & BYTE) * STEP,
        .slot = (uint32_t)words.high,
        .table = words.low >> TABLE_SHIFT & BYTE,
    };
    return words.high >> CHECK_SHIFT == check_of(at, words.low, words.high) && out->lead != 0;
}

size_t wm_block_lead(uintptr_t start, size_t bytes)
{
    uintptr_t alignment = bytes >= WM_BLOCK_LARGE ? WM_BLOCK_LARGE_ALIGNMENT : WM_BLOCK_ALIGNMENT;

    return ((start + WM_BLOCK_HEADER + alignment - 1) & ~(alignment - 1)) - start;
}

size_t wm_block_added(size_t bytes)
{
    return bytes >= WM_BLOCK_LARGE ? WM_BLOCK_LARGE_ALIGNMENT : WM_BLOCK_HEADER;
}
