/*
 * lstrings.c: lstrlen, lstrcpy, lstrcat, lstrcmp and their kin: strings of the oldest programs, which may be NULL.
 *
 * Nothing of a string is looked at but what is copied or compared. Where Windows catches a string that cannot be read, this is
 * a fault as in strcpy.
 */
#include <string.h>
#include <wctype.h>

#include "win32/text/unicode.h"
#include "win32/wide32.h"

static uint32_t unit(const void *text, size_t index, unsigned unit_bytes)
{
    if (unit_bytes == 1)
        return ((const unsigned char *)text)[index];
    return unit_bytes == sizeof(uint16_t) ? ((const uint16_t *)text)[index] : ((const uint32_t *)text)[index];
}

static int length_of(const void *text, unsigned unit_bytes)
{
    return text == NULL ? 0 : (int)wm_wide_length(text, unit_bytes);
}

int WINAPI lstrlenA(LPCSTR lpString)
{
    return length_of(lpString, sizeof(char));
}

int WINAPI lstrlenW(LPCWSTR lpString)
{
    return length_of(lpString, sizeof(WCHAR));
}

int WINAPI lstrlenW_utf16(const uint16_t *lpString)
{
    return length_of(lpString, sizeof(uint16_t));
}

/* --- copying --- */

/* Behind so many units of the one; at most so many of the other, and a terminator. */
static void *put(void *to, size_t used, const void *from, size_t most, unsigned unit_bytes)
{
    char *at = (char *)to + used * unit_bytes;
    size_t length = 0;

    while (length < most && unit(from, length, unit_bytes) != 0)
        length++;
    memmove(at, from, length * unit_bytes);
    memset(at + length * unit_bytes, 0, unit_bytes);
    return to;
}

static void *copy(void *to, const void *from, size_t most, unsigned unit_bytes)
{
    return to == NULL || from == NULL ? NULL : put(to, 0, from, most, unit_bytes);
}

/* Without room for a terminator nothing is stored. */
static void *copy_cut(void *to, const void *from, int size, unsigned unit_bytes)
{
    return size <= 0 ? to : copy(to, from, (size_t)size - 1, unit_bytes);
}

static void *append(void *to, const void *from, unsigned unit_bytes)
{
    if (to == NULL || from == NULL)
        return NULL;
    return put(to, wm_wide_length(to, unit_bytes), from, SIZE_MAX, unit_bytes);
}

LPSTR WINAPI lstrcpyA(LPSTR lpString1, LPCSTR lpString2)
{
    return copy(lpString1, lpString2, SIZE_MAX, sizeof(char));
}

LPWSTR WINAPI lstrcpyW(LPWSTR lpString1, LPCWSTR lpString2)
{
    return copy(lpString1, lpString2, SIZE_MAX, sizeof(WCHAR));
}

uint16_t *WINAPI lstrcpyW_utf16(uint16_t *lpString1, const uint16_t *lpString2)
{
    return copy(lpString1, lpString2, SIZE_MAX, sizeof(uint16_t));
}

LPSTR WINAPI lstrcpynA(LPSTR lpString1, LPCSTR lpString2, int iMaxLength)
{
    return copy_cut(lpString1, lpString2, iMaxLength, sizeof(char));
}

LPWSTR WINAPI lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength)
{
    return copy_cut(lpString1, lpString2, iMaxLength, sizeof(WCHAR));
}

uint16_t *WINAPI lstrcpynW_utf16(uint16_t *lpString1, const uint16_t *lpString2, int iMaxLength)
{
    return copy_cut(lpString1, lpString2, iMaxLength, sizeof(uint16_t));
}

LPSTR WINAPI lstrcatA(LPSTR lpString1, LPCSTR lpString2)
{
    return append(lpString1, lpString2, sizeof(char));
}

LPWSTR WINAPI lstrcatW(LPWSTR lpString1, LPCWSTR lpString2)
{
    return append(lpString1, lpString2, sizeof(WCHAR));
}

uint16_t *WINAPI lstrcatW_utf16(uint16_t *lpString1, const uint16_t *lpString2)
{
    return append(lpString1, lpString2, sizeof(uint16_t));
}

/* --- comparing --- */

static uint32_t folded(uint32_t c, unsigned unit_bytes)
{
    if (unit_bytes == 1)
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    return (uint32_t)towlower((wint_t)c);
}

static int compare(const void *first, const void *second, unsigned unit_bytes, bool fold)
{
    if (first == NULL || second == NULL)
        return (first != NULL) - (second != NULL);
    for (size_t i = 0;; i++) {
        uint32_t a = unit(first, i, unit_bytes), b = unit(second, i, unit_bytes);
        uint32_t x = fold ? folded(a, unit_bytes) : a, y = fold ? folded(b, unit_bytes) : b;

        if (x != y || a == 0)
            return (x > y) - (x < y);
    }
}

int WINAPI lstrcmpA(LPCSTR lpString1, LPCSTR lpString2)
{
    return compare(lpString1, lpString2, sizeof(char), false);
}

int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    return compare(lpString1, lpString2, sizeof(WCHAR), false);
}

int WINAPI lstrcmpW_utf16(const uint16_t *lpString1, const uint16_t *lpString2)
{
    return compare(lpString1, lpString2, sizeof(uint16_t), false);
}

int WINAPI lstrcmpiA(LPCSTR lpString1, LPCSTR lpString2)
{
    return compare(lpString1, lpString2, sizeof(char), true);
}

int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2)
{
    return compare(lpString1, lpString2, sizeof(WCHAR), true);
}

int WINAPI lstrcmpiW_utf16(const uint16_t *lpString1, const uint16_t *lpString2)
{
    return compare(lpString1, lpString2, sizeof(uint16_t), true);
}
