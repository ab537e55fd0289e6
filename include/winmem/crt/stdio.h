/* stdio.h: the system's, and what Windows declares there (corecrt.h). */
#pragma GCC system_header
#include_next <stdio.h>

#ifndef WINMEM_CRT_STDIO_H
#define WINMEM_CRT_STDIO_H

#include <stdarg.h>

#include "../corecrt.h"

#ifndef STDIN_FILENO
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#endif

WINMEM_C_BEGIN

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _fileno
int _fileno(FILE *stream) WINMEM_LIBC("fileno");
#endif
#ifndef _fdopen
FILE *_fdopen(int fd, const char *mode) WINMEM_LIBC("fdopen");
#endif
#ifndef _fseeki64
int _fseeki64(FILE *stream, long long offset, int origin) WINMEM_LIBC("fseeko");
#endif
#ifndef _ftelli64
long long _ftelli64(FILE *stream) WINMEM_LIBC("ftello");
#endif
#ifndef _popen
FILE *_popen(const char *command, const char *mode) WINMEM_LIBC("popen");
#endif
#ifndef _pclose
int _pclose(FILE *stream) WINMEM_LIBC("pclose");
#endif
#ifndef printf_s
int printf_s(const char *format, ...) WINMEM_LIBC("printf");
#endif
#ifndef fprintf_s
int fprintf_s(FILE *stream, const char *format, ...) WINMEM_LIBC("fprintf");
#endif
#endif

/*
 * _snprintf, _vsnprintf: at most count characters, with a terminator only if there is room for one.
 *
 * Returns the length of the text; a negative number if it was cut off. Without buffer and count: its length.
 * On Linux      printf's formats, and I64, I32, I in front of a conversion. A long has 64 bits
 * Source        learn.microsoft.com, stdio.h
 */
WINMEM_PUBLIC int _snprintf(char *buffer, size_t count, const char *format, ...);
WINMEM_PUBLIC int _vsnprintf(char *buffer, size_t count, const char *format, va_list arguments);

/*
 * _scprintf, _vscprintf: how long the text would be.
 *
 * Source        learn.microsoft.com, stdio.h
 */
WINMEM_PUBLIC int _scprintf(const char *format, ...);
WINMEM_PUBLIC int _vscprintf(const char *format, va_list arguments);

/*
 * sprintf_s, vsprintf_s: a text that has to fit into so many bytes, terminator and all. _snprintf_s, _vsnprintf_s: at most
 * count characters of it; with _TRUNCATE as many as fit.
 *
 * Returns its length; -1 if buffer or format is NULL or size is 0 (errno EINVAL), if it does not fit (ERANGE, and the
 * buffer becomes ""), and if it was cut off.
 * On Linux      an error is returned: there is no handler that would end the program
 * Source        learn.microsoft.com, stdio.h
 */
WINMEM_PUBLIC int sprintf_s(char *buffer, size_t size, const char *format, ...);
WINMEM_PUBLIC int vsprintf_s(char *buffer, size_t size, const char *format, va_list arguments);
WINMEM_PUBLIC int _snprintf_s(char *buffer, size_t size, size_t count, const char *format, ...);
WINMEM_PUBLIC int _vsnprintf_s(char *buffer, size_t size, size_t count, const char *format,
                               va_list arguments);

/*
 * fopen_s: fopen. _fsopen: fopen, and what others may do with the file meanwhile (share.h), which has no effect.
 * _wfopen: fopen with wide strings.
 *
 * Names are those of fileapi.h: `\` separates.
 * Returns 0, or an errno value (fopen_s); the file, or NULL and errno.
 * On Linux      there is no text mode: lines end as they are
 * Source        learn.microsoft.com, stdio.h
 */
WINMEM_PUBLIC errno_t fopen_s(FILE **file, const char *name, const char *mode);
WINMEM_PUBLIC FILE *_fsopen(const char *name, const char *mode, int share);
WINMEM_PUBLIC FILE *_wfopen(const WINMEM_WCHAR *name, const WINMEM_WCHAR *mode) WINMEM_WIDE_SYMBOL("_wfopen");

WINMEM_C_END

#ifdef __cplusplus
extern "C++" {
template <size_t Size> inline int sprintf_s(char (&buffer)[Size], const char *format, ...)
{
    va_list arguments;
    int result;

    va_start(arguments, format);
    result = vsprintf_s(buffer, Size, format, arguments);
    va_end(arguments);
    return result;
}
}
#endif

#endif
