/*
 * section_type.c: sections as a type of object: what rights there are to one, how it ends, and how another process comes to
 * have it.
 *
 * It stands above section.c and offered.c, which know nothing of each other.
 */
#include "vm/sections/offered.h"
#include "vm/sections/section.h"

static void let_go(void *gone)
{
    const struct wm_section *section = gone;

    wm_backing_close(&section->backing);
}

static wm_status offer(uint32_t index, struct wm_object_offer *out)
{
    return wm_offered_describe(wm_section_at(index), &out->section);
}

static wm_status adopt(const struct wm_object_offer *offer, uint32_t *index)
{
    return wm_offered_pin(&offer->section, index);
}

const struct wm_object_type wm_type_section = {
    .rights = {.read = WM_RIGHT_READ_CONTROL | WM_SECTION_QUERY | WM_SECTION_MAP_READ,
               .write = WM_RIGHT_READ_CONTROL | WM_SECTION_MAP_WRITE,
               .execute = WM_RIGHT_READ_CONTROL | WM_SECTION_MAP_EXECUTE,
               .all = WM_RIGHTS_REQUIRED | WM_SECTION_QUERY | WM_SECTION_MAP_WRITE | WM_SECTION_MAP_READ |
                      WM_SECTION_MAP_EXECUTE | WM_SECTION_EXTEND},
    .record_bytes = sizeof(struct wm_section),
    .share = 64,
    .let_go = let_go,
    .offer = offer,
    .adopt = adopt,
};
