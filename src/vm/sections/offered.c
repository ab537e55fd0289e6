/*
 * offered.c: both sides of a section that one process maps into another (offered.h).
 *
 * The one who has it says what it is by numbers: a descriptor, and the file that it is. The other one opens
 * that descriptor through /proc, and believes none of the rest: what it opens must be that file, or the
 * offer fails. What the kernel does not let it open it does not get.
 */
#include "vm/sections/offered.h"

#include "base/planted.h"
#include "kern/sys.h"
#include "vm/access.h"
#include "vm/operations.h"
#include "vm/sections/mappedfile.h"
#include "vm/sections/section.h"

wm_status wm_offered_describe(struct wm_section *section, struct wm_section_offer *out)
{
    wm_status st = wm_section_reach(section);

    if (!wm_ok(st))
        return st;
    *out = (struct wm_section_offer){
        .pid = wm_sys_pid(),
        .fd = section->backing.fd,
        .holder = section->holder,
        .kind = section->backing.kind,
        .reserved = section->backing.reserved,
        .bytes = section->backing.bytes,
        .inode = section->backing.id.inode,
        .device = section->backing.id.device,
        .protect = section->protect,
        .attributes = section->attributes,
        .node = section->node,
    };
    return wm_backing_is_ours(&section->backing) ? WM_OK : WM_DESCRIPTOR_GONE;
}

/* While the other process takes it, the section stays. */
static wm_status make_offer(void *request, uint32_t *index)
{
    struct wm_view_req *req = request;
    const struct wm_section *section;
    wm_status st = wm_section_pin(req->section, req->rights, index, &section);

    if (!wm_ok(st))
        return st;
    st = wm_offered_describe(wm_section_at(*index), &req->offer);
    if (!wm_ok(st))
        wm_section_unpin(*index);
    return st;
}

static void end_offer(void *request, uint32_t index)
{
    struct wm_view_req *req = request;

    wm_section_unpin(index);
    req->offer = (struct wm_section_offer){0};
}

const struct wm_offering wm_offering_section = {.make = make_offer, .end = end_offer};

/* Memory is the same for all its views; a file may be one that this process must not write. */
static bool opens_to_write(const struct wm_section_offer *offer)
{
    return offer->kind != WM_BACKING_FILE || wm_mappedfile_writes(offer->protect);
}

static struct wm_section section_of(const struct wm_section_offer *offer)
{
    return (struct wm_section){
        .backing = {.fd = offer->fd,
                    .kind = offer->kind,
                    .reserved = offer->reserved != 0,
                    .bytes = offer->bytes,
                    .id = {offer->inode, offer->device}},
        .protect = offer->protect,
        .attributes = offer->attributes,
        .node = offer->node,
    };
}

static wm_status reopen(const struct wm_section_offer *offer, struct wm_section *section)
{
    *section = section_of(offer);
    return wm_backing_open_theirs(&section->backing, offer->pid, opens_to_write(offer));
}

wm_status wm_offered_pin(const struct wm_section_offer *offer, uint32_t *index)
{
    struct wm_section section;
    wm_status st = reopen(offer, &section);

    if (!wm_ok(st))
        return st;
    if (wm_backing_is_file(&section.backing))
        wm_mappedfile_tell(&section.backing, section.protect);
    st = wm_section_complete(&section);
    if (wm_ok(st))
        st = wm_object_new(WM_HANDLE_SECTION, &section, index);
    if (!wm_ok(st))
        wm_section_dismantle(&section);
    return st;
}

/* What a section can have: one of the page protections, and not only to be executed. */
static bool is_protection(uint16_t protect)
{
    return protect <= WM_EXECUTE_WRITECOPY && wm_access_of(protect) != WM_ACCESS_NONE &&
           protect != WM_EXECUTE;
}

/* What is memory is all there; a file may have become shorter. */
static bool is_sane(const struct wm_section_offer *offer)
{
    struct wm_file_facts facts;

    if (offer->kind > WM_BACKING_NAMED || !is_protection(offer->protect) || offer->bytes == 0 ||
        offer->bytes > WM_SECTION_BYTES_MAX || wm_kern_file_facts(offer->fd, &facts) != 0)
        return false;
    return facts.regular && (offer->kind == WM_BACKING_FILE ? !offer->reserved : offer->bytes <= facts.bytes);
}

wm_status wm_offered_receive(const struct wm_section_offer *offer, int holder, uint32_t *index)
{
    struct wm_section section = section_of(offer);
    wm_status st;

    section.holder = holder;
    if (!is_sane(offer) || !wm_backing_is_ours(&section.backing) ||
        (holder != 0 && wm_kern_file_id(holder, &section.name) != 0))
        return WM_SECTION_UNREACHABLE;
    st = wm_section_complete(&section);
    if (!wm_ok(st))
        return st;
    st = wm_object_new(WM_HANDLE_SECTION, &section, index);
    if (!wm_ok(st))
        wm_commits_close(&section.commits);
    return st;
}

/* A program that does not use the library keeps no descriptor: its views cannot begin to copy on write later. */
void wm_offered_is_shown(uint32_t index)
{
    if (WM_IS_PLANTED)
        wm_backing_forget(&wm_section_at(index)->backing);
}
