/*
 * processorcount.c: how many processors and groups there are, and which one this is.
 *
 * Processor n of Linux is number n % 64 of group n / 64 (L123). A group is there if one of its processors is, or if one of a
 * higher group is; active are those that are online, whatever this process may use of them.
 */
#include <errno.h>
#include <sched.h>

#include "kern/system/system.h"
#include "win32/win32.h"

typedef void processors_of(struct wm_processors *out);

static WORD groups_of(processors_of *which)
{
    struct wm_processors processors;
    WORD count = WM_GROUPS;

    which(&processors);
    while (count > 1 && processors.group[count - 1] == 0)
        count--;
    return count;
}

/* 0 for a group that is not there. Where Linux does not tell there is the one that runs this. */
static DWORD processors_in(processors_of *which, WORD group)
{
    struct wm_processors processors;
    DWORD count = 0;

    which(&processors);
    for (unsigned i = 0; i < WM_GROUPS; i++)
        if (group == ALL_PROCESSOR_GROUPS || group == i)
            count += (DWORD)__builtin_popcountll(processors.group[i]);
    return count == 0 && (group == ALL_PROCESSOR_GROUPS || group == 0) ? 1 : count;
}

static DWORD counted(const char *function, processors_of *which, WORD group)
{
    wm_status st = group == ALL_PROCESSOR_GROUPS || group < groups_of(which) ? WM_OK : WM_GROUP_UNKNOWN;
    DWORD count = wm_ok(st) ? processors_in(which, group) : 0;

    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(count)), WM_DECIMAL(group));
    return wm_edge_bool(st) ? count : 0;
}

DWORD WINAPI GetActiveProcessorCount(WORD GroupNumber)
{
    return counted(__func__, wm_kern_processors_online, GroupNumber);
}

DWORD WINAPI GetMaximumProcessorCount(WORD GroupNumber)
{
    return counted(__func__, wm_kern_processors_possible, GroupNumber);
}

WORD WINAPI GetActiveProcessorGroupCount(VOID)
{
    return groups_of(wm_kern_processors_online);
}

WORD WINAPI GetMaximumProcessorGroupCount(VOID)
{
    return groups_of(wm_kern_processors_possible);
}

/* --- the one that runs this --- */

/* libc's needs no system call; where it cannot say there is the kernel's. */
static uint32_t current(void)
{
    int saved = errno, processor = sched_getcpu();

    errno = saved;
    return processor < 0 ? wm_kern_processor() : (uint32_t)processor;
}

DWORD WINAPI GetCurrentProcessorNumber(VOID)
{
    return current() % WM_GROUP;
}

VOID WINAPI GetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
    uint32_t processor = current();

    *ProcNumber = (PROCESSOR_NUMBER){(WORD)(processor / WM_GROUP), (BYTE)(processor % WM_GROUP), 0};
}
