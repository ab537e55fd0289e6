/*
 * others.h: other people in the same address space: mappings that the library did not make, which come and go
 * wherever the kernel says that there is room.
 *
 * They are mapped by the test's own means, filled with a pattern, and must be found as they were left: mapped
 * from end to end, with their access and their contents. Nobody keeps them out of open ground or of the slack
 * behind an extent that lies in it, so whatever the library does about such a place, it asks the kernel.
 */
#ifndef OTHERS_H
#define OTHERS_H

#include "vm.h"

#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

enum { OTHERS = 48, OTHER_WORDS = PAGE / sizeof(uint64_t), OTHER_STRIDE = OTHER_WORDS / 8 };

struct other {
    struct wm_range range; /* empty: nobody */
    uint8_t access;
    bool shared;
    uint64_t seed;
};

static struct other others[OTHERS];

static inline uint64_t other_word(const struct other *o, uintptr_t addr)
{
    return (addr ^ o->seed) * 0x9e3779b97f4a7c15u | 1;
}

/* Somebody settles in r, if nothing is mapped there: then who; NULL otherwise, or if there are too many. */
static inline struct other *others_settle(struct wm_range r, uint8_t access, bool shared, uint64_t seed)
{
    int kind = MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | (shared ? MAP_SHARED : MAP_PRIVATE);
    struct other *o = others;
    void *at;

    while (o < others + OTHERS && wm_range_bytes(o->range) != 0)
        o++;
    if (o == others + OTHERS)
        return NULL;
    at = mmap((void *)r.start, wm_range_bytes(r), PROT_READ | PROT_WRITE, kind, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    assert_true((uintptr_t)at == r.start);
    *o = (struct other){r, access, shared, seed};
    for (uintptr_t addr = r.start; addr < r.end; addr += OTHER_STRIDE * sizeof(uint64_t))
        stamp(addr, other_word(o, addr));
    mprotect(at, wm_range_bytes(r), access);
    return o;
}

static inline bool other_is_whole(const struct other *o)
{
    uintptr_t step = OTHER_STRIDE * sizeof(uint64_t);

    if (!(o->access & WM_ACCESS_READ))
        return true; /* mapped as it was: see audit.h */
    for (uintptr_t addr = o->range.start; addr < o->range.end; addr += step)
        if (stamped(addr) != other_word(o, addr))
            return false;
    return true;
}

static inline void others_leave(struct other *o)
{
    assert_int_equal(munmap((void *)o->range.start, wm_range_bytes(o->range)), 0);
    *o = (struct other){{0, 0}, 0, false, 0};
}

static inline void others_leave_all(void)
{
    for (struct other *o = others; o < others + OTHERS; o++)
        if (wm_range_bytes(o->range) != 0)
            others_leave(o);
}

/* The one whose mapping holds addr; NULL: nobody's does. */
static inline struct other *other_at(uintptr_t addr)
{
    for (struct other *o = others; o < others + OTHERS; o++)
        if (o->range.start <= addr && addr < o->range.end)
            return o;
    return NULL;
}

#endif
