/* stdlib.h: the system's, and what Windows declares there (corecrt.h). The system's own parts of it come here often. */
#pragma GCC system_header
#include_next <stdlib.h>

#ifndef WINMEM_FROM_WINDOWS_H
#include "../corecrt_malloc.h"
#endif

#ifndef WINMEM_CRT_STDLIB_H
#define WINMEM_CRT_STDLIB_H

#include "../corecrt.h"

#ifndef _countof
#define _countof(array) (sizeof(array) / sizeof((array)[0]))
#endif

#ifndef _MAX_PATH
#define _MAX_PATH 260
#define _MAX_DRIVE 3
#define _MAX_DIR 256
#define _MAX_FNAME 256
#define _MAX_EXT 256
#define _MAX_ENV 32767
#endif

WINMEM_C_BEGIN

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _strtoi64
long long _strtoi64(const char *text, char **end, int base) WINMEM_LIBC("strtoll");
#endif
#ifndef _strtoui64
unsigned long long _strtoui64(const char *text, char **end, int base) WINMEM_LIBC("strtoull");
#endif
#ifndef _atoi64
long long _atoi64(const char *text) WINMEM_LIBC("atoll");
#endif

/* This header has it on Windows, too; declared as libc does. */
extern void _exit(int status) __attribute__((__noreturn__));
#endif

/*
 * _putenv: "NAME=value" gives a variable of the environment that value, "NAME=" takes it away. The text is copied.
 * _putenv_s: the same in two texts.
 *
 * Return 0; -1 (_putenv) or the error, and errno EINVAL (no name) or ENOMEM.
 * On Linux      the environment of getenv, and as with setenv no other thread may read it meanwhile
 * Source        learn.microsoft.com, stdlib.h
 */
WINMEM_PUBLIC int _putenv(const char *text);
WINMEM_PUBLIC errno_t _putenv_s(const char *name, const char *value);

/*
 * _dupenv_s: a copy of a variable's value, for free; NULL if there is none.
 *
 * Returns 0; EINVAL (value or name is NULL), ENOMEM.
 * Source        learn.microsoft.com, stdlib.h
 */
WINMEM_PUBLIC errno_t _dupenv_s(char **value, size_t *size, const char *name);

/*
 * getenv_s: the value of a variable, into a buffer.
 *
 * size          out: the bytes that it takes, terminator and all; 0: there is no such variable
 *
 * Returns 0; EINVAL (size or name is NULL, no buffer), ERANGE (it does not fit).
 * Source        learn.microsoft.com, stdlib.h
 */
WINMEM_PUBLIC errno_t getenv_s(size_t *size, char *buffer, rsize_t buffer_bytes, const char *name);

/*
 * _fmode: how files are opened that say neither _O_TEXT nor _O_BINARY. __p__fmode: where it lies.
 *
 * On Linux      there is no text mode: it is what the program made it, _O_BINARY at first, and changes nothing
 * Source        learn.microsoft.com, stdlib.h
 */
WINMEM_PUBLIC int *__p__fmode(void);
#define _fmode (*__p__fmode())

/*
 * _wgetenv: getenv with wide strings.
 *
 * Returns the value, which stays as it is until the program ends; NULL if there is none, or no memory (errno ENOMEM).
 * Source        learn.microsoft.com, stdlib.h
 */
WINMEM_PUBLIC WINMEM_WCHAR *_wgetenv(const WINMEM_WCHAR *name) WINMEM_WIDE_SYMBOL("_wgetenv");

#define _OUT_TO_DEFAULT 0
#define _OUT_TO_STDERR 1
#define _OUT_TO_MSGBOX 2
#define _REPORT_ERRMODE 3

#define _WRITE_ABORT_MSG 0x1
#define _CALL_REPORTFAULT 0x2

/*
 * _set_error_mode: where the C run time tells what is wrong. _set_abort_behavior: what abort does beside.
 *
 * mode          _OUT_TO_; _REPORT_ERRMODE only asks
 * flags, mask   _WRITE_ABORT_MSG, _CALL_REPORTFAULT: those in mask become as in flags
 *
 * Return what was set before; at first _OUT_TO_DEFAULT, and both flags. -1 and errno EINVAL: no such mode.
 * On Linux      kept, and without effect: assert and abort are libc's, which writes to the standard error output
 * Source        learn.microsoft.com, stdlib.h
 */
WINMEM_PUBLIC int _set_error_mode(int mode);
WINMEM_PUBLIC unsigned _set_abort_behavior(unsigned flags, unsigned mask);

WINMEM_C_END

#endif
