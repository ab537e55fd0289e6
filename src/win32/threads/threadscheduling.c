/*
 * threadscheduling.c: priorities and processors of threads, and their times.
 *
 * A priority of Windows is a nice value on top of the one that the process's first thread has when the first priority is asked
 * for; so it is read back from the kernel, which may have been told by others.
 */
#include "kern/system/system.h"
#include "kern/threads/scheduling.h"

#include <errno.h>

#include "base/atomic.h"
#include "vm/errno_status.h"
#include "vm/threads/cputimes.h"
#include "vm/threads/startthread.h"
#include "vm/threads/threadtype.h"
#include "win32/win32.h"

static const struct {
    int priority, nice;
} levels[] = {
    {THREAD_PRIORITY_IDLE, 19},           {THREAD_PRIORITY_LOWEST, 10},
    {THREAD_PRIORITY_BELOW_NORMAL, 5},    {THREAD_PRIORITY_NORMAL, 0},
    {THREAD_PRIORITY_ABOVE_NORMAL, -5},   {THREAD_PRIORITY_HIGHEST, -10},
    {THREAD_PRIORITY_TIME_CRITICAL, -20},
};

enum { LEVELS = sizeof levels / sizeof levels[0], LOWEST_NICE = -20, HIGHEST_NICE = 19, UNKNOWN = 100 };

static int base_nice(void)
{
    static int base = UNKNOWN;
    int found = WM_LOAD(base);

    if (found == UNKNOWN) {
        if (wm_kern_nice(GetCurrentProcessId(), &found) != 0)
            found = 0;
        WM_STORE(base, found);
    }
    return found;
}

static int nice_of(int level)
{
    int nice = base_nice() + levels[level].nice;

    return nice < LOWEST_NICE ? LOWEST_NICE : nice > HIGHEST_NICE ? HIGHEST_NICE : nice;
}

static wm_status set_nice(struct wm_thread *thread, int nice)
{
    int result = wm_kern_set_nice(WM_LOAD(thread->id), nice);

    if (result == -EACCES || result == -EPERM)
        return WM_THREAD_PRIORITY_DENIED;
    return WM_OK; /* it has ended */
}

static wm_status set_priority(struct wm_thread *thread, int priority)
{
    base_nice();
    for (int i = 0; i < LEVELS; i++)
        if (levels[i].priority == priority)
            return wm_thread_is_gone(thread) || wm_thread_number(thread) == 0 ? WM_OK
                                                                              : set_nice(thread, nice_of(i));
    return WM_THREAD_PRIORITY;
}

BOOL WINAPI SetThreadPriority(HANDLE hThread, int nPriority)
{
    WM_PINNED_THREAD pinned = {0};
    wm_status st = wm_thread_pin_either((uintptr_t)hThread, THREAD_SET_LIMITED_INFORMATION,
                                        THREAD_SET_INFORMATION, &pinned);

    if (wm_ok(st))
        st = set_priority(pinned.thread, nPriority);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hThread), WM_HEX((uint32_t)nPriority));
    return wm_edge_bool(st);
}

static int distance(int a, int b)
{
    return a < b ? b - a : a - b;
}

/* The nearest one. */
static int priority_of(struct wm_thread *thread)
{
    int nice = 0, best = 3;

    if (wm_thread_is_gone(thread) || wm_kern_nice(wm_thread_number(thread), &nice) != 0)
        return THREAD_PRIORITY_NORMAL;
    for (int i = 0; i < LEVELS; i++)
        if (distance(nice_of(i), nice) < distance(nice_of(best), nice))
            best = i;
    return levels[best].priority;
}

int WINAPI GetThreadPriority(HANDLE hThread)
{
    WM_PINNED_THREAD pinned = {0};
    int priority = THREAD_PRIORITY_ERROR_RETURN;
    wm_status st = wm_thread_pin((uintptr_t)hThread, THREAD_QUERY_LIMITED_INFORMATION, &pinned);

    if (wm_ok(st))
        priority = priority_of(pinned.thread);
    WM_TRACE(st, WM_RETURNS(WM_HEX((uint32_t)priority)), WM_HEX(hThread));
    wm_edge_bool(st);
    return priority;
}

/* --- processors --- */

/* Masks are of one group: the first in which the thread has processors. */
static unsigned group_of(const struct wm_processors *processors)
{
    for (unsigned i = 0; i < WM_GROUPS; i++)
        if (processors->group[i] != 0)
            return i;
    return 0;
}

/* What the kernel makes of the mask is looked at: it leaves out what is not there. */
static wm_status set_affinity(struct wm_thread *thread, DWORD_PTR mask, uint64_t *before)
{
    struct wm_processors were, wanted = {{0}}, now;
    int32_t id = wm_thread_is_gone(thread) ? 0 : (int32_t)wm_thread_number(thread);
    unsigned group;

    if (mask == 0 || id == 0 || wm_kern_affinity(id, &were) != 0)
        return WM_THREAD_AFFINITY;
    group = group_of(&were);
    wanted.group[group] = mask;
    *before = were.group[group];
    if (wm_kern_set_affinity(id, &wanted) != 0 || wm_kern_affinity(id, &now) != 0)
        return WM_THREAD_AFFINITY;
    if (now.group[group] == mask)
        return WM_OK;
    wm_kern_set_affinity(id, &were);
    return WM_THREAD_AFFINITY;
}

DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask)
{
    WM_PINNED_THREAD pinned = {0};
    uint64_t before = 0;
    wm_status st = wm_thread_pin_either((uintptr_t)hThread,
                                        THREAD_SET_LIMITED_INFORMATION | THREAD_QUERY_LIMITED_INFORMATION,
                                        THREAD_SET_INFORMATION | THREAD_QUERY_LIMITED_INFORMATION, &pinned);

    if (wm_ok(st))
        st = set_affinity(pinned.thread, dwThreadAffinityMask, &before);
    WM_TRACE(st, WM_RETURNS(WM_HEX(before)), WM_HEX(hThread), WM_HEX(dwThreadAffinityMask));
    return wm_edge_bool(st) ? before : 0;
}

enum { NO_WISH = 64 };

static wm_status set_ideal(struct wm_thread *thread, DWORD processor, DWORD *before)
{
    if (processor > NO_WISH)
        return WM_THREAD_PROCESSOR;
    *before = processor == NO_WISH ? WM_LOAD(thread->ideal)
                                   : __atomic_exchange_n(&thread->ideal, processor, __ATOMIC_ACQ_REL);
    return WM_OK;
}

DWORD WINAPI SetThreadIdealProcessor(HANDLE hThread, DWORD dwIdealProcessor)
{
    WM_PINNED_THREAD pinned = {0};
    DWORD before = (DWORD)-1;
    wm_status st = wm_thread_pin((uintptr_t)hThread, THREAD_SET_INFORMATION, &pinned);

    if (wm_ok(st))
        st = set_ideal(pinned.thread, dwIdealProcessor, &before);
    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(before)), WM_HEX(hThread), WM_DECIMAL(dwIdealProcessor));
    wm_edge_bool(st);
    return before;
}

/* --- times --- */

static wm_status tell(LPFILETIME out, uint64_t time)
{
    FILETIME value = {.dwLowDateTime = (DWORD)time, .dwHighDateTime = (DWORD)(time >> 32)};

    return wm_edge_tell(out, &value, sizeof value);
}

static wm_status tell_times(const struct wm_thread_times *times, LPFILETIME created, LPFILETIME exited,
                            LPFILETIME kernel, LPFILETIME user)
{
    wm_status st = tell(created, times->created);

    if (wm_ok(st))
        st = tell(exited, times->exited);
    if (wm_ok(st))
        st = tell(kernel, times->kernel);
    return wm_ok(st) ? tell(user, times->user) : st;
}

BOOL WINAPI GetThreadTimes(HANDLE hThread, LPFILETIME lpCreationTime, LPFILETIME lpExitTime,
                           LPFILETIME lpKernelTime, LPFILETIME lpUserTime)
{
    WM_PINNED_THREAD pinned = {0};
    struct wm_thread_times times;
    wm_status st = wm_thread_pin((uintptr_t)hThread, THREAD_QUERY_LIMITED_INFORMATION, &pinned);

    if (wm_ok(st))
        st = wm_from_errno(WM_OP_PROCESS, wm_thread_times(pinned.thread, &times));
    if (wm_ok(st))
        st = tell_times(&times, lpCreationTime, lpExitTime, lpKernelTime, lpUserTime);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hThread), WM_HEX(lpCreationTime), WM_HEX(lpExitTime),
             WM_HEX(lpKernelTime), WM_HEX(lpUserTime));
    return wm_edge_bool(st);
}
