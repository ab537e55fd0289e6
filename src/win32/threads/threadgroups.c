/*
 * threadgroups.c: GetThreadGroupAffinity, SetThreadGroupAffinity: the processors that a thread may run on, in any group.
 *
 * A thread of Linux may have processors of several groups at once: it is told by the first of them. Set, it has those of one.
 */
#include "kern/system/system.h"
#include "vm/threads/startthread.h"
#include "vm/threads/threadtype.h"
#include "win32/threads/threadgroups.h"
#include "win32/win32.h"

/* WM_THREAD_AFFINITY also for one that has ended. */
static wm_status affinity_of(struct wm_thread *thread, GROUP_AFFINITY *out)
{
    struct wm_processors processors;

    *out = (GROUP_AFFINITY){0};
    if (wm_thread_is_gone(thread) || wm_kern_affinity((int32_t)wm_thread_number(thread), &processors) != 0)
        return WM_THREAD_AFFINITY;
    for (unsigned i = 0; i < WM_GROUPS && out->Mask == 0; i++)
        *out = (GROUP_AFFINITY){.Mask = processors.group[i], .Group = (WORD)i};
    return WM_OK;
}

BOOL WINAPI GetThreadGroupAffinity(HANDLE hThread, PGROUP_AFFINITY GroupAffinity)
{
    WM_PINNED_THREAD pinned = {0};
    GROUP_AFFINITY found;
    wm_status st = wm_thread_pin((uintptr_t)hThread, THREAD_QUERY_LIMITED_INFORMATION, &pinned);

    if (wm_ok(st))
        st = affinity_of(pinned.thread, &found);
    if (wm_ok(st))
        st = wm_edge_tell(GroupAffinity, &found, sizeof found);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hThread), WM_HEX(GroupAffinity));
    return wm_edge_bool(st);
}

/* Only processors that are there, and the fields that mean nothing 0. */
static bool is_good(const GROUP_AFFINITY *wanted)
{
    struct wm_processors online;

    wm_kern_processors_online(&online);
    return wanted->Group < WM_GROUPS && wanted->Mask != 0 &&
           (wanted->Mask & ~online.group[wanted->Group]) == 0 &&
           (wanted->Reserved[0] | wanted->Reserved[1] | wanted->Reserved[2]) == 0;
}

wm_status wm_set_group_affinity(struct wm_thread *thread, const GROUP_AFFINITY *wanted,
                                GROUP_AFFINITY *before)
{
    struct wm_processors processors = {{0}};
    wm_status st = is_good(wanted) ? affinity_of(thread, before) : WM_THREAD_AFFINITY;

    if (!wm_ok(st))
        return st;
    processors.group[wanted->Group] = wanted->Mask;
    return wm_kern_set_affinity((int32_t)wm_thread_number(thread), &processors) == 0 ? WM_OK
                                                                                     : WM_THREAD_AFFINITY;
}

static wm_status set(HANDLE handle, const GROUP_AFFINITY *wanted, PGROUP_AFFINITY previous)
{
    WM_PINNED_THREAD pinned = {0};
    GROUP_AFFINITY copy, before;
    wm_status st = wm_edge_readable(wanted, sizeof *wanted);

    if (wm_ok(st) && previous != NULL)
        st = wm_edge_writable(previous, sizeof *previous);
    if (!wm_ok(st))
        return st;
    memcpy(&copy, wanted, sizeof copy);
    st = wm_thread_pin((uintptr_t)handle, THREAD_SET_INFORMATION, &pinned);
    if (wm_ok(st))
        st = wm_set_group_affinity(pinned.thread, &copy, &before);
    if (wm_ok(st) && previous != NULL)
        memcpy(previous, &before, sizeof before);
    return st;
}

BOOL WINAPI SetThreadGroupAffinity(HANDLE hThread, const GROUP_AFFINITY *GroupAffinity,
                                   PGROUP_AFFINITY PreviousGroupAffinity)
{
    wm_status st = set(hThread, GroupAffinity, PreviousGroupAffinity);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hThread), WM_HEX(GroupAffinity), WM_HEX(PreviousGroupAffinity));
    return wm_edge_bool(st);
}
