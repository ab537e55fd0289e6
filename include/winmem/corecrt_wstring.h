/* corecrt_wstring.h: wide strings as the C run time of Windows has them. Included by <string.h> and <wchar.h>. */
#ifndef WINMEM_CORECRT_WSTRING_H
#define WINMEM_CORECRT_WSTRING_H

#include "corecrt.h"

WINMEM_C_BEGIN

/*
 * _wcsicmp, _wcsnicmp: compares strings whatever the case of their letters, up to so many characters.
 *
 * Returns less than, equal to or more than 0.
 * On Linux      letters are those of the locale (towlower)
 * Source        learn.microsoft.com, wchar.h
 */
WINMEM_PUBLIC int _wcsicmp(const WINMEM_WCHAR *first, const WINMEM_WCHAR *second)
    WINMEM_WIDE_SYMBOL("_wcsicmp");
WINMEM_PUBLIC int _wcsnicmp(const WINMEM_WCHAR *first, const WINMEM_WCHAR *second, size_t count)
    WINMEM_WIDE_SYMBOL("_wcsnicmp");

/*
 * _wcsdup: a copy, for free.
 *
 * Returns the copy; NULL, and errno ENOMEM; NULL for NULL.
 * Source        learn.microsoft.com, wchar.h
 */
WINMEM_PUBLIC WINMEM_WCHAR *_wcsdup(const WINMEM_WCHAR *text) WINMEM_WIDE_SYMBOL("_wcsdup");

/*
 * wcscpy_s, wcscat_s: as strcpy_s and strcat_s (string.h); sizes count characters.
 *
 * Returns and fails as these.
 * Source        learn.microsoft.com, wchar.h
 */
WINMEM_PUBLIC errno_t wcscpy_s(WINMEM_WCHAR *to, rsize_t size, const WINMEM_WCHAR *from)
    WINMEM_WIDE_SYMBOL("wcscpy_s");
WINMEM_PUBLIC errno_t wcscat_s(WINMEM_WCHAR *to, rsize_t size, const WINMEM_WCHAR *from)
    WINMEM_WIDE_SYMBOL("wcscat_s");

WINMEM_C_END

#endif /* WINMEM_CORECRT_WSTRING_H */
