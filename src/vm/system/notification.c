/*
 * notification.c: is memory short, or plenty?
 *
 * The object is its kind and nothing else: there is no state to keep, so each question reads the figures
 * anew, and waiting is asking again and again. Linux would tell of pressure (PSI), which is about time lost
 * and not about how much is free, and not in every container.
 */
#include "vm/handles/handles.h"
#include "vm/ops.h"

/* Windows' defaults: short below 32 MiB for each 4 GiB, at most 64 MiB; plenty above three times that. */
enum { SHARE = 128, PLENTY = 3 };
#define SHORT_MAX ((uint64_t)64 << 20)

/* Memory does not become short in less: nanoseconds. */
#define PAUSE 20000000u

wm_status wm_op_create_notification(enum wm_notification kind, uint32_t rights, uintptr_t *handle)
{
    return wm_handle_new(WM_HANDLE_NOTIFICATION, kind, rights, handle);
}

bool wm_notification_holds(enum wm_notification kind, uint64_t total, uint64_t available)
{
    uint64_t low = total / SHARE < SHORT_MAX ? total / SHARE : SHORT_MAX;

    return kind == WM_MEMORY_LOW ? available < low : available > PLENTY * low;
}

static wm_status holds(uint32_t kind, bool *signalled)
{
    struct wm_memory memory;
    wm_status st = wm_op_memory_physical(&memory);

    if (wm_ok(st))
        *signalled = wm_notification_holds((enum wm_notification)kind, memory.total, memory.available);
    return st;
}

wm_status wm_op_query_notification(uintptr_t handle, uint32_t rights, bool *signalled)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_check(handle, WM_HANDLE_NOTIFICATION, rights, &entry);

    return wm_ok(st) ? holds(entry.object, signalled) : st;
}

/* --- as a type of object --- */

static wm_status ready(uint32_t kind, enum wm_signal *out)
{
    bool signalled = false;
    wm_status st = holds(kind, &signalled);

    *out = signalled ? WM_SIGNALLED : WM_NOT_SIGNALLED;
    return st;
}

static void source(uint32_t kind, struct wm_wait_source *out)
{
    (void)kind;
    out->pause = PAUSE;
}

static wm_status offer(uint32_t kind, struct wm_object_offer *out)
{
    out->number = kind;
    return WM_OK;
}

static wm_status adopt(const struct wm_object_offer *offer, uint32_t *kind)
{
    *kind = offer->number;
    return offer->number <= WM_MEMORY_HIGH ? WM_OK : WM_HANDLE_STAYS;
}

static wm_status pass_on(uint32_t kind, struct wm_passed *out)
{
    return offer(kind, &out->told);
}

static wm_status receive(const struct wm_passed *passed, uint32_t *kind)
{
    return adopt(&passed->told, kind);
}

enum { QUERY_STATE = 1, MODIFY_STATE = 2 };

const struct wm_object_type wm_type_notification = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | QUERY_STATE,
               .write = WM_RIGHT_READ_CONTROL | MODIFY_STATE,
               .execute = WM_RIGHT_READ_CONTROL | WM_RIGHT_SYNCHRONIZE,
               .all = WM_RIGHTS_REQUIRED | WM_RIGHT_SYNCHRONIZE | QUERY_STATE | MODIFY_STATE},
    .ready = ready,
    .source = source,
    .offer = offer,
    .adopt = adopt,
    .pass_on = pass_on,
    .receive = receive,
};
