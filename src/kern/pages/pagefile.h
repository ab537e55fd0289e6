/*
 * pagefile.h: the page tables of any process, by a kept descriptor of its /proc/PID/pagemap. For the other rooms of kern.
 */
#ifndef WM_KERN_PAGEFILE_H
#define WM_KERN_PAGEFILE_H

#include "kern/kept.h"

/* The one that is kept on the calling process's, checked; or a negative errno. */
int wm_pagefile_own(void);

/* wm_kern_copied of that process; NULL: of the calling one. Whoever has called exec since is opened anew. */
int wm_pagefile_copied(struct wm_kept *pagemap, struct wm_range r, bool *copied, uintptr_t *end);

/* How many of these pages are in memory or swapped out, as far as anybody tells. */
size_t wm_pagefile_filled(struct wm_kept *pagemap, struct wm_range r);

#endif
