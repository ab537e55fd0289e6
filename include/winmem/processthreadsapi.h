/*
 * processthreadsapi.h: which process is meant; threads.
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

/* ---- Threads ------------------------------------------------------------------------------------------ */

typedef DWORD(WINAPI *PTHREAD_START_ROUTINE)(LPVOID lpThreadParameter);
typedef PTHREAD_START_ROUTINE LPTHREAD_START_ROUTINE;

/*
 * CreateThread: a new thread.
 *
 * lpThreadAttributes  may be NULL; has no effect
 * dwStackSize         bytes of stack, rounded up; 0: as pthread_create makes it (ulimit -s, mostly 8 MiB). Less than 64 KiB
 *                     are 64 KiB; without STACK_SIZE_PARAM_IS_A_RESERVATION 1 MiB at least, as on Windows
 * lpStartAddress      what it runs; what that returns is its exit code
 * lpParameter         handed to it
 * dwCreationFlags     CREATE_SUSPENDED: it runs nothing before ResumeThread; STACK_SIZE_PARAM_IS_A_RESERVATION
 * lpThreadId          out: its number; may be NULL
 *
 * Returns a handle with all rights, to be closed with CloseHandle; NULL on failure.
 * Errors        ERROR_NOT_ENOUGH_MEMORY   no memory for its stack, or too many threads (RLIMIT_NPROC, cgroup pids)
 *               ERROR_INVALID_PARAMETER   lpStartAddress is NULL; an unknown flag
 *               ERROR_NOACCESS            lpThreadId cannot be written
 * On Linux      a thread of pthread_create's, detached, in which all of libc works. Stacks are not committed in parts: all of
 *               it may be touched, and its end is inaccessible. Exceptions of C++ must not leave lpStartAddress
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes, SIZE_T dwStackSize,
                                      LPTHREAD_START_ROUTINE lpStartAddress, LPVOID lpParameter,
                                      DWORD dwCreationFlags, LPDWORD lpThreadId);

typedef struct _PROC_THREAD_ATTRIBUTE_LIST *PPROC_THREAD_ATTRIBUTE_LIST, *LPPROC_THREAD_ATTRIBUTE_LIST;

#define PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY 0x00030003

/*
 * InitializeProcThreadAttributeList: begins a list of attributes for CreateRemoteThreadEx. UpdateProcThreadAttribute: puts
 * one into it. DeleteProcThreadAttributeList: ends it.
 *
 * lpAttributeList   memory for it; NULL: only the size is asked for
 * dwAttributeCount  how many attributes it is for
 * dwFlags           0
 * lpSize            in and out: the bytes that the list takes
 * Attribute         PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY
 * lpValue, cbSize   a GROUP_AFFINITY, which stays where it is until the list is deleted
 * lpPreviousValue, lpReturnSize  NULL
 *
 * Return non-zero on success, zero on failure.
 * Errors        ERROR_INSUFFICIENT_BUFFER the list is NULL or has fewer bytes than it takes; lpSize tells how many
 *               ERROR_INVALID_PARAMETER   flags are not 0, or what is reserved is not NULL
 *               ERROR_NOT_SUPPORTED       another attribute
 *               ERROR_BAD_LENGTH          the value has another size
 *               ERROR_ALREADY_EXISTS      the list has the attribute
 *               ERROR_GEN_FAILURE         the list is full
 *               ERROR_NOACCESS            a pointer cannot be used
 * On Linux      lists are for threads: CreateProcess takes none
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI InitializeProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList,
                                                         DWORD dwAttributeCount, DWORD dwFlags,
                                                         PSIZE_T lpSize);
WINBASEAPI BOOL WINAPI UpdateProcThreadAttribute(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, DWORD dwFlags,
                                                 DWORD_PTR Attribute, PVOID lpValue, SIZE_T cbSize,
                                                 PVOID lpPreviousValue, PSIZE_T lpReturnSize);
WINBASEAPI VOID WINAPI DeleteProcThreadAttributeList(LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList);

/*
 * CreateRemoteThreadEx: CreateThread, with attributes.
 *
 * hProcess         this process: GetCurrentProcess, or a handle with PROCESS_CREATE_THREAD
 * lpAttributeList  a list, or NULL. With PROC_THREAD_ATTRIBUTE_GROUP_AFFINITY the thread runs on these processors from its
 *                  first instruction on
 * the others       as for CreateThread
 *
 * Returns as CreateThread.
 * Errors        those of CreateThread, and
 *               ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_NOT_SUPPORTED       another process
 *               ERROR_INVALID_PARAMETER   no processor, or one that is not there or that the kernel refuses
 * On Linux      as for CreateThread
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI CreateRemoteThreadEx(HANDLE hProcess, LPSECURITY_ATTRIBUTES lpThreadAttributes,
                                              SIZE_T dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress,
                                              LPVOID lpParameter, DWORD dwCreationFlags,
                                              LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList,
                                              LPDWORD lpThreadId);

/*
 * ExitThread: the end of the calling thread. Callbacks of FLS and destructors of C++ objects that belong to the thread run; what is on
 * its stack is left as it is.
 *
 * dwExitCode    what GetExitCodeThread tells
 *
 * Does not return.
 * On Linux      in a thread that pthread_create made, and in the first one, this is pthread_exit: objects on the stack are
 *               destroyed. When the last thread has ended the process ends with 0
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DECLSPEC_NORETURN VOID WINAPI ExitThread(DWORD dwExitCode);

/*
 * GetExitCodeThread: with what a thread has ended.
 *
 * hThread       a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 * lpExitCode    out: the code, or STILL_ACTIVE (259) as long as the thread has not ended
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle has neither right
 *               ERROR_NOACCESS            lpExitCode cannot be written
 * On Linux      a thread that pthread_create made has 0, unless it has called ExitThread. In a child of fork all threads but the
 *               one that forked have ended
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode);

/*
 * GetCurrentThread: a handle that means the calling thread wherever a thread is asked for, with all rights. It is a
 * constant and need not be closed; DuplicateHandle makes of it a handle that others can use.
 *
 * Cannot fail.
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI GetCurrentThread(VOID);

/*
 * GetCurrentThreadId: the number of the calling thread.
 *
 * Cannot fail.
 * On Linux      what gettid answers, without a system call; right also in a child just forked (not in one of vfork). The
 *               first thread has the number of its process
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI GetCurrentThreadId(VOID);

/*
 * GetThreadId, GetProcessIdOfThread: the number of a thread, and that of its process.
 *
 * Thread        a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 *
 * Return the number; 0 on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle has neither right
 * On Linux      when the thread has ended another one may have its number. All handles are of the calling process
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI GetThreadId(HANDLE Thread);
WINBASEAPI DWORD WINAPI GetProcessIdOfThread(HANDLE Thread);

/*
 * OpenThread: a handle to a thread, with the rights asked for and no others.
 *
 * dwDesiredAccess  THREAD_ rights; THREAD_QUERY_INFORMATION brings THREAD_QUERY_LIMITED_INFORMATION with it
 * bInheritHandle   has no effect
 * dwThreadId       as GetCurrentThreadId gives it: of any thread of this process, whoever made it
 *
 * Returns the handle, to be closed with CloseHandle; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   this process has no thread of this number
 *               ERROR_NOT_ENOUGH_MEMORY   no memory
 * On Linux      threads of other processes cannot be opened. One that has ended cannot be opened any more, though handles to
 *               it stay good
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HANDLE WINAPI OpenThread(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwThreadId);

/*
 * SuspendThread: stops a thread; ResumeThread: lets it go on, when that has been called as often.
 *
 * hThread       a handle with THREAD_SUSPEND_RESUME
 *
 * Return how often it was suspended before; (DWORD)-1 on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle lacks the right; the thread has ended
 *               ERROR_SIGNAL_REFUSED      suspended MAXIMUM_SUSPEND_COUNT (127) times already
 *               ERROR_SEM_TIMEOUT         it has not stopped for ten seconds: it blocks all signals, hangs in the kernel, or is
 *                                         in a call of this library for which others wait
 *               ERROR_NO_SYSTEM_RESOURCES the program has taken all real-time signals
 * On Linux      by a real-time signal that the program does not use. When SuspendThread returns the thread has stopped, not
 *               only soon will. It is never stopped while it holds a lock of this library, so whoever has stopped it may
 *               call anything of it; but it may hold malloc's lock (Heap functions are malloc), or one of the program's. A system call
 *               that it was in goes on afterwards, if Linux lets it (SA_RESTART): sleep, poll and their like may end with EINTR.
 *               What has a signal handler runs it afterwards
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI SuspendThread(HANDLE hThread);
WINBASEAPI DWORD WINAPI ResumeThread(HANDLE hThread);

/*
 * GetThreadContext, SetThreadContext: the registers of a thread.
 *
 * hThread       a handle with THREAD_GET_CONTEXT, or THREAD_SET_CONTEXT
 * lpContext     ContextFlags: which parts; the others are left alone. CONTEXT_CONTROL, CONTEXT_INTEGER,
 *               CONTEXT_FLOATING_POINT (x87 and xmm), CONTEXT_SEGMENTS
 *
 * Return non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle lacks the right; the thread has ended
 *               ERROR_NOACCESS            lpContext cannot be read or written
 *               and those of SuspendThread
 * On Linux      a thread that runs is stopped meanwhile, so what is read is true of some moment; also of the calling thread: then
 *               they are those inside this function. Debug registers are not there: zero. Segments are told and never
 *               taken; of EFlags what a program may change
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI GetThreadContext(HANDLE hThread, LPCONTEXT lpContext);
WINBASEAPI BOOL WINAPI SetThreadContext(HANDLE hThread, const CONTEXT *lpContext);

/*
 * SwitchToThread: lets another thread run that is ready to.
 *
 * Returns non-zero if one did.
 * On Linux      sched_yield
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI SwitchToThread(VOID);

#define THREAD_PRIORITY_LOWEST (-2)
#define THREAD_PRIORITY_BELOW_NORMAL (-1)
#define THREAD_PRIORITY_NORMAL 0
#define THREAD_PRIORITY_HIGHEST 2
#define THREAD_PRIORITY_ABOVE_NORMAL 1
#define THREAD_PRIORITY_ERROR_RETURN 0x7FFFFFFF
#define THREAD_PRIORITY_TIME_CRITICAL 15
#define THREAD_PRIORITY_IDLE (-15)

/*
 * SetThreadPriority, GetThreadPriority: how much a thread runs when there is not enough for all.
 *
 * hThread       a handle with THREAD_SET_INFORMATION or THREAD_SET_LIMITED_INFORMATION; to get it, with
 *               THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 * nPriority     one of THREAD_PRIORITY_
 *
 * Return non-zero on success, zero on failure; the priority, or THREAD_PRIORITY_ERROR_RETURN.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_INVALID_PARAMETER   no such priority
 *               ERROR_ACCESS_DENIED       the handle lacks the right; or the kernel does not let the process raise it (RLIMIT_NICE):
 *                                         nor back to what it was before it was lowered
 * On Linux      nice values: 19, 10 (lowest), 5, 0, -5, -10 (highest), -20, on top of that of the first thread. A thread that has
 *               ended has THREAD_PRIORITY_NORMAL, and setting it does nothing
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI SetThreadPriority(HANDLE hThread, int nPriority);
WINBASEAPI int WINAPI GetThreadPriority(HANDLE hThread);

/*
 * SetThreadIdealProcessor: on which processor a thread would best run. A wish.
 *
 * hThread           a handle with THREAD_SET_INFORMATION
 * dwIdealProcessor  its number; MAXIMUM_PROCESSORS (64): none, the call only asks
 *
 * Returns what it was before, 0 in the beginning; (DWORD)-1 on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_INVALID_PARAMETER   a number above 64
 * On Linux      is remembered and nothing else: Linux takes no such wishes
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI SetThreadIdealProcessor(HANDLE hThread, DWORD dwIdealProcessor);

/*
 * SetThreadDescription, GetThreadDescription: what the program calls a thread.
 *
 * hThread                a handle with THREAD_SET_LIMITED_INFORMATION (or THREAD_SET_INFORMATION); to get it with
 *                        THREAD_QUERY_LIMITED_INFORMATION
 * lpThreadDescription    the name
 * ppszThreadDescription  out: a copy, to be given back with LocalFree; empty if there is none
 *
 * Return a value that SUCCEEDED is true of, or HRESULT_FROM_NT of why not: an invalid handle, access denied, no memory.
 * On Linux      the first 15 bytes are the thread's name (comm), which ps and debuggers show. 32,767 units at most
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI HRESULT WINAPI SetThreadDescription(HANDLE hThread, PCWSTR lpThreadDescription)
    WINMEM_WIDE_SYMBOL("SetThreadDescription");
WINBASEAPI HRESULT WINAPI GetThreadDescription(HANDLE hThread, PWSTR *ppszThreadDescription)
    WINMEM_WIDE_SYMBOL("GetThreadDescription");

/*
 * GetThreadTimes: when a thread began and ended, and how long it has run.
 *
 * hThread                        a handle with THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 * lpCreationTime, lpExitTime     out: in units of 100 ns since 1601; the second is 0 as long as it has not ended
 * lpKernelTime, lpUserTime       out: in units of 100 ns
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle has neither right
 *               ERROR_NOACCESS            a pointer cannot be written
 * On Linux      of another thread than the calling one the sum is exact and how it is divided is known in steps of 10 ms. A
 *               thread that nobody had a handle to when it ended, or that ended by a bare system call, has run for 0
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI GetThreadTimes(HANDLE hThread, LPFILETIME lpCreationTime, LPFILETIME lpExitTime,
                                      LPFILETIME lpKernelTime, LPFILETIME lpUserTime);

/*
 * GetCurrentThreadStackLimits: where the calling thread's stack is.
 *
 * LowLimit      out: where it begins
 * HighLimit     out: the end of it, where a thread starts
 *
 * Cannot fail.
 * On Linux      of the first thread, which has a stack that grows: as far as it may (ulimit -s). A thread that runs on
 *               another stack at the moment (a coroutine) is told its own
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI VOID WINAPI GetCurrentThreadStackLimits(PULONG_PTR LowLimit, PULONG_PTR HighLimit);

/*
 * SetThreadStackGuarantee: how much stack is left for a handler when a thread has run over the end of its own.
 *
 * StackSizeInBytes  in: how much, 0: only ask; out: how much it was before
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   more than 64 KiB
 *               ERROR_NOACCESS            StackSizeInBytes cannot be written
 * On Linux      handlers run on a stack of their own, which has 64 KiB for them whatever is asked for. It never becomes less,
 *               as on Windows
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI SetThreadStackGuarantee(PULONG StackSizeInBytes);

/* ---- Slots of threads --------------------------------------------------------------------------------- */

#define TLS_OUT_OF_INDEXES ((DWORD)0xFFFFFFFF)

/*
 * TlsAlloc, TlsFree: an index of a slot that each thread has for itself; NULL at first.
 *
 * dwTlsIndex    what TlsAlloc returned
 *
 * Return the index, TLS_OUT_OF_INDEXES on failure; non-zero on success, zero on failure.
 * Errors        ERROR_NO_MORE_ITEMS       all 1,088 are in use
 *               ERROR_INVALID_PARAMETER   not in use
 * On Linux      no slot of pthread_key_create is used
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DWORD WINAPI TlsAlloc(VOID);
WINBASEAPI BOOL WINAPI TlsFree(DWORD dwTlsIndex);

/*
 * TlsGetValue, TlsSetValue: what the calling thread has in a slot. Whether the index is in use is not looked at.
 *
 * dwTlsIndex    what TlsAlloc returned
 * lpTlsValue    anything
 *
 * Return the value, and the last error is ERROR_SUCCESS; or NULL. Non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   1,088 or more
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for slots above 64
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI LPVOID WINAPI TlsGetValue(DWORD dwTlsIndex);
WINBASEAPI BOOL WINAPI TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue);

/* ---- Caches, times, processors ----------------------------------------------------------------------- */

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
 * ThreadHandle    with THREAD_QUERY_LIMITED_INFORMATION
 * DesiredAccess   TOKEN_QUERY, TOKEN_ADJUST_PRIVILEGES, or generic rights
 * OpenAsSelf      not looked at
 * TokenHandle     out: the handle, for CloseHandle
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE   not a handle of a process (of a thread)
 *               ERROR_ACCESS_DENIED    it lacks the right
 *               ERROR_NOT_SUPPORTED    another process than the calling one
 *               ERROR_NO_TOKEN         OpenThreadToken, of every thread: none acts for anybody else here
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
typedef struct _PROCESS_INFORMATION {
    HANDLE hProcess;
    HANDLE hThread;
    DWORD dwProcessId;
    DWORD dwThreadId;
} PROCESS_INFORMATION, *PPROCESS_INFORMATION, *LPPROCESS_INFORMATION;

/* Of all this dwFlags and, with STARTF_USESTDHANDLES, the three handles are looked at. */
typedef struct _STARTUPINFOA {
    DWORD cb;
    LPSTR lpReserved;
    LPSTR lpDesktop;
    LPSTR lpTitle;
    DWORD dwX;
    DWORD dwY;
    DWORD dwXSize;
    DWORD dwYSize;
    DWORD dwXCountChars;
    DWORD dwYCountChars;
    DWORD dwFillAttribute;
    DWORD dwFlags;
    WORD wShowWindow;
    WORD cbReserved2;
    LPBYTE lpReserved2;
    HANDLE hStdInput;
    HANDLE hStdOutput;
    HANDLE hStdError;
} STARTUPINFOA, *LPSTARTUPINFOA;

typedef struct _STARTUPINFOW {
    DWORD cb;
    LPWSTR lpReserved;
    LPWSTR lpDesktop;
    LPWSTR lpTitle;
    DWORD dwX;
    DWORD dwY;
    DWORD dwXSize;
    DWORD dwYSize;
    DWORD dwXCountChars;
    DWORD dwYCountChars;
    DWORD dwFillAttribute;
    DWORD dwFlags;
    WORD wShowWindow;
    WORD cbReserved2;
    LPBYTE lpReserved2;
    HANDLE hStdInput;
    HANDLE hStdOutput;
    HANDLE hStdError;
} STARTUPINFOW, *LPSTARTUPINFOW;

/*
 * CreateProcessA, CreateProcessW: starts a program.
 *
 * lpApplicationName    optional: the file (fileapi.h tells what names are)
 * lpCommandLine        optional: the program's name and its arguments, taken apart as main is given them on Windows. Without
 *                      lpApplicationName the first of them is the file: in its directory, or without one beside the calling
 *                      program, in the current directory, or where PATH says; a name with blanks that is not quoted is
 *                      tried at each of them. The text is not changed
 * lpProcessAttributes, lpThreadAttributes   optional: whether the two handles are inheritable
 * bInheritHandles      whether the program gets the inheritable handles of this one
 * dwCreationFlags      CREATE_SUSPENDED: it runs nothing before ResumeThread(hThread). CREATE_NEW_PROCESS_GROUP: setpgid.
 *                      CREATE_UNICODE_ENVIRONMENT: lpEnvironment is wide. DETACHED_PROCESS, CREATE_NEW_CONSOLE,
 *                      CREATE_NO_WINDOW, priority classes and the like have no effect
 * lpEnvironment        optional: texts NAME=value, one behind the other, and an empty one
 * lpCurrentDirectory   optional
 * lpStartupInfo        with STARTF_USESTDHANDLES its handles, which need not be inheritable, are the descriptors 0, 1 and 2;
 *                      NULL or INVALID_HANDLE_VALUE: /dev/null
 * lpProcessInformation out: two handles with all rights, to be closed with CloseHandle, and the process's number twice
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_FILE_NOT_FOUND      there is no such program
 *               ERROR_PATH_NOT_FOUND      nor the directory that it would be in; or its name is empty
 *               ERROR_ACCESS_DENIED       it may not be run
 *               ERROR_BAD_EXE_FORMAT      it is no program for this machine
 *               ERROR_DIRECTORY           lpCurrentDirectory is no directory
 *               ERROR_FILENAME_EXCED_RANGE   a name is too long; so are arguments and environment together
 *               ERROR_INVALID_HANDLE      a standard handle is not that of a file
 *               ERROR_INVALID_PARAMETER   neither a name nor a command line; an unknown flag
 *               ERROR_NOT_SUPPORTED       DEBUG_PROCESS, EXTENDED_STARTUPINFO_PRESENT, CREATE_PROTECTED_PROCESS
 *               ERROR_NOACCESS            a structure cannot be read or written
 *               ERROR_TOO_MANY_OPEN_FILES, ERROR_NOT_ENOUGH_MEMORY
 * On Linux      the program is a child, which SIGCHLD and waitpid tell of. What is left of it when it has ended goes with the last
 *               handle to it. hThread can be resumed and waited for; its number is the process's. Descriptors of the program
 *               that are not close-on-exec survive as in any exec, whatever bInheritHandles says. With CREATE_SUSPENDED the
 *               child is traced until it has stopped: where that is forbidden, it is ERROR_ACCESS_DENIED, and a program with
 *               the set-user-id bit runs without it
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI CreateProcessA(LPCSTR lpApplicationName, LPSTR lpCommandLine,
                                      LPSECURITY_ATTRIBUTES lpProcessAttributes,
                                      LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles,
                                      DWORD dwCreationFlags, LPVOID lpEnvironment, LPCSTR lpCurrentDirectory,
                                      LPSTARTUPINFOA lpStartupInfo,
                                      LPPROCESS_INFORMATION lpProcessInformation);
WINBASEAPI BOOL WINAPI CreateProcessW(LPCWSTR lpApplicationName, LPWSTR lpCommandLine,
                                      LPSECURITY_ATTRIBUTES lpProcessAttributes,
                                      LPSECURITY_ATTRIBUTES lpThreadAttributes, BOOL bInheritHandles,
                                      DWORD dwCreationFlags, LPVOID lpEnvironment, LPCWSTR lpCurrentDirectory,
                                      LPSTARTUPINFOW lpStartupInfo,
                                      LPPROCESS_INFORMATION lpProcessInformation)
    WINMEM_WIDE_SYMBOL("CreateProcessW");

/*
 * TerminateProcess: ends a process at once.
 *
 * hProcess      a handle with PROCESS_TERMINATE; GetCurrentProcess() for the calling one, which then does not return
 * uExitCode     its exit code
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right; the kernel refuses (another user's process); it has ended
 * On Linux      SIGKILL, or exit_group for the calling process. GetExitCodeProcess tells the code by the handles of the process
 *               that called; others are told 1, as of any process that a signal ended. Of the calling process the low 8 bits
 *               count, as everywhere on Linux; a code that is not 0 becomes none that is
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI BOOL WINAPI TerminateProcess(HANDLE hProcess, UINT uExitCode);

/*
 * ExitProcess: ends the calling process in order.
 *
 * uExitCode     its exit code
 *
 * Does not return.
 * On Linux      exit(3), with what atexit has been told. Of the code the low 8 bits count; one that is not 0 becomes none that is
 * Source        learn.microsoft.com, processthreadsapi.h
 */
WINBASEAPI DECLSPEC_NORETURN VOID WINAPI ExitProcess(UINT uExitCode);

#ifdef UNICODE
#define CreateProcess CreateProcessW
typedef STARTUPINFOW STARTUPINFO;
typedef LPSTARTUPINFOW LPSTARTUPINFO;
#else
#define CreateProcess CreateProcessA
typedef STARTUPINFOA STARTUPINFO;
typedef LPSTARTUPINFOA LPSTARTUPINFO;
#endif

WINMEM_C_END

#endif /* WINMEM_PROCESSTHREADSAPI_H */
