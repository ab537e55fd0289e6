/*
 * calltrace.h: one line for each call, when WINMEM_TRACE names a file descriptor.
 *
 *   VirtualAlloc(0x0, 0x10000, MEM_COMMIT|MEM_RESERVE, PAGE_READWRITE) = 0x7f2c40000000
 *   VirtualFree(0x7f2c40001000, 0x0, MEM_RELEASE) = failed, 487 NOT_AT_BASE: with size 0 the address ...
 *
 * Off, it is one comparison.
 */
#ifndef WM_API_CALLTRACE_H
#define WM_API_CALLTRACE_H

#include "base/status.h"

extern int wm_trace_fd;

/*
 * format describes the arguments: %x a number in hex, %u a DWORD in decimal, %s a string, and flags by
 * name: %T allocation type, %F free type, %P protection, %M map access. The arguments are uintptr_t (%x),
 * const char * (%s), uint32_t (all others). After " = " comes what is shown on success.
 */
void wm_trace_call(const char *function, wm_status st, const char *format, ...);

/*
 * For calls that cost so little that their trace and failure are better out of line: if neither is to be told, done;
 * else a function marked WM_TELLS, which traces with WM_TRACE_AS.
 */
#define WM_IS_QUIET(st) (__builtin_expect(wm_ok(st) && wm_trace_fd < 0, 1))
#define WM_TELLS static __attribute__((noinline, cold))

/* Of a function that serves several: which one was called. */
#define WM_TRACE_AS(function, st, ...)                                                                       \
    do {                                                                                                     \
        if (__builtin_expect(wm_trace_fd >= 0, 0))                                                           \
            wm_trace_call(function, st, __VA_ARGS__);                                                        \
    } while (0)

#define WM_TRACE(st, ...) WM_TRACE_AS(__func__, st, __VA_ARGS__)

#endif
