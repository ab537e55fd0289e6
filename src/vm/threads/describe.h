/* describe.h: what a program calls a thread, in UTF-8. */
#ifndef WM_VM_DESCRIBE_H
#define WM_VM_DESCRIBE_H

#include "base/status.h"
#include "vm/threads/self.h"

/* Bytes of it at most, without its end. */
enum { WM_DESCRIPTION_BYTES = 4 * 0x7fff };

/* WM_NAME_LONG, WM_THREAD_MEMORY */
WM_FOR_WIN32 wm_status wm_thread_describe(struct wm_thread *thread, const char *text);

/* A copy of it, terminated, as far as there is room (not 0); how many bytes it has. */
WM_FOR_WIN32 size_t wm_thread_description(struct wm_thread *thread, char *out, size_t room);

#endif
