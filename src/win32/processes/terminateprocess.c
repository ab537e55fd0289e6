/*
 * terminateprocess.c: TerminateProcess, ExitProcess.
 *
 * Linux keeps 8 bits of an exit code. One that is not 0 never becomes 0: whoever asks is to see a failure (L376).
 */
#include <stdlib.h>

#include "vm/processes/children.h"
#include "win32/posix.h"
#include "win32/win32.h"

enum { FAILURE = 255 };

static int code_of(DWORD code)
{
    return code != 0 && (code & 0xff) == 0 ? FAILURE : (int)(code & 0xff);
}

static void end_at_once(DWORD code)
{
    wm_op_end_names();
    for (;;)
        wm_posix_exit(code_of(code));
}

static wm_status terminate(HANDLE process, UINT code)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_TERMINATE, &target);

    if (!wm_ok(st))
        return st;
    if (wm_target_is_self(&target))
        end_at_once(code);
    st = wm_op_terminate(&target, code);
    return st == WM_PROCESS_ENDED ? WM_PROCESS_DENIED : st;
}

BOOL WINAPI TerminateProcess(HANDLE hProcess, UINT uExitCode)
{
    wm_status st = terminate(hProcess, uExitCode);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(uExitCode));
    return wm_edge_bool(st);
}

VOID WINAPI ExitProcess(UINT uExitCode)
{
    WM_TRACE(WM_OK, WM_RETURNS_TRUE, WM_HEX(uExitCode));
    exit(code_of(uExitCode));
}
