/*
 * crtprintf.c: texts of a format, as the C run time of Windows has them: _snprintf, sprintf_s and their kin.
 *
 * They are libc's vsnprintf, with what Windows writes otherwise in a format: I64, I32 and I before a conversion, which are
 * replaced in a copy of it where one has them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crt/stdio.h>

#include "win32/win32.h"

/* Up to the conversion, flags, width and precision of what follows a percent sign. */
static size_t flags_length(const char *spec)
{
    return strspn(spec, "-+ #0123456789.*'");
}

/* What libc calls the size that Windows writes so; bytes: of what is written. */
static const char *size_of(const char *spec, size_t *bytes)
{
    static const struct {
        const char *windows, *linux_name;
    } sizes[] = {{"I64", "ll"}, {"I32", ""}, {"I", "z"}};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        *bytes = strlen(sizes[i].windows);
        if (strncmp(spec, sizes[i].windows, *bytes) == 0)
            return sizes[i].linux_name;
    }
    *bytes = 0;
    return "";
}

/* The same format as libc reads it: no size is longer there. */
static void translate(const char *format, char *to)
{
    while (*format != '\0') {
        size_t length, size_bytes;
        const char *size;

        *to++ = *format;
        if (*format++ != '%')
            continue;
        if (*format == '%') {
            *to++ = *format++;
            continue;
        }
        length = flags_length(format);
        memcpy(to, format, length);
        to += length;
        format += length;
        size = size_of(format, &size_bytes);
        memcpy(to, size, strlen(size));
        to += strlen(size);
        format += size_bytes;
    }
    *to = '\0';
}

static int print(char *buffer, size_t size, const char *format, va_list arguments)
{
    char *own = strchr(format, 'I') == NULL ? NULL : malloc(strlen(format) + 1);
    int result;

    if (own != NULL)
        translate(format, own);
    result = vsnprintf(buffer, size, own != NULL ? own : format, arguments);
    free(own);
    return result;
}

/* --- without a terminator where there is no room --- */

/* The last character takes the terminator's place: it is printed elsewhere. */
static int print_full(char *buffer, size_t count, int length, const char *format, va_list arguments)
{
    char *whole = malloc((size_t)length + 1);

    if (whole == NULL)
        return -1;
    print(whole, (size_t)length + 1, format, arguments);
    memcpy(buffer, whole, count);
    free(whole);
    return (size_t)length == count ? length : -1;
}

int _vsnprintf(char *buffer, size_t count, const char *format, va_list arguments)
{
    va_list again;
    int length;

    if (format == NULL || (buffer == NULL && count > 0)) {
        errno = EINVAL;
        return -1;
    }
    va_copy(again, arguments);
    length = print(buffer, count, format, arguments);
    if (buffer != NULL && length >= 0 && (size_t)length >= count)
        length = print_full(buffer, count, length, format, again);
    va_end(again);
    return length;
}

int _snprintf(char *buffer, size_t count, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = _vsnprintf(buffer, count, format, arguments);
    va_end(arguments);
    return result;
}

int _vscprintf(const char *format, va_list arguments)
{
    return _vsnprintf(NULL, 0, format, arguments);
}

int _scprintf(const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = _vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    return result;
}

/* --- that have to fit --- */

static int refuse(char *buffer, size_t size, int error)
{
    if (buffer != NULL && size > 0)
        *buffer = '\0';
    errno = error;
    return -1;
}

int vsprintf_s(char *buffer, size_t size, const char *format, va_list arguments)
{
    int length;

    if (buffer == NULL || size == 0 || format == NULL)
        return refuse(buffer, size, EINVAL);
    length = print(buffer, size, format, arguments);
    return length >= 0 && (size_t)length >= size ? refuse(buffer, size, ERANGE) : length;
}

int sprintf_s(char *buffer, size_t size, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vsprintf_s(buffer, size, format, arguments);
    va_end(arguments);
    return result;
}

/* Whoever asks for fewer characters than there is room for, or for as many as fit, may have the text cut off. */
int _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format, va_list arguments)
{
    size_t room = count < size ? count + 1 : size;
    int length;

    if (buffer == NULL || size == 0 || format == NULL)
        return refuse(buffer, size, EINVAL);
    length = print(buffer, room, format, arguments);
    if (length < 0 || (size_t)length < room)
        return length;
    return count != _TRUNCATE && count >= size ? refuse(buffer, size, ERANGE) : -1;
}

int _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = _vsnprintf_s(buffer, size, count, format, arguments);
    va_end(arguments);
    return result;
}
