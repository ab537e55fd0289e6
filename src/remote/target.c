#include "remote/target.h"

#include <string.h>

#include "remote/call.h"

wm_status wm_on_alloc(const struct wm_target *target, struct wm_alloc_req *req)
{
    struct wm_request r = {.call = WM_CALL_ALLOC};
    wm_status st;

    if (target->other == NULL)
        return wm_op_alloc(req);
    r.alloc = *req;
    st = wm_remote_call(target->other, &r);
    if (wm_ok(st))
        req->result = r.alloc.result;
    return st;
}

wm_status wm_on_free(const struct wm_target *target, const struct wm_free_req *req)
{
    struct wm_request r = {.call = WM_CALL_FREE};

    if (target->other == NULL)
        return wm_op_free(req);
    r.free = *req;
    return wm_remote_call(target->other, &r);
}

wm_status wm_on_protect(const struct wm_target *target, struct wm_protect_req *req)
{
    struct wm_request r = {.call = WM_CALL_PROTECT};
    wm_status st;

    if (target->other == NULL)
        return wm_op_protect(req);
    r.protect = *req;
    st = wm_remote_call(target->other, &r);
    if (wm_ok(st))
        req->old = r.protect.old;
    return st;
}

/* The section is ours: the other process opens it for itself. */
static wm_status map_offered(struct wm_process *other, struct wm_view_req *req)
{
    struct wm_request r = {.call = WM_CALL_MAP_VIEW};
    uint32_t index;
    wm_status st;

    r.view = *req;
    st = wm_op_offer_section(&r.view, &index);
    if (!wm_ok(st))
        return st;
    st = wm_remote_call(other, &r);
    wm_op_unoffer(index);
    if (wm_ok(st))
        req->result = r.view.result;
    return st;
}

wm_status wm_on_map_view(const struct wm_target *target, struct wm_view_req *req)
{
    return target->other == NULL ? wm_op_map_view(req) : map_offered(target->other, req);
}

wm_status wm_on_unmap_view(const struct wm_target *target, uintptr_t addr, bool preserve)
{
    struct wm_request r = {.call = WM_CALL_UNMAP_VIEW, .unmap = {addr, preserve}};

    return target->other == NULL ? wm_op_unmap_view(&r.unmap) : wm_remote_call(target->other, &r);
}

wm_status wm_on_unlock(const struct wm_target *target, struct wm_range range)
{
    struct wm_request r = {.call = WM_CALL_UNLOCK, .unlock = {range}};

    return target->other == NULL ? wm_op_unlock(&r.unlock) : wm_remote_call(target->other, &r);
}

wm_status wm_on_lift_guard(const struct wm_target *target, uintptr_t addr)
{
    struct wm_request r = {.call = WM_CALL_LIFT_GUARD, .guard = {.addr = addr}};

    return wm_remote_call(target->other, &r);
}

wm_status wm_on_pages(const struct wm_target *target, struct wm_page_info *pages, size_t count)
{
    struct wm_request r = {.call = WM_CALL_PAGES, .pages = {.count = (uint32_t)count}};
    wm_status st;

    memcpy(r.pages.pages, pages, count * sizeof *pages);
    st = target->other == NULL ? wm_op_pages(&r.pages) : wm_remote_call(target->other, &r);
    if (wm_ok(st))
        memcpy(pages, r.pages.pages, count * sizeof *pages);
    return st;
}

wm_status wm_on_working_set(const struct wm_target *target, struct wm_workingset *out)
{
    struct wm_request r = {.call = WM_CALL_WORKING_SET};
    wm_status st;

    if (target->other == NULL)
        return wm_op_working_set(out);
    st = wm_remote_call(target->other, &r);
    if (wm_ok(st))
        *out = r.working_set;
    return st;
}

wm_status wm_on_set_working_set(const struct wm_target *target, const struct wm_workingset *wanted,
                                unsigned changes)
{
    struct wm_request r = {.call = WM_CALL_SET_WORKING_SET, .set_working_set = {*wanted, changes}};

    return target->other == NULL ? wm_op_set_working_set(&r.set_working_set)
                                 : wm_remote_call(target->other, &r);
}

wm_status wm_on_empty_working_set(const struct wm_target *target)
{
    struct wm_request r = {.call = WM_CALL_EMPTY_WORKING_SET};

    return target->other == NULL ? wm_op_empty_working_set(&r.bare) : wm_remote_call(target->other, &r);
}
