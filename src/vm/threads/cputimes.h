/* cputimes.h: when a thread began and ended, and how long it has run. */
#ifndef WM_VM_CPUTIMES_H
#define WM_VM_CPUTIMES_H

#include "vm/threads/self.h"

/* In units of 100 ns: created and exited since 1601; 0: it has not ended. */
struct wm_thread_times {
    uint64_t created, exited, kernel, user;
};

/* 0 or a negative errno of the kernel's. */
WM_FOR_WIN32 int wm_thread_times(struct wm_thread *thread, struct wm_thread_times *out);

#endif
