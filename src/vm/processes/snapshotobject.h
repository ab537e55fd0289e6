/*
 * snapshotobject.h: what was listed at one moment, as an object: a mapping of ours, of whose contents only its maker knows.
 *
 * It is read, and the place to which it was read noted in it, by whoever pins it; two who do so at once get entries twice
 * or not at all, as on Windows.
 */
#ifndef WM_VM_SNAPSHOTOBJECT_H
#define WM_VM_SNAPSHOTOBJECT_H

#include "base/private.h"
#include "base/range.h"
#include "base/status.h"

/* A handle to a copy of these bytes. */
WM_FOR_WIN32 wm_status wm_snapshot_new(const void *contents, size_t bytes, uintptr_t *handle);

/* WM_HANDLE: it is none. To be let go of by wm_snapshot_unpin. */
WM_FOR_WIN32 wm_status wm_snapshot_pin(uintptr_t handle, uint32_t *object, void **contents);
WM_FOR_WIN32 void wm_snapshot_unpin(uint32_t object);

#endif
