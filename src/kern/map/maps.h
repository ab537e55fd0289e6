/*
 * maps.h: what is mapped in another process, by a kept descriptor of its list.
 *
 * As their namesakes in mapping.h, for the process that the descriptor shows; -ESRCH once it has ended.
 */
#ifndef WM_KERN_MAPS_H
#define WM_KERN_MAPS_H

#include "kern/kept.h"
#include "kern/map/mapping.h"

int wm_maps_vma(struct wm_kept *maps, uintptr_t addr, struct wm_vma *out);
int wm_maps_name(struct wm_kept *maps, uintptr_t addr, char *name, size_t bytes);

/* The mapping of a file that holds addr, or the first one above it, and its name. */
int wm_maps_next_file(struct wm_kept *maps, uintptr_t addr, struct wm_vma *out, char *name, size_t bytes);

#endif
