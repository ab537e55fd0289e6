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
 * bInheritHandle   whether a program that exec starts has the handle as well (HANDLE_FLAG_INHERIT)
 * dwProcessId      as GetCurrentProcessId gives it
 *
 * Returns the handle, to be closed with CloseHandle; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   the id is 0, or no process has it
 *               ERROR_ACCESS_DENIED       the kernel does not let this process look into that one: then nobody gets
 *                                         more than PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE
 *               ERROR_TOO_MANY_OPEN_FILES no descriptor is left
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for the table of handles
 * On Linux      who may look into a process is decided by the kernel's rule for debuggers that only read (the same user,
 *               and not protected against it; or a privilege), here and again whenever the handle is used. A handle holds
 *               on to its process: the number may be used again, the handle never means the new one. A process that has
 *               ended can be opened until its parent has waited for it. The number of a thread is no process
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId);

/*
 * GetProcessId: the number of the process that a handle means.
 *
 * Process       a handle with PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 *
 * Returns the number; 0 on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle has neither right
 * On Linux      once the process has ended and its parent has waited for it, another one may have the number
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI GetProcessId(HANDLE Process);

/*
 * GetExitCodeProcess: how a process ended.
 *
 * hProcess      a handle with PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 * lpExitCode    out: its exit code, or STILL_ACTIVE (259) while it runs
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle has neither right
 *               ERROR_NOACCESS            lpExitCode is NULL or cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES the process has ended, and nobody tells any more how
 * On Linux      exit codes are 0 to 255. A process that a signal ended has the code that the same mishap leaves on Windows:
 *               SIGSEGV and SIGBUS 0xC0000005, SIGILL 0xC000001D, SIGFPE 0xC0000094, SIGTRAP 0x80000003, SIGINT 0xC000013A,
 *               SIGABRT 3, any other 1. It is known until the process's parent has waited for it (of other users' processes
 *               only after that), from Linux 6.15 on also later. Asking does not take it away from the parent
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode);

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

/*
 * GetProcessTimes: when a process began and ended, and how long its threads have worked, all of them together.
 *
 * hProcess        a handle with PROCESS_QUERY_INFORMATION or PROCESS_QUERY_LIMITED_INFORMATION
 * lpCreationTime  out: time of day
 * lpExitTime      out: time of day; 0 while it runs
 * lpKernelTime, lpUserTime  out: work in the kernel and in the program, units of 100 nanoseconds
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle has neither right
 *               ERROR_NOACCESS            a pointer is NULL or cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES the process has ended and its parent has waited for it; or /proc cannot be read
 * On Linux      the work of other processes, and all creation times, are exact to a hundredth of a second. When a process
 *               ended nobody tells: the time of the call is
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI GetProcessTimes(HANDLE hProcess, LPFILETIME lpCreationTime, LPFILETIME lpExitTime,
                                       LPFILETIME lpKernelTime, LPFILETIME lpUserTime);

/*
 * OpenProcessToken, OpenThreadToken: a handle to the token of a process, or of a thread that acts for somebody else.
 *
 * ProcessHandle   with PROCESS_QUERY_LIMITED_INFORMATION
 * DesiredAccess   TOKEN_QUERY, TOKEN_ADJUST_PRIVILEGES, or generic rights
 * OpenAsSelf      not looked at
 * TokenHandle     out: the handle, for CloseHandle
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE   not a handle of a process
 *               ERROR_ACCESS_DENIED    it lacks the right
 *               ERROR_NOT_SUPPORTED    another process than the calling one
 *               ERROR_NO_TOKEN         OpenThreadToken, always: no thread acts for anybody else here
 *               ERROR_NOACCESS         TokenHandle cannot be written
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI OpenProcessToken(HANDLE ProcessHandle, DWORD DesiredAccess, PHANDLE TokenHandle);
WINBASEAPI BOOL WINAPI OpenThreadToken(HANDLE ThreadHandle, DWORD DesiredAccess, BOOL OpenAsSelf,
                                       PHANDLE TokenHandle);

/*
 * IsProcessorFeaturePresent: what the processor can do.
 *
 * ProcessorFeature  PF_XMMI64_INSTRUCTIONS_AVAILABLE or another
 *
 * Returns non-zero if it can. Cannot fail: what is not known is not there.
 * On Linux        by CPUID, and by what registers the kernel keeps. PF_SECOND_LEVEL_ADDRESS_TRANSLATION and
 *                 PF_VIRT_FIRMWARE_ENABLED are the business of hypervisors, and never there
 * Source          learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI IsProcessorFeaturePresent(DWORD ProcessorFeature);

/*
 * GetCurrentProcessorNumber, GetCurrentProcessorNumberEx: the processor that runs the caller, a moment ago: its number in
 * its group, and (Ex) the group.
 *
 * ProcNumber    out: group and number
 *
 * Cannot fail.
 * On Linux      no system call; a bad pointer is an access violation
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI GetCurrentProcessorNumber(VOID);
WINBASEAPI VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber);

/*
 * FlushProcessWriteBuffers: a memory barrier on every processor that runs a thread of this process, at the caller's cost.
 *
 * Cannot fail.
 * On Linux      membarrier; where it is missing or forbidden, memory that the caller has just written is taken away, which
 *               interrupts these processors
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI VOID WINAPI FlushProcessWriteBuffers(VOID);

WINMEM_C_END

#endif /* WINMEM_PROCESSTHREADSAPI_H */
