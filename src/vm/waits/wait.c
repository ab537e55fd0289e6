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
#include "kern/sleep.h"
#include "vm/handles/handles.h"
#include "vm/waits/waitable.h"

struct waited {
    struct wm_handle_entry entry; /* pinned */
    struct wm_cell *cell;         /* NULL: the row is asked */
    uint32_t began;               /* of a cell: its state when this thread began to sleep */
};

struct wait {
    const struct wm_wait_req *req;
    uint32_t pinned;
    uint32_t index; /* of what was signalled */
    bool enlisted;  /* this thread is counted among the sleepers of all cells */
    struct waited at[WM_WAITS_MOST];
};

static const struct wm_object_type *type_at(const struct wait *wait, uint32_t i)
{
    return wm_handle_type_of(wait->at[i].entry.type);
}

/* --- what is waited for --- */

static wm_status can_be_waited_for(const struct wm_handle_entry *entry)
{
    const struct wm_object_type *type = wm_handle_type_of(entry->type);

    if (type->ready == NULL && type->cell == NULL)
        return WM_HANDLE;
    return entry->access & WM_RIGHT_SYNCHRONIZE ? WM_OK : WM_HANDLE_ACCESS;
}

static void unpin(struct wait *wait)
{
    while (wait->pinned > 0) {
        const struct wm_handle_entry *entry = &wait->at[--wait->pinned].entry;

        wm_object_unpin(entry->type, entry->object);
    }
}

static wm_status pin(struct wait *wait)
{
    wm_status st = WM_OK;

    while (wm_ok(st) && wait->pinned < wait->req->count) {
        struct waited *at = &wait->at[wait->pinned];

        st = wm_handle_pin_any(wait->req->handles[wait->pinned], &at->entry);
        if (!wm_ok(st))
            break;
        wait->pinned++;
        st = can_be_waited_for(&at->entry);
        at->cell = wm_ok(st) && wm_handle_type_of(at->entry.type)->cell != NULL
                       ? wm_handle_type_of(at->entry.type)->cell(at->entry.object)
                       : NULL;
    }
    return st;
}

/* One object cannot be signalled twice at once. */
static wm_status all_differ(const struct wait *wait)
{
    for (uint32_t i = 1; i < wait->pinned; i++)
        for (uint32_t j = 0; j < i; j++)
            if (wm_handle_same(&wait->at[i].entry, &wait->at[j].entry))
                return WM_WAIT_TWICE;
    return WM_OK;
}

/* --- looking --- */

static const uint32_t *began_at(const struct wait *wait, uint32_t i)
{
    return wait->enlisted ? &wait->at[i].began : NULL;
}

static wm_status look_at(struct wait *wait, uint32_t i, enum wm_signal *out)
{
    *out = WM_NOT_SIGNALLED;
    return type_at(wait, i)->ready(wait->at[i].entry.object, out);
}

static wm_status look_for_one(struct wait *wait, enum wm_signal *out)
{
    wm_status st = WM_OK;

    *out = WM_NOT_SIGNALLED;
    for (uint32_t i = 0; wm_ok(st) && *out == WM_NOT_SIGNALLED && i < wait->pinned; i++) {
        if (wait->at[i].cell != NULL)
            *out = wm_cell_take(wait->at[i].cell, began_at(wait, i));
        else
            st = look_at(wait, i, out);
        wait->index = i;
    }
    return st;
}

/* Nothing is taken yet, and a pulse is no state. */
static wm_status all_are_ready(struct wait *wait, enum wm_signal *out)
{
    wm_status st = WM_OK;

    *out = WM_SIGNALLED;
    for (uint32_t i = 0; wm_ok(st) && *out != WM_NOT_SIGNALLED && i < wait->pinned; i++)
        if (wait->at[i].cell != NULL)
            *out = wm_cell_look(wait->at[i].cell, began_at(wait, i));
        else
            st = look_at(wait, i, out);
    return st;
}

/* What is not taken stays as it is, but for what says nothing of the past: so it is taken last. */
static wm_status look_for_all(struct wait *wait, enum wm_signal *out)
{
    struct wm_cell *cells[WM_WAITS_MOST];
    unsigned count = 0;
    wm_status st = all_are_ready(wait, out);

    if (!wm_ok(st) || *out == WM_NOT_SIGNALLED)
        return st;
    for (uint32_t i = 0; i < wait->pinned; i++)
        if (wait->at[i].cell != NULL)
            cells[count++] = wait->at[i].cell;
    *out = count == 0 ? WM_SIGNALLED : wm_cell_take_all(cells, count);
    wait->index = 0;
    return WM_OK;
}

static wm_status look(struct wait *wait, enum wm_signal *out)
{
    return wait->req->all && wait->pinned > 1 ? look_for_all(wait, out) : look_for_one(wait, out);
}

/* --- sleeping --- */

/* Whoever counts this thread and does something for it changes what it has seen before. */
static void enlist(struct wait *wait)
{
    for (uint32_t i = 0; i < wait->pinned; i++)
        if (wait->at[i].cell != NULL) {
            wait->at[i].began = wm_cell_state(wait->at[i].cell);
            wm_cell_enlist(wait->at[i].cell, wait->pinned > 1);
        }
    wait->enlisted = true;
}

static void delist(struct wait *wait, enum wm_signal signal)
{
    for (uint32_t i = 0; i < wait->pinned; i++)
        if (wait->at[i].cell != NULL)
            wm_cell_delist(wait->at[i].cell, wait->pinned > 1,
                           signal != WM_NOT_SIGNALLED && i == wait->index);
    wait->enlisted = false;
}

static void tell_sources(struct wait *wait, struct wm_wait_source *sources)
{
    for (uint32_t i = 0; i < wait->pinned; i++) {
        sources[i] = (struct wm_wait_source){.fd = -1};
        if (wait->at[i].cell != NULL)
            wm_cell_source(wait->at[i].cell, &sources[i]);
        else if (type_at(wait, i)->source != NULL)
            type_at(wait, i)->source(wait->at[i].entry.object, &sources[i]);
    }
}

static wm_status sleep_until(struct wait *wait, uint64_t until, enum wm_signal *out)
{
    struct wm_wait_source sources[WM_WAITS_MOST];
    wm_status st;

    for (unsigned rounds = 0;; rounds++) {
        bool late = wm_clock_now() >= until;

        tell_sources(wait, sources);
        st = look(wait, out);
        if (!wm_ok(st) || *out != WM_NOT_SIGNALLED || late)
            return st;
        wm_sleep_on_any(sources, wait->pinned, until, rounds);
    }
}

static wm_status wait_pinned(struct wait *wait, enum wm_signal *out)
{
    uint64_t until;
    wm_status st = wait->req->all ? all_differ(wait) : WM_OK;

    if (wm_ok(st))
        st = look(wait, out);
    if (!wm_ok(st) || *out != WM_NOT_SIGNALLED || wait->req->nanoseconds == 0)
        return st;
    until = wm_clock_after(wait->req->nanoseconds);
    enlist(wait);
    st = sleep_until(wait, until, out);
    delist(wait, *out);
    return st;
}

static wm_status wait_slowly(struct wm_wait_req *req, enum wm_signal *out)
{
    struct wait wait;
    wm_status st;

    wait.req = req;
    wait.pinned = 0;
    wait.enlisted = false;
    st = pin(&wait);
    if (wm_ok(st))
        st = wait_pinned(&wait, out);
    unpin(&wait);
    if (wm_ok(st))
        req->index = wait.index;
    return st;
}

wm_status wm_op_may_wait(uintptr_t handle)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin_any(handle, &entry);

    if (!wm_ok(st))
        return st;
    st = can_be_waited_for(&entry);
    wm_object_unpin(entry.type, entry.object);
    return st;
}

/* What is signalled is mostly taken by one instruction (waitable.c). A mutex that this thread has is taken in the other way. */
static enum wm_signal take_at_once(uintptr_t handle)
{
    struct wm_handle_entry entry;
    uint64_t word;
    struct wm_cell *cell = wm_waitable_peek(handle, &entry, &word);

    if (cell == NULL || !(entry.access & WM_RIGHT_SYNCHRONIZE))
        return WM_NOT_SIGNALLED;
    if (entry.type == WM_HANDLE_MUTEX && ((uint32_t)word != 0 || !wm_mutex_changes_alone(cell, word)))
        return WM_NOT_SIGNALLED;
    return wm_cell_take_at_once(cell, word);
}

wm_status wm_op_wait_for(struct wm_wait_req *req, enum wm_signal *out)
{
    req->index = 0;
    *out = req->count == 1 ? take_at_once(req->handles[0]) : WM_NOT_SIGNALLED;
    return *out != WM_NOT_SIGNALLED ? WM_OK : wait_slowly(req, out);
}

wm_status wm_op_wait(uintptr_t handle, uint64_t nanoseconds, enum wm_signal *out)
{
    struct wm_wait_req req = {.handles = &handle, .count = 1, .nanoseconds = nanoseconds};

    return wm_op_wait_for(&req, out);
}
