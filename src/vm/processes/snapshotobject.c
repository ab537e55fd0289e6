/* snapshotobject.c: snapshots as a type of object (snapshotobject.h). */
#include <string.h>

#include "kern/map/mapping.h"
#include "vm/errno_status.h"
#include "vm/handles/handles.h"
#include "vm/processes/snapshotobject.h"

struct snapshot {
    struct wm_object object;
    struct wm_range memory;
};

enum { RIGHTS = 0xf0000 };

wm_status wm_snapshot_new(const void *contents, size_t bytes, uintptr_t *handle)
{
    struct snapshot snapshot = {.memory = {0, 0}};
    uintptr_t start;
    int error = wm_kern_map_sparse(wm_up(bytes, WM_PAGE), &start);
    wm_status st;

    if (error != 0)
        return WM_BOOK_MEMORY;
    memcpy((void *)start, contents, bytes);
    snapshot.memory = wm_range_of(start, wm_up(bytes, WM_PAGE));
    st = wm_handle_new_object(WM_HANDLE_SNAPSHOT, &snapshot, RIGHTS, handle);
    if (!wm_ok(st))
        wm_kern_unmap(snapshot.memory);
    return st;
}

wm_status wm_snapshot_pin(uintptr_t handle, uint32_t *object, void **contents)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_pin(handle, WM_HANDLE_SNAPSHOT, 0, &entry);
    const struct snapshot *snapshot;

    if (!wm_ok(st))
        return st;
    snapshot = wm_object_at(&wm_home.objects, WM_HANDLE_SNAPSHOT, entry.object);
    *object = entry.object;
    *contents = (void *)snapshot->memory.start;
    return WM_OK;
}

void wm_snapshot_unpin(uint32_t object)
{
    wm_object_unpin(WM_HANDLE_SNAPSHOT, object);
}

static void let_go(void *gone)
{
    wm_kern_unmap(((const struct snapshot *)gone)->memory);
}

const struct wm_object_type wm_type_snapshot = {
    .rights = {.read = RIGHTS, .write = RIGHTS, .execute = RIGHTS, .all = RIGHTS},
    .record_bytes = sizeof(struct snapshot),
    .share = 1,
    .let_go = let_go,
};
