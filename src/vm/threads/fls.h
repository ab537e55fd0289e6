/*
 * fls.h: slots of threads, as FlsAlloc has them: with a function that is called with each value when its thread ends or the
 * index is freed. A fiber takes the thread's place while the thread is on it.
 */
#ifndef WM_VM_FLS_H
#define WM_VM_FLS_H

#include "base/status.h"
#include "vm/threads/self.h"

enum { WM_FLS_ALL = 4080 };

typedef void wm_fls_fn(void *value);

/* callback may be NULL. All threads have NULL there. WM_FLS_FULL: all are in use. */
WM_FOR_WIN32 wm_status wm_fls_alloc(wm_fls_fn *callback, uint32_t *index);

/* Calls the function here for each thread's value. When this returns it runs nowhere, but in a call that this is made from. */
WM_FOR_WIN32 wm_status wm_fls_free(uint32_t index);

/* Of the calling thread. WM_FLS_INDEX: 0, or there are not so many; WM_THREAD_MEMORY. */
WM_FOR_WIN32 wm_status wm_fls_set(uint32_t index, void *value);
WM_FOR_WIN32 wm_status wm_fls_get(uint32_t index, void **value);

/* A fiber's values, none at first. False: a signal handler interrupts its own thread in here. */
WM_FOR_WIN32 bool wm_fls_begin(struct wm_fls_set *set);

/* Calls the functions of the fiber's values. False as above: the set must stay where it is. */
WM_FOR_WIN32 bool wm_fls_end(struct wm_fls_set *set);

#endif
