/*
 * suspend.h: stopping threads, and their registers while they are stopped.
 *
 * A thread is kept by whoever calls this (records.h), or is his own. It stops between two of its instructions, but not while
 * others of the library's calls wait for it (kern/busy.h).
 */
#ifndef WM_VM_SUSPEND_H
#define WM_VM_SUSPEND_H

#include "base/status.h"
#include "kern/signals/signals.h"
#include "vm/threads/self.h"

enum { WM_SUSPENDED_MOST = 127 };

/* How long a thread is waited for, in nanoseconds: for tests. */
extern uint64_t wm_stop_patience;

/* What stop holds. */
enum { WM_STOP_COUNT = 0xff, WM_STOPPED = 0x100 };

/*
 * Once more suspended; when this returns it has stopped, or has not begun yet and will not. The calling thread returns
 * when others have resumed it. before: how often it was suspended already.
 *
 *   WM_THREAD_ENDED    it is gone, or was about to end before it could be stopped
 *   WM_SUSPENDED_OFTEN so often already
 *   WM_THREAD_DEAF     it has not stopped for ten seconds: it blocks the signal, or is busy
 *   WM_NO_STOP_SIGNAL  the program has taken all real-time signals
 */
WM_FOR_WIN32 wm_status wm_thread_suspend(struct wm_thread *thread, uint32_t *before);

/* Once less; at 0 it goes on. before: 0, it was not suspended. */
WM_FOR_WIN32 wm_status wm_thread_resume(struct wm_thread *thread, uint32_t *before);

/* Shows its registers to `look`, which may change them: it is stopped meanwhile, suspended or not. The calling thread's, too. */
typedef void wm_registers_fn(const struct wm_registers *registers, void *arg);

WM_FOR_WIN32 wm_status wm_thread_with_registers(struct wm_thread *thread, wm_registers_fn *look, void *arg);

/* In a thread that begins: if it is suspended it stops here. */
void wm_thread_stop_if_suspended(struct wm_thread *self);

#endif
