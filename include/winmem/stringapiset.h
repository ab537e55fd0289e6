/*
 * stringapiset.h: between UTF-8 and wide strings.
 *
 * Functions of libwinmem-win32. Wide strings have the WCHAR of the program (wintypes.h): of 32 bits, or UTF-16.
 */
#ifndef WINMEM_STRINGAPISET_H
#define WINMEM_STRINGAPISET_H

#include "winnls.h"

WINMEM_C_BEGIN

/*
 * MultiByteToWideChar: UTF-8 becomes wide.
 *
 * CodePage          CP_UTF8, or CP_ACP, CP_OEMCP, CP_THREAD_ACP, which are the same
 * dwFlags           MB_ERR_INVALID_CHARS: what is no UTF-8 is an error; else it becomes U+FFFD. With other code pages
 *                   than CP_UTF8 MB_PRECOMPOSED, MB_COMPOSITE and MB_USEGLYPHCHARS, which mean nothing
 * lpMultiByteStr    the text
 * cbMultiByte       its bytes; -1: up to its terminator, which is converted too
 * lpWideCharStr     out: where to
 * cchWideChar       its room, in WCHARs; 0: nothing is stored
 *
 * Returns how many WCHARs were stored, or would be; 0 on failure.
 * Errors            ERROR_INVALID_PARAMETER   no text, cbMultiByte is 0, no place or the place of the text; another code page
 *                   ERROR_INVALID_FLAGS       a flag that the code page does not take
 *                   ERROR_INSUFFICIENT_BUFFER it does not fit
 *                   ERROR_NO_UNICODE_TRANSLATION      no UTF-8, with MB_ERR_INVALID_CHARS
 * On Linux          whatever the locale is. A sequence of bytes that breaks off is one U+FFFD, and each byte that begins none
 * Source            learn.microsoft.com, stringapiset.h
 */
WINBASEAPI int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCSTR lpMultiByteStr,
                                          int cbMultiByte, LPWSTR lpWideCharStr, int cchWideChar)
    WINMEM_WIDE_SYMBOL("MultiByteToWideChar");

/*
 * WideCharToMultiByte: wide becomes UTF-8.
 *
 * CodePage          as for MultiByteToWideChar
 * dwFlags           WC_ERR_INVALID_CHARS: a surrogate alone, and what lies beyond U+10FFFF, is an error; else it becomes U+FFFD.
 *                   With other code pages than CP_UTF8 also those that mean nothing
 * lpWideCharStr, cchWideChar    the text and its length; -1: up to its terminator, which is converted too
 * lpMultiByteStr, cbMultiByte   out: where to, and its room in bytes; 0: nothing is stored
 * lpDefaultChar     not looked at; NULL with CP_UTF8
 * lpUsedDefaultChar out, optional: whether something became U+FFFD; NULL with CP_UTF8
 *
 * Returns how many bytes were stored, or would be; 0 on failure.
 * Errors            those of MultiByteToWideChar, and
 *                   ERROR_INVALID_PARAMETER   CP_UTF8 with lpDefaultChar or lpUsedDefaultChar
 * On Linux          as MultiByteToWideChar
 * Source            learn.microsoft.com, stringapiset.h
 */
WINBASEAPI int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWSTR lpWideCharStr,
                                          int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
                                          LPCCH lpDefaultChar, LPBOOL lpUsedDefaultChar)
    WINMEM_WIDE_SYMBOL("WideCharToMultiByte");

WINMEM_C_END

#endif /* WINMEM_STRINGAPISET_H */
