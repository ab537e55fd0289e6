/*
 * process.h: threads as the C run time of Windows makes them.
 */
#ifndef WINMEM_PROCESS_H
#define WINMEM_PROCESS_H

#include "basetsd.h"

WINMEM_C_BEGIN

typedef void(__cdecl *_beginthread_proc_type)(void *);
typedef unsigned(__stdcall *_beginthreadex_proc_type)(void *);

/*
 * _beginthread, _beginthreadex: CreateThread. The first has a handle that closes by itself when the thread ends, so it should not
 * be used by anybody but the thread's maker, and not for long.
 *
 * start         what it runs; the second: what that returns is the exit code
 * stack         bytes, as for CreateThread
 * security, flags, id   as for CreateThread
 * arg           handed to it
 *
 * Return a handle; on failure (uintptr_t)-1, or 0, and errno is EAGAIN (no memory, too many threads) or EINVAL.
 * On Linux      threads of CreateThread and pthread_create may use all of libc as well
 * Source        learn.microsoft.com, process.h
 */
WINMEM_PUBLIC uintptr_t __cdecl _beginthread(_beginthread_proc_type start, unsigned stack, void *arg);
WINMEM_PUBLIC uintptr_t __cdecl _beginthreadex(void *security, unsigned stack, _beginthreadex_proc_type start,
                                               void *arg, unsigned flags, unsigned *id);

/*
 * _endthread, _endthreadex: ExitThread; the first with 0, and the handle of _beginthread is closed.
 *
 * code          the exit code
 *
 * Do not return.
 * Source        learn.microsoft.com, process.h
 */
WINMEM_PUBLIC DECLSPEC_NORETURN void __cdecl _endthread(void);
WINMEM_PUBLIC DECLSPEC_NORETURN void __cdecl _endthreadex(unsigned code);

/*
 * _resetstkoflw: after the end of the stack was met: makes the guard page again.
 *
 * Returns non-zero.
 * On Linux      there is nothing to be done: the end of a stack stays inaccessible. On Windows it is declared beside malloc
 * Source        learn.microsoft.com, _resetstkoflw
 */
WINMEM_PUBLIC int __cdecl _resetstkoflw(void);

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _getpid
int _getpid(void) WINMEM_LIBC("getpid");
#endif

/* This header has them on Windows, too; declared as libc does. */
extern void _exit(int status) __attribute__((__noreturn__));
#ifndef NO_OLDNAMES
extern int getpid(void) WINMEM_LIBC_THROW;
#endif
#endif

WINMEM_C_END

#endif /* WINMEM_PROCESS_H */
