/*
 * processtopologyapi.h: processors in groups, and who runs on them.
 */
#ifndef WINMEM_PROCESSTOPOLOGYAPI_H
#define WINMEM_PROCESSTOPOLOGYAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * GetProcessGroupAffinity: the groups in which a process has processors.
 *
 * hProcess      a handle with PROCESS_QUERY_LIMITED_INFORMATION
 * GroupCount    in: entries of GroupArray; out: how many groups there are, whether they fit or not
 * GroupArray    out: their numbers
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_INSUFFICIENT_BUFFER GroupCount was too small, and now is what is needed
 *               ERROR_NOACCESS            a pointer is NULL or cannot be used
 * On Linux      those of its first thread, as for GetProcessAffinityMask
 * Source        learn.microsoft.com, processtopologyapi.h
 */
WINBASEAPI BOOL WINAPI GetProcessGroupAffinity(HANDLE hProcess, PUSHORT GroupCount, PUSHORT GroupArray);

/*
 * GetThreadGroupAffinity, SetThreadGroupAffinity: the processors that a thread may run on, of one group.
 *
 * hThread       a handle with THREAD_QUERY_LIMITED_INFORMATION, or to set THREAD_SET_INFORMATION
 * GroupAffinity out, or in: a group, and a bit for each of its processors; Reserved is 0
 * PreviousGroupAffinity  out: what it was, or NULL
 *
 * Return non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a thread
 *               ERROR_ACCESS_DENIED       the handle lacks the right
 *               ERROR_INVALID_PARAMETER   no processor, one that is not there, Reserved is not 0; or the thread has ended
 *               ERROR_NOACCESS            a pointer is NULL or cannot be used
 * On Linux      a thread that has processors of several groups is told by the first of them
 * Source        learn.microsoft.com, processtopologyapi.h
 */
WINBASEAPI BOOL WINAPI GetThreadGroupAffinity(HANDLE hThread, PGROUP_AFFINITY GroupAffinity);
WINBASEAPI BOOL WINAPI SetThreadGroupAffinity(HANDLE hThread, const GROUP_AFFINITY *GroupAffinity,
                                              PGROUP_AFFINITY PreviousGroupAffinity);

WINMEM_C_END

#endif /* WINMEM_PROCESSTOPOLOGYAPI_H */
