/*
 * section_type.c: sections as a type of object: what rights there are to one, how it ends, and how another process comes to
 * have it.
 *
 * It stands above section.c and offered.c, which know nothing of each other.
 */
#include <errno.h>

#include "kern/names/names.h"
#include "vm/errno_status.h"
#include "vm/ops.h"
#include "vm/sections/offered.h"
#include "vm/sections/section.h"

static void let_name_go(struct wm_section *section)
{
    int holder = __atomic_exchange_n(&section->holder, 0, __ATOMIC_RELAXED);

    if (holder != 0)
        wm_named_let_go(&(struct wm_named){holder, section->backing.fd, section->backing.id, 0});
}

/* The name goes, the bytes stay as long as a view shows them (O161). */
static void closed(uint32_t index)
{
    let_name_go(wm_section_at(index));
}

void wm_op_end_names(void)
{
    const struct wm_pool *sections = &wm_home.objects.records[WM_HANDLE_SECTION];

    for (uint32_t index = 1; sections->items != NULL && index < sections->used; index++)
        if (wm_section_at(index)->object.type == WM_HANDLE_SECTION)
            closed(index);
}

static void let_go(void *gone)
{
    struct wm_section *section = gone;

    let_name_go(section);
    wm_backing_close(&section->backing);
}

/* Whoever gets a handle holds the name as well, if there is one still. */
static wm_status hold_name(struct wm_section *section)
{
    int holder = wm_named_hold(section->backing.fd, &section->backing.id);

    if (holder >= 0)
        section->holder = holder;
    return holder >= 0 || holder == -ENOENT ? WM_OK : wm_from_errno(WM_OP_NAMED, holder);
}

/*
 * Memory is one section, however it came here. A file may have several: only its own number tells them apart, so one that
 * came back from another process counts as another.
 */
static bool same(uint32_t first, uint32_t second)
{
    const struct wm_backing *a = &wm_section_at(first)->backing, *b = &wm_section_at(second)->backing;

    return a->kind != WM_BACKING_FILE && a->kind == b->kind && a->id.inode == b->id.inode &&
           a->id.device == b->id.device;
}

static wm_status offer(uint32_t index, struct wm_object_offer *out)
{
    return wm_offered_describe(wm_section_at(index), &out->section);
}

static wm_status adopt(const struct wm_object_offer *offer, uint32_t *index)
{
    wm_status st = wm_offered_pin(&offer->section, index);

    if (!wm_ok(st) || offer->section.kind != WM_BACKING_NAMED)
        return st;
    st = hold_name(wm_section_at(*index));
    if (!wm_ok(st))
        wm_section_unpin(*index);
    return st;
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
    .let_go = let_go,
    .same = same,
    .offer = offer,
    .adopt = adopt,
};
