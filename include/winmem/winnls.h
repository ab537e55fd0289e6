/*
 * winnls.h: code pages. There is one, UTF-8; stringapiset.h has the functions that convert.
 *
 * Functions of libwinmem-win32.
 */
#ifndef WINMEM_WINNLS_H
#define WINMEM_WINNLS_H

#include "minwindef.h"

#define CP_ACP 0
#define CP_OEMCP 1
#define CP_MACCP 2
#define CP_THREAD_ACP 3
#define CP_SYMBOL 42
#define CP_UTF7 65000
#define CP_UTF8 65001

#define MB_PRECOMPOSED 0x00000001
#define MB_COMPOSITE 0x00000002
#define MB_USEGLYPHCHARS 0x00000004
#define MB_ERR_INVALID_CHARS 0x00000008

#define WC_DISCARDNS 0x00000010
#define WC_SEPCHARS 0x00000020
#define WC_DEFAULTCHAR 0x00000040
#define WC_ERR_INVALID_CHARS 0x00000080
#define WC_COMPOSITECHECK 0x00000200
#define WC_NO_BEST_FIT_CHARS 0x00000400

WINMEM_C_BEGIN

/*
 * GetACP, GetOEMCP: the code page of the system.
 *
 * Returns       CP_UTF8
 * Source        learn.microsoft.com, winnls.h
 */
WINBASEAPI UINT WINAPI GetACP(VOID);
WINBASEAPI UINT WINAPI GetOEMCP(VOID);

/*
 * IsValidCodePage: is there such a code page?
 *
 * CodePage      its number
 *
 * Returns non-zero for CP_UTF8, else zero. Cannot fail.
 * Source        learn.microsoft.com, winnls.h
 */
WINBASEAPI BOOL WINAPI IsValidCodePage(UINT CodePage);

WINMEM_C_END

#endif /* WINMEM_WINNLS_H */
