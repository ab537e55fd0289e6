/*
 * tchar.h: text that is wide when _UNICODE is defined.
 *
 * Source            learn.microsoft.com, "Generic-Text Mappings in Tchar.h"
 */
#ifndef WINMEM_TCHAR_H
#define WINMEM_TCHAR_H

#include "wintypes.h"

#ifdef _UNICODE
typedef WCHAR _TCHAR;
#define WINMEM_T(quoted) WINMEM_WIDE_TEXT(quoted)
#define _tmain wmain
#else
typedef char _TCHAR;
#define WINMEM_T(quoted) quoted
#define _tmain main
#endif

#ifndef _T
#define _T(quoted) WINMEM_T(quoted)
#endif
#ifndef _TEXT
#define _TEXT(quoted) WINMEM_T(quoted)
#endif

#endif /* WINMEM_TCHAR_H */
