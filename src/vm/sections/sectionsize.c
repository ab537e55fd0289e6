/*
 * sectionsize.c: what a section is, and making it larger.
 *
 * Each process has a record of its own of a section that has a name: so who makes one of a file larger tells the others, and
 * who wants to know its size has a look first.
 */
#include "vm/ops.h"
#include "vm/sections/mappedfile.h"
#include "vm/sections/namedsection.h"
#include "vm/sections/section.h"

wm_status wm_op_query_section(uintptr_t handle, struct wm_section_info *out)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_SECTION, WM_SECTION_QUERY, &entry);
    struct wm_section *section;

    if (!wm_ok(st))
        return st;
    section = wm_section_at(entry.object);
    wm_namedsection_learn_size(section);
    *out = (struct wm_section_info){
        .bytes = wm_backing_bytes(&section->backing),
        .attributes = section->attributes,
        .file = wm_backing_is_file(&section->backing),
        .large = wm_backing_is_large(&section->backing),
        .reserved = section->backing.reserved,
    };
    wm_section_unpin(entry.object);
    return WM_OK;
}

/* Who asks for less is told what there is. */
wm_status wm_op_extend_section(uintptr_t handle, uint64_t *bytes)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_SECTION, WM_SECTION_EXTEND, &entry);
    struct wm_section *section;

    if (!wm_ok(st))
        return st;
    section = wm_section_at(entry.object);
    wm_namedsection_learn_size(section);
    if (!wm_backing_is_file(&section->backing))
        st = WM_SECTION_FIXED;
    else
        st = wm_mappedfile_extend(&section->backing, section->protect, *bytes);
    if (wm_ok(st)) {
        wm_namedsection_tell_size(section);
        *bytes = wm_backing_bytes(&section->backing);
    }
    wm_section_unpin(entry.object);
    return st;
}
