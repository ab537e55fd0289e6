/*
 * types.c: the table of all types of objects, and what can be read off it.
 *
 * A room that defines a type knows this one; this one knows none of them, it has their addresses from the linker.
 */
#include "vm/handles/types.h"

#include "vm/book/home.h"

enum { MAXIMUM_ALLOWED = 0x02000000 };

#define GENERIC_READ_BIT 0x80000000u
#define GENERIC_WRITE_BIT 0x40000000u
#define GENERIC_EXECUTE_BIT 0x20000000u
#define GENERIC_ALL_BIT 0x10000000u
#define GENERIC_BITS 0xf0000000u

/* Windows has six of them, -1 to -6. */
#define LOWEST_PSEUDO ((uintptr_t)-6)

static const struct wm_object_type *const types[] = {
    [WM_HANDLE_NONE] = NULL,
#define OBJECT_TYPE(NAME, name) [WM_HANDLE_##NAME] = &wm_type_##name,
#include "vm/handles/types.def"
#undef OBJECT_TYPE
};

_Static_assert((int)WM_HANDLE_TYPES <= (int)WM_OBJECT_TYPES_MAX, "a pool each");

const struct wm_object_type *wm_handle_type_of(unsigned type)
{
    return types[type];
}

uint32_t wm_handle_rights(unsigned type, uint32_t rights)
{
    const struct wm_object_type *t = types[type];
    uint32_t result = rights & ~(GENERIC_BITS | MAXIMUM_ALLOWED);

    result |= rights & GENERIC_READ_BIT ? t->rights.read : 0;
    result |= rights & GENERIC_WRITE_BIT ? t->rights.write : 0;
    result |= rights & GENERIC_EXECUTE_BIT ? t->rights.execute : 0;
    result |= rights & (GENERIC_ALL_BIT | MAXIMUM_ALLOWED) ? t->rights.all : 0;
    return result & t->implied.right ? result | t->implied.brings : result;
}

bool wm_handle_is_pseudo(uintptr_t handle, struct wm_handle_entry *out)
{
    for (unsigned type = 1; handle >= LOWEST_PSEUDO && type < WM_HANDLE_TYPES; type++)
        if (types[type]->pseudo == handle) {
            *out = (struct wm_handle_entry){.access = types[type]->rights.all, .type = (uint8_t)type};
            return true;
        }
    return false;
}

bool wm_handle_types_make(void)
{
    for (unsigned type = 1; type < WM_HANDLE_TYPES; type++)
        if (types[type]->record_bytes != 0 &&
            !wm_objects_add_type(&wm_home.objects, type, types[type]->record_bytes, types[type]->share))
            return false;
    return true;
}
