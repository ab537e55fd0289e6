/*
 * range.h: half-open address ranges, and rounding that cannot wrap silently.
 *
 * Addresses are bytes. A page is 4 KiB, a granule 64 KiB: the units of commitment and of
 * reservation. User space ends at WM_SPACE_END, the first byte that no Windows program may use.
 */
#ifndef WM_BASE_RANGE_H
#define WM_BASE_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/processor.h"

#define WM_PAGE ((uintptr_t)0x1000)
#define WM_GRANULE ((uintptr_t)0x10000)
#define WM_LARGE ((uintptr_t)1 << 21) /* a large page, */
#define WM_HUGE ((uintptr_t)1 << 30)  /* and the next larger kind */
#define WM_SPACE_START ((uintptr_t)0x10000)
#define WM_SPACE_END (((uintptr_t)1 << WM_ADDRESS_BITS) - WM_GRANULE)

struct wm_range {
    uintptr_t start;
    uintptr_t end; /* first byte behind it */
};

static inline uintptr_t wm_down(uintptr_t value, uintptr_t unit)
{
    return value & ~(unit - 1);
}

/* Wraps to 0 when the next multiple does not exist: callers bound value before they round. */
static inline uintptr_t wm_up(uintptr_t value, uintptr_t unit)
{
    return wm_down(value + (unit - 1), unit);
}

static inline struct wm_range wm_range_of(uintptr_t start, size_t bytes)
{
    return (struct wm_range){start, start + bytes};
}

static inline size_t wm_range_bytes(struct wm_range r)
{
    return r.end - r.start;
}

static inline bool wm_range_holds(struct wm_range outer, struct wm_range inner)
{
    return outer.start <= inner.start && inner.end <= outer.end;
}

static inline bool wm_range_touches(struct wm_range a, struct wm_range b)
{
    return a.start < b.end && b.start < a.end;
}

static inline struct wm_range wm_range_cut(struct wm_range a, struct wm_range b)
{
    struct wm_range r = {a.start > b.start ? a.start : b.start, a.end < b.end ? a.end : b.end};

    if (r.end < r.start)
        r.end = r.start;
    return r;
}

/* Every page that holds at least one byte of [start, start+bytes). */
static inline struct wm_range wm_range_pages(uintptr_t start, size_t bytes)
{
    return (struct wm_range){wm_down(start, WM_PAGE), wm_up(start + bytes, WM_PAGE)};
}

/* True if [start, start+bytes) lies below WM_SPACE_END and does not wrap. */
static inline bool wm_range_fits(uintptr_t start, size_t bytes)
{
    return start < WM_SPACE_END && bytes <= WM_SPACE_END - start;
}

#endif
