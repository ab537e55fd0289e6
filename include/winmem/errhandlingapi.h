/*
 * errhandlingapi.h: the last error of the calling thread, and exceptions.
 *
 * A forbidden access, a missing page of a file, what the processor cannot execute (divisions, instructions, numbers),
 * breakpoints, single steps and RaiseException are exceptions. In the thread where one happens are asked, in this order:
 * the vectored handlers, the unhandled-exception filter, the handler for the signal (SIGSEGV, SIGBUS, SIGFPE, SIGILL,
 * SIGTRAP) that the program has installed with sigaction, and the default action of that signal. There are no frame-based
 * handlers: __try is the Microsoft compiler's. docs/design/exceptions.md tells how it works.
 */
#ifndef WINMEM_ERRHANDLINGAPI_H
#define WINMEM_ERRHANDLINGAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * GetLastError: why the last failing call of this thread failed.
 *
 * Returns       an ERROR_ code of winerror.h; 0 in a thread in which nothing has failed. A call that succeeds leaves
 *               it alone, except where its own comment says otherwise
 * On Linux      independent of errno: neither changes the other. WinmemLastCause in winmem.h says more, in words
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI DWORD WINAPI GetLastError(VOID);

/*
 * SetLastError: sets what GetLastError answers in this thread.
 *
 * dwErrCode     any value; bit 29 marks codes of the program's own
 *
 * On Linux      as on Windows
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI VOID WINAPI SetLastError(DWORD dwErrCode);

/*
 * AddVectoredExceptionHandler: registers a function that is asked first about every exception of every thread.
 *
 * First         nonzero: before all that are registered now; 0: after them
 * Handler       may change what is wrong, or the CONTEXT, and answer EXCEPTION_CONTINUE_EXECUTION: the thread goes on
 *               with that CONTEXT (integer, control, floating-point registers). EXCEPTION_CONTINUE_SEARCH: the next
 *               is asked. It may remove itself, register others, and meet exceptions of its own
 *
 * Returns       a handle for RemoveVectoredExceptionHandler; NULL on failure: no handler is given, or 1,023 are
 *               registered. The last error stays as it was
 * On Linux      runs on the thread's alternate signal stack (64 KiB) if it has one, and threads get one when they
 *               are created while handlers are registered; all signals but those of the interrupted thread's mask may
 *               arrive. A handler for SIGSEGV or SIGBUS that the program installs, before or after, is asked behind ours
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI PVOID WINAPI AddVectoredExceptionHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);

/*
 * RemoveVectoredExceptionHandler: exceptions that happen from now on do not ask this handler.
 *
 * Handle        what AddVectoredExceptionHandler returned
 *
 * Returns       nonzero; 0 if the handle is not, or no longer, that of a handler. The last error stays as it was
 * On Linux      as on Windows; a thread that is at work in the handler finishes it
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI ULONG WINAPI RemoveVectoredExceptionHandler(PVOID Handle);

/*
 * AddVectoredContinueHandler: registers a function that is called when a vectored handler or the filter has decided
 * that a thread goes on, before it does.
 *
 * First         as for AddVectoredExceptionHandler
 * Handler       EXCEPTION_CONTINUE_EXECUTION: the other continue handlers are not called. The thread goes on either way
 *
 * Returns       a handle for RemoveVectoredContinueHandler; NULL on failure, as for AddVectoredExceptionHandler
 * On Linux      as on Windows
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI PVOID WINAPI AddVectoredContinueHandler(ULONG First, PVECTORED_EXCEPTION_HANDLER Handler);

/*
 * RemoveVectoredContinueHandler: takes back AddVectoredContinueHandler.
 *
 * Handle        what AddVectoredContinueHandler returned
 *
 * Returns       nonzero; 0 if the handle is not, or no longer, that of a continue handler
 * On Linux      as on Windows
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI ULONG WINAPI RemoveVectoredContinueHandler(PVOID Handle);

typedef LONG(WINAPI *PTOP_LEVEL_EXCEPTION_FILTER)(struct _EXCEPTION_POINTERS *ExceptionInfo);
typedef PTOP_LEVEL_EXCEPTION_FILTER LPTOP_LEVEL_EXCEPTION_FILTER;

/*
 * SetUnhandledExceptionFilter: the function that decides about exceptions which no vectored handler continues.
 *
 * lpTopLevelExceptionFilter     one for the process; NULL for none. Its answers: EXCEPTION_CONTINUE_EXECUTION, the
 *               thread goes on; EXCEPTION_EXECUTE_HANDLER, the process ends; EXCEPTION_CONTINUE_SEARCH, as without it
 *
 * Returns       the filter that was set before; NULL if there was none
 * On Linux      EXCEPTION_EXECUTE_HANDLER ends the process at once, without functions registered with atexit; a parent
 *               sees the low byte of the exception code as exit status. EXCEPTION_CONTINUE_SEARCH leaves it to
 *               the program's handler for the signal, which by default ends the process with a core dump; it ends a
 *               raised exception like abort, by SIGABRT
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI LPTOP_LEVEL_EXCEPTION_FILTER WINAPI
SetUnhandledExceptionFilter(LPTOP_LEVEL_EXCEPTION_FILTER lpTopLevelExceptionFilter);

/*
 * RaiseException: makes an exception happen in the calling thread.
 *
 * dwExceptionCode       any value: handlers see it as it is
 * dwExceptionFlags      0, or EXCEPTION_NONCONTINUABLE: to continue is another exception,
 *                       EXCEPTION_NONCONTINUABLE_EXCEPTION, and then the end
 * nNumberOfArguments    of lpArguments; more than EXCEPTION_MAXIMUM_PARAMETERS (15) are cut off
 * lpArguments           become ExceptionInformation; NULL: there are none, whatever the count says
 *
 * Returns       when a handler or the filter continues
 * On Linux      an exception that nobody continues ends the process by SIGABRT. Handlers for SIGSEGV do not see it
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI VOID WINAPI RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
                                      const ULONG_PTR *lpArguments);

/*
 * RaiseFailFastException: ends the process at once. Nobody is asked, no handler of exceptions or signals, no atexit.
 *
 * pExceptionRecord, pContextRecord  what happened, or NULL
 * dwFlags           FAIL_FAST_GENERATE_EXCEPTION_ADDRESS, or 0
 *
 * Does not return.
 * On Linux          by SIGABRT with its default action, whatever the program does with it. The arguments are traced, and
 *                   have no other effect. The intrinsic __fastfail calls it
 * Source            learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI VOID WINAPI RaiseFailFastException(PEXCEPTION_RECORD pExceptionRecord, PCONTEXT pContextRecord,
                                              DWORD dwFlags) __attribute__((__noreturn__));

#define FAIL_FAST_GENERATE_EXCEPTION_ADDRESS 0x1

#define SEM_FAILCRITICALERRORS 0x0001
#define SEM_NOGPFAULTERRORBOX 0x0002
#define SEM_NOALIGNMENTFAULTEXCEPT 0x0004
#define SEM_NOOPENFILEERRORBOX 0x8000

/*
 * SetErrorMode, GetErrorMode: which errors show a box to the user. Functions of libwinmem-win32.
 *
 * uMode         SEM_ values, or 0
 *
 * Return the mode that was set before; the mode. Cannot fail.
 * On Linux      kept, and without effect: there are no boxes. A started program begins with 0
 * Source        learn.microsoft.com, errhandlingapi.h
 */
WINBASEAPI UINT WINAPI SetErrorMode(UINT uMode);
WINBASEAPI UINT WINAPI GetErrorMode(VOID);

WINMEM_C_END

#endif /* WINMEM_ERRHANDLINGAPI_H */
