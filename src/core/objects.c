#include "core/objects.h"

#include <assert.h>
#include <string.h>

/* A handle's bits: 2 unused (programs tag handles there), 20 of index, 10 of generation. */
enum { TAG_BITS = 2, INDEX_BITS = 20, GENERATION_BITS = 10 };

#define INDEX_MASK ((1u << INDEX_BITS) - 1)
#define GENERATION_MASK ((1u << GENERATION_BITS) - 1)

static struct wm_handle_entry *entry_at(const struct wm_objects *objects, uint32_t index)
{
    return wm_pool_at(&objects->handles, index);
}

static uint32_t index_of(uintptr_t handle)
{
    return (uint32_t)(handle >> TAG_BITS) & INDEX_MASK;
}

uintptr_t wm_handle_open(struct wm_objects *objects, enum wm_handle_type type, uint32_t object,
                         uint32_t access)
{
    uint32_t index;
    struct wm_handle_entry *entry;

    if (!wm_pool_reserve(&objects->handles, 1))
        return 0;
    index = wm_pool_take(&objects->handles);
    if (index > INDEX_MASK) {
        wm_pool_give(&objects->handles, index);
        return 0;
    }
    entry = entry_at(objects, index);
    *entry = (struct wm_handle_entry){object, access, entry->generation, (uint16_t)type};
    return ((uintptr_t)entry->generation << INDEX_BITS | index) << TAG_BITS;
}

bool wm_handle_find(const struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out)
{
    uint32_t index = index_of(handle);
    uintptr_t generation = handle >> (TAG_BITS + INDEX_BITS);

    if (index == 0 || index >= objects->handles.used)
        return false;
    *out = *entry_at(objects, index);
    return out->type != WM_HANDLE_NONE && out->generation == generation;
}

bool wm_handle_close(struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out)
{
    struct wm_handle_entry *entry;

    if (!wm_handle_find(objects, handle, out))
        return false;
    entry = entry_at(objects, index_of(handle));
    entry->type = WM_HANDLE_NONE;
    entry->generation = (uint16_t)((entry->generation + 1) & GENERATION_MASK);
    wm_pool_give(&objects->handles, index_of(handle));
    return true;
}

uint32_t wm_section_add(struct wm_objects *objects, const struct wm_section *section)
{
    uint32_t index;

    if (!wm_pool_reserve(&objects->sections, 1))
        return 0;
    index = wm_pool_take(&objects->sections);
    *wm_section_at(objects, index) = *section;
    wm_section_at(objects, index)->references = 1;
    return index;
}

struct wm_section *wm_section_at(const struct wm_objects *objects, uint32_t index)
{
    return wm_pool_at(&objects->sections, index);
}

bool wm_section_drop(struct wm_objects *objects, uint32_t index, int *fd)
{
    struct wm_section *section = wm_section_at(objects, index);

    assert(section->references > 0);
    if (--section->references > 0)
        return false;
    *fd = section->fd;
    wm_pool_give(&objects->sections, index);
    return true;
}

uint32_t wm_process_add(struct wm_objects *objects, const void *process)
{
    uint32_t index;

    if (!wm_pool_reserve(&objects->processes, 1))
        return 0;
    index = wm_pool_take(&objects->processes);
    memcpy(wm_process_at(objects, index), process, objects->processes.item_bytes);
    *(uint32_t *)wm_process_at(objects, index) = 1;
    return index;
}

void *wm_process_at(const struct wm_objects *objects, uint32_t index)
{
    return wm_pool_at(&objects->processes, index);
}

void wm_process_pin(struct wm_objects *objects, uint32_t index)
{
    ++*(uint32_t *)wm_process_at(objects, index);
}

bool wm_process_drop(struct wm_objects *objects, uint32_t index)
{
    uint32_t *references = wm_process_at(objects, index);

    assert(*references > 0);
    if (--*references > 0)
        return false;
    wm_pool_give(&objects->processes, index);
    return true;
}
