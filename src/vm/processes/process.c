/*
 * process.c: handles to other processes, and the processes behind them.
 *
 *   who opens a process that is known already shares its object: what was learnt of it is learnt once, and
 *   requests go one after the other, by its lock. Two threads that open it at once may make two, which does
 *   no harm
 *   a process is told from a later one of the same number by its pidfd, which is looked at before a number
 *   is believed
 *   object 0 is the calling process: it needs no record, no look-up and no pin
 *
 * Rights are what was asked for when the handle was opened, and most open nothing by themselves: what the
 * kernel allows shows when the other process is asked. But whoever asks for more than anybody may have is
 * refused at once if the kernel would refuse it later (wm_target_admits), since programs take the handle
 * for the permission.
 */
#include "vm/processes/process.h"

#include <errno.h>

#include "kern/clock.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "vm/errno_status.h"
#include "vm/operations.h"
#include "vm/processes/orphans.h"

/* The rights that no operation asks for (vm/operations.h), by their Windows names. */
enum {
    TERMINATE = 0x1,
    CREATE_THREAD = 0x2,
    VM_READ = 0x10,
    VM_WRITE = 0x20,
    DUP_HANDLE = 0x40,
    CREATE_PROCESS = 0x80,
    SET_INFORMATION = 0x200,
    SUSPEND_RESUME = 0x800,
    ALL_ACCESS = 0x1fffff
};

/* Between two looks at a process that nothing tells of, in nanoseconds. */
enum { PAUSE = 10000000 };

/* What they give anybody may know of any process: they are granted without asking the kernel. */
enum { RIGHTS_OF_ANYBODY = WM_RIGHT_SYNCHRONIZE | WM_PROCESS_QUERY_LIMITED };

static struct wm_target target_at(uint32_t index)
{
    return (struct wm_target){index == 0 ? NULL : wm_process_at(index), index};
}

/* Memory of one's own does not pay for that of others: it is not looked up. */
wm_status wm_target_of(uintptr_t handle, uint32_t rights, struct wm_target *out)
{
    struct wm_handle_entry entry = {0};
    wm_status st = WM_OK;

    if (handle == 0)
        return WM_HANDLE;
    if (handle != WM_THIS_PROCESS)
        st = wm_handle_pin(handle, WM_HANDLE_PROCESS, rights, &entry);
    if (wm_ok(st))
        *out = target_at(entry.object);
    return st;
}

bool wm_target_glimpse(uintptr_t handle, uint32_t rights, struct wm_glimpse *out)
{
    const struct wm_process *process;

    if (handle == WM_THIS_PROCESS || !wm_ok(wm_home_ready()) ||
        !wm_handle_peek(&wm_home.objects, handle, &out->entry) || out->entry.type != WM_HANDLE_PROCESS ||
        out->entry.object == 0 || (out->entry.access & rights) != rights)
        return false;
    process = wm_process_at(out->entry.object);
    out->pid = WM_LOAD(process->peer.pid);
    out->pidfd = WM_LOAD(process->bound) ? WM_LOAD(process->peer.pidfd) : -1;
    out->seen = WM_LOAD(process->seen);
    return wm_glimpse_holds(handle, out);
}

bool wm_glimpse_holds(uintptr_t handle, const struct wm_glimpse *glimpse)
{
    return wm_handle_is_still(&wm_home.objects, handle, &glimpse->entry);
}

void wm_target_drop(const struct wm_target *target)
{
    wm_object_unpin(WM_HANDLE_PROCESS, target->index);
}

wm_status wm_op_is_self(uintptr_t handle, uint32_t rights)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_check(handle, WM_HANDLE_PROCESS, rights, &entry);

    return wm_ok(st) && entry.object != 0 ? WM_NO_OTHER_PROCESS : st;
}

/* --- all of them --- */

static uint32_t behind_last(void)
{
    return wm_home.objects.records[WM_HANDLE_PROCESS].used;
}

/* A forked child has copies of all; nobody is at work on any. */
static void renew(void)
{
    for (uint32_t i = 1; i < behind_last(); i++) {
        wm_lock_renew(&wm_process_at(i)->lock);
        wm_process_at(i)->forks++;
    }
}

const struct wm_renewal wm_renewed_processes = {.renew = renew};

/* A walk over all: programs hold a few of them. */
static uint32_t index_of(int32_t pid)
{
    for (uint32_t i = 1; i < behind_last(); i++)
        if (wm_process_at(i)->object.type == WM_HANDLE_PROCESS && wm_process_at(i)->peer.pid == pid)
            return i;
    return 0;
}

/* --- opening --- */

/*
 * A process that is known by this number already. If it has ended the number may be another one's: then
 * none is pinned.
 */
static wm_status pin_known(int32_t pid, struct wm_target *out)
{
    wm_status st;

    WM_AT_OBJECTS(st) {
        *out = target_at(index_of(pid));
        wm_object_pin(&wm_home.objects, WM_HANDLE_PROCESS, out->index);
    }
    if (!wm_ok(st))
        return st;
    if (out->other == NULL || wm_peer_alive(&out->other->peer))
        return WM_OK;
    wm_target_drop(out);
    *out = (struct wm_target){0};
    return WM_OK;
}

static wm_status pin_new(int32_t pid, struct wm_target *out)
{
    struct wm_process process = {0};
    uint32_t index;
    wm_status st = wm_from_errno(WM_OP_PROCESS, wm_peer_open(pid, &process.peer));

    if (!wm_ok(st))
        return st;
    st = wm_object_new(WM_HANDLE_PROCESS, &process, &index);
    if (wm_ok(st))
        *out = target_at(index);
    else
        wm_peer_close(&process.peer);
    return st;
}

wm_status wm_target_admits(const struct wm_target *target, uint32_t rights)
{
    if (target->other == NULL || (rights & ~(uint32_t)RIGHTS_OF_ANYBODY) == 0)
        return WM_OK;
    return wm_from_errno(WM_OP_PROCESS, wm_peer_admits(&target->other->peer));
}

wm_status wm_op_open_process(uint32_t rights, uintptr_t *handle)
{
    return wm_handle_new(WM_HANDLE_PROCESS, 0, wm_handle_rights(WM_HANDLE_PROCESS, rights), handle);
}

/* Another one, by its number: pinned. */
static wm_status pin_other(int32_t pid, struct wm_target *out)
{
    wm_status st = pin_known(pid, out);

    return wm_ok(st) && out->other == NULL ? pin_new(pid, out) : st;
}

wm_status wm_op_open_other(int32_t pid, uint32_t rights, uintptr_t *handle)
{
    struct wm_target target;
    wm_status st = pin_other(pid, &target);

    if (!wm_ok(st))
        return st;
    rights = wm_handle_rights(WM_HANDLE_PROCESS, rights);
    st = wm_target_admits(&target, rights);
    if (wm_ok(st))
        st = wm_handle_new(WM_HANDLE_PROCESS, target.index, rights, handle);
    if (!wm_ok(st))
        wm_target_drop(&target);
    return st;
}

/* --- as a type of object --- */

static void let_go(void *gone)
{
    struct wm_process *process = gone;

    if (process->child)
        wm_orphan_leave(&process->peer);
    else
        wm_peer_close(&process->peer);
    if (wm_range_bytes(process->notes) == 0)
        return;
    if (process->forget != NULL)
        process->forget(process->notes);
    wm_kern_unmap(process->notes);
}

static wm_status admits(uint32_t index, uint32_t rights)
{
    struct wm_target target = target_at(index);

    return wm_target_admits(&target, rights);
}

/* The calling process does not see its own end. */
static wm_status ready(uint32_t index, enum wm_signal *out)
{
    bool ended = index != 0 && wm_peer_state(&wm_process_at(index)->peer) == WM_PEER_ENDED;

    *out = ended ? WM_SIGNALLED : WM_NOT_SIGNALLED;
    return WM_OK;
}

/* Without a pidfd somebody has to look. */
static void source(uint32_t index, struct wm_wait_source *out)
{
    if (index == 0)
        return;
    out->fd = wm_peer_descriptor(&wm_process_at(index)->peer);
    out->pause = out->fd >= 0 ? 0 : PAUSE;
}

static wm_status offer(uint32_t index, struct wm_object_offer *out)
{
    out->pid = index == 0 ? wm_sys_pid() : wm_process_at(index)->peer.pid;
    return WM_OK;
}

/* Rights are worth what the kernel grants this process whenever they are used, so an offer may claim any. */
static wm_status adopt(const struct wm_object_offer *offer, uint32_t *index)
{
    struct wm_target target = {0};
    wm_status st = WM_OK;

    if (offer->pid <= 0)
        return WM_PROCESS_ID;
    if (offer->pid != wm_sys_pid())
        st = pin_other(offer->pid, &target);
    *index = target.index;
    return st;
}

/* The calling process is for a program that it starts the one before it: its parent, or itself. */
static wm_status pass_on(uint32_t index, struct wm_passed *out)
{
    struct wm_peer self = {0};
    const struct wm_peer *peer = index == 0 ? &self : &wm_process_at(index)->peer;
    wm_status st = index == 0 ? wm_from_errno(WM_OP_PROCESS, wm_peer_self(&self)) : WM_OK;

    if (!wm_ok(st))
        return st;
    out->told.pid = peer->pid;
    out->told.born = peer->born;
    out->fds[0] = peer->pidfd < 0 ? 0 : peer->pidfd;
    return WM_OK;
}

static wm_status receive_other(const struct wm_passed *passed, uint32_t *index)
{
    struct wm_process process = {0};

    process.peer = wm_peer_of(passed->told.pid, passed->told.born, passed->fds[0] == 0 ? -1 : passed->fds[0]);
    return wm_object_new(WM_HANDLE_PROCESS, &process, index);
}

static wm_status receive(const struct wm_passed *passed, uint32_t *index)
{
    struct wm_peer self;

    if (passed->told.pid <= 0)
        return WM_PROCESS_ID;
    if (wm_peer_self(&self) != 0 || self.pid != passed->told.pid || self.born != passed->told.born)
        return receive_other(passed, index);
    if (passed->fds[0] != 0)
        wm_kern_close(passed->fds[0]);
    *index = 0;
    return WM_OK;
}

const struct wm_object_type wm_type_process = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | WM_PROCESS_QUERY | VM_READ,
               .write = WM_RIGHT_READ_CONTROL | CREATE_THREAD | WM_PROCESS_OPERATE | VM_WRITE | DUP_HANDLE |
                        CREATE_PROCESS | WM_PROCESS_SET_QUOTA | SET_INFORMATION | SUSPEND_RESUME,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE | WM_PROCESS_QUERY_LIMITED | TERMINATE,
               .all = ALL_ACCESS},
    .implied = {.right = WM_PROCESS_QUERY, .brings = WM_PROCESS_QUERY_LIMITED},
    .pseudo = WM_THIS_PROCESS,
    .record_bytes = sizeof(struct wm_process),
    .share = 8,
    .let_go = let_go,
    .admits = admits,
    .ready = ready,
    .source = source,
    .offer = offer,
    .adopt = adopt,
    .pass_on = pass_on,
    .receive = receive,
};
