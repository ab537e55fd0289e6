/*
 * handed.c: handles that go from process to process.
 *
 * A handle is an entry of one process's table. For another process to have one to the same object, the process that has it
 * tells what the object is (an offer), and the other one makes it its own and opens a handle of its own: each does its part
 * itself, as one of the operations that processes ask of each other (vm/operations.def). What an offer says is believed as
 * far as the kernel confirms it: a descriptor is opened anew and compared with what it should be, a process is found by
 * its number.
 *
 *   an offer holds while its object is pinned in the process that makes it. Who offers his own keeps it until the other
 *   one has answered (wm_offering_handle). Who takes another's cannot: closed there in that moment, it is not found here
 *   an agent that was planted has no handles, neither to give nor to take
 */
#include "base/planted.h"
#include "vm/handles/handles.h"
#include "vm/operations.h"

static wm_status offer_entry(const struct wm_handle_entry *entry, uint32_t rights, unsigned options,
                             struct wm_object_offer *out)
{
    const struct wm_object_type *type = wm_handle_type_of(entry->type);
    uint32_t granted;
    wm_status st = wm_handle_rights_of_copy(entry, rights, options, &granted);

    if (!wm_ok(st))
        return st;
    if (type->offer == NULL)
        return WM_HANDLE_STAYS;
    *out = (struct wm_object_offer){.type = entry->type, .access = granted};
    return type->offer(entry->object, out);
}

wm_status wm_op_give_handle(struct wm_give_req *req)
{
    struct wm_handle_entry entry;
    wm_status st = WM_IS_PLANTED ? WM_NO_HANDLES_THERE : wm_handle_pin_any(req->handle, &entry);

    if (!wm_ok(st))
        return st;
    st = offer_entry(&entry, req->rights, req->options, &req->offer);
    wm_object_unpin(entry.type, entry.object);
    return st;
}

/* Another process says which type it is: it may be none. */
static wm_status adopt(const struct wm_object_offer *offer, uint32_t *object)
{
    const struct wm_object_type *type = offer->type != WM_HANDLE_NONE && offer->type < WM_HANDLE_TYPES
                                            ? wm_handle_type_of(offer->type)
                                            : NULL;

    return type == NULL || type->adopt == NULL ? WM_HANDLE_STAYS : type->adopt(offer, object);
}

wm_status wm_op_take_handle(struct wm_take_req *req)
{
    uint32_t object;
    wm_status st = WM_IS_PLANTED ? WM_NO_HANDLES_THERE : adopt(&req->offer, &object);

    if (!wm_ok(st))
        return st;
    st = wm_handle_new(req->offer.type, object, req->offer.access, &req->result);
    if (!wm_ok(st))
        wm_object_unpin(req->offer.type, object);
    return wm_ok(st) ? wm_op_let_inherit(req->result, req->inherit) : st;
}

wm_status wm_op_close_handle(const struct wm_close_req *req)
{
    return wm_op_close(req->handle);
}

/* --- one's own, for another process --- */

static bool is_own(const struct wm_take_req *req)
{
    return req->offer.type == WM_HANDLE_NONE;
}

/* The number that comes back is the object's, with its type: what unpinning needs. */
enum { TYPE_SHIFT = 28 };

static wm_status make_offer(void *request, uint32_t *index)
{
    struct wm_take_req *req = request;
    struct wm_handle_entry entry;
    wm_status st;

    *index = 0;
    if (!is_own(req))
        return WM_OK;
    st = wm_handle_pin_any(req->handle, &entry);
    if (!wm_ok(st))
        return st;
    st = offer_entry(&entry, req->rights, req->options, &req->offer);
    if (wm_ok(st))
        *index = (uint32_t)entry.type << TYPE_SHIFT | entry.object;
    else
        wm_object_unpin(entry.type, entry.object);
    return st;
}

static void end_offer(void *request, uint32_t index)
{
    (void)request;
    if (index != 0)
        wm_object_unpin(index >> TYPE_SHIFT, index & ((1u << TYPE_SHIFT) - 1));
}

_Static_assert((int)WM_HANDLE_TYPES <= 1 << (32 - TYPE_SHIFT), "a type has its place beside the number");

const struct wm_offering wm_offering_handle = {.make = make_offer, .end = end_offer};
