/*
 * crtstrings.c: strings with room that is told (strcpy_s and its kin), and wide ones without regard to case.
 *
 * An error is returned and errno set, and what could not be written is the empty string: nobody's program ends, as it would
 * on Windows where it has not said otherwise.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include <crt/string.h>

#include "win32/text/unicode.h"
#include "win32/wide32.h"

/* --- bytes --- */

static errno_t refuse(char *to, rsize_t size, int error)
{
    if (to != NULL && size > 0)
        *to = '\0';
    return errno = error;
}

/* Behind the first `used` bytes, at most count of from; it must fit, or is cut off where that is what count asks for. */
static errno_t put(char *to, rsize_t size, rsize_t used, const char *from, rsize_t count)
{
    size_t length = strnlen(from, count < size ? count : size);

    if (used + length < size) {
        memcpy(to + used, from, length);
        to[used + length] = '\0';
        return 0;
    }
    if (count != _TRUNCATE)
        return refuse(to, size, ERANGE);
    memcpy(to + used, from, size - used - 1);
    to[size - 1] = '\0';
    return STRUNCATE;
}

static bool is_wrong(const char *to, rsize_t size, const char *from)
{
    return to == NULL || size == 0 || from == NULL;
}

/* All of it: a count that no string has, and that does not cut off. */
enum { ALL_OF_IT = -2 };

errno_t strncpy_s(char *to, rsize_t size, const char *from, rsize_t count)
{
    return is_wrong(to, size, from) ? refuse(to, size, EINVAL) : put(to, size, 0, from, count);
}

errno_t strcpy_s(char *to, rsize_t size, const char *from)
{
    return strncpy_s(to, size, from, (rsize_t)ALL_OF_IT);
}

errno_t strncat_s(char *to, rsize_t size, const char *from, rsize_t count)
{
    size_t used = is_wrong(to, size, from) ? size : strnlen(to, size);

    return used == size ? refuse(to, size, EINVAL) : put(to, size, used, from, count);
}

errno_t strcat_s(char *to, rsize_t size, const char *from)
{
    return strncat_s(to, size, from, (rsize_t)ALL_OF_IT);
}

errno_t memmove_s(void *to, rsize_t size, const void *from, rsize_t bytes)
{
    if (bytes == 0)
        return 0;
    if (to == NULL || from == NULL)
        return errno = EINVAL;
    if (bytes > size)
        return errno = ERANGE;
    memmove(to, from, bytes);
    return 0;
}

errno_t memcpy_s(void *to, rsize_t size, const void *from, rsize_t bytes)
{
    errno_t error = memmove_s(to, size, from, bytes);

    if (error != 0 && to != NULL)
        memset(to, 0, size);
    return error;
}

/* POSIX's, whatever a libc calls strerror_r. */
int __xpg_strerror_r(int error, char *buffer, size_t bytes);

errno_t strerror_s(char *buffer, rsize_t size, int error)
{
    char text[256];

    if (buffer == NULL || size == 0)
        return errno = EINVAL;
    __xpg_strerror_r(error, text, sizeof text);
    strncpy_s(buffer, size, text, _TRUNCATE);
    return 0;
}

/* --- wide --- */

static uint32_t unit(const void *text, size_t index, unsigned unit_bytes)
{
    return unit_bytes == sizeof(uint16_t) ? ((const uint16_t *)text)[index] : ((const uint32_t *)text)[index];
}

static int compare(const void *first, const void *second, size_t count, unsigned unit_bytes)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t a = unit(first, i, unit_bytes), b = unit(second, i, unit_bytes);
        wint_t low_a = towlower((wint_t)a), low_b = towlower((wint_t)b);

        if (low_a != low_b)
            return low_a < low_b ? -1 : 1;
        if (a == 0)
            return 0;
    }
    return 0;
}

int _wcsicmp(const WCHAR *first, const WCHAR *second)
{
    return compare(first, second, SIZE_MAX, sizeof(WCHAR));
}

int _wcsicmp_utf16(const uint16_t *first, const uint16_t *second)
{
    return compare(first, second, SIZE_MAX, sizeof(uint16_t));
}

int _wcsnicmp(const WCHAR *first, const WCHAR *second, size_t count)
{
    return compare(first, second, count, sizeof(WCHAR));
}

int _wcsnicmp_utf16(const uint16_t *first, const uint16_t *second, size_t count)
{
    return compare(first, second, count, sizeof(uint16_t));
}

static void *copy(const void *text, unsigned unit_bytes)
{
    size_t bytes = text == NULL ? 0 : (wm_wide_length(text, unit_bytes) + 1) * unit_bytes;
    void *made = text == NULL ? NULL : malloc(bytes);

    return made == NULL ? NULL : memcpy(made, text, bytes);
}

WCHAR *_wcsdup(const WCHAR *text)
{
    return copy(text, sizeof(WCHAR));
}

uint16_t *_wcsdup_utf16(const uint16_t *text)
{
    return copy(text, sizeof(uint16_t));
}

/* Behind what is there already, if it is to be kept. */
static errno_t put_wide(void *to, rsize_t size, const void *from, unsigned unit_bytes, bool behind)
{
    size_t used = 0, length;

    if (to == NULL || size == 0)
        return errno = EINVAL;
    while (behind && used < size && unit(to, used, unit_bytes) != 0)
        used++;
    length = from == NULL ? 0 : wm_wide_length(from, unit_bytes);
    if (from != NULL && used < size && length < size - used) {
        memcpy((char *)to + used * unit_bytes, from, (length + 1) * unit_bytes);
        return 0;
    }
    memset(to, 0, unit_bytes);
    return errno = from == NULL || used == size ? EINVAL : ERANGE;
}

errno_t wcscpy_s(WCHAR *to, rsize_t size, const WCHAR *from)
{
    return put_wide(to, size, from, sizeof(WCHAR), false);
}

errno_t wcscpy_s_utf16(uint16_t *to, rsize_t size, const uint16_t *from)
{
    return put_wide(to, size, from, sizeof(uint16_t), false);
}

errno_t wcscat_s(WCHAR *to, rsize_t size, const WCHAR *from)
{
    return put_wide(to, size, from, sizeof(WCHAR), true);
}

errno_t wcscat_s_utf16(uint16_t *to, rsize_t size, const uint16_t *from)
{
    return put_wide(to, size, from, sizeof(uint16_t), true);
}
