/*
 * direct.h: directories, as the C run time of Windows has them. mkdir with one argument is not there: sys/stat.h has it with
 * two.
 */
#ifndef WINMEM_DIRECT_H
#define WINMEM_DIRECT_H

#include <sys/types.h>

#include "corecrt.h"

WINMEM_C_BEGIN

/*
 * _mkdir, _rmdir, _chdir: makes a directory, removes an empty one, goes to one. _getcwd: which one that is.
 *
 * Names are those of fileapi.h: `\` separates.
 * Return 0; -1 and errno. _getcwd: buffer, or without one a text for free; NULL and errno.
 * Source        learn.microsoft.com, direct.h
 */
WINMEM_PUBLIC int _mkdir(const char *name);
WINMEM_PUBLIC int _rmdir(const char *name);
WINMEM_PUBLIC int _chdir(const char *name);
WINMEM_PUBLIC char *_getcwd(char *buffer, int bytes);

/* Old names of POSIX, which this header has on Windows, too; declared as libc does. */
#if !defined NO_OLDNAMES && !defined WINMEM_OWN_FUNCTIONS_ONLY
extern int chdir(const char *name) WINMEM_LIBC_THROW;
extern char *getcwd(char *buffer, size_t bytes) WINMEM_LIBC_THROW;
extern int rmdir(const char *name) WINMEM_LIBC_THROW;
#endif

WINMEM_C_END

#endif /* WINMEM_DIRECT_H */
