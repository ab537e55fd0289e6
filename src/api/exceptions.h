/* exceptions.h: faults that become exceptions. */
#ifndef WM_API_EXCEPTIONS_H
#define WM_API_EXCEPTIONS_H

#include <windows.h>

#include "base/status.h"
#include "vm/processes/process.h"

/*
 * From now on faults come to us, and the calling thread has a stack to handle them on. Cheap when they do
 * already; whoever has put a handler over ours since is found below it again.
 */
wm_status wm_exceptions_begin(void);

/* Before pages are given this protection. In another process its agent answers for guard pages (vm/agent). */
static inline wm_status wm_exceptions_for(const struct wm_target *target, DWORD protect)
{
    return (protect & PAGE_GUARD) && wm_target_is_self(target) ? wm_exceptions_begin() : WM_OK;
}

#endif
