/*
 * handles.h: opening, finding and letting go of handles, and of the objects behind them, whatever their type.
 *
 * Whoever works on an object pins it: the handle may be closed meanwhile, by the program or by another thread, and the
 * object stays until it is unpinned. A reference is handed over, not copied, where a new handle is the reason to keep
 * an object: so each pin is unpinned once, or becomes a handle's or a view's.
 *
 * Finding is inline because each call by a handle begins with it.
 */
#ifndef WM_VM_HANDLES_H
#define WM_VM_HANDLES_H

#include "vm/book/home.h"
#include "vm/handles/inherited.h"
#include "vm/handles/types.h"

static inline wm_status wm_handle_fits(const struct wm_handle_entry *entry, unsigned type, uint32_t rights)
{
    if (entry == NULL || (type != WM_HANDLE_NONE && entry->type != type))
        return WM_HANDLE;
    return (entry->access & rights) != rights ? WM_HANDLE_ACCESS : WM_OK;
}

static inline wm_status wm_handle_look(uintptr_t handle, unsigned type, uint32_t rights, bool pin,
                                       struct wm_handle_entry *out)
{
    const struct wm_handle_entry *entry;
    wm_status st;

    WM_AT_HANDLES(st)
    {
        entry = wm_handle_at(&wm_home.objects, handle);
        st = wm_handle_fits(entry, type, rights);
        if (!wm_ok(st))
            return st;
        *out = *entry;
        if (pin)
            wm_object_pin(&wm_home.objects, entry->type, entry->object);
    }
    return st;
}

/* Is it an entry for an object of this type (WM_HANDLE_NONE: of any), with these rights? What it holds. */
static inline wm_status wm_handle_check(uintptr_t handle, unsigned type, uint32_t rights,
                                        struct wm_handle_entry *out)
{
    return wm_handle_look(handle, type, rights, false, out);
}

/* The same, and its object stays until wm_object_unpin. */
static inline wm_status wm_handle_pin(uintptr_t handle, unsigned type, uint32_t rights,
                                      struct wm_handle_entry *out)
{
    return wm_handle_look(handle, type, rights, true, out);
}

/* A handle to an object that is pinned, which takes the pin over. On failure that remains. */
wm_status wm_handle_new(unsigned type, uint32_t object, uint32_t rights, uintptr_t *handle);

/* A handle to a new object, a copy of this record. On failure what that holds is still the caller's. */
wm_status wm_handle_new_object(unsigned type, const void *record, uint32_t rights, uintptr_t *handle);

/* A new object, pinned and without a handle. */
wm_status wm_object_new(unsigned type, const void *record, uint32_t *object);

/* The last reference takes the object along. */
void wm_object_unpin(unsigned type, uint32_t object);

/* Do two, whose objects are pinned, stand for one? */
bool wm_handle_same(const struct wm_handle_entry *a, const struct wm_handle_entry *b);

/* Any handle; the object stays until it is unpinned. */
wm_status wm_handle_pin_any(uintptr_t handle, struct wm_handle_entry *out);

/*
 * The rights that a copy of a handle gets, whose object is pinned: its own (WM_SAME_RIGHTS), or these, which may be
 * generic. No more than opening the object would give.
 */
wm_status wm_handle_rights_of_copy(const struct wm_handle_entry *source, uint32_t rights, unsigned options,
                                   uint32_t *granted);

#endif
