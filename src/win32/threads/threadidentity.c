/* threadidentity.c: which thread this is, and where its stack lies. */
#include "vm/processes/firstthread.h"
#include "vm/threads/threadtype.h"

#include <process.h>
#include <winternl.h>

#include "kern/kern.h"
#include "vm/threads/startthread.h"
#include "win32/win32.h"

_Static_assert(offsetof(TEB, TlsSlots) == offsetof(struct wm_teb, slots) &&
                   offsetof(TEB, TlsExpansionSlots) == offsetof(struct wm_teb, more_slots) &&
                   offsetof(NT_TIB, StackLimit) == offsetof(struct wm_teb, stack_limit) &&
                   offsetof(NT_TIB, Self) == offsetof(struct wm_teb, self),
               "one structure");

#define THIS_THREAD ((HANDLE)(intptr_t)-2)

HANDLE WINAPI GetCurrentThread(VOID)
{
    return THIS_THREAD;
}

DWORD WINAPI GetCurrentThreadId(VOID)
{
    return wm_thread_id();
}

struct _TEB *NTAPI NtCurrentTeb(VOID)
{
    return (struct _TEB *)wm_thread_teb();
}

/* The first thread of another process has that one's number, and is a type of its own. */
static wm_status find_number(HANDLE handle, bool process, DWORD *number)
{
    WM_PINNED_THREAD pinned = {0};
    int32_t id = 0;
    wm_status st;

    if (wm_op_is_first_thread((uintptr_t)handle)) {
        st = wm_op_first_thread_id((uintptr_t)handle, THREAD_QUERY_LIMITED_INFORMATION, &id);
        *number = (DWORD)id;
        return st;
    }
    st = wm_thread_pin((uintptr_t)handle, THREAD_QUERY_LIMITED_INFORMATION, &pinned);
    if (wm_ok(st))
        *number = process ? GetCurrentProcessId() : wm_thread_number(pinned.thread);
    return st;
}

static DWORD number_of(const char *function, HANDLE handle, bool process)
{
    DWORD number = 0;
    wm_status st = find_number(handle, process, &number);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(number)), WM_HEX(handle));
    wm_edge_bool(st);
    return number;
}

DWORD WINAPI GetThreadId(HANDLE Thread)
{
    return number_of(__func__, Thread, false);
}

DWORD WINAPI GetProcessIdOfThread(HANDLE Thread)
{
    return number_of(__func__, Thread, true);
}

HANDLE WINAPI OpenThread(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwThreadId)
{
    uintptr_t handle = 0;
    wm_status st = wm_thread_open(dwThreadId, dwDesiredAccess, &handle);

    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_HEX(dwDesiredAccess), WM_BOOL(bInheritHandle),
             WM_DECIMAL(dwThreadId));
    return wm_edge_ptr(st, handle);
}

/* There are none. */
/* --- its stack --- */

VOID WINAPI GetCurrentThreadStackLimits(PULONG_PTR LowLimit, PULONG_PTR HighLimit)
{
    const struct wm_teb *teb = wm_thread_teb();

    *LowLimit = teb == NULL ? 0 : teb->stack_mapping;
    *HighLimit = teb == NULL ? 0 : teb->stack_base;
}

enum { HANDLERS_HAVE = 0x10000 };

static wm_status guarantee(PULONG bytes)
{
    struct wm_thread *self = wm_thread_self();
    wm_status st = wm_edge_readable(bytes, sizeof *bytes);
    ULONG wanted, before;

    if (wm_ok(st) && self == NULL)
        st = WM_THREAD_MEMORY;
    if (!wm_ok(st))
        return st;
    wanted = *bytes;
    before = self->guarantee;
    if (wanted > HANDLERS_HAVE)
        return WM_THREAD_GUARANTEE;
    st = wm_edge_tell(bytes, &before, sizeof before);
    if (wm_ok(st) && wanted > before)
        self->guarantee = (uint32_t)wm_up(wanted, WM_PAGE);
    return st;
}

BOOL WINAPI SetThreadStackGuarantee(PULONG StackSizeInBytes)
{
    wm_status st = guarantee(StackSizeInBytes);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(StackSizeInBytes));
    return wm_edge_bool(st);
}

/* The end of a stack stays inaccessible, whoever has met it. */
int __cdecl _resetstkoflw(void)
{
    return 1;
}
