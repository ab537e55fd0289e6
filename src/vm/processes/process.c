/* process.c: handles to other processes, and the processes behind them. */
#include "vm/processes/process.h"

#include <errno.h>

#include "core/objects.h"
#include "kern/renew.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/sections/section.h"

/* PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE: what anybody may know of any process. */
enum { RIGHTS_OF_ANYBODY = 0x101000 };

static struct wm_process *process_at(uint32_t index)
{
    return wm_process_at(&wm_home.objects, index);
}

static struct wm_target pinned(uint32_t index)
{
    if (index == 0)
        return (struct wm_target){0};
    wm_process_pin(&wm_home.objects, index);
    return (struct wm_target){process_at(index), index};
}

wm_status wm_target_of(uintptr_t handle, uint32_t rights, struct wm_target *out)
{
    struct wm_handle_entry entry;
    wm_status st;

    if (handle == WM_THIS_PROCESS) {
        *out = (struct wm_target){0};
        return WM_OK;
    }
    if (handle == 0)
        return WM_HANDLE;
    st = wm_home_enter_objects();
    if (!wm_ok(st))
        return st;
    if (!wm_handle_find(&wm_home.objects, handle, &entry) || entry.type != WM_HANDLE_PROCESS)
        st = WM_HANDLE;
    else if ((entry.access & rights) != rights)
        st = WM_HANDLE_ACCESS;
    else
        *out = pinned(entry.object);
    wm_home_leave_objects();
    return st;
}

/* --- letting go --- */

static void let_go(struct wm_process *gone)
{
    wm_peer_close(&gone->peer);
    if (wm_range_bytes(gone->notes) == 0)
        return;
    if (gone->forget != NULL)
        gone->forget(gone->notes);
    wm_kern_unmap(gone->notes);
}

void wm_process_unpin(uint32_t index)
{
    struct wm_process gone;
    bool last;

    if (index == 0 || !wm_ok(wm_home_enter_objects()))
        return;
    last = wm_process_drop(&wm_home.objects, index);
    if (last) {
        gone = *process_at(index);       /* all but its references, which nobody needs any more */
        process_at(index)->peer.pid = 0; /* nobody finds it */
    }
    wm_home_leave_objects();
    if (last)
        let_go(&gone);
}

void wm_target_drop(const struct wm_target *target)
{
    wm_process_unpin(target->index);
}

/* A forked child has copies of all; nobody is at work on any. */
static void renew(void)
{
    for (uint32_t i = 1; i < wm_home.objects.processes.used; i++) {
        wm_lock_renew(&process_at(i)->lock);
        process_at(i)->forks++;
    }
}

const struct wm_renewal wm_renewed_processes = {.renew = renew};

/* --- opening --- */

static uint32_t index_of(int32_t pid)
{
    for (uint32_t i = 1; i < wm_home.objects.processes.used; i++)
        if (process_at(i)->peer.pid == pid)
            return i;
    return 0;
}

/* As long as it lives the number is its own. */
static wm_status pin_known(int32_t pid, struct wm_target *out)
{
    wm_status st = wm_home_enter_objects();

    if (!wm_ok(st))
        return st;
    *out = pinned(index_of(pid));
    wm_home_leave_objects();
    if (out->other == NULL || wm_peer_alive(&out->other->peer))
        return WM_OK;
    wm_target_drop(out);
    *out = (struct wm_target){0};
    return WM_OK;
}

static wm_status add(const struct wm_process *process, struct wm_target *out)
{
    wm_status st = wm_home_enter_objects();
    uint32_t index;

    if (!wm_ok(st))
        return st;
    index = wm_process_add(&wm_home.objects, process);
    *out = (struct wm_target){process_at(index), index};
    wm_home_leave_objects();
    return index == 0 ? WM_BOOK_MEMORY : WM_OK;
}

static wm_status pin_new(int32_t pid, struct wm_target *out)
{
    struct wm_process process = {0};
    wm_status st = wm_from_errno(WM_OP_PROCESS, wm_peer_open(pid, &process.peer));

    if (!wm_ok(st))
        return st;
    st = add(&process, out);
    if (!wm_ok(st))
        wm_peer_close(&process.peer);
    return st;
}

wm_status wm_target_admits(const struct wm_target *target, uint32_t rights)
{
    if (target->other == NULL || (rights & ~(uint32_t)RIGHTS_OF_ANYBODY) == 0)
        return WM_OK;
    return wm_from_errno(WM_OP_PROCESS, wm_peer_admits(&target->other->peer));
}

static wm_status open_handle(uint32_t index, uint32_t rights, uintptr_t *handle)
{
    wm_status st = wm_home_enter_objects();
    uintptr_t opened;

    if (!wm_ok(st))
        return st;
    opened = wm_handle_open(&wm_home.objects, WM_HANDLE_PROCESS, index, rights);
    if (opened != 0)
        wm_process_pin(&wm_home.objects, index);
    wm_home_leave_objects();
    if (opened == 0)
        return WM_BOOK_MEMORY;
    *handle = opened;
    return WM_OK;
}

wm_status wm_op_open_other(int32_t pid, uint32_t rights, uintptr_t *handle)
{
    struct wm_target target;
    wm_status st = pin_known(pid, &target);

    rights = wm_handle_rights(WM_HANDLE_PROCESS, rights);
    if (wm_ok(st) && target.other == NULL)
        st = pin_new(pid, &target);
    if (!wm_ok(st))
        return st;
    st = wm_target_admits(&target, rights);
    if (wm_ok(st))
        st = open_handle(target.index, rights, handle);
    wm_target_drop(&target);
    return st;
}
