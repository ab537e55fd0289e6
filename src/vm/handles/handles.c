/*
 * handles.c: what all handles have in common.
 *
 * Closing and duplicating know nothing of types: what differs is asked of the type's row
 * (types.h).
 *
 *   the lock of the objects is held for a few instructions at a time, and never over a function of a row or a
 *   system call, but for the one that makes the table longer: what has to be done with an object that is
 *   gone is done with a copy of its record, by whoever let go last
 *   a number of an object means that object as long as it has a handle or a pin; afterwards it may be
 *   another one's
 *   each pin is unpinned once, or becomes a handle's: on failure it is still the caller's
 *
 * So a handle may be closed by one thread while another one works by it: that one has pinned the object,
 * and the number of the handle, which may mean something else by now, is not looked at again.
 */
#include "vm/handles/handles.h"

#include "vm/book/home.h"
#include "vm/handles/inherited.h"
#include "vm/ops.h"

/* Room for any record. */
union gone {
    struct wm_object object;
    unsigned char bytes[WM_OBJECT_BYTES_MAX];
};

static struct wm_objects *objects(void)
{
    return &wm_home.objects;
}

/* A pseudo handle is always open. What it stands for may be number 0, where there is nothing to pin, or has to be made. */
wm_status wm_handle_pin_any(uintptr_t handle, struct wm_handle_entry *out)
{
    if (!wm_handle_is_pseudo(handle, out))
        return wm_handle_pin(handle, WM_HANDLE_NONE, 0, out);
    return wm_handle_type_of(out->type)->own == NULL ? WM_OK
                                                     : wm_handle_type_of(out->type)->own(&out->object);
}

/* --- letting go --- */

static void let_go(unsigned type, union gone *gone)
{
    if (wm_handle_type_of(type)->let_go != NULL)
        wm_handle_type_of(type)->let_go(gone);
}

void wm_object_unpin(unsigned type, uint32_t object)
{
    union gone gone;
    bool last = false;
    wm_status st;

    if (!wm_object_is_counted(objects(), type, object))
        return;
    WM_AT_OBJECTS(st)
        last = wm_object_drop(objects(), type, object, &gone);
    if (last)
        let_go(type, &gone);
}

static wm_status may_close(const struct wm_handle_entry *entry)
{
    if (entry == NULL)
        return WM_HANDLE;
    return entry->flags & WM_HANDLE_PROTECTED ? WM_HANDLE_KEPT : WM_OK;
}

struct closing {
    struct wm_handle_entry entry;
    bool closed, more; /* more: its object has another handle */
};

/* Closes it, unless it has one of these flags. */
static wm_status close_entry(uintptr_t handle, uint8_t unless, struct closing *out)
{
    wm_status st;

    WM_AT_HANDLES(st)
    {
        st = may_close(wm_handle_at(objects(), handle));
        if (!wm_ok(st))
            return st;
        out->closed = !(wm_handle_at(objects(), handle)->flags & unless);
        if (!out->closed)
            return WM_OK;
        wm_handle_close(objects(), handle, &out->entry);
        out->more = wm_object_is_open(objects(), out->entry.type, out->entry.object);
    }
    return st;
}

/* What exec passes on stops to be that before it is closed: afterwards nobody would know which descriptors these were. */
static wm_status take_from_table(uintptr_t handle, struct closing *out)
{
    wm_status st = close_entry(handle, WM_HANDLE_INHERITED, out);

    if (!wm_ok(st) || out->closed)
        return st;
    wm_inherited_end(handle);
    return close_entry(handle, 0, out);
}

wm_status wm_op_close(uintptr_t handle)
{
    struct closing closing;
    const struct wm_handle_entry *entry = &closing.entry;
    wm_status st;

    if (wm_handle_is_pseudo(handle, &closing.entry))
        return WM_OK;
    st = take_from_table(handle, &closing);
    if (!wm_ok(st))
        return st;
    if (!closing.more && wm_handle_type_of(entry->type)->closed != NULL)
        wm_handle_type_of(entry->type)->closed(entry->object);
    wm_object_unpin(entry->type, entry->object);
    return WM_OK;
}

/* Other threads may be at work still. */
static bool pin_in_use(unsigned type, uint32_t index)
{
    const struct wm_object *object;
    wm_status st;

    WM_AT_OBJECTS(st) {
        object = wm_object_at(objects(), type, index);
        if (object->type != type)
            return false;
        wm_object_pin(objects(), type, index);
    }
    return wm_ok(st);
}

static void end_names_of(unsigned type)
{
    const struct wm_pool *records = &objects()->records[type];

    for (uint32_t index = 1; records->items != NULL && index < records->used; index++)
        if (pin_in_use(type, index)) {
            wm_handle_type_of(type)->closed(index);
            wm_object_unpin(type, index);
        }
}

void wm_op_end_names(void)
{
    for (unsigned type = 1; type < WM_HANDLE_TYPES; type++)
        if (wm_handle_type_of(type)->closed != NULL)
            end_names_of(type);
}

/* --- what is said of a handle, and not of its object --- */

wm_status wm_op_handle_flags(uintptr_t handle, uint8_t *flags)
{
    struct wm_handle_entry entry;
    wm_status st = wm_handle_check(handle, WM_HANDLE_NONE, 0, &entry);

    if (wm_ok(st))
        *flags = entry.flags;
    return st;
}

/* Whether a handle is inherited programs to come are told, and so what else is said of one that is. */
wm_status wm_op_set_handle_flags(uintptr_t handle, uint8_t mask, uint8_t flags)
{
    struct wm_handle_entry *entry;
    wm_status st;

    WM_AT_HANDLES(st)
    {
        entry = wm_handle_at(objects(), handle);
        if (entry == NULL)
            return WM_HANDLE;
        if (!((mask | entry->flags) & WM_HANDLE_INHERITED)) {
            WM_STORE(entry->flags, (uint8_t)((entry->flags & ~mask) | (flags & mask)));
            return WM_OK;
        }
    }
    return wm_ok(st) ? wm_inherited_change(handle, mask, flags) : st;
}

wm_status wm_op_let_inherit(uintptr_t handle, bool inherit)
{
    wm_status st = inherit ? wm_op_set_handle_flags(handle, WM_HANDLE_INHERITED, WM_HANDLE_INHERITED) : WM_OK;

    if (!wm_ok(st))
        wm_op_close(handle);
    return st;
}

/* What came in by two ways, by a name or from another process, has two records: its type can tell. */
bool wm_handle_same(const struct wm_handle_entry *a, const struct wm_handle_entry *b)
{
    const struct wm_object_type *type = wm_handle_type_of(a->type);

    return a->type == b->type &&
           (a->object == b->object || (type->same != NULL && type->same(a->object, b->object)));
}

wm_status wm_op_same_object(uintptr_t first, uintptr_t second)
{
    struct wm_handle_entry a, b;
    wm_status st = wm_handle_pin_any(first, &a);

    if (!wm_ok(st))
        return st;
    st = wm_handle_pin_any(second, &b);
    if (wm_ok(st)) {
        st = wm_handle_same(&a, &b) ? WM_OK : WM_HANDLE_OTHER;
        wm_object_unpin(b.type, b.object);
    }
    wm_object_unpin(a.type, a.object);
    return st;
}

/* --- opening --- */

wm_status wm_handle_new(unsigned type, uint32_t object, uint32_t rights, uintptr_t *handle)
{
    uintptr_t opened = 0;
    wm_status st;

    WM_AT_HANDLES(st)
    opened = wm_handle_open(objects(), type, object, rights);
    if (wm_ok(st) && opened == 0)
        st = WM_BOOK_MEMORY;
    if (wm_ok(st))
        *handle = opened;
    return st;
}

/* A second handle to what has one. If that was closed meanwhile there is to be none any more. */
static wm_status open_another(const struct wm_handle_entry *source, uint32_t rights, uintptr_t *handle)
{
    wm_status st;

    WM_AT_HANDLES(st)
    {
        if (!wm_object_is_open(objects(), source->type, source->object))
            return WM_HANDLE;
        *handle = wm_handle_open(objects(), source->type, source->object, rights);
        if (*handle == 0)
            return WM_BOOK_MEMORY;
    }
    return st;
}

wm_status wm_handle_new_object(unsigned type, const void *record, uint32_t rights, uintptr_t *handle)
{
    uintptr_t opened = 0;
    uint32_t object;
    union gone gone;
    wm_status st;

    WM_AT_HANDLES(st)
    {
        object = wm_object_add(objects(), type, record);
        if (object != 0)
            opened = wm_handle_open(objects(), type, object, rights);
        if (object != 0 && opened == 0)
            wm_object_drop(objects(), type, object, &gone); /* what it holds is the caller's */
    }
    if (wm_ok(st) && opened == 0)
        st = WM_BOOK_MEMORY;
    if (wm_ok(st))
        *handle = opened;
    return st;
}

wm_status wm_object_new(unsigned type, const void *record, uint32_t *object)
{
    wm_status st;

    WM_AT_OBJECTS(st) {
        *object = wm_object_add(objects(), type, record);
        return *object == 0 ? WM_BOOK_MEMORY : WM_OK;
    }
    return st;
}

/* --- duplicating --- */

/*
 * A duplicate has no rights that opening the object would not give: whoever was handed a poor handle cannot
 * make it richer by duplicating it. Rights that the source has are not asked about again.
 */
static wm_status admits(const struct wm_handle_entry *source, uint32_t rights)
{
    const struct wm_object_type *type = wm_handle_type_of(source->type);

    return type->admits == NULL ? WM_OK : type->admits(source->object, rights & ~source->access);
}

wm_status wm_handle_rights_of_copy(const struct wm_handle_entry *source, uint32_t rights, unsigned options,
                                   uint32_t *granted)
{
    *granted = options & WM_SAME_RIGHTS ? source->access : wm_handle_rights(source->type, rights);
    return options & WM_SAME_RIGHTS ? WM_OK : admits(source, *granted);
}

static wm_status duplicate(const struct wm_handle_entry *source, bool pseudo, uint32_t rights,
                           unsigned options, uintptr_t *handle)
{
    wm_status st = wm_handle_rights_of_copy(source, rights, options, &rights);

    if (!wm_ok(st))
        return st;
    return pseudo ? wm_handle_new(source->type, source->object, rights, handle)
                  : open_another(source, rights, handle);
}

/*
 * The source is closed whatever becomes of the rest, as the page of DuplicateHandle says of
 * DUPLICATE_CLOSE_SOURCE.
 */
wm_status wm_op_duplicate(uintptr_t source, uint32_t rights, unsigned options, uintptr_t *handle)
{
    struct wm_handle_entry entry;
    bool pseudo = wm_handle_is_pseudo(source, &entry);
    wm_status st = wm_handle_pin_any(source, &entry);

    if (wm_ok(st)) {
        st = duplicate(&entry, pseudo, rights, options, handle);
        if (!wm_ok(st))
            wm_object_unpin(entry.type, entry.object);
    }
    if (options & WM_CLOSE_SOURCE)
        wm_op_close(source);
    return st;
}
