/* section.c: sections without a file. */
#include "vm/sections/section.h"

#include "kern/map/mapping.h"
#include "kern/system/system.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/large.h"
#include "vm/ops.h"

/* A view counts its offset in pages with 32 bits. */
#define SECTION_BYTES_MAX ((uint64_t)1 << 44)

/* Fits into any machine: not worth asking how large this one is. */
#define SECTION_BYTES_SMALL ((uint64_t)1 << 26)

enum { OVERCOMMIT_ALWAYS = 1 };

/*
 * Windows takes the commit charge of the whole section at once. Linux charges a memfd page by page, so
 * only what can never fit is refused here.
 */
static wm_status check_size(uint64_t bytes)
{
    if (bytes > SECTION_BYTES_MAX)
        return WM_SECTION_TOO_BIG;
    if (bytes > SECTION_BYTES_SMALL && bytes > wm_kern_memory() && wm_kern_overcommit() != OVERCOMMIT_ALWAYS)
        return WM_SECTION_COMMIT;
    return WM_OK;
}

static wm_status add(const struct wm_section *section, uint32_t rights, uintptr_t *handle)
{
    wm_status st = wm_home_enter_objects();
    uintptr_t opened = 0;
    uint32_t index;
    int fd;

    if (!wm_ok(st))
        return st;
    index = wm_section_add(&wm_home.objects, section);
    if (index != 0)
        opened = wm_handle_open(&wm_home.objects, WM_HANDLE_SECTION, index, rights);
    if (index != 0 && opened == 0)
        wm_section_drop(&wm_home.objects, index, &fd);
    wm_home_leave_objects();
    if (opened == 0)
        return WM_BOOK_MEMORY;
    *handle = opened;
    return WM_OK;
}

/* What is larger than the pool is refused when the pages are taken. */
static wm_status check_large(uint64_t bytes)
{
    if (bytes % WM_LARGE != 0)
        return WM_SECTION_LARGE_SIZE;
    if (bytes > SECTION_BYTES_MAX)
        return WM_SECTION_TOO_BIG;
    return wm_large_pool();
}

static wm_status make(struct wm_section *section, uint64_t bytes)
{
    wm_status st = section->large ? check_large(bytes) : check_size(bytes);

    if (!wm_ok(st))
        return st;
    section->bytes = wm_up(bytes, WM_PAGE);
    section->fd = section->large ? wm_kern_memfd_large(section->bytes, &section->inode)
                                 : wm_kern_memfd(section->bytes, &section->inode);
    return section->fd < 0 ? wm_from_errno(section->large ? WM_OP_LARGE : WM_OP_SECTION, section->fd) : WM_OK;
}

wm_status wm_op_create_section(struct wm_section_req *req)
{
    struct wm_section section = {
        .protect = req->protect, .attributes = req->attributes, .large = req->large, .node = req->node};
    wm_status st = make(&section, req->bytes);

    if (!wm_ok(st))
        return st;
    st = add(&section, wm_handle_rights(WM_HANDLE_SECTION, req->rights), &req->result);
    if (!wm_ok(st))
        wm_kern_close(section.fd);
    return st;
}

wm_status wm_section_pin(uintptr_t handle, uint32_t rights, uint32_t *index,
                         const struct wm_section **section)
{
    struct wm_handle_entry entry;
    wm_status st = wm_home_enter_objects();

    if (!wm_ok(st))
        return st;
    if (!wm_handle_find(&wm_home.objects, handle, &entry) || entry.type != WM_HANDLE_SECTION) {
        st = WM_HANDLE;
    } else if ((entry.access & rights) != rights) {
        st = WM_VIEW_RIGHTS;
    } else {
        struct wm_section *found = wm_section_at(&wm_home.objects, entry.object);

        found->references++;
        *index = entry.object;
        *section = found;
    }
    wm_home_leave_objects();
    return st;
}

/* The descriptor is closed outside the lock, and only if it is still ours. */
static void close_section(const struct wm_section *gone)
{
    if (wm_kern_is_memfd(gone->fd, gone->inode))
        wm_kern_close(gone->fd);
}

void wm_section_unpin(uint32_t index)
{
    struct wm_section gone;
    bool last;
    int fd;

    if (!wm_ok(wm_home_enter_objects()))
        return;
    gone = *wm_section_at(&wm_home.objects, index);
    last = wm_section_drop(&wm_home.objects, index, &fd);
    wm_home_leave_objects();
    if (last)
        close_section(&gone);
}
