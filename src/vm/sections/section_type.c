/*
 * section_type.c: sections as a type of object: what rights there are to one, how it ends, and how another process comes to
 * have it.
 *
 * It stands above section.c and offered.c, which know nothing of each other.
 */
#include <errno.h>
#include <fcntl.h>

#include "kern/process/peer.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/sections/namedsection.h"
#include "vm/sections/offered.h"
#include "vm/sections/section.h"
#include "vm/handles/underway.h"

/* The name goes, the bytes stay as long as a view shows them (O161). */
static void closed(uint32_t index)
{
    wm_namedsection_let_go(wm_section_at(index));
}

static void name_descriptors(uint32_t index, int fds[WM_NAME_DESCRIPTORS])
{
    fds[0] = wm_section_at(index)->holder;
    fds[1] = wm_section_at(index)->backing.fd;
}

static void let_go(void *gone)
{
    struct wm_section *section = gone;
    uint32_t underway = wm_underway_begin();

    wm_namedsection_let_go(section);
    wm_section_dismantle(section);
    wm_underway_end(underway);
}

/* Whoever gets a handle holds the name as well, if there is one still: -ENOENT. */
static int hold_name(struct wm_section *section, const struct wm_section_offer *offer)
{
    int theirs = wm_kern_open_theirs(offer->pid, offer->holder, O_RDONLY | O_NONBLOCK), holder;

    section->alone = wm_underway_alone();
    if (theirs < 0)
        return theirs == -EMFILE || theirs == -ENFILE ? theirs : -ENOENT;
    holder = wm_named_hold(theirs, &section->name);
    wm_kern_close(theirs);
    if (holder >= 0)
        section->holder = holder;
    return holder >= 0 ? 0 : holder;
}

static wm_status hold_its_name(struct wm_section *section, const struct wm_section_offer *offer)
{
    uint32_t underway = wm_underway_begin();
    int error = offer->holder != 0 ? hold_name(section, offer) : -ENOENT;

    wm_underway_end(underway);
    return error == -ENOENT ? WM_OK : wm_from_errno(WM_OP_NAMED, error);
}

static bool is_same_file(const struct wm_file_id *a, const struct wm_file_id *b)
{
    return a->inode == b->inode && a->device == b->device;
}

/*
 * Memory is one section, however it came here. A file may have several: only a name tells them apart, or their own number;
 * so one without a name that came back from another process counts as another.
 */
static bool same(uint32_t first, uint32_t second)
{
    const struct wm_section *a = wm_section_at(first), *b = wm_section_at(second);

    if (a->name.inode != 0 || b->name.inode != 0)
        return is_same_file(&a->name, &b->name);
    return !wm_backing_is_file(&a->backing) && a->backing.kind == b->backing.kind &&
           is_same_file(&a->backing.id, &b->backing.id);
}

static wm_status offer(uint32_t index, struct wm_object_offer *out)
{
    return wm_offered_describe(wm_section_at(index), &out->section);
}

static wm_status adopt(const struct wm_object_offer *offer, uint32_t *index)
{
    wm_status st = wm_offered_pin(&offer->section, index);

    if (!wm_ok(st))
        return st;
    st = hold_its_name(wm_section_at(*index), &offer->section);
    if (!wm_ok(st))
        wm_section_unpin(*index);
    return st;
}

/* Whoever holds the handle holds the name. */
static wm_status pass_on(uint32_t index, struct wm_passed *out)
{
    struct wm_section *section = wm_section_at(index);
    wm_status st = wm_offered_describe(section, &out->told.section);

    out->fds[0] = section->backing.fd;
    out->fds[1] = section->holder;
    WM_STORE(section->alone, 0); /* a program that exec starts may have the holder */
    return st;
}

static wm_status receive(const struct wm_passed *passed, uint32_t *index)
{
    struct wm_section_offer offer = passed->told.section;

    offer.fd = passed->fds[0];
    return wm_offered_receive(&offer, passed->fds[1], index);
}

const struct wm_object_type wm_type_section = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | WM_SECTION_QUERY | WM_SECTION_MAP_READ,
               .write = WM_RIGHT_READ_CONTROL | WM_SECTION_MAP_WRITE,
               .execute = WM_RIGHT_READ_CONTROL | WM_SECTION_MAP_EXECUTE,
               .all = WM_RIGHTS_REQUIRED | WM_SECTION_QUERY | WM_SECTION_MAP_WRITE | WM_SECTION_MAP_READ |
                      WM_SECTION_MAP_EXECUTE | WM_SECTION_EXTEND},
    .record_bytes = sizeof(struct wm_section),
    .share = 64,
    .closed = closed,
    .name_descriptors = name_descriptors,
    .let_go = let_go,
    .same = same,
    .offer = offer,
    .adopt = adopt,
    .pass_on = pass_on,
    .receive = receive,
};
