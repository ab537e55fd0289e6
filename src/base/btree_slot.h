/* btree_slot.h: an entry of the ordered map in one word; inside a node, value is the child's index. */
#ifndef WM_BASE_BTREE_SLOT_H
#define WM_BASE_BTREE_SLOT_H

#include <stdint.h>

#include "base/btree.h"

static inline uint64_t wm_slot_of(uintptr_t addr, uint32_t value)
{
    return (uint64_t)(addr >> WM_BTREE_PAGE_BITS) << WM_BTREE_VALUE_BITS | value;
}

static inline uintptr_t wm_slot_key(uint64_t slot)
{
    return (uintptr_t)(slot >> WM_BTREE_VALUE_BITS) << WM_BTREE_PAGE_BITS;
}

static inline uint32_t wm_slot_value(uint64_t slot)
{
    return (uint32_t)(slot & WM_BTREE_VALUE_MAX);
}

#endif
