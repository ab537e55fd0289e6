/*
 * edge.h: where statuses become what a Windows caller sees.
 *
 * Whoever fails sets the last error, and the cause behind it, through here. Success leaves them, and errno, as they
 * were, but for three results that say something by an error of 0: an object that is new (wm_edge_new_object), a block that
 * nobody named and that so could not be resized (heapalloc.c), a lock that was the last (globalmemory.c).
 *
 * Arguments that are handles or pointers are judged here, too: handles by what they mean and their rights, pointers by
 * whether they can be used. A caller's memory is touched after that, without a lock, and never in an operation.
 */
#ifndef WM_API_EDGE_H
#define WM_API_EDGE_H

#include <string.h>
#include <windows.h>

#include "api/calltrace.h"
#include "base/private.h"
#include "base/status.h"
#include "vm/processes/process.h"

/* Per thread. SetLastError changes error alone: cause stays the reason of the last call that failed. */
struct wm_last {
    DWORD error;
    wm_status cause;
};

WM_FOR_WIN32 extern __thread struct wm_last wm_last __attribute__((tls_model("initial-exec")));

WM_FOR_WIN32 void wm_edge_fail(wm_status st);

/* For the native functions: the NTSTATUS itself. The last error stays what it was, the cause behind it does not. */
LONG wm_edge_nt(wm_status st);

static inline BOOL wm_edge_bool(wm_status st)
{
    if (!wm_ok(st))
        wm_edge_fail(st);
    return wm_ok(st);
}

static inline void *wm_edge_ptr(wm_status st, uintptr_t result)
{
    return wm_edge_bool(st) ? (void *)result : NULL;
}

/*
 * Does the handle name the calling process, with these rights? NULL is no handle. For functions that work on no
 * other process: with one of those, WM_NO_OTHER_PROCESS.
 */
WM_FOR_WIN32 wm_status wm_edge_self(HANDLE process, DWORD rights);

/* For functions that take NULL for the calling process. */
static inline HANDLE wm_edge_or_own(HANDLE process)
{
    return process == NULL ? (HANDLE)(intptr_t)-1 : process;
}

/*
 * The process that the handle names, with these rights, whichever it is: for functions that do not just pass a request on
 * (remote/target.h). It is pinned until the end of the block that has it:
 *
 *   WM_TARGET target = {0};
 *   wm_status st = wm_edge_target(process, rights, &target);
 */
#define WM_TARGET __attribute__((cleanup(wm_edge_drop))) struct wm_target

static inline wm_status wm_edge_target(HANDLE process, DWORD rights, struct wm_target *out)
{
    *out = (struct wm_target){0};
    return (uintptr_t)process == WM_THIS_PROCESS ? WM_OK : wm_target_of((uintptr_t)process, rights, out);
}

static inline void wm_edge_drop(const struct wm_target *target)
{
    if (!wm_target_is_self(target))
        wm_target_drop(target);
}

/*
 * May the caller's memory be written (or read)? At most a page of it. A buffer just above our own frame is one of the
 * caller's locals: no question to the kernel. A buffer that may be written has undefined contents afterwards, because
 * the cheapest way to find out is a system call that writes there: for results that are about to be stored.
 */
WM_FOR_WIN32 bool wm_edge_asks_writable(void *start, size_t bytes);
WM_FOR_WIN32 bool wm_edge_asks_readable(const void *start, size_t bytes);

/* The same for buffers of any length; what may be written keeps its contents. No bytes: always. */
WM_FOR_WIN32 wm_status wm_edge_fillable(const void *start, size_t bytes);
wm_status wm_edge_legible(const void *start, size_t bytes);

static inline bool wm_edge_on_stack(const void *start)
{
    return (uintptr_t)start - (uintptr_t)__builtin_frame_address(0) < 0x4000;
}

static inline wm_status wm_edge_writable(void *start, size_t bytes)
{
    return wm_edge_on_stack(start) || wm_edge_asks_writable(start, bytes) ? WM_OK : WM_POINTER;
}

static inline wm_status wm_edge_readable(const void *start, size_t bytes)
{
    return wm_edge_on_stack(start) || wm_edge_asks_readable(start, bytes) ? WM_OK : WM_POINTER;
}

/* Is a handle to be inherited that is made with these? NULL: it is not. */
static inline wm_status wm_edge_inherits(const SECURITY_ATTRIBUTES *security, bool *inherit)
{
    SECURITY_ATTRIBUTES copy = {0};
    wm_status st = security == NULL ? WM_OK : wm_edge_readable(security, sizeof *security);

    if (security != NULL && wm_ok(st))
        memcpy(&copy, security, sizeof copy);
    *inherit = copy.bInheritHandle != FALSE;
    return st;
}

/* Of an object that may have a name success speaks too: 0 says that it is new, and 183 that it is not (O158). */
static inline HANDLE wm_edge_new_object(wm_status st, uintptr_t handle)
{
    if (!wm_ok(st))
        wm_edge_fail(st);
    if (st == WM_NAME_EXISTS)
        SetLastError(ERROR_ALREADY_EXISTS);
    else if (wm_ok(st))
        SetLastError(ERROR_SUCCESS);
    return wm_ok(st) || st == WM_NAME_EXISTS ? (HANDLE)handle : NULL;
}

/* Stores a result, at most a page of it, where the caller wants it, if that can be written. */
static inline wm_status wm_edge_tell(void *out, const void *result, size_t bytes)
{
    wm_status st = wm_edge_writable(out, bytes);

    if (wm_ok(st))
        memcpy(out, result, bytes);
    return st;
}

#endif
