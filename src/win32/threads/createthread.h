/* createthread.h: a new thread as CreateThread makes it. */
#ifndef WM_WIN32_CREATETHREAD_H
#define WM_WIN32_CREATETHREAD_H

#include "vm/threads/startthread.h"
#include "win32/win32.h"

/* stack_bytes is what the program asked for, flags are CreateThread's; id is told if it is not NULL. */
wm_status wm_create_thread(struct wm_thread_req *req, DWORD flags, LPDWORD id);

#endif
