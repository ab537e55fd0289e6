/* string.h: the system's, and what Windows declares there (corecrt.h): wcslen and its kin as well. */
#ifndef WINMEM_CRT_STRING_H
#define WINMEM_CRT_STRING_H
#pragma GCC system_header
#include_next <string.h>

#include "wchar.h"

WINMEM_C_BEGIN

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _stricmp
int _stricmp(const char *first, const char *second) WINMEM_LIBC("strcasecmp");
#endif
#ifndef _strnicmp
int _strnicmp(const char *first, const char *second, size_t count) WINMEM_LIBC("strncasecmp");
#endif
#ifndef _strdup
char *_strdup(const char *text) WINMEM_LIBC("strdup");
#endif
#ifndef _memccpy
void *_memccpy(void *to, const void *from, int last, size_t count) WINMEM_LIBC("memccpy");
#endif
#ifndef strtok_s
char *strtok_s(char *text, const char *delimiters, char **rest) WINMEM_LIBC("strtok_r");
#endif
#endif

/*
 * strcpy_s, strcat_s: strcpy and strcat into so many bytes. strncpy_s, strncat_s: of at most count characters; with
 * _TRUNCATE of as many as fit.
 *
 * Returns 0; EINVAL (a pointer is NULL, size is 0), ERANGE (it does not fit; to becomes ""), STRUNCATE (80: cut off).
 * On Linux      an error is returned: there is no handler that would end the program
 * Source        learn.microsoft.com, string.h
 */
WINMEM_PUBLIC errno_t strcpy_s(char *to, rsize_t size, const char *from);
WINMEM_PUBLIC errno_t strcat_s(char *to, rsize_t size, const char *from);
WINMEM_PUBLIC errno_t strncpy_s(char *to, rsize_t size, const char *from, rsize_t count);
WINMEM_PUBLIC errno_t strncat_s(char *to, rsize_t size, const char *from, rsize_t count);

/*
 * memcpy_s, memmove_s: memcpy and memmove into so many bytes.
 *
 * Returns 0; EINVAL (a pointer is NULL), ERANGE (they do not fit); then to becomes 0 (memcpy_s).
 * Source        learn.microsoft.com, string.h
 */
WINMEM_PUBLIC errno_t memcpy_s(void *to, rsize_t size, const void *from, rsize_t bytes);
WINMEM_PUBLIC errno_t memmove_s(void *to, rsize_t size, const void *from, rsize_t bytes);

/*
 * strerror_s: strerror into a buffer; what does not fit is cut off.
 *
 * Returns 0; EINVAL (buffer is NULL, size is 0).
 * Source        learn.microsoft.com, string.h
 */
WINMEM_PUBLIC errno_t strerror_s(char *buffer, rsize_t size, int error);

WINMEM_C_END

#ifndef STRUNCATE
#define STRUNCATE 80
#endif

#ifdef __cplusplus
extern "C++" {
template <size_t Size> inline errno_t strcpy_s(char (&to)[Size], const char *from)
{
    return strcpy_s(to, Size, from);
}
template <size_t Size> inline errno_t strcat_s(char (&to)[Size], const char *from)
{
    return strcat_s(to, Size, from);
}
template <size_t Size> inline errno_t strncpy_s(char (&to)[Size], const char *from, rsize_t count)
{
    return strncpy_s(to, Size, from, count);
}
}
#endif

#endif
