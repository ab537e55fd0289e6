/*
 * suspendthread.c: SuspendThread, ResumeThread, and the registers of a thread.
 *
 * Of a CONTEXT only the parts that ContextFlags names are written or read.
 */
#include "api/context.h"
#include "vm/processes/firstthread.h"
#include "vm/threads/suspend.h"
#include "vm/threads/threadtype.h"
#include "win32/win32.h"

typedef wm_status change_fn(struct wm_thread *thread, uint32_t *before);

static DWORD change(const char *function, HANDLE handle, change_fn *fn)
{
    WM_PINNED_THREAD pinned = {0};
    uint32_t before = 0;
    wm_status st = wm_thread_pin((uintptr_t)handle, THREAD_SUSPEND_RESUME, &pinned);

    if (wm_ok(st))
        st = fn(pinned.thread, &before);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(before)), WM_HEX(handle));
    return wm_edge_bool(st) ? before : (DWORD)-1;
}

DWORD WINAPI SuspendThread(HANDLE hThread)
{
    return change(__func__, hThread, wm_thread_suspend);
}

/* Of a process that this one has started there is one thread to be resumed, which is a type of its own. */
static DWORD resume_first(HANDLE handle)
{
    uint32_t before = 0;
    wm_status st = wm_op_resume_first_thread((uintptr_t)handle, &before);

    WM_TRACE_AS("ResumeThread", st, WM_RETURNS(WM_DECIMAL(before)), WM_HEX(handle));
    return wm_edge_bool(st) ? before : (DWORD)-1;
}

DWORD WINAPI ResumeThread(HANDLE hThread)
{
    if (wm_op_is_first_thread((uintptr_t)hThread))
        return resume_first(hThread);
    return change(__func__, hThread, wm_thread_resume);
}

/* --- registers --- */

static void get(const struct wm_registers *registers, void *arg)
{
    CONTEXT *out = arg, all;

    wm_context_capture(registers, &all);
    wm_context_copy(&all, out);
}

static void set(const struct wm_registers *registers, void *arg)
{
    wm_context_apply(arg, registers);
}

static wm_status with_registers(HANDLE handle, DWORD right, wm_registers_fn *fn, void *arg)
{
    WM_PINNED_THREAD pinned = {0};
    wm_status st = wm_thread_pin((uintptr_t)handle, right, &pinned);

    return wm_ok(st) ? wm_thread_with_registers(pinned.thread, fn, arg) : st;
}

BOOL WINAPI GetThreadContext(HANDLE hThread, LPCONTEXT lpContext)
{
    CONTEXT copy;
    wm_status st = wm_edge_readable(lpContext, sizeof *lpContext);

    if (wm_ok(st)) {
        copy = *lpContext;
        st = with_registers(hThread, THREAD_GET_CONTEXT, get, &copy);
    }
    if (wm_ok(st))
        st = wm_edge_tell(lpContext, &copy, sizeof copy);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hThread), WM_HEX(lpContext));
    return wm_edge_bool(st);
}

BOOL WINAPI SetThreadContext(HANDLE hThread, const CONTEXT *lpContext)
{
    CONTEXT copy;
    wm_status st = wm_edge_readable(lpContext, sizeof *lpContext);

    if (wm_ok(st)) {
        copy = *lpContext;
        st = with_registers(hThread, THREAD_SET_CONTEXT, set, &copy);
    }
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hThread), WM_HEX(lpContext));
    return wm_edge_bool(st);
}
