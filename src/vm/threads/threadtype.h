/*
 * threadtype.h: handles to threads of this process.
 *
 * Each opening makes an object of its own; two of them are the same if they keep the same record. No handle goes to another
 * process: what a thread is it is in its own.
 */
#ifndef WM_VM_THREADTYPE_H
#define WM_VM_THREADTYPE_H

#include "vm/handles/handles.h"
#include "vm/threads/self.h"

/* By their Windows names. */
enum {
    WM_THREAD_TERMINATE = 0x1,
    WM_THREAD_SUSPEND_RESUME = 0x2,
    WM_THREAD_GET_CONTEXT = 0x8,
    WM_THREAD_SET_CONTEXT = 0x10,
    WM_THREAD_SET_INFORMATION = 0x20,
    WM_THREAD_QUERY_INFORMATION = 0x40,
    WM_THREAD_SET_LIMITED = 0x400,
    WM_THREAD_QUERY_LIMITED = 0x800,
    WM_THREAD_ALL = 0x1fffff
};

/* A handle to a thread whose record the caller keeps; takes that over. On failure it is the caller's still. */
wm_status wm_thread_handle(struct wm_thread *thread, uint32_t rights, uintptr_t *handle);

/* To the thread with this number. WM_THREAD_ID: this process has none; WM_THREAD_MEMORY. */
WM_FOR_WIN32 wm_status wm_thread_open(uint32_t id, uint32_t rights, uintptr_t *handle);

/*
 * The thread of a handle with these rights, the pseudo handle included, which stays until the end of the block that has it:
 *
 *   WM_PINNED_THREAD pinned = {0};
 *   wm_status st = wm_thread_pin(handle, rights, &pinned);
 */
struct wm_pinned_thread {
    struct wm_thread *thread;
    uint32_t object; /* 0: the calling thread, without an object */
};

#define WM_PINNED_THREAD __attribute__((cleanup(wm_thread_unpin))) struct wm_pinned_thread

WM_FOR_WIN32 wm_status wm_thread_pin(uintptr_t handle, uint32_t rights, struct wm_pinned_thread *out);
WM_FOR_WIN32 void wm_thread_unpin(struct wm_pinned_thread *pinned);

/* Any of these rights will do. */
WM_FOR_WIN32 wm_status wm_thread_pin_either(uintptr_t handle, uint32_t right, uint32_t other,
                                            struct wm_pinned_thread *out);

#endif
