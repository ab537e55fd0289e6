/* threadgroups.h: the processors of a thread. */
#ifndef WM_WIN32_THREADGROUPS_H
#define WM_WIN32_THREADGROUPS_H

#include "vm/threads/threadtype.h"
#include "win32/win32.h"

/* WM_THREAD_AFFINITY: they are not there, or the kernel refuses, or the thread has ended. */
wm_status wm_set_group_affinity(struct wm_thread *thread, const GROUP_AFFINITY *wanted,
                                GROUP_AFFINITY *before);

#endif
