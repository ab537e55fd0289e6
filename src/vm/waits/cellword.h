/*
 * cellword.h: what the word of a cell means, for those who change it (cell.c, cellchange.c, granting.c).
 *
 *   bits 0 to 31, the state, which sleepers compare
 *     event        bit 0: it is set; above: how often it was pulsed
 *     semaphore    its count
 *     mutex        bits 0 to 21: its owner's number, 0 if it is free; bit 22: its last owner ended without giving it back
 *   bits 32 to 53  the number of a thread that is taking it together with others (cell.h)
 *   bits 54 to 62  how often the cell was used before: who has a word of the object that it was before changes nothing
 *   bit 63         the cell has begun
 */
#ifndef WM_VM_CELLWORD_H
#define WM_VM_CELLWORD_H

#include "vm/waits/cell.h"

#define BEGUN ((uint64_t)1 << 63)
#define TAKER_SHIFT 32
#define TAKER_BITS ((uint64_t)0x3fffff << TAKER_SHIFT)
#define USE_SHIFT 54
#define USE_BITS ((uint64_t)0x1ff << USE_SHIFT)

enum {
    EVENT_SET = 1,
    EVENT_PULSE = 2,
    OWNER_BITS = 0x3fffff,
    ABANDONED = 1 << 22,
    SEVERAL = 0x10000 /* in waiters: one that waits for several; else 1 */
};

static inline bool wm_cell_swap(struct wm_cell *cell, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(&cell->word, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static inline uint32_t wm_cell_taker(uint64_t word)
{
    return (uint32_t)((word & TAKER_BITS) >> TAKER_SHIFT);
}

/* What it is, and nobody is taking it. */
static inline uint64_t wm_cell_with(uint64_t word, uint32_t state)
{
    return (word & (BEGUN | USE_BITS)) | state;
}

/* The half that the kernel compares. */
static inline uint32_t *wm_cell_state_word(struct wm_cell *cell)
{
    return (uint32_t *)&cell->word;
}

/* What it is once nobody is taking it together with others. */
uint64_t wm_cell_settled(struct wm_cell *cell);

/* Have threads of other processes it as well? */
bool wm_cell_is_shared(const struct wm_cell *cell);

/* How many are to be woken, of this many that it may be for. Asked behind the change. */
uint32_t wm_cell_sleepers(const struct wm_cell *cell, uint32_t most);

/* --- events (granting.c); began: as in cell.h --- */

static inline bool wm_event_was_pulsed(const struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    return cell->kind == WM_CELL_EVENT && began != NULL && (state ^ *began) >= EVENT_PULSE;
}

/* What was set, or pulsed, for those who waited: of an event that resets itself. */
bool wm_event_take_grant(struct wm_cell *cell, uint32_t state, const uint32_t *began);
bool wm_event_take_pulse(struct wm_cell *cell, uint32_t state, const uint32_t *began);

#endif
