/*
 * threadtype.c: threads as a type of object (threadtype.h).
 *
 * A thread is signalled once it is gone, which its mark says (kern/threads/ownthreads.h). Where nobody has taken the mark,
 * because the thread has not begun or has never been here, it is looked at now and then.
 */
#include "vm/threads/threadtype.h"

#include "vm/threads/records.h"

struct thread_object {
    struct wm_object object;
    struct wm_thread *thread; /* kept */
};

#define THIS_THREAD ((uintptr_t)-2)
#define PAUSE_NANOSECONDS ((uint64_t)1000000)

static struct wm_thread *thread_at(uint32_t object)
{
    return ((struct thread_object *)wm_object_at(&wm_home.objects, WM_HANDLE_THREAD, object))->thread;
}

wm_status wm_thread_handle(struct wm_thread *thread, uint32_t rights, uintptr_t *handle)
{
    const struct thread_object record = {.thread = thread};

    return wm_handle_new_object(WM_HANDLE_THREAD, &record, wm_handle_rights(WM_HANDLE_THREAD, rights),
                                handle);
}

wm_status wm_thread_open(uint32_t id, uint32_t rights, uintptr_t *handle)
{
    bool full;
    struct wm_thread *thread = wm_thread_find(id, &full);
    wm_status st = full ? WM_THREAD_MEMORY : WM_THREAD_ID;

    if (thread == NULL)
        return st;
    st = wm_thread_handle(thread, rights, handle);
    if (!wm_ok(st))
        wm_thread_let_go(thread);
    return st;
}

/* --- finding --- */

static wm_status pin_self(struct wm_pinned_thread *out)
{
    out->thread = wm_thread_self();
    return out->thread == NULL ? WM_THREAD_MEMORY : WM_OK;
}

wm_status wm_thread_pin(uintptr_t handle, uint32_t rights, struct wm_pinned_thread *out)
{
    struct wm_handle_entry entry;
    wm_status st;

    if (handle == THIS_THREAD)
        return pin_self(out);
    st = wm_handle_pin(handle, WM_HANDLE_THREAD, rights, &entry);
    if (wm_ok(st))
        *out = (struct wm_pinned_thread){thread_at(entry.object), entry.object};
    return st;
}

wm_status wm_thread_pin_either(uintptr_t handle, uint32_t right, uint32_t other, struct wm_pinned_thread *out)
{
    wm_status st = wm_thread_pin(handle, right, out);

    return st == WM_HANDLE_ACCESS ? wm_thread_pin(handle, other, out) : st;
}

void wm_thread_unpin(struct wm_pinned_thread *pinned)
{
    if (pinned->object != 0)
        wm_object_unpin(WM_HANDLE_THREAD, pinned->object);
}

/* --- as a type of object --- */

static void let_go(void *gone)
{
    wm_thread_let_go(((struct thread_object *)gone)->thread);
}

static bool same(uint32_t first, uint32_t second)
{
    return thread_at(first) == thread_at(second);
}

/* What the pseudo handle stands for, as an object. */
static wm_status own(uint32_t *object)
{
    const struct thread_object record = {.thread = wm_thread_self()};
    wm_status st;

    if (record.thread == NULL)
        return WM_THREAD_MEMORY;
    wm_thread_keep(record.thread);
    st = wm_object_new(WM_HANDLE_THREAD, &record, object);
    if (!wm_ok(st))
        wm_thread_let_go(record.thread);
    return st;
}

/* The kernel wakes one of those who wait: he sees to the others. */
static wm_status ready(uint32_t object, enum wm_signal *out)
{
    struct wm_thread *thread = thread_at(object);

    if (!wm_thread_is_gone(thread))
        return WM_OK;
    *out = WM_SIGNALLED;
    if (!__atomic_exchange_n(&thread->told, true, __ATOMIC_ACQ_REL))
        wm_end_mark_wake_others(&thread->mark);
    return WM_OK;
}

static void source(uint32_t object, struct wm_wait_source *out)
{
    struct wm_thread *thread = thread_at(object);

    out->word.word = wm_thread_awaited(thread, &out->word.expected);
    out->word.scope = WM_FUTEX_EVERYBODYS;
    out->pause = out->word.word == NULL ? PAUSE_NANOSECONDS : 0;
}

const struct wm_object_type wm_type_thread = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | WM_THREAD_GET_CONTEXT | WM_THREAD_QUERY_INFORMATION,
               .write = WM_RIGHT_READ_CONTROL | WM_THREAD_TERMINATE | WM_THREAD_SUSPEND_RESUME | 0x4 |
                        WM_THREAD_SET_CONTEXT | WM_THREAD_SET_INFORMATION | WM_THREAD_SET_LIMITED,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE | WM_THREAD_QUERY_LIMITED | 0x1000,
               .all = WM_THREAD_ALL},
    .implied = {.right = WM_THREAD_QUERY_INFORMATION, .brings = WM_THREAD_QUERY_LIMITED},
    .pseudo = THIS_THREAD,
    .own = own,
    .record_bytes = WM_THREAD_OBJECT_BYTES,
    .share = WM_THREAD_SHARE,
    .let_go = let_go,
    .same = same,
    .ready = ready,
    .source = source,
};

_Static_assert(sizeof(struct thread_object) == WM_THREAD_OBJECT_BYTES,
               "what a planted agent sets aside as well");
