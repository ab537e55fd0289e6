/*
 * namedsection.c: sections that other processes find by a name (kern/names/names.h).
 *
 * Each that was opened is a section of its own here, with a descriptor that holds the name and one for the bytes. The name
 * goes with the last handle of the last process (O161), so the holder is closed with the last handle of this section,
 * while views may still need the other one.
 */
#include "vm/sections/namedsection.h"

#include <errno.h>

#include "kern/names/names.h"
#include "vm/errno_status.h"
#include "vm/sections/section.h"

/* What a section's file says of it besides its size. */
union about {
    struct {
        uint16_t protect, attributes;
        uint8_t node;
    };
    unsigned char bytes[WM_NAME_ABOUT];
};

static struct wm_section section_of(const struct wm_named *named, const union about *about)
{
    return (struct wm_section){
        .backing = {.fd = named->data, .kind = WM_BACKING_NAMED, .bytes = named->bytes, .id = named->id},
        .protect = about->protect,
        .attributes = about->attributes,
        .node = about->node,
        .holder = named->holder,
    };
}

static wm_status open_handle(const struct wm_named *named, const union about *about, uint32_t rights,
                             uintptr_t *handle)
{
    struct wm_section section = section_of(named, about);
    wm_status st = wm_handle_new_object(WM_HANDLE_SECTION, &section,
                                        wm_handle_rights(WM_HANDLE_SECTION, rights), handle);

    if (!wm_ok(st)) {
        wm_named_let_go(named);
        wm_backing_close(&section.backing);
    }
    return st;
}

wm_status wm_op_open_section(const struct wm_name *name, uint32_t rights, uintptr_t *handle)
{
    struct wm_named named;
    union about about;
    int error = wm_named_find(name, WM_NAME_SECTION, &named, about.bytes);

    return error != 0 ? wm_from_errno(WM_OP_NAMED, error) : open_handle(&named, &about, rights, handle);
}

static int make(const struct wm_section_req *req, struct wm_named *named, union about *about)
{
    *about = (union about){0};
    about->protect = req->protect;
    about->attributes = req->attributes;
    about->node = req->node;
    return wm_named_make(req->name, WM_NAME_SECTION, wm_up(req->bytes, WM_PAGE), about->bytes, named);
}

/* Two that make one name at once: the second finds the first one's, unless that is gone again by then. */
static int find_or_make(const struct wm_section_req *req, struct wm_named *named, union about *about,
                        bool *found)
{
    enum { ROUNDS = 1000 };
    int error = -ENOENT;

    for (int i = 0; i < ROUNDS && (error == -ENOENT || error == -EEXIST); i++) {
        error = wm_named_find(req->name, WM_NAME_SECTION, named, about->bytes);
        *found = error == 0;
        if (error == -ENOENT)
            error = make(req, named, about);
    }
    return error == -EEXIST || error == -ENOENT ? -ETIMEDOUT : error;
}

wm_status wm_section_create_named(struct wm_section_req *req)
{
    struct wm_named named;
    union about about;
    bool found = false;
    wm_status st = req->file != 0 ? WM_NO_NAMED_FILES
                   : req->large   ? WM_NO_NAMED_LARGE
                                  : wm_backing_check(WM_BACKING_NAMED, req->bytes);
    int error;

    if (!wm_ok(st))
        return st;
    error = find_or_make(req, &named, &about, &found);
    if (error != 0)
        return wm_from_errno(WM_OP_NAMED, error);
    st = open_handle(&named, &about, req->rights, &req->result);
    return wm_ok(st) && found ? WM_NAME_EXISTS : st;
}
