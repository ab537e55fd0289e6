/*
 * failfast.c: RaiseFailFastException: the end of a process that does not trust itself any more.
 *
 * Nobody is asked: no handler of exceptions, no handler of signals, nothing that the program registered for its end. What the
 * program says of the reason goes to whoever traces calls.
 */
#include "kern/signals/signals.h"
#include "win32/win32.h"

VOID WINAPI RaiseFailFastException(PEXCEPTION_RECORD pExceptionRecord, PCONTEXT pContextRecord, DWORD dwFlags)
{
    WM_TRACE(WM_OK, WM_RETURNS_NEVER, WM_HEX(pExceptionRecord), WM_HEX(pContextRecord), WM_HEX(dwFlags));
    wm_kern_abort();
}
