/*
 * wait.c: waiting until what handles stand for is signalled: one of them, or all.
 *
 * What a type is signalled by is said in its row (vm/handles/types.h); this is the one place where anybody waits for it.
 *
 *   all objects are pinned while the wait lasts: a handle may be closed meanwhile, the object stays
 *   the sources are told before the look that finds nothing, and that look comes before the sleep: what changes later is
 *   noticed by the kernel, which compares
 *   a sleep may end for no reason: whether the wait is over says a look, never a sleep
 *   what is there when time is over counts: the last look comes after the last sleep
 *
 * Signal handlers run meanwhile and do not end a wait (L73).
 */
#include "kern/clock.h"
#include "vm/handles/handles.h"

struct wait {
    const struct wm_wait_req *req;
    struct wm_handle_entry entries[WM_WAITS_MOST];
    struct wm_wait_source sources[WM_WAITS_MOST];
    uint32_t pinned;
    uint32_t index; /* of what was signalled */
};

static const struct wm_object_type *type_at(const struct wait *wait, uint32_t i)
{
    return wm_handle_type_of(wait->entries[i].type);
}

/* --- what is waited for --- */

static wm_status can_be_waited_for(const struct wm_handle_entry *entry)
{
    if (wm_handle_type_of(entry->type)->ready == NULL)
        return WM_HANDLE;
    return entry->access & WM_RIGHT_SYNCHRONIZE ? WM_OK : WM_HANDLE_ACCESS;
}

static void unpin(struct wait *wait)
{
    while (wait->pinned > 0) {
        const struct wm_handle_entry *entry = &wait->entries[--wait->pinned];

        wm_object_unpin(entry->type, entry->object);
    }
}

static wm_status pin(struct wait *wait)
{
    wm_status st = WM_OK;

    while (wm_ok(st) && wait->pinned < wait->req->count) {
        struct wm_handle_entry *entry = &wait->entries[wait->pinned];

        st = wm_handle_pin_any(wait->req->handles[wait->pinned], entry);
        if (!wm_ok(st))
            break;
        wait->pinned++;
        st = can_be_waited_for(entry);
    }
    return st;
}

/* One object cannot be signalled twice at once. */
static wm_status all_differ(const struct wait *wait)
{
    for (uint32_t i = 1; i < wait->pinned; i++)
        for (uint32_t j = 0; j < i; j++)
            if (wm_handle_same(&wait->entries[i], &wait->entries[j]))
                return WM_WAIT_TWICE;
    return WM_OK;
}

/* --- looking --- */

static wm_status look_at(const struct wait *wait, uint32_t i, enum wm_signal *out)
{
    *out = WM_NOT_SIGNALLED;
    return type_at(wait, i)->ready(wait->entries[i].object, out);
}

static wm_status look_for_one(struct wait *wait, enum wm_signal *out)
{
    wm_status st = WM_OK;

    *out = WM_NOT_SIGNALLED;
    for (uint32_t i = 0; wm_ok(st) && *out == WM_NOT_SIGNALLED && i < wait->pinned; i++) {
        st = look_at(wait, i, out);
        wait->index = i;
    }
    return st;
}

static wm_status look_for_all(struct wait *wait, enum wm_signal *out)
{
    enum wm_signal signal = WM_SIGNALLED;
    wm_status st = WM_OK;

    *out = WM_SIGNALLED;
    wait->index = 0;
    for (uint32_t i = 0; wm_ok(st) && signal != WM_NOT_SIGNALLED && i < wait->pinned; i++) {
        st = look_at(wait, i, &signal);
        if (signal != WM_SIGNALLED)
            *out = signal;
    }
    return st;
}

static wm_status look(struct wait *wait, enum wm_signal *out)
{
    return wait->req->all ? look_for_all(wait, out) : look_for_one(wait, out);
}

/* --- sleeping --- */

static void tell_sources(struct wait *wait)
{
    for (uint32_t i = 0; i < wait->pinned; i++) {
        wait->sources[i] = (struct wm_wait_source){.fd = -1};
        if (type_at(wait, i)->source != NULL)
            type_at(wait, i)->source(wait->entries[i].object, &wait->sources[i]);
    }
}

static wm_status sleep_until(struct wait *wait, uint64_t until, enum wm_signal *out)
{
    wm_status st;

    for (unsigned rounds = 0;; rounds++) {
        bool late = wm_clock_now() >= until;

        tell_sources(wait);
        st = look(wait, out);
        if (!wm_ok(st) || *out != WM_NOT_SIGNALLED || late)
            return st;
        wm_sleep_on_any(wait->sources, wait->pinned, until, rounds);
    }
}

static wm_status wait_pinned(struct wait *wait, enum wm_signal *out)
{
    wm_status st = wait->req->all ? all_differ(wait) : WM_OK;

    if (wm_ok(st))
        st = look(wait, out);
    if (!wm_ok(st) || *out != WM_NOT_SIGNALLED || wait->req->nanoseconds == 0)
        return st;
    return sleep_until(wait, wm_clock_after(wait->req->nanoseconds), out);
}

wm_status wm_op_wait_for(struct wm_wait_req *req, enum wm_signal *out)
{
    struct wait wait;
    wm_status st;

    wait.req = req;
    wait.pinned = 0;
    st = pin(&wait);
    if (wm_ok(st))
        st = wait_pinned(&wait, out);
    unpin(&wait);
    if (wm_ok(st))
        req->index = wait.index;
    return st;
}

wm_status wm_op_wait(uintptr_t handle, uint64_t nanoseconds, enum wm_signal *out)
{
    struct wm_wait_req req = {.handles = &handle, .count = 1, .nanoseconds = nanoseconds};

    return wm_op_wait_for(&req, out);
}
