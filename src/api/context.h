/*
 * context.h: the registers of a thread as Windows programs see them.
 */
#ifndef WM_API_CONTEXT_H
#define WM_API_CONTEXT_H

#include <windows.h>

#include "base/private.h"
#include "kern/signals/signals.h"

WM_FOR_WIN32 void wm_context_capture(const struct wm_registers *from, CONTEXT *out);

/* The parts that ContextFlags names. Segments and debug registers stay as they are. */
WM_FOR_WIN32 void wm_context_apply(const CONTEXT *from, const struct wm_registers *to);

#endif
