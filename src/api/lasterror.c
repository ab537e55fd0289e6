/*
 * lasterror.c: GetLastError and SetLastError.
 *
 * Both touch the error alone and never the cause behind it (edge.h): a program that saves the error, calls
 * something, and puts it back can still ask WinmemLastCause afterwards. Neither is traced, or a trace would
 * be full of them, and neither can fail.
 */
#include "api/edge.h"

DWORD WINAPI GetLastError(VOID)
{
    return wm_last.error;
}

VOID WINAPI SetLastError(DWORD dwErrCode)
{
    wm_last.error = dwErrCode;
}
