/*
 * strsafe.h: copying, joining and printing strings into a buffer that is never overrun and always terminated.
 *
 *   StringCch...     the size of the buffer is told in characters
 *   StringCb...      in bytes
 *   ...A, ...W       of char, of WCHAR
 *   Copy, CopyN, Cat, CatN, Length, Printf, VPrintf; the Ex forms are not there
 *
 * Return S_OK.
 * Errors        STRSAFE_E_INSUFFICIENT_BUFFER  it does not fit: as much as does is there
 *               STRSAFE_E_INVALID_PARAMETER    no room at all, or more than STRSAFE_MAX_CCH; Length: the string is NULL or does
 *                                              not end in time
 * On Linux      they are compiled into the program. Formats are those of the C library, so %s in the W forms is a char string.
 *               StringCchPrintfW is there where WCHAR is the C library's wchar_t
 * Source        learn.microsoft.com, strsafe.h
 */
#ifndef WINMEM_STRSAFE_H
#define WINMEM_STRSAFE_H

#ifndef WINMEM_SHOW_WARNINGS /* wininterlocked.h */
#pragma GCC system_header
#endif

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#include "winerror.h"
#include "wintypes.h"

#define STRSAFE_MAX_CCH 2147483647
#define STRSAFE_MAX_LENGTH (STRSAFE_MAX_CCH - 1)
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER ((HRESULT)0x80070057)

#ifdef __cplusplus
#define WINMEM_STRSAFE inline HRESULT
#define WINMEM_STRSAFE_HELPER inline SIZE_T
#else
#define WINMEM_STRSAFE static __inline__ HRESULT
#define WINMEM_STRSAFE_HELPER static __inline__ SIZE_T
#endif

/* letter is A or W; character what the string is made of. */
#define WINMEM_STRSAFE_FUNCTIONS(letter, character)                                                          \
    WINMEM_STRSAFE_HELPER winmem_strsafe_length##letter(const character *string, SIZE_T most)                \
    {                                                                                                        \
        SIZE_T length = 0;                                                                                   \
        while (length < most && string[length] != 0)                                                         \
            length++;                                                                                        \
        return length;                                                                                       \
    }                                                                                                        \
    WINMEM_STRSAFE StringCchCopyN##letter(character *to, SIZE_T room, const character *from, SIZE_T most)    \
    {                                                                                                        \
        SIZE_T length, fits;                                                                                 \
        if (room == 0 || room > STRSAFE_MAX_CCH)                                                             \
            return STRSAFE_E_INVALID_PARAMETER;                                                              \
        length = winmem_strsafe_length##letter(from, most < room ? most : room);                             \
        fits = length < room ? length : room - 1;                                                            \
        memmove(to, from, fits * sizeof(character));                                                         \
        to[fits] = 0;                                                                                        \
        return length < room ? 0 : STRSAFE_E_INSUFFICIENT_BUFFER;                                            \
    }                                                                                                        \
    WINMEM_STRSAFE StringCchCopy##letter(character *to, SIZE_T room, const character *from)                  \
    {                                                                                                        \
        return StringCchCopyN##letter(to, room, from, STRSAFE_MAX_CCH);                                      \
    }                                                                                                        \
    WINMEM_STRSAFE StringCchLength##letter(const character *string, SIZE_T most, SIZE_T *length)             \
    {                                                                                                        \
        SIZE_T found = 0;                                                                                    \
        HRESULT result = STRSAFE_E_INVALID_PARAMETER;                                                        \
        if (string != NULL && most <= STRSAFE_MAX_CCH) {                                                     \
            found = winmem_strsafe_length##letter(string, most);                                             \
            result = found < most ? 0 : STRSAFE_E_INVALID_PARAMETER;                                         \
        }                                                                                                    \
        if (length != NULL)                                                                                  \
            *length = result == 0 ? found : 0;                                                               \
        return result;                                                                                       \
    }                                                                                                        \
    WINMEM_STRSAFE StringCchCatN##letter(character *to, SIZE_T room, const character *from, SIZE_T most)     \
    {                                                                                                        \
        SIZE_T length;                                                                                       \
        HRESULT result = StringCchLength##letter(to, room, &length);                                         \
        return result == 0 ? StringCchCopyN##letter(to + length, room - length, from, most) : result;        \
    }                                                                                                        \
    WINMEM_STRSAFE StringCchCat##letter(character *to, SIZE_T room, const character *from)                   \
    {                                                                                                        \
        return StringCchCatN##letter(to, room, from, STRSAFE_MAX_CCH);                                       \
    }                                                                                                        \
    WINMEM_STRSAFE StringCbCopy##letter(character *to, SIZE_T bytes, const character *from)                  \
    {                                                                                                        \
        return StringCchCopy##letter(to, bytes / sizeof(character), from);                                   \
    }                                                                                                        \
    WINMEM_STRSAFE StringCbCopyN##letter(character *to, SIZE_T bytes, const character *from, SIZE_T most)    \
    {                                                                                                        \
        return StringCchCopyN##letter(to, bytes / sizeof(character), from, most / sizeof(character));        \
    }                                                                                                        \
    WINMEM_STRSAFE StringCbCat##letter(character *to, SIZE_T bytes, const character *from)                   \
    {                                                                                                        \
        return StringCchCat##letter(to, bytes / sizeof(character), from);                                    \
    }                                                                                                        \
    WINMEM_STRSAFE StringCbCatN##letter(character *to, SIZE_T bytes, const character *from, SIZE_T most)     \
    {                                                                                                        \
        return StringCchCatN##letter(to, bytes / sizeof(character), from, most / sizeof(character));         \
    }                                                                                                        \
    WINMEM_STRSAFE StringCbLength##letter(const character *string, SIZE_T most, SIZE_T *bytes)               \
    {                                                                                                        \
        HRESULT result = StringCchLength##letter(string, most / sizeof(character), bytes);                   \
        if (bytes != NULL)                                                                                   \
            *bytes *= sizeof(character);                                                                     \
        return result;                                                                                       \
    }

/* printed: how many characters it would have been (A), or below 0 where it does not fit (W). */
#define WINMEM_STRSAFE_PRINTS(letter, character, print, checked)                                             \
    WINMEM_STRSAFE StringCchVPrintf##letter(character *to, SIZE_T room, const character *format,             \
                                            va_list values)                                                  \
    {                                                                                                        \
        int printed;                                                                                         \
        if (room == 0 || room > STRSAFE_MAX_CCH)                                                             \
            return STRSAFE_E_INVALID_PARAMETER;                                                              \
        printed = print(to, room, format, values);                                                           \
        to[room - 1] = 0;                                                                                    \
        return printed >= 0 && (SIZE_T)printed < room ? 0 : STRSAFE_E_INSUFFICIENT_BUFFER;                   \
    }                                                                                                        \
    checked WINMEM_STRSAFE StringCchPrintf##letter(character *to, SIZE_T room, const character *format, ...) \
    {                                                                                                        \
        va_list values;                                                                                      \
        HRESULT result;                                                                                      \
        va_start(values, format);                                                                            \
        result = StringCchVPrintf##letter(to, room, format, values);                                         \
        va_end(values);                                                                                      \
        return result;                                                                                       \
    }                                                                                                        \
    WINMEM_STRSAFE StringCbVPrintf##letter(character *to, SIZE_T bytes, const character *format,             \
                                           va_list values)                                                   \
    {                                                                                                        \
        return StringCchVPrintf##letter(to, bytes / sizeof(character), format, values);                      \
    }                                                                                                        \
    checked WINMEM_STRSAFE StringCbPrintf##letter(character *to, SIZE_T bytes, const character *format, ...) \
    {                                                                                                        \
        va_list values;                                                                                      \
        HRESULT result;                                                                                      \
        va_start(values, format);                                                                            \
        result = StringCchVPrintf##letter(to, bytes / sizeof(character), format, values);                    \
        va_end(values);                                                                                      \
        return result;                                                                                       \
    }

WINMEM_STRSAFE_FUNCTIONS(A, CHAR)
WINMEM_STRSAFE_FUNCTIONS(W, WCHAR)
WINMEM_STRSAFE_PRINTS(A, CHAR, vsnprintf, __attribute__((__format__(__printf__, 3, 4))))
#if !WINMEM_WIDE_IS_UTF16
WINMEM_STRSAFE_PRINTS(W, WCHAR, vswprintf, )
#endif

#ifdef UNICODE
#define StringCchCopy StringCchCopyW
#define StringCchCopyN StringCchCopyNW
#define StringCchCat StringCchCatW
#define StringCchCatN StringCchCatNW
#define StringCchLength StringCchLengthW
#define StringCchPrintf StringCchPrintfW
#define StringCchVPrintf StringCchVPrintfW
#define StringCbCopy StringCbCopyW
#define StringCbCopyN StringCbCopyNW
#define StringCbCat StringCbCatW
#define StringCbCatN StringCbCatNW
#define StringCbLength StringCbLengthW
#define StringCbPrintf StringCbPrintfW
#define StringCbVPrintf StringCbVPrintfW
#else
#define StringCchCopy StringCchCopyA
#define StringCchCopyN StringCchCopyNA
#define StringCchCat StringCchCatA
#define StringCchCatN StringCchCatNA
#define StringCchLength StringCchLengthA
#define StringCchPrintf StringCchPrintfA
#define StringCchVPrintf StringCchVPrintfA
#define StringCbCopy StringCbCopyA
#define StringCbCopyN StringCbCopyNA
#define StringCbCat StringCbCatA
#define StringCbCatN StringCbCatNA
#define StringCbLength StringCbLengthA
#define StringCbPrintf StringCbPrintfA
#define StringCbVPrintf StringCbVPrintfA
#endif

#endif /* WINMEM_STRSAFE_H */
