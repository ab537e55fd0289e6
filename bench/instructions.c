/*
 * instructions.c: how many instructions calls take that are too short for a clock.
 *
 * A child makes each call a few times and then once more between two breakpoints, step by step under ptrace: that
 * counts exactly, whatever else the machine does. What counts is done with the stack pointer below the caller's: the
 * jump through the linkage table and the return, but not the caller's own work.
 */
#include <windows.h>

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WARM = 10, BREAKPOINT = 0xCC, WANTED = 40 };

/* name, the call, what undoes it */
#define CALLS(CALL)                                                                                          \
    CALL("GetProcessHeap", GetProcessHeap(), )                                                               \
    CALL("HeapSize", HeapSize(process, 0, block), )                                                          \
    CALL("HeapSize, heap of its own", HeapSize(own, 0, own_block), )                                         \
    CALL("GlobalSize, fixed", GlobalSize(fixed), )                                                           \
    CALL("GlobalSize, movable", GlobalSize(handle), )                                                        \
    CALL("GlobalLock, fixed", GlobalLock(fixed), )                                                           \
    CALL("GlobalLock, movable", GlobalLock(handle), GlobalUnlock(handle))                                    \
    CALL("GlobalUnlock, a lock remains", GlobalUnlock(handle), GlobalLock(handle))                           \
    CALL("GlobalHandle, movable", GlobalHandle(at), )

/* --- the child --- */

static HANDLE process, own;
static void *block, *own_block, *fixed, *at;
static HGLOBAL handle;

static bool prepare(void)
{
    process = GetProcessHeap();
    own = HeapCreate(0, 0, 0);
    block = HeapAlloc(process, 0, 64);
    own_block = HeapAlloc(own, 0, 64);
    fixed = GlobalAlloc(GMEM_FIXED, 64);
    handle = GlobalAlloc(GMEM_MOVEABLE, 64);
    at = GlobalLock(handle);
    return own && block && own_block && fixed && handle && GlobalLock(handle) == at;
}

#define MAKE(name, call, undo)                                                                               \
    for (int i = 0; i < WARM; i++) {                                                                         \
        call;                                                                                                \
        undo;                                                                                                \
    }                                                                                                        \
    __asm__ volatile("int3" ::: "memory");                                                                   \
    call;                                                                                                    \
    __asm__ volatile("int3" ::: "memory");                                                                   \
    undo;

static _Noreturn void be_the_child(void)
{
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0 || raise(SIGSTOP) != 0 || !prepare())
        _exit(1);
    CALLS(MAKE)
    _exit(0);
}

/* --- the parent --- */

static bool wait_for(pid_t child, int signal)
{
    int status;

    return waitpid(child, &status, 0) == child && WIFSTOPPED(status) && WSTOPSIG(status) == signal;
}

static bool run_through(pid_t child)
{
    return ptrace(PTRACE_CONT, child, 0, 0) == 0 && wait_for(child, SIGTRAP);
}

/* Where it stands: the stack pointer, or 0 at the next breakpoint. */
static uintptr_t look(pid_t child)
{
    struct user_regs_struct regs;

    if (ptrace(PTRACE_GETREGS, child, 0, &regs) != 0)
        return 0;
    return (ptrace(PTRACE_PEEKTEXT, child, regs.rip, 0) & 0xFF) == BREAKPOINT ? 0 : regs.rsp;
}

/* Instructions of the function that is called between the next two breakpoints; negative: something went wrong. */
static long count(pid_t child)
{
    uintptr_t caller, stack;
    long steps = 0;

    if (!run_through(child))
        return -1;
    for (caller = stack = look(child); stack != 0; stack = look(child)) {
        steps += stack < caller;
        if (ptrace(PTRACE_SINGLESTEP, child, 0, 0) != 0 || !wait_for(child, SIGTRAP))
            return -1;
    }
    return run_through(child) ? steps : -1;
}

#define NAME(name, call, undo) name,

static int tell(pid_t child)
{
    static const char *const names[] = {CALLS(NAME)};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        long steps = count(child);

        if (steps < 0) {
            printf("%s: cannot be counted here\n", names[i]);
            return 1;
        }
        printf("%-30s %4ld %s\n", names[i], steps, steps > WANTED ? "miss" : "ok");
    }
    return 0;
}

int main(void)
{
    pid_t child = fork();
    int status;

    if (child == 0)
        be_the_child();
    if (!wait_for(child, SIGSTOP))
        return 1;
    printf("%-30s %4s (wanted: at most %d)\n", "call", "instructions", WANTED);
    status = tell(child);
    kill(child, SIGKILL);
    return status;
}
