/*
 * objects.h: handles, and the objects that they stand for.
 *
 * A handle is a number (index, generation) and not a pointer, so a stale or invented one is an error. An object is a
 * record that begins with struct wm_object and lives as long as somebody refers to it: an open handle, a view, a call
 * at work. What types of objects there are is known upstairs (vm/handles); here a type is a number and a pool of
 * records of one size, or none: then the number of an object is all there is of it.
 *
 *   an entry is open if and only if its type is not 0
 *   a record is in use if and only if its type is not 0, which is that of its pool; then it has references
 *   object 0, and whatever is no record, is always there: it is not counted
 *
 * Guarded by the objects lock (vm/book/home.h); nothing else is locked while it is held. A record that somebody refers
 * to does not move and may be read by him without the lock, but for its references.
 */
#ifndef WM_CORE_OBJECTS_H
#define WM_CORE_OBJECTS_H

#include "base/pool.h"
#include "base/range.h"

enum { WM_OBJECT_TYPES_MAX = 16, WM_OBJECT_BYTES_MAX = 128 };

enum { WM_HANDLE_INHERITED = 1, WM_HANDLE_PROTECTED = 2 };

struct wm_handle_entry {
    uint32_t object; /* its number among those of its type */
    uint32_t access; /* the rights that were granted */
    uint16_t generation;
    uint8_t type;
    uint8_t flags; /* of this handle alone: WM_HANDLE_ bits, the values of Windows's HANDLE_FLAG_ */
};

/* What every record begins with. */
struct wm_object {
    uint32_t references; /* of a record that is not in use the pool's */
    uint32_t type;
    uint32_t handles; /* of the references: handles that are open */
};

struct wm_objects {
    struct wm_pool handles;
    struct wm_pool records[WM_OBJECT_TYPES_MAX]; /* by type */

    /* Addresses that no pool of records has yet, and how many bytes of them a share is. */
    struct wm_range room;
    size_t share;
    wm_pool_grow *grow;
};

/* The first `handles` shares of room are for handles; there are no records yet. As for pools, memory comes as it is needed. */
void wm_objects_init(struct wm_objects *objects, struct wm_range room, size_t share, size_t handles,
                     wm_pool_grow *grow);

/* Records of a type, of so many bytes, get so many shares. False: there are not so many left. */
bool wm_objects_add_type(struct wm_objects *objects, unsigned type, uint32_t bytes, size_t shares);

/* Objects that another copy of this code has made: their memory grows by this one from now on. */
void wm_objects_grow_by(struct wm_objects *objects, wm_pool_grow *grow);

/* 0 if there is no memory for one more. */
uintptr_t wm_handle_open(struct wm_objects *objects, unsigned type, uint32_t object, uint32_t access);

/*
 * The same, of a value that no handle has had here yet. 0: one has had, it is no value of a handle, or there is no memory.
 */
uintptr_t wm_handle_open_at(struct wm_objects *objects, uintptr_t handle, unsigned type, uint32_t object,
                            uint32_t access);

/* Where in the table its entry is. */
uint32_t wm_handle_index(uintptr_t handle);

/* NULL: it is not open. */
struct wm_handle_entry *wm_handle_at(const struct wm_objects *objects, uintptr_t handle);

/*
 * The same without the lock: what the entry holds, if it is open and nobody changes it now; and is it open still, as it was?
 * What was read of its object in between was that object's then.
 */
bool wm_handle_peek(const struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out);
bool wm_handle_is_still(const struct wm_objects *objects, uintptr_t handle,
                        const struct wm_handle_entry *peeked);

bool wm_handle_close(struct wm_objects *objects, uintptr_t handle, struct wm_handle_entry *out);

/* Is there a handle to it? To what is not counted there always is. */
bool wm_object_is_open(const struct wm_objects *objects, unsigned type, uint32_t index);

/* A copy of this record, with one reference, or 0. */
uint32_t wm_object_add(struct wm_objects *objects, unsigned type, const void *record);
void *wm_object_at(const struct wm_objects *objects, unsigned type, uint32_t index);

static inline bool wm_object_is_counted(const struct wm_objects *objects, unsigned type, uint32_t index)
{
    return index != 0 && objects->records[type].items != NULL;
}

void wm_object_pin(struct wm_objects *objects, unsigned type, uint32_t index);

/* True: that was the last reference. There is no such object any more, and what it was is in gone (WM_OBJECT_BYTES_MAX). */
bool wm_object_drop(struct wm_objects *objects, unsigned type, uint32_t index, void *gone);

#endif
