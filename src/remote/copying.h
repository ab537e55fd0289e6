/* copying.h: memory of whichever process, by copying. */
#ifndef WM_REMOTE_COPYING_H
#define WM_REMOTE_COPYING_H

#include "vm/ops.h"
#include "vm/processes/process.h"

/* *done: how much was copied; of oneself, 0 if some of it cannot be read (wm_op_read_self). */
wm_status wm_remote_read(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                         size_t *done);

/*
 * All of it, at most a page, of another process than the calling one. False: not so; what is wrong the others tell, or do
 * it after all.
 */
bool wm_remote_reads_at_once(uintptr_t handle, uint32_t rights, uintptr_t to, uintptr_t from, size_t bytes);
bool wm_remote_writes_at_once(uintptr_t handle, uint32_t rights, uintptr_t to, uintptr_t from, size_t bytes);

/*
 * Pages that hold code and are not writable are written all the same, if the first one is such a page; they keep their
 * protection. *done: how much was written, 0 if some of `from` cannot be read. WM_WRITE_REFUSED: nothing was, because
 * the first page is neither writable nor code.
 */
wm_status wm_remote_write(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                          size_t *done);

/* The same, but pages that hold code and are not writable end it as others do: WM_COPIED_IN_PART. */
wm_status wm_remote_write_allowed(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                                  size_t *done);

#endif
