/*
 * debugapi.h: whoever debugs the program.
 *
 * Functions of libwinmem-win32.
 */
#ifndef WINMEM_DEBUGAPI_H
#define WINMEM_DEBUGAPI_H

#include "minwindef.h"

WINMEM_C_BEGIN

/*
 * IsDebuggerPresent: is the process being debugged?
 *
 * Returns non-zero if a process traces it (ptrace), else zero. Cannot fail.
 * On Linux      zero where /proc cannot be read
 * Source        learn.microsoft.com, debugapi.h
 */
WINBASEAPI BOOL WINAPI IsDebuggerPresent(VOID);

/*
 * OutputDebugStringA, OutputDebugStringW: a text for whoever debugs the program.
 *
 * lpOutputString    the text; NULL: none
 *
 * Cannot fail.
 * On Linux      goes to the standard error output if the process is being debugged, and nowhere else; with WINMEM_TRACE to the
 *               trace
 * Source        learn.microsoft.com, debugapi.h
 */
WINBASEAPI VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString);
WINBASEAPI VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString) WINMEM_WIDE_SYMBOL("OutputDebugStringW");

/*
 * DebugBreak: a breakpoint, here.
 *
 * Returns when a debugger, or a handler, goes on behind it.
 * On Linux      EXCEPTION_BREAKPOINT; without a handler, SIGTRAP, which ends the process
 * Source        learn.microsoft.com, debugapi.h
 */
WINBASEAPI VOID WINAPI DebugBreak(VOID);

WINMEM_C_END

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

#endif /* WINMEM_DEBUGAPI_H */
