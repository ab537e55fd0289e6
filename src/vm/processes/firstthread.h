/* firstthread.h: the first thread of a process that this one has started. */
#ifndef WM_VM_FIRSTTHREAD_H
#define WM_VM_FIRSTTHREAD_H

#include <stdbool.h>

#include "base/private.h"
#include "base/status.h"

/* A handle with all rights, of a process that is pinned and stays so for itself. */
wm_status wm_first_thread_handle(uint32_t process, uintptr_t *handle);

WM_FOR_WIN32 bool wm_op_is_first_thread(uintptr_t handle);

/* WM_HANDLE: it is no such thread. *before: how often it was to be resumed still. */
WM_FOR_WIN32 wm_status wm_op_resume_first_thread(uintptr_t handle, uint32_t *before);

/* The number that its process has as well. */
WM_FOR_WIN32 wm_status wm_op_first_thread_id(uintptr_t handle, uint32_t rights, int32_t *id);

#endif
