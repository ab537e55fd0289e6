/* creation.c: new sections, with a name or without. */
#include <errno.h>

#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/sections/mappedfile.h"
#include "vm/sections/namedsection.h"
#include "vm/sections/section.h"
#include "vm/handles/underway.h"

static struct wm_section new_section(const struct wm_section_req *req)
{
    return (struct wm_section){
        .protect = req->protect, .attributes = req->attributes, .node = req->node, .backing.fd = -1};
}

static wm_status make_backing(const struct wm_section_req *req, struct wm_backing *out)
{
    if (req->file != 0)
        return wm_mappedfile_make(req->file, req->protect, req->bytes, out);
    return wm_backing_make(req->large ? WM_BACKING_LARGE : WM_BACKING_MEMORY, req->bytes, req->reserved, out);
}

/* What the section holds is the handle's, or is given back. */
static wm_status open_handle(struct wm_section *section, uint32_t rights, uintptr_t *handle)
{
    wm_status st = wm_section_complete(section);

    if (wm_ok(st))
        st = wm_handle_new_object(WM_HANDLE_SECTION, section, wm_handle_rights(WM_HANDLE_SECTION, rights),
                                  handle);
    if (!wm_ok(st)) {
        wm_namedsection_let_go(section);
        wm_section_dismantle(section);
    }
    return st;
}

static wm_status create_nameless(struct wm_section_req *req)
{
    struct wm_section section = new_section(req);
    wm_status st = make_backing(req, &section.backing);

    return wm_ok(st) ? open_handle(&section, req->rights, &req->result) : st;
}

/* --- with a name --- */

/* What can be said before anything is done: a section that exists is none of the file that the caller has. */
static wm_status check(const struct wm_section_req *req)
{
    if (req->file != 0)
        return wm_mappedfile_check(req->file, req->protect, req->bytes);
    return wm_backing_check_size(req->large ? WM_BACKING_LARGE : WM_BACKING_NAMED, req->bytes, req->reserved);
}

/* Memory comes with its name; what is elsewhere is there before it has one. */
static wm_status make(const struct wm_section_req *req, struct wm_section *section, int *error)
{
    wm_status st = WM_OK;

    *section = new_section(req);
    if (req->file != 0 || req->large)
        st = make_backing(req, &section->backing);
    else
        section->backing = (struct wm_backing){.fd = -1,
                                               .kind = WM_BACKING_NAMED,
                                               .reserved = req->reserved,
                                               .bytes = wm_up(req->bytes, WM_PAGE)};
    if (!wm_ok(st))
        return st;
    *error = wm_namedsection_make(req->name, section);
    if (*error != 0)
        wm_backing_close(&section->backing);
    return WM_OK;
}

/*
 * Two that make one name at once: the second finds the first one's, unless that is gone again by then. His file may have
 * grown for it.
 */
static wm_status find_or_make(const struct wm_section_req *req, uint32_t underway, struct wm_section *section,
                              bool *found)
{
    enum { ROUNDS = 1000 };
    wm_status st = WM_OK;
    int error = -ENOENT;

    for (int i = 0; i < ROUNDS && wm_ok(st) && (error == -ENOENT || error == -EEXIST); i++) {
        error = wm_namedsection_find(req->name, !wm_underway_is_nested(underway), section);
        *found = error == 0;
        if (error == -ENOENT)
            st = make(req, section, &error);
    }
    if (!wm_ok(st))
        return st;
    return wm_from_errno(WM_OP_NAMED, error == -EEXIST || error == -ENOENT ? -ETIMEDOUT : error);
}

static wm_status create_named(struct wm_section_req *req)
{
    struct wm_section section;
    bool found = false;
    uint32_t underway = wm_underway_begin();
    wm_status st = check(req);

    if (wm_ok(st))
        st = find_or_make(req, underway, &section, &found);
    if (wm_ok(st))
        st = open_handle(&section, req->rights, &req->result);
    wm_underway_end(underway);
    return wm_ok(st) && found ? WM_NAME_EXISTS : st;
}

wm_status wm_op_create_section(struct wm_section_req *req)
{
    return req->name == NULL ? create_nameless(req) : create_named(req);
}

wm_status wm_op_open_section(const struct wm_name *name, uint32_t rights, uintptr_t *handle)
{
    struct wm_section section;
    uint32_t underway = wm_underway_begin();
    int error = wm_namedsection_find(name, !wm_underway_is_nested(underway), &section);
    wm_status st = wm_from_errno(WM_OP_NAMED, error);

    if (wm_ok(st))
        st = open_handle(&section, rights, handle);
    wm_underway_end(underway);
    return st;
}
