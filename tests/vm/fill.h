/*
 * fill.h: a table of mappings that is really full, or nearly.
 *
 * Each page of the filler is a mapping of its own, since its neighbours allow something else. Splits fill the
 * table up to its limit and no further; one mapping more can be made anew. Nothing else may map meanwhile.
 */
#ifndef FILL_H
#define FILL_H

#include "kern/system/system.h"
#include "vm.h"

#include <errno.h>
#include <sys/mman.h>

enum { FILL_MAX = 200000 };

static struct {
    char *start;
    size_t bytes, pages;
} filler;

/* It would take long to fill, or sanitizers need mappings themselves. */
static inline bool can_fill(void)
{
    return wm_kern_max_maps() <= FILL_MAX && !SANITIZED;
}

static inline bool fill_page(size_t number)
{
    return mprotect(filler.start + number * PAGE, PAGE, number % 2 ? PROT_READ : PROT_READ | PROT_EXEC) == 0;
}

/* Takes the addresses, before anything that wants certain ones. */
static inline void fill_begin(void)
{
    filler.bytes = (wm_kern_max_maps() + 16) * PAGE;
    filler.start = mmap(NULL, filler.bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(filler.start != MAP_FAILED);
}

/* Fails where somebody has made it already. */
static inline void fill_one_more(void)
{
    char *last = filler.start + filler.bytes - PAGE;
    void *p =
        mmap(last, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

    assert_true(p == last || errno == ENOMEM);
}

/* 0: not one mapping more, neither made anew nor by a split; 1: one made anew; n: n, and n - 1 splits. */
static inline void fill_but(size_t left)
{
    for (filler.pages = 0; fill_page(filler.pages);)
        filler.pages++;
    assert_int_equal(errno, ENOMEM);
    if (left == 0)
        fill_one_more();
    for (; left > 1; left--)
        assert_int_equal(mprotect(filler.start + --filler.pages * PAGE, PAGE, PROT_NONE), 0);
}

/* Somebody has given mappings back. */
static inline void fill_again(void)
{
    while (fill_page(filler.pages))
        filler.pages++;
}

static inline void fill_empty(void)
{
    assert_int_equal(mprotect(filler.start, filler.bytes - PAGE, PROT_NONE), 0);
    assert_true(mmap(filler.start, filler.bytes, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == filler.start);
}

static inline void fill_end(void)
{
    munmap(filler.start, filler.bytes);
}

#endif
