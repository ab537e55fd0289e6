/* mappings.h: what the book says of a page, and of how many mappings a range is made, for tests that want few of them. */
#ifndef MAPPINGS_H
#define MAPPINGS_H

#include "vm.h"

static inline uint16_t state_at(uintptr_t addr)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, addr, &found));
    return wm_pages_at(&wm_home.space, &found.extent, addr).state;
}

static inline unsigned mappings_in(uintptr_t start, size_t bytes)
{
    struct wm_vma vma;
    unsigned count = 0;

    for (uintptr_t addr = start; addr < start + bytes; addr = vma.range.end, count++)
        assert_int_equal(wm_kern_vma(addr, &vma), 0);
    return count;
}

#endif
