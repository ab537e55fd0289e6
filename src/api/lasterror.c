/* lasterror.c: the last error of a thread. */
#include "api/edge.h"

DWORD WINAPI GetLastError(VOID)
{
    return wm_last.error;
}

VOID WINAPI SetLastError(DWORD dwErrCode)
{
    wm_last.error = dwErrCode;
}
