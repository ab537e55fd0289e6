/*
 * winuser.h: wsprintf. There are no windows, so nothing else of this header is here.
 *
 * Functions of libwinmem-win32.
 */
#ifndef WINMEM_WINUSER_H
#define WINMEM_WINUSER_H

#include "minwindef.h"

WINMEM_C_BEGIN

/*
 * wsprintfA, wsprintfW, wvsprintfA, wvsprintfW: a text of a format, up to 1,023 characters.
 *
 * out       where to: room for 1,024 characters
 * format    c C d i p s S u x X, with - # 0, a width, a precision, and h l w ll I I32 I64 as sizes
 * arglist   what is inserted
 *
 * Returns the number of characters without the terminator; what is beyond the 1,023rd is left out.
 * On Linux  a long has 32 bits here. A string that is NULL is "(null)". Strings of the other character width (S, and hs or ls) have
 *           the WCHAR of the program. The A forms return bytes of UTF-8, of which a character may have four
 * Source    learn.microsoft.com, winuser.h
 */
WINBASEAPI int WINAPIV wsprintfA(LPSTR out, LPCSTR format, ...) WINMEM_WIDE_SYMBOL("wsprintfA");
WINBASEAPI int WINAPIV wsprintfW(LPWSTR out, LPCWSTR format, ...) WINMEM_WIDE_SYMBOL("wsprintfW");
WINBASEAPI int WINAPI wvsprintfA(LPSTR out, LPCSTR format, va_list arglist) WINMEM_WIDE_SYMBOL("wvsprintfA");
WINBASEAPI int WINAPI wvsprintfW(LPWSTR out, LPCWSTR format, va_list arglist)
    WINMEM_WIDE_SYMBOL("wvsprintfW");

WINMEM_C_END

#ifdef UNICODE
#define wsprintf wsprintfW
#define wvsprintf wvsprintfW
#else
#define wsprintf wsprintfA
#define wvsprintf wvsprintfA
#endif

#endif /* WINMEM_WINUSER_H */
