/*
 * shlwapi.h: for programs that include it beside windows.h, as many do. Of its functions one is there.
 */
#ifndef WINMEM_SHLWAPI_H
#define WINMEM_SHLWAPI_H

#include "windows.h"

WINMEM_C_BEGIN

typedef LONG LSTATUS;
typedef HANDLE HKEY;

#define HKEY_LOCAL_MACHINE ((HKEY)(ULONG_PTR)(LONG)0x80000002)
#define REG_DWORD 4

/*
 * SHGetValueA: a value of the registry, of which there is one: how fast a processor counts. A function of libwinmem-win32.
 *
 * hkey          HKEY_LOCAL_MACHINE
 * pszSubKey     "HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0", or the number of another processor
 * pszValue      "~MHz"
 * pdwType       out: REG_DWORD; may be NULL
 * pvData        out: a DWORD, millions a second; NULL: only its size is asked for
 * pcbData       in: bytes of pvData; out: 4. May be NULL if pvData is
 *
 * Returns ERROR_SUCCESS, or the error: ERROR_FILE_NOT_FOUND (any other value), ERROR_INVALID_HANDLE (hkey is NULL),
 *               ERROR_MORE_DATA (pvData is smaller), ERROR_NOACCESS (a pointer cannot be used).
 * On Linux      there is no registry. The speed is that of the time stamp counter
 * Source        learn.microsoft.com, shlwapi.h
 */
WINBASEAPI LSTATUS WINAPI SHGetValueA(HKEY hkey, LPCSTR pszSubKey, LPCSTR pszValue, DWORD *pdwType,
                                      void *pvData, DWORD *pcbData);

#ifndef UNICODE
#define SHGetValue SHGetValueA
#endif

WINMEM_C_END

#endif /* WINMEM_SHLWAPI_H */
