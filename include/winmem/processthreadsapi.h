/*
 * processthreadsapi.h: which process is meant.
 */
#ifndef WINMEM_PROCESSTHREADSAPI_H
#define WINMEM_PROCESSTHREADSAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * GetCurrentProcess: a handle that means the calling process wherever a process is asked for, with all rights. It
 * is a constant, need not be closed, and equals INVALID_HANDLE_VALUE.
 *
 * Cannot fail.
 * On Linux      in a child made by fork it means the child
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI GetCurrentProcess(VOID);

/*
 * GetCurrentProcessId: the number of the calling process.
 *
 * Cannot fail.
 * On Linux      what getpid answers
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI GetCurrentProcessId(VOID);

/*
 * OpenProcess: a handle to a process, with the rights asked for and no others.
 *
 * dwDesiredAccess  PROCESS_ rights; PROCESS_QUERY_INFORMATION brings PROCESS_QUERY_LIMITED_INFORMATION with it
 * bInheritHandle   whether child processes inherit the handle
 * dwProcessId      as GetCurrentProcessId gives it
 *
 * Returns the handle, to be closed with CloseHandle; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   the id is 0, or no process has it
 *               ERROR_NOT_SUPPORTED       the process is not the calling one: not there yet
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for the table of handles
 * On Linux      the handle does not keep the process's number from being used again
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId);

/*
 * FlushInstructionCache: to be called between writing code and running it.
 *
 * hProcess      whose code
 * lpBaseAddress the code; NULL means all there is
 * dwSize        bytes; not looked at when lpBaseAddress is NULL
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      hProcess is not a process
 * On Linux      x86-64 keeps its caches coherent; the call orders the stores before what follows it
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI FlushInstructionCache(HANDLE hProcess, LPCVOID lpBaseAddress, SIZE_T dwSize);

WINMEM_C_END

#endif /* WINMEM_PROCESSTHREADSAPI_H */
