/*
 * exitcode.c: GetExitCodeProcess: how a process ended, in the words of Windows.
 *
 * Linux tells an exit code of 8 bits, or the signal that ended the process. Windows has one number of 32
 * bits, which is the code of an exception where that was the reason: so a signal becomes the code of the same
 * mishap (L72). Where nobody can tell any more, because the parent has waited for the process, the call fails
 * (1450): a code that was made up would be believed.
 */
#include <signal.h>

#include "api/edge.h"
#include "vm/ops.h"

#define ENDED_BY_OTHERS 1 /* what people pass to TerminateProcess */
#define ENDED_BY_ABORT 3  /* what abort() ends with on Windows */

/*
 * What the same mishap would have left behind on Windows. Signals that stand for none are taken for
 * somebody's TerminateProcess.
 */
static const struct {
    int signal;
    DWORD code;
} mishaps[] = {
    {SIGSEGV, STATUS_ACCESS_VIOLATION},
    {SIGBUS, STATUS_ACCESS_VIOLATION},
    {SIGILL, STATUS_ILLEGAL_INSTRUCTION},
    {SIGFPE, STATUS_INTEGER_DIVIDE_BY_ZERO},
    {SIGTRAP, STATUS_BREAKPOINT},
    {SIGINT, STATUS_CONTROL_C_EXIT},
    {SIGABRT, ENDED_BY_ABORT},
};

static DWORD code_of(const struct wm_ending *ending)
{
    if (!ending->ended)
        return STILL_ACTIVE;
    if (ending->signal == 0)
        return (DWORD)ending->code;
    for (size_t i = 0; i < sizeof mishaps / sizeof mishaps[0]; i++)
        if (mishaps[i].signal == ending->signal)
            return mishaps[i].code;
    return ENDED_BY_OTHERS;
}

static wm_status ask(HANDLE process, struct wm_ending *ending)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    return wm_ok(st) ? wm_op_ending(&target, ending) : st;
}

static wm_status tell(HANDLE process, LPDWORD out, DWORD *code)
{
    struct wm_ending ending;
    wm_status st = ask(process, &ending);

    if (!wm_ok(st))
        return st;
    *code = code_of(&ending);
    return wm_edge_tell(out, code, sizeof *code);
}

BOOL WINAPI GetExitCodeProcess(HANDLE hProcess, LPDWORD lpExitCode)
{
    DWORD code = 0;
    wm_status st = tell(hProcess, lpExitCode, &code);

    WM_TRACE(st, WM_RETURNS_TRUE_AND(WM_DECIMAL(code)), WM_HEX(hProcess), WM_HEX(lpExitCode));
    return wm_edge_bool(st);
}
