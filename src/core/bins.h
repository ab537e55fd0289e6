/*
 * bins.h: the free extents of the arenas by size, so that a place is found without a search.
 *
 * A bin holds the extents whose whole granules number between a power of two (or a quarter of the way
 * to the next) and the following step. Extents without a whole granule are in no bin.
 */
#ifndef WM_CORE_BINS_H
#define WM_CORE_BINS_H

#include "core/space.h"

void wm_bins_link(struct wm_space *space, uint32_t index);
void wm_bins_unlink(struct wm_space *space, struct wm_found found);

/* An extent that can hold bytes from a granule on, or 0. */
uint32_t wm_bins_pick(const struct wm_space *space, enum wm_ground ground, size_t bytes);

/* The bin of an extent, or -1. For check.c. */
int wm_bins_of(const struct wm_extent *e);

#endif
