/* creation.c: new sections, with a name or without. */
#include "vm/ops.h"
#include "vm/sections/mappedfile.h"
#include "vm/sections/namedsection.h"
#include "vm/sections/section.h"

static wm_status make_backing(const struct wm_section_req *req, struct wm_backing *out)
{
    if (req->file != 0)
        return wm_mappedfile_make(req->file, req->protect, req->bytes, out);
    return wm_backing_make(req->large ? WM_BACKING_LARGE : WM_BACKING_MEMORY, req->bytes, out);
}

static wm_status create_nameless(struct wm_section_req *req)
{
    struct wm_section section = {.protect = req->protect, .attributes = req->attributes, .node = req->node};
    wm_status st = make_backing(req, &section.backing);

    if (!wm_ok(st))
        return st;
    st = wm_handle_new_object(WM_HANDLE_SECTION, &section, wm_handle_rights(WM_HANDLE_SECTION, req->rights),
                              &req->result);
    if (!wm_ok(st))
        wm_backing_close(&section.backing);
    return st;
}

wm_status wm_op_create_section(struct wm_section_req *req)
{
    return req->name == NULL ? create_nameless(req) : wm_section_create_named(req);
}
