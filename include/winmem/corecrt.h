/*
 * corecrt.h: what the headers of the C run time of Windows are written with. The names of Windows' types are not here: a
 * source that includes <stdlib.h> and no windows.h may have its own.
 *
 * With the flags of `pkg-config winmem-win32` <malloc.h>, <stdlib.h>, <stdio.h>, <string.h>, <wchar.h>, <time.h>, <float.h>,
 * <fcntl.h> and <sys/stat.h> are those of the system, each with what Windows declares there in addition (include/winmem/crt);
 * io.h, direct.h, process.h, share.h and crtdbg.h there are only here. What libc has under another name is that function
 * (WINMEM_LIBC); what it has not is in libwinmem-win32.
 */
#ifndef WINMEM_CORECRT_H
#define WINMEM_CORECRT_H

#include <features.h>
#include <stddef.h>

#ifdef __cplusplus
#define WINMEM_C_BEGIN extern "C" {
#define WINMEM_C_END }
#else
#define WINMEM_C_BEGIN
#define WINMEM_C_END
#endif

/* Exported whatever -fvisibility the including program is compiled with. */
#define WINMEM_PUBLIC __attribute__((__visibility__("default")))

/*
 * A function that takes or returns wide strings is declared with WINMEM_WIDE_SYMBOL("Name"). Where WCHAR is
 * 16 bits wide it then calls Name_utf16, so that objects of both kinds never mix silently.
 */
#if defined WINMEM_WCHAR16 || __SIZEOF_WCHAR_T__ == 2
#define WINMEM_WIDE_IS_UTF16 1
#define WINMEM_WIDE_SYMBOL(name) __asm__(name "_utf16")
#else
#define WINMEM_WIDE_IS_UTF16 0
#define WINMEM_WIDE_SYMBOL(name)
#endif

/* What WCHAR is (wintypes.h). */
#ifndef WINMEM_WCHAR16
#define WINMEM_WCHAR wchar_t
#elif defined __cplusplus
#define WINMEM_WCHAR char16_t
#else
#define WINMEM_WCHAR __CHAR16_TYPE__ /* what u"" is made of */
#endif

/* The function of libc that has this name, and does what Windows says of the one declared. */
#define WINMEM_LIBC(name) __asm__(name)

/* What glibc puts behind its functions that throw nothing; other C libraries have no such thing. */
#ifdef __THROW
#define WINMEM_LIBC_THROW __THROW
#else
#define WINMEM_LIBC_THROW
#endif

typedef int errno_t;
typedef size_t rsize_t;

#ifndef _TRUNCATE
#define _TRUNCATE ((size_t)-1)
#endif

#endif /* WINMEM_CORECRT_H */
