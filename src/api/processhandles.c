/*
 * processhandles.c: OpenProcess, CloseHandle, DuplicateHandle and their kin; FlushInstructionCache.
 *
 * A handle is a number in a table of this process and not a descriptor: a program that exec starts has those that are
 * inherited (vm/handles/inherited.c), under the same values. It has the rights that were asked for and no others (D12.3c). A right opens
 * nothing by itself: the kernel decides again each time it is used, and what it would refuse at once
 * OpenProcess does not give (L76).
 *
 * A handle to another process never comes to mean a third one, whoever gets its number later (L74). One to
 * the calling process means, in the child of a fork, the child (L77). GetCurrentProcess is a constant that
 * stands for the calling process wherever one is wanted; it is not in the table, and closing it has no effect
 * (D12.3a).
 */
#include <string.h>
#include <unistd.h>

#include "api/edge.h"
#include "remote/target.h"
#include "vm/ops.h"

#define PSEUDO_HANDLE ((HANDLE)(intptr_t)-1)

HANDLE WINAPI GetCurrentProcess(VOID)
{
    return PSEUDO_HANDLE;
}

DWORD WINAPI GetCurrentProcessId(VOID)
{
    return (DWORD)getpid();
}

/*
 * Numbers are those of Linux. Opening oneself needs nobody's leave, neither /proc nor a descriptor (D12.3e).
 */
static wm_status open_process(DWORD access, DWORD id, uintptr_t *handle)
{
    if (id == 0 || id > INT32_MAX)
        return WM_PROCESS_ID;
    if (id == GetCurrentProcessId())
        return wm_op_open_process(access, handle);
    return wm_op_open_other((int32_t)id, access, handle);
}

HANDLE WINAPI OpenProcess(DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwProcessId)
{
    uintptr_t handle = 0;
    wm_status st = open_process(dwDesiredAccess, dwProcessId, &handle);

    if (wm_ok(st))
        st = wm_op_let_inherit(handle, bInheritHandle);
    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_HEX(dwDesiredAccess), WM_BOOL(bInheritHandle),
             WM_DECIMAL(dwProcessId));
    return wm_edge_ptr(st, handle);
}

static wm_status id_of(HANDLE process, DWORD *id)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_LIMITED_INFORMATION, &target);

    if (wm_ok(st))
        *id = wm_target_is_self(&target) ? GetCurrentProcessId() : (DWORD)target.other->peer.pid;
    return st;
}

DWORD WINAPI GetProcessId(HANDLE Process)
{
    DWORD id = 0;
    wm_status st = id_of(Process, &id);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL(id)), WM_HEX(Process));
    return wm_edge_bool(st) ? id : 0;
}

BOOL WINAPI CloseHandle(HANDLE hObject)
{
    wm_status st = wm_op_close((uintptr_t)hObject);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hObject));
    return wm_edge_bool(st);
}

static unsigned flags_of(DWORD options)
{
    return (options & DUPLICATE_SAME_ACCESS ? WM_SAME_RIGHTS : 0) |
           (options & DUPLICATE_CLOSE_SOURCE ? WM_CLOSE_SOURCE : 0);
}

struct duplication {
    const struct wm_target *from, *to;
    uintptr_t source;
    DWORD access;
    bool inherit;
    unsigned flags;
};

/* What has to be opened is the other process's own, or it would have us open whatever we may. */
static bool is_of(const struct wm_target *giver, const struct wm_object_offer *offer)
{
    int32_t pid = giver->other->peer.pid;

    return (offer->type != WM_HANDLE_SECTION || offer->section.pid == pid) &&
           (offer->type != WM_HANDLE_FILE || offer->file.pid == pid);
}

/* An offer without a type would be taken for one's own handle, so another process must not get away with it. */
static wm_status ask_for_offer(const struct duplication *d, struct wm_object_offer *offer)
{
    struct wm_give_req give = {.handle = d->source, .rights = d->access, .options = d->flags};
    wm_status st = wm_in_give_handle(d->from, &give);

    *offer = give.offer;
    return wm_ok(st) && (offer->type == 0 || !is_of(d->from, offer)) ? WM_HANDLE_STAYS : st;
}

/*
 * Whoever has the object tells of it, and whoever is to have it opens a handle: at most one of the two is this process.
 * From oneself to another, telling is a part of asking (vm/handles/handed.c).
 */
static wm_status hand_over(const struct duplication *d, uintptr_t *handle)
{
    struct wm_take_req take = {
        .handle = d->source, .rights = d->access, .options = d->flags, .inherit = d->inherit};
    wm_status st = wm_target_is_self(d->from) ? WM_OK : ask_for_offer(d, &take.offer);

    if (wm_ok(st))
        st = wm_in_take_handle(d->to, &take);
    if (d->flags & WM_CLOSE_SOURCE)
        wm_in_close_handle(d->from, &(struct wm_close_req){d->source});
    if (wm_ok(st))
        *handle = take.result;
    return st;
}

static wm_status copy(const struct duplication *d, uintptr_t *handle)
{
    wm_status st;

    if (!wm_target_is_self(d->from) || !wm_target_is_self(d->to))
        return hand_over(d, handle);
    st = wm_op_duplicate(d->source, d->access, d->flags, handle);
    return wm_ok(st) ? wm_op_let_inherit(*handle, d->inherit) : st;
}

/* A copy that nobody wants is made and closed again, so that a source which cannot be copied is told all the same. */
static wm_status copy_to(const struct duplication *d, LPHANDLE target)
{
    uintptr_t handle;
    wm_status st = copy(d, &handle);

    if (!wm_ok(st))
        return st;
    if (target != NULL)
        memcpy(target, &handle, sizeof handle);
    else
        wm_in_close_handle(d->to, &(struct wm_close_req){handle});
    return WM_OK;
}

static wm_status duplicate(HANDLE from, HANDLE source, HANDLE to, LPHANDLE target, DWORD access, BOOL inherit,
                           DWORD options)
{
    WM_TARGET giver = {0};
    WM_TARGET taker = {0};
    wm_status st =
        options & ~(DWORD)(DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS) ? WM_HANDLE_OPTIONS : WM_OK;

    if (wm_ok(st) && target != NULL)
        st = wm_edge_writable(target, sizeof *target);
    if (wm_ok(st))
        st = wm_edge_target(from, PROCESS_DUP_HANDLE, &giver);
    if (wm_ok(st))
        st = wm_edge_target(to, PROCESS_DUP_HANDLE, &taker);
    if (!wm_ok(st))
        return st;
    return copy_to(
        &(struct duplication){&giver, &taker, (uintptr_t)source, access, inherit, flags_of(options)}, target);
}

BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle, HANDLE hTargetProcessHandle,
                            LPHANDLE lpTargetHandle, DWORD dwDesiredAccess, BOOL bInheritHandle,
                            DWORD dwOptions)
{
    wm_status st = duplicate(hSourceProcessHandle, hSourceHandle, hTargetProcessHandle, lpTargetHandle,
                             dwDesiredAccess, bInheritHandle, dwOptions);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hSourceProcessHandle), WM_HEX(hSourceHandle),
             WM_HEX(hTargetProcessHandle), WM_HEX(lpTargetHandle), WM_HEX(dwDesiredAccess),
             WM_BOOL(bInheritHandle), WM_HEX(dwOptions));
    return wm_edge_bool(st);
}

/* x86-64 keeps its caches coherent by itself, for other processes too; elsewhere the compiler knows how. */
static wm_status flush(HANDLE process, LPCVOID base, SIZE_T size)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, 0, &target);

    if (wm_ok(st) && wm_target_is_self(&target) && base != NULL) /* without a base: all */
        __builtin___clear_cache((char *)base, (char *)base + size);
    return st;
}

BOOL WINAPI FlushInstructionCache(HANDLE hProcess, LPCVOID lpBaseAddress, SIZE_T dwSize)
{
    wm_status st = flush(hProcess, lpBaseAddress, dwSize);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpBaseAddress), WM_HEX(dwSize));
    return wm_edge_bool(st);
}
