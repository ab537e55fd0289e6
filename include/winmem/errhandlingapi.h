/*
 * errhandlingapi.h: the last error of the calling thread.
 */
#ifndef WINMEM_ERRHANDLINGAPI_H
#define WINMEM_ERRHANDLINGAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * GetLastError: why the last failing call of this thread failed.
 *
 * Returns       an ERROR_ code of winerror.h; 0 in a thread in which nothing has failed. A call that succeeds leaves
 *               it alone, except where its own comment says otherwise
 * On Linux      independent of errno: neither changes the other. WinmemLastCause in winmem.h says more, in words
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI DWORD WINAPI GetLastError(VOID);

/*
 * SetLastError: sets what GetLastError answers in this thread.
 *
 * dwErrCode     any value; bit 29 marks codes of the program's own
 *
 * On Linux      as on Windows
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI VOID WINAPI SetLastError(DWORD dwErrCode);

WINMEM_C_END

#endif /* WINMEM_ERRHANDLINGAPI_H */
