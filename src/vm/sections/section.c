/*
 * section.c: sections, as objects that handles stand for and views show.
 *
 * A section lives as long as a handle or a view refers to it, whichever goes last (O176). Its record does
 * not change but for the size of one that is extended, so it is read without a lock by whoever has it
 * pinned. Its protection bounds what views it can have; the rights of a handle bound what can be asked for
 * by that (O171, O181).
 */
#include "vm/sections/section.h"

#include <errno.h>

#include "kern/descriptor.h"
#include "kern/names/names.h"
#include "vm/errno_status.h"
#include "vm/handles/underway.h"
#include "vm/ops.h"

wm_status wm_section_complete(struct wm_section *section)
{
    const struct wm_backing *backing = &section->backing;
    if (!backing->reserved)
        return WM_OK;
    if (backing->bytes > WM_SECTION_BYTES_MAX) /* says who it is from */
        return WM_SECTION_TOO_BIG;
    return wm_from_errno(WM_OP_VIEW, wm_commits_open(&section->commits, backing->fd, backing->bytes));
}

void wm_section_dismantle(struct wm_section *section)
{
    wm_commits_close(&section->commits);
    wm_backing_close(&section->backing);
}

/* Others may be doing the same; one descriptor is kept. */
static wm_status reach_data(struct wm_section *section)
{
    int none = -1, holder = WM_LOAD(section->holder), fd;

    if (holder == 0)
        return WM_OK;
    fd = wm_named_data(holder, &section->name);
    if (fd >= 0 && !__atomic_compare_exchange_n(&section->backing.fd, &none, fd, false, __ATOMIC_ACQ_REL,
                                                __ATOMIC_RELAXED))
        wm_kern_close(fd);
    return fd == -EMFILE || fd == -ENFILE ? WM_DESCRIPTORS : WM_OK;
}

wm_status wm_section_reach(struct wm_section *section)
{
    uint32_t underway;
    wm_status st;

    if (section->backing.kind != WM_BACKING_NAMED || WM_LOAD(section->backing.fd) >= 0)
        return WM_OK;
    underway = wm_underway_begin();
    st = reach_data(section);
    wm_underway_end(underway);
    return st;
}

wm_status wm_op_is_section(uintptr_t handle, uint32_t rights)
{
    struct wm_handle_entry entry;

    return wm_handle_check(handle, WM_HANDLE_SECTION, rights, &entry);
}

wm_status wm_section_pin(uintptr_t handle, uint32_t rights, uint32_t *index,
                         const struct wm_section **section)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_SECTION, rights, &entry);

    if (!wm_ok(st))
        return st == WM_HANDLE_ACCESS ? WM_VIEW_RIGHTS : st;
    st = wm_section_reach(wm_section_at(entry.object));
    if (!wm_ok(st)) {
        wm_section_unpin(entry.object);
        return st;
    }
    *index = entry.object;
    *section = wm_section_at(entry.object);
    return WM_OK;
}

void wm_section_unpin(uint32_t index)
{
    wm_object_unpin(WM_HANDLE_SECTION, index);
}
