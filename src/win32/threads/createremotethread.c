/*
 * createremotethread.c: CreateRemoteThreadEx: a thread of this process that runs on given processors from its first
 * instruction on.
 *
 * It is made suspended, bound to them and then let go. Where they are refused it is let go as well, and returns instead of
 * running the program's function: `bound` says so, which nobody but the thread looks at after that, and which it frees.
 */
#include <stdlib.h>

#include "vm/ops.h"
#include "vm/threads/suspend.h"
#include "win32/threads/createthread.h"
#include "win32/threads/threadattributes.h"
#include "win32/threads/threadgroups.h"

struct bound {
    LPTHREAD_START_ROUTINE start;
    void *arg;
    bool refused;
};

static uint32_t begin(void *arg)
{
    struct bound told = *(struct bound *)arg;

    free(arg);
    return told.refused ? 0 : told.start(told.arg);
}

/* suspended: the program lets it go itself. */
static wm_status bind(uintptr_t handle, struct bound *bound, const GROUP_AFFINITY *affinity, bool suspended)
{
    WM_PINNED_THREAD pinned = {0};
    GROUP_AFFINITY before;
    uint32_t times;
    wm_status st = wm_thread_pin(handle, 0, &pinned);

    if (wm_ok(st))
        st = wm_set_group_affinity(pinned.thread, affinity, &before);
    bound->refused = !wm_ok(st);
    if (pinned.thread != NULL && (bound->refused || !suspended))
        wm_thread_resume(pinned.thread, &times);
    return st;
}

static wm_status create_bound(struct wm_thread_req *req, const GROUP_AFFINITY *affinity, DWORD flags,
                              LPDWORD id)
{
    struct bound *bound = malloc(sizeof *bound);
    wm_status st;

    if (bound == NULL)
        return WM_THREAD_MEMORY;
    *bound = (struct bound){.start = req->start, .arg = req->arg};
    req->start = begin;
    req->arg = bound;
    st = wm_create_thread(req, flags | CREATE_SUSPENDED, id);
    if (!wm_ok(st)) {
        free(bound);
        return st;
    }
    st = bind(req->handle, bound, affinity, (flags & CREATE_SUSPENDED) != 0);
    if (!wm_ok(st))
        wm_op_close(req->handle);
    return st;
}

static wm_status create(struct wm_thread_req *req, LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD flags, LPDWORD id)
{
    GROUP_AFFINITY affinity;
    wm_status st = list == NULL ? WM_OK : wm_edge_readable(list, sizeof *list);

    if (!wm_ok(st))
        return st;
    if (list == NULL || list->affinity == NULL || req->start == NULL)
        return wm_create_thread(req, flags, id);
    st = wm_edge_readable(list->affinity, sizeof affinity);
    if (!wm_ok(st))
        return st;
    memcpy(&affinity, list->affinity, sizeof affinity);
    return create_bound(req, &affinity, flags, id);
}

static wm_status check(HANDLE process)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_CREATE_THREAD, &target);

    return wm_ok(st) && !wm_target_is_self(&target) ? WM_THREAD_ELSEWHERE : st;
}

HANDLE WINAPI CreateRemoteThreadEx(HANDLE hProcess, LPSECURITY_ATTRIBUTES lpThreadAttributes,
                                   SIZE_T dwStackSize, LPTHREAD_START_ROUTINE lpStartAddress,
                                   LPVOID lpParameter, DWORD dwCreationFlags,
                                   LPPROC_THREAD_ATTRIBUTE_LIST lpAttributeList, LPDWORD lpThreadId)
{
    struct wm_thread_req req = {.start = lpStartAddress, .arg = lpParameter, .stack_bytes = dwStackSize};
    wm_status st = check(hProcess);

    if (wm_ok(st))
        st = create(&req, lpAttributeList, dwCreationFlags, lpThreadId);
    WM_TRACE(st, WM_RETURNS(WM_HEX(req.handle)), WM_HEX(hProcess), WM_HEX(lpThreadAttributes),
             WM_HEX(dwStackSize), WM_HEX((uintptr_t)lpStartAddress), WM_HEX(lpParameter),
             WM_HEX(dwCreationFlags), WM_HEX(lpAttributeList), WM_HEX(lpThreadId));
    return wm_edge_ptr(st, req.handle);
}
