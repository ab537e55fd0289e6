/* section.c: sections without a file. */
#include "vm/sections/section.h"

#include "kern/map/mapping.h"
#include "kern/system/system.h"
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
    st = wm_handle_new_object(WM_HANDLE_SECTION, &section, wm_handle_rights(WM_HANDLE_SECTION, req->rights),
                              &req->result);
    if (!wm_ok(st))
        wm_kern_close(section.fd);
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
    *index = entry.object;
    *section = wm_section_at(entry.object);
    return WM_OK;
}

void wm_section_unpin(uint32_t index)
{
    wm_object_unpin(WM_HANDLE_SECTION, index);
}

/* --- as a type of object --- */

/* The descriptor is closed only if it is still ours. */
static void let_go(void *gone)
{
    const struct wm_section *section = gone;

    if (wm_kern_is_memfd(section->fd, section->inode))
        wm_kern_close(section->fd);
}

/* SECTION_QUERY, SECTION_MAP_WRITE, SECTION_MAP_READ, SECTION_MAP_EXECUTE and SECTION_EXTEND_SIZE */
enum { QUERY = 1, MAP_WRITE = 2, MAP_READ = 4, MAP_EXECUTE = 8, EXTEND = 16 };

const struct wm_object_type wm_type_section = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | QUERY | MAP_READ,
               .write = WM_RIGHT_READ_CONTROL | MAP_WRITE,
               .execute = WM_RIGHT_READ_CONTROL | MAP_EXECUTE,
               .all = WM_RIGHTS_REQUIRED | QUERY | MAP_WRITE | MAP_READ | MAP_EXECUTE | EXTEND},
    .record_bytes = sizeof(struct wm_section),
    .share = 64,
    .let_go = let_go,
};
