/* sleeping.c: Sleep, SleepEx, SwitchToThread. */
#include "kern/clock.h"
#include "kern/threads/scheduling.h"
#include "win32/win32.h"

#define MILLISECOND ((uint64_t)1000000)

/* Nothing is ever queued to a thread, so an alertable sleep is like any other. */
static void sleep_for(DWORD milliseconds)
{
    if (milliseconds == 0)
        wm_kern_yield();
    else
        wm_clock_sleep(milliseconds == INFINITE ? UINT64_MAX : wm_clock_after(milliseconds * MILLISECOND));
}

VOID WINAPI Sleep(DWORD dwMilliseconds)
{
    sleep_for(dwMilliseconds);
    WM_TRACE(WM_OK, WM_RETURNS_NOTHING, WM_DECIMAL(dwMilliseconds));
}

DWORD WINAPI SleepEx(DWORD dwMilliseconds, BOOL bAlertable)
{
    sleep_for(dwMilliseconds);
    WM_TRACE(WM_OK, WM_RETURNS_ZERO, WM_DECIMAL(dwMilliseconds), WM_BOOL(bAlertable));
    return 0;
}

BOOL WINAPI SwitchToThread(VOID)
{
    return wm_kern_yield();
}
