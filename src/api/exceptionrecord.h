/* exceptionrecord.h: a fault as Windows tells of it. */
#ifndef WM_API_EXCEPTIONRECORD_H
#define WM_API_EXCEPTIONRECORD_H

#include <excpt.h>
#include <stdbool.h>

#include "api/context.h"
#include "kern/signals/signals.h"

/* All but the address of the exception. False: it was settled below, the thread goes on. */
bool wm_exception_describe(struct wm_fault *fault, EXCEPTION_RECORD *record);

/* One more parameter; there is room. */
void wm_exception_add(EXCEPTION_RECORD *record, ULONG_PTR value);

#endif
