/*
 * firstthread.c: the first thread of a process that this one has started, as a type of object.
 *
 * What happens to it happens to its process: it ends when that does, and is resumed by a signal to all of it (SIGCONT).
 */
#include "vm/processes/firstthread.h"

#include <signal.h>

#include "base/atomic.h"
#include "vm/processes/process.h"

struct first_thread {
    struct wm_object object;
    uint32_t process; /* pinned */
};

enum { TERMINATE = 1, SUSPEND_RESUME = 2, GET_CONTEXT = 8, ALL_ACCESS = 0x1fffff };

static uint32_t process_of(uint32_t thread)
{
    return ((const struct first_thread *)wm_object_at(&wm_home.objects, WM_HANDLE_FIRST_THREAD, thread))
        ->process;
}

wm_status wm_first_thread_handle(uint32_t process, uintptr_t *handle)
{
    const struct first_thread thread = {.process = process};
    wm_status st;

    WM_AT_OBJECTS(st)
        wm_object_pin(&wm_home.objects, WM_HANDLE_PROCESS, process);
    if (!wm_ok(st))
        return st;
    st = wm_handle_new_object(WM_HANDLE_FIRST_THREAD, &thread, ALL_ACCESS, handle);
    if (!wm_ok(st))
        wm_object_unpin(WM_HANDLE_PROCESS, process);
    return st;
}

/* Only who brings the count to 0 lets it go on. */
static wm_status resume(struct wm_process *process, uint32_t *before)
{
    *before = WM_LOAD(process->suspended);
    while (*before != 0 && !__atomic_compare_exchange_n(&process->suspended, before, *before - 1, false,
                                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        ;
    if (*before == 1)
        wm_peer_signal(&process->peer, SIGCONT); /* one that has ended has nothing to go on with */
    return WM_OK;
}

bool wm_op_is_first_thread(uintptr_t handle)
{
    struct wm_handle_entry entry;

    return wm_ok(wm_handle_check(handle, WM_HANDLE_FIRST_THREAD, 0, &entry));
}

wm_status wm_op_resume_first_thread(uintptr_t handle, uint32_t *before)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_FIRST_THREAD, SUSPEND_RESUME, &entry);

    if (!wm_ok(st))
        return st;
    st = resume(wm_process_at(process_of(entry.object)), before);
    wm_object_unpin(WM_HANDLE_FIRST_THREAD, entry.object);
    return st;
}

wm_status wm_op_first_thread_id(uintptr_t handle, uint32_t rights, int32_t *id)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_FIRST_THREAD, rights, &entry);

    if (!wm_ok(st))
        return st;
    *id = wm_process_at(process_of(entry.object))->peer.pid;
    wm_object_unpin(WM_HANDLE_FIRST_THREAD, entry.object);
    return WM_OK;
}

static void let_go(void *gone)
{
    wm_object_unpin(WM_HANDLE_PROCESS, ((const struct first_thread *)gone)->process);
}

static wm_status ready(uint32_t object, enum wm_signal *out)
{
    return wm_type_process.ready(process_of(object), out);
}

static void source(uint32_t object, struct wm_wait_source *out)
{
    wm_type_process.source(process_of(object), out);
}

const struct wm_object_type wm_type_first_thread = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | GET_CONTEXT | 0x40,
               .write = WM_RIGHT_READ_CONTROL | TERMINATE | SUSPEND_RESUME | 0x434,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE | 0x1800,
               .all = ALL_ACCESS},
    .implied = {.right = 0x40, .brings = 0x800},
    .record_bytes = sizeof(struct first_thread),
    .share = 4,
    .let_go = let_go,
    .ready = ready,
    .source = source,
};
