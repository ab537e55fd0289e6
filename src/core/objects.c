/*
 * objects.c: the table of handles, and the records of what they stand for (objects.h).
 *
 * A handle fits into 32 bits, as on Windows, and is a multiple of four (L152): 20 bits say which entry, 10
 * how often that was used before. So there are 1,048,575 at a time, and a stale handle is an error until its
 * entry was used 1,024 times more. The count survives in a closed entry, because the pool's link stands in
 * the first word and nothing else.
 *
 * Nothing here closes a descriptor or unmaps memory: the last reference hands out what the record was, and
 * whoever dropped it tidies up after the lock.
 */
#include "core/objects.h"

#include <stddef.h>

#include "base/atomic.h"

#include <assert.h>
#include <string.h>

/* A handle's bits: 2 unused (programs tag handles there), 20 of index, 10 of generation. */
enum { TAG_BITS = 2, INDEX_BITS = 20, GENERATION_BITS = 10, NO_TYPE = 0 };

#define INDEX_MASK ((1u << INDEX_BITS) - 1)
#define GENERATION_MASK ((1u << GENERATION_BITS) - 1)

static void *take_room(struct wm_objects *objects, size_t bytes)
{
    uintptr_t start = objects->room.start;

    objects->room.start += bytes;
    return (void *)start;
}

void wm_objects_init(struct wm_objects *objects, struct wm_range room, size_t share, size_t handles,
                     wm_pool_grow *grow)
{
    *objects = (struct wm_objects){.room = room, .share = share, .grow = grow};
    wm_pool_init(&objects->handles, take_room(objects, handles * share), handles * share,
                 sizeof(struct wm_handle_entry), grow);
}

bool wm_objects_add_type(struct wm_objects *objects, unsigned type, uint32_t bytes, size_t shares)
{
    size_t room = shares * objects->share;

    assert(bytes >= sizeof(struct wm_object) && bytes <= WM_OBJECT_BYTES_MAX);
    if (room > wm_range_bytes(objects->room))
        return false;
    wm_pool_init(&objects->records[type], take_room(objects, room), room, bytes, objects->grow);
    return true;
}

void wm_objects_grow_by(struct wm_objects *objects, wm_pool_grow *grow)
{
    objects->grow = objects->handles.grow = grow;
    for (unsigned type = 0; type < WM_OBJECT_TYPES_MAX; type++)
        objects->records[type].grow = grow;
}

/* --- handles --- */

static struct wm_handle_entry *entry_at(const struct wm_objects *objects, uint32_t index)
{
    return wm_pool_at(&objects->handles, index);
}

uint32_t wm_handle_index(uintptr_t handle)
{
    return (uint32_t)(handle >> TAG_BITS) & INDEX_MASK;
}

static struct wm_object *header_at(const struct wm_objects *objects, unsigned type, uint32_t index)
{
    return wm_object_at(objects, type, index);
}

/* The last word of an entry says whether it is open, and as what: it changes whenever that does, and is written last. */
union entry_end {
    uint32_t word;
    struct {
        uint16_t generation;
        uint8_t type, flags;
    };
};

_Static_assert(offsetof(struct wm_handle_entry, generation) == 8 && sizeof(struct wm_handle_entry) == 12,
               "three words");

static uint32_t *end_of(struct wm_handle_entry *entry)
{
    return (uint32_t *)(void *)&entry->generation;
}

static void put_end(struct wm_handle_entry *entry, uint16_t generation, uint8_t type, uint8_t flags)
{
    const union entry_end end = {.generation = generation, .type = type, .flags = flags};

    WM_STORE(*end_of(entry), end.word);
}

static uintptr_t open_entry(struct wm_objects *objects, uint32_t index, struct wm_handle_entry opened)
{
    struct wm_handle_entry *entry = entry_at(objects, index);

    WM_STORE(entry->object, opened.object);
    WM_STORE(entry->access, opened.access);
    put_end(entry, opened.generation, opened.type, opened.flags);
    if (wm_object_is_counted(objects, opened.type, opened.object))
        header_at(objects, opened.type, opened.object)->handles++;
    return ((uintptr_t)opened.generation << INDEX_BITS | index) << TAG_BITS;
}

uintptr_t wm_handle_open(struct wm_objects *objects, unsigned type, uint32_t object, uint32_t access)
{
    uint32_t index;

    if (!wm_pool_reserve(&objects->handles, 1))
        return 0;
    index = wm_pool_take(&objects->handles);
    if (index > INDEX_MASK) {
        wm_pool_give(&objects->handles, index);
        return 0;
    }
    return open_entry(
        objects, index,
        (struct wm_handle_entry){object, access, entry_at(objects, index)->generation, (uint8_t)type, 0});
}

static uint32_t generation_of(uintptr_t handle)
{
    return (uint32_t)(handle >> (TAG_BITS + INDEX_BITS)) & GENERATION_MASK;
}

static bool is_value(uintptr_t handle)
{
    return wm_handle_index(handle) != 0 &&
           handle == ((uintptr_t)generation_of(handle) << INDEX_BITS | wm_handle_index(handle)) << TAG_BITS;
}

uintptr_t wm_handle_open_at(struct wm_objects *objects, uintptr_t handle, unsigned type, uint32_t object,
                            uint32_t access)
{
    if (!is_value(handle) || !wm_pool_take_at(&objects->handles, wm_handle_index(handle)))
        return 0;
    return open_entry(
        objects, wm_handle_index(handle),
        (struct wm_handle_entry){object, access, (uint16_t)generation_of(handle), (uint8_t)type, 0});
}

struct wm_handle_entry *wm_handle_at(const struct wm_objects *objects, uintptr_t handle)
{
    uint32_t index = wm_handle_index(handle);
    uintptr_t generation = handle >> (TAG_BITS + INDEX_BITS);
    struct wm_handle_entry *entry;

    if (index == 0 || index >= objects->handles.used)
        return NULL;
    entry = entry_at(objects, index);
    return entry->type != NO_TYPE && entry->generation == generation ? entry : NULL;
}

bool wm_handle_peek(const struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out)
{
    uint32_t index = wm_handle_index(handle);
    struct wm_handle_entry *entry = entry_at(objects, index);
    union entry_end end;

    if (index == 0 || !wm_pool_has(&objects->handles, index))
        return false;
    end.word = WM_LOAD(*end_of(entry));
    *out = (struct wm_handle_entry){WM_LOAD(entry->object), WM_LOAD(entry->access), end.generation, end.type,
                                    end.flags};
    return end.type != NO_TYPE && end.generation == handle >> (TAG_BITS + INDEX_BITS) &&
           WM_LOAD(*end_of(entry)) == end.word;
}

bool wm_handle_is_still(const struct wm_objects *objects, uintptr_t handle,
                        const struct wm_handle_entry *peeked)
{
    const union entry_end end = {
        .generation = peeked->generation, .type = peeked->type, .flags = peeked->flags};

    return WM_LOAD(*end_of(entry_at(objects, wm_handle_index(handle)))) == end.word;
}

bool wm_handle_close(struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out)
{
    struct wm_handle_entry *entry = entry_at(objects, wm_handle_index(handle));

    if (wm_handle_at(objects, handle) == NULL)
        return false;
    *out = *entry;
    put_end(entry, (uint16_t)((entry->generation + 1) & GENERATION_MASK), NO_TYPE, 0);
    wm_pool_give(&objects->handles, wm_handle_index(handle));
    if (wm_object_is_counted(objects, out->type, out->object))
        header_at(objects, out->type, out->object)->handles--;
    return true;
}

bool wm_object_is_open(const struct wm_objects *objects, unsigned type, uint32_t index)
{
    return !wm_object_is_counted(objects, type, index) || header_at(objects, type, index)->handles != 0;
}

/* --- objects --- */

uint32_t wm_object_add(struct wm_objects *objects, unsigned type, const void *record)
{
    struct wm_pool *pool = &objects->records[type];
    uint32_t index;

    if (!wm_pool_reserve(pool, 1))
        return 0;
    index = wm_pool_take(pool);
    memcpy(wm_pool_at(pool, index), record, pool->item_bytes);
    *header_at(objects, type, index) = (struct wm_object){.references = 1, .type = type};
    return index;
}

void *wm_object_at(const struct wm_objects *objects, unsigned type, uint32_t index)
{
    return wm_pool_at(&objects->records[type], index);
}

void wm_object_pin(struct wm_objects *objects, unsigned type, uint32_t index)
{
    if (!wm_object_is_counted(objects, type, index))
        return;
    assert(header_at(objects, type, index)->type == type);
    header_at(objects, type, index)->references++;
}

bool wm_object_drop(struct wm_objects *objects, unsigned type, uint32_t index, void *gone)
{
    struct wm_object *object;

    if (!wm_object_is_counted(objects, type, index))
        return false;
    object = header_at(objects, type, index);
    assert(object->type == type && object->references > 0);
    if (--object->references > 0)
        return false;
    memcpy(gone, object, objects->records[type].item_bytes);
    object->type = NO_TYPE;
    wm_pool_give(&objects->records[type], index);
    return true;
}
