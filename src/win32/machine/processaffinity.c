/*
 * processaffinity.c: which processors a process may run on: GetProcessAffinityMask, SetProcessAffinityMask,
 * GetProcessGroupAffinity.
 *
 * Linux has no such thing, only threads have: a process is told by its first one, and all of its threads are set. They come
 * and go meanwhile, and a new one takes after whoever made it, so they are gone through until all are as they should be. Masks
 * are of one group: the first in which the process has processors.
 */
#include <errno.h>
#include <unistd.h>

#include "kern/process/peer.h"
#include "kern/system/system.h"
#include "win32/win32.h"

enum { MOST_THREADS = 4096, MOST_ROUNDS = 16 };

static int32_t pid_of(const struct wm_target *target)
{
    return wm_target_is_self(target) ? (int32_t)getpid() : target->other->peer.pid;
}

static wm_status status_of(int error)
{
    switch (error) {
    case 0: return WM_OK;
    case -EINVAL: return WM_AFFINITY_NONE;
    case -ESRCH: return WM_PROCESS_ENDED;
    case -EPERM:
    case -EACCES: return WM_AFFINITY_FORBIDDEN;
    default: return WM_AFFINITY_THREADS;
    }
}

static wm_status affinity_of(HANDLE process, struct wm_processors *out)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    return wm_ok(st) ? status_of(wm_kern_affinity(pid_of(&target), out)) : st;
}

static unsigned first_group(const struct wm_processors *processors)
{
    for (unsigned i = 0; i < WM_GROUPS; i++)
        if (processors->group[i] != 0)
            return i;
    return 0;
}

BOOL WINAPI GetProcessAffinityMask(HANDLE hProcess, PDWORD_PTR lpProcessAffinityMask,
                                   PDWORD_PTR lpSystemAffinityMask)
{
    struct wm_processors own = {{0}}, online;
    wm_status st = affinity_of(hProcess, &own);
    unsigned group = first_group(&own);

    wm_kern_processors_online(&online);
    if (wm_ok(st))
        st = wm_edge_tell(lpProcessAffinityMask, &own.group[group], sizeof(DWORD_PTR));
    if (wm_ok(st))
        st = wm_edge_tell(lpSystemAffinityMask, &online.group[group], sizeof(DWORD_PTR));
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpProcessAffinityMask),
             WM_HEX(lpSystemAffinityMask));
    return wm_edge_bool(st);
}

static wm_status tell_groups(const struct wm_processors *own, PUSHORT count, PUSHORT groups)
{
    wm_status st = wm_edge_readable(count, sizeof *count);
    USHORT found[WM_GROUPS], used = 0, room;

    if (!wm_ok(st))
        return st;
    room = *count;
    for (unsigned i = 0; i < WM_GROUPS; i++)
        if (own->group[i] != 0)
            found[used++] = (USHORT)i;
    st = wm_edge_tell(count, &used, sizeof used);
    if (!wm_ok(st) || used > room)
        return wm_ok(st) ? WM_RECORDS_ROOM : st;
    return wm_edge_tell(groups, found, used * sizeof *found);
}

BOOL WINAPI GetProcessGroupAffinity(HANDLE hProcess, PUSHORT GroupCount, PUSHORT GroupArray)
{
    struct wm_processors own = {{0}};
    wm_status st = affinity_of(hProcess, &own);

    if (wm_ok(st))
        st = tell_groups(&own, GroupCount, GroupArray);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(GroupCount), WM_HEX(GroupArray));
    return wm_edge_bool(st);
}

/* --- setting it --- */

/* 1: something had to be changed, 0: nothing, or a negative errno. A thread that has gone is no error. */
static int set_thread(int32_t tid, const struct wm_processors *processors)
{
    struct wm_processors now;
    int error = wm_kern_affinity(tid, &now);

    if (error == 0 && memcmp(&now, processors, sizeof now) == 0)
        return 0;
    if (error == 0)
        error = wm_kern_set_affinity(tid, processors);
    return error == -ESRCH ? 0 : error == 0 ? 1 : error;
}

static int set_threads(const struct wm_peer *peer, const struct wm_processors *processors)
{
    int32_t tids[MOST_THREADS];
    int count = wm_peer_threads(peer, tids, MOST_THREADS), changed = count < 0 ? count : 0;

    for (int i = 0; i < count && changed >= 0; i++) {
        int one = set_thread(tids[i], processors);

        changed = one < 0 ? one : changed + one;
    }
    return changed;
}

/* What the kernel does not let a thread have (a cpuset) it leaves out, so a second change may be as vain as the first. */
static int set_process(const struct wm_peer *peer, const struct wm_processors *processors)
{
    int changed = 1;

    for (int i = 0; i < MOST_ROUNDS && changed > 0; i++)
        changed = set_threads(peer, processors);
    return changed < 0 ? changed : 0;
}

static wm_status set_own(const struct wm_processors *processors)
{
    struct wm_peer self;
    int error = wm_peer_open((int32_t)getpid(), &self);

    if (error != 0)
        return WM_AFFINITY_THREADS;
    error = set_process(&self, processors);
    wm_peer_close(&self);
    return status_of(error);
}

static wm_status set(HANDLE process, DWORD_PTR mask)
{
    WM_TARGET target = {0};
    struct wm_processors processors = {{0}}, now, online;
    wm_status st = wm_edge_target(process, PROCESS_SET_INFORMATION, &target);
    unsigned group;

    if (!wm_ok(st))
        return st;
    st = status_of(wm_kern_affinity(pid_of(&target), &now));
    if (!wm_ok(st))
        return st;
    group = first_group(&now);
    wm_kern_processors_online(&online);
    if (mask == 0 || (mask & ~online.group[group]) != 0)
        return WM_AFFINITY_NONE;
    processors.group[group] = mask;
    return wm_target_is_self(&target) ? set_own(&processors)
                                      : status_of(set_process(&target.other->peer, &processors));
}

BOOL WINAPI SetProcessAffinityMask(HANDLE hProcess, DWORD_PTR dwProcessAffinityMask)
{
    wm_status st = set(hProcess, dwProcessAffinityMask);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(dwProcessAffinityMask));
    return wm_edge_bool(st);
}
