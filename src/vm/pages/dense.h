/*
 * dense.h: stretches that are mapped read/write as a whole, where what is reserved lies under guard markers.
 *
 * A committed page among reserved ones is a mapping of its own, and a process has vm.max_map_count of them.
 * Markers need none: so where private memory is broken into very many pieces, it is turned, stretch by stretch,
 * before the table is full. From then on a page there is committed by taking its marker away, and decommitted by
 * setting one. What is under markers is counted as promised by the kernel: where that has a limit of its own
 * (vm.overcommit_memory 2, RLIMIT_DATA) stretches are turned only when the table leaves no other way.
 *
 *   a reserved page of such a stretch is MARKED and DENSE: below it is read/write memory
 *   a committed read/write page of it is like any other, and pages of other protections are no part of it, but for
 *   shielded and barred ones (shield.h), which are committed and DENSE
 *   home.dense.bytes is the sum over all DENSE pages that are reserved
 *
 * All functions but the first and the last are called with the lock held.
 */
#ifndef WM_VM_DENSE_H
#define WM_VM_DENSE_H

#include "core/space.h"

/* Reads WINMEM_DENSE: "first" turns from the first commit on, for tests. */
void wm_dense_read(const char *when);

/* Before r is committed: turns what lies around it, where much is broken. True: then found is as it is now. */
bool wm_dense_prepare(struct wm_found *found, struct wm_range r);

/*
 * A change of r was refused: the same, if it is the table that is full, as far around as possible. True: the next
 * attempt needs fewer mappings, and the book is ready for it.
 */
bool wm_dense_relieve(struct wm_found *found, struct wm_range r);

/* Marks pages that are decommitted, if taking them out of their mapping would break it. True: done, and counted. */
bool wm_dense_keep(const struct wm_found *found, struct wm_range r);

/* What is not kept is given back with what lies under markers on both sides, if some of that is dense. */
struct wm_range wm_dense_around(const struct wm_extent *e, struct wm_range r);

/* How much is to be made one mapping at once where that promises nothing; 0: nothing, since little is broken. */
size_t wm_dense_pressure(void);

/* What is read/write memory around r, which is, and in one mapping with it: as far as whole units of so many bytes. */
struct wm_range wm_dense_open_around(const struct wm_found *found, struct wm_range r, size_t bytes);

/* What is reserved and yet promised. */
size_t wm_dense_bytes(void);

#endif
