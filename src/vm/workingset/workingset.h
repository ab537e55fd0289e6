/*
 * workingset.h: the limits of this process's working set.
 *
 * Linux has no such limits. They are kept because programs set them for what else follows from them: the
 * minimum is how much a process may lock in memory. Nothing else here acts on them.
 *
 *   20 pages <= minimum <= maximum
 *
 * Guarded by the lock of home.h.
 */
#ifndef WM_VM_WORKINGSET_H
#define WM_VM_WORKINGSET_H

#include <stddef.h>

/* Bytes. The caller holds the lock. */
size_t wm_workingset_minimum(void);

#endif
