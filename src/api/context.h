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

/* The parts that out's ContextFlags names, of one that has them all. */
WM_FOR_WIN32 void wm_context_copy(const CONTEXT *all, CONTEXT *out);

/* Where it goes on. */
DWORD64 wm_context_pc(const CONTEXT *context);

/* What the processor says of a trap becomes what Windows says of it. */
void wm_context_adjust(enum wm_cause cause, uint64_t *general);

/* Does Windows tell a word of a floating-point exception beside what it is? */
bool wm_context_float_word(const struct wm_registers *registers, ULONG_PTR *out);

#endif
