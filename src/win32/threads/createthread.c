/*
 * createthread.c: CreateThread, _beginthread and their kin, and how threads end.
 *
 * What a thread's function returns is a DWORD, also that of _beginthreadex; that of _beginthread returns nothing, and its
 * thread has 0. Its handle is closed by the thread itself, at its end.
 */
#include <errno.h>
#include <process.h>

#include "vm/ops.h"
#include "vm/threads/startthread.h"
#include "vm/threads/threadtype.h"
#include "win32/threads/createthread.h"
#include "win32/win32.h"

enum { DEFAULT_RESERVE = 0x100000 };

/* Without the flag the size is what is committed at once, of a reservation of a megabyte, or of as many as it takes. */
static size_t stack_of(SIZE_T bytes, DWORD flags)
{
    if (bytes == 0 || flags & STACK_SIZE_PARAM_IS_A_RESERVATION || bytes > SIZE_MAX / 2)
        return bytes;
    return (bytes + DEFAULT_RESERVE - 1) / DEFAULT_RESERVE * DEFAULT_RESERVE;
}

static wm_status check(const void *start, DWORD flags, LPDWORD id)
{
    const DWORD known = CREATE_SUSPENDED | STACK_SIZE_PARAM_IS_A_RESERVATION;

    if (start == NULL || flags & ~known)
        return WM_THREAD_ARGUMENTS;
    return id == NULL ? WM_OK : wm_edge_writable(id, sizeof *id);
}

wm_status wm_create_thread(struct wm_thread_req *req, DWORD flags, LPDWORD id)
{
    wm_status st = check((const void *)(uintptr_t)req->start, flags, id);

    if (!wm_ok(st))
        return st;
    req->stack_bytes = stack_of(req->stack_bytes, flags);
    req->suspended = (flags & CREATE_SUSPENDED) != 0;
    st = wm_op_create_thread(req);
    if (wm_ok(st) && id != NULL)
        *id = req->id;
    return st;
}

HANDLE WINAPI CreateThread(LPSECURITY_ATTRIBUTES lpThreadAttributes, SIZE_T dwStackSize,
                           LPTHREAD_START_ROUTINE lpStartAddress, LPVOID lpParameter, DWORD dwCreationFlags,
                           LPDWORD lpThreadId)
{
    struct wm_thread_req req = {.start = lpStartAddress, .arg = lpParameter, .stack_bytes = dwStackSize};
    wm_status st = wm_create_thread(&req, dwCreationFlags, lpThreadId);

    WM_TRACE(st, WM_RETURNS(WM_HEX(req.handle)), WM_HEX(lpThreadAttributes), WM_HEX(dwStackSize),
             WM_HEX((uintptr_t)lpStartAddress), WM_HEX(lpParameter), WM_HEX(dwCreationFlags),
             WM_HEX(lpThreadId));
    return wm_edge_ptr(st, req.handle);
}

VOID WINAPI ExitThread(DWORD dwExitCode)
{
    WM_TRACE(WM_OK, WM_RETURNS_NEVER, WM_DECIMAL(dwExitCode));
    wm_thread_exit(dwExitCode);
}

BOOL WINAPI GetExitCodeThread(HANDLE hThread, LPDWORD lpExitCode)
{
    WM_PINNED_THREAD pinned = {0};
    DWORD code = 0;
    wm_status st = wm_thread_pin_either((uintptr_t)hThread, THREAD_QUERY_LIMITED_INFORMATION,
                                        THREAD_QUERY_INFORMATION, &pinned);

    if (wm_ok(st)) {
        code = wm_thread_exit_code(pinned.thread);
        st = wm_edge_tell(lpExitCode, &code, sizeof code);
    }
    WM_TRACE(st, WM_RETURNS_TRUE_AND(WM_DECIMAL(code)), WM_HEX(hThread), WM_HEX(lpExitCode));
    return wm_edge_bool(st);
}

/* --- as the C run time has it --- */

static int errno_of(wm_status st)
{
    return st == WM_THREAD_MEMORY || st == WM_BOOK_MEMORY ? EAGAIN : EINVAL;
}

uintptr_t __cdecl _beginthreadex(void *security, unsigned stack, _beginthreadex_proc_type start, void *arg,
                                 unsigned flags, unsigned *id)
{
    struct wm_thread_req req = {.start = start, .arg = arg, .stack_bytes = stack};
    wm_status st = wm_create_thread(&req, flags, id);

    WM_TRACE(st, WM_RETURNS(WM_HEX(req.handle)), WM_HEX(security), WM_HEX(stack), WM_HEX((uintptr_t)start),
             WM_HEX(arg), WM_HEX(flags), WM_HEX(id));
    if (wm_edge_bool(st))
        return req.handle;
    errno = errno_of(st);
    return 0;
}

static void close_own_handle(void)
{
    struct wm_thread *self = wm_thread_self();

    if (self != NULL && self->own_handle != 0)
        wm_op_close(self->own_handle);
}

static uint32_t begin(void *arg)
{
    struct wm_thread *self = wm_thread_self();
    _beginthread_proc_type start = (_beginthread_proc_type)(uintptr_t)self->crt_start;

    start(arg);
    close_own_handle();
    return 0;
}

uintptr_t __cdecl _beginthread(_beginthread_proc_type start, unsigned stack, void *arg)
{
    struct wm_thread_req req = {
        .start = begin, .arg = arg, .stack_bytes = stack_of(stack, 0), .crt_start = (uintptr_t)start};
    wm_status st = start == NULL ? WM_THREAD_ARGUMENTS : wm_op_create_thread(&req);

    WM_TRACE(st, WM_RETURNS(WM_HEX(req.handle)), WM_HEX((uintptr_t)start), WM_HEX(stack), WM_HEX(arg));
    if (wm_edge_bool(st))
        return req.handle;
    errno = errno_of(st);
    return (uintptr_t)-1;
}

void __cdecl _endthread(void)
{
    WM_TRACE(WM_OK, WM_RETURNS_NEVER, WM_NO_ARGUMENTS);
    close_own_handle();
    wm_thread_exit(0);
}

void __cdecl _endthreadex(unsigned code)
{
    WM_TRACE(WM_OK, WM_RETURNS_NEVER, WM_DECIMAL(code));
    wm_thread_exit(code);
}
