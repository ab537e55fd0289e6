/*
 * waitable.h: what events, mutexes and semaphores have in common: the record of such an object, its making, its name, and
 * how another process comes to have it.
 *
 *   what the object is lies in its cell, which all share who have it (cell.h); the record is how this process has it
 *   the cell is mapped as long as the record lives, in an arena of ours (cells.h) or by a mapping of its own
 *   fd stands for the file that the cell lies in, or is no longer ours because the program has closed it: only other
 *   processes would need it
 */
#ifndef WM_VM_WAITABLE_H
#define WM_VM_WAITABLE_H

#include "base/private.h"
#include "kern/names/names.h"
#include "vm/handles/handles.h"
#include "vm/waits/cells.h"

struct wm_waitable {
    struct wm_object object;
    int holder; /* of its name (kern/names/names.h); 0: it has none, or no longer */
    struct wm_cell_place place;
    int passed;  /* of a cell in an arena: a descriptor of its own for programs that exec starts; 0: none */
    bool mapped; /* cell and descriptor are the record's own; else an arena's of ours */
};

static inline struct wm_waitable *wm_waitable_at(unsigned type, uint32_t object)
{
    return wm_object_at(&wm_home.objects, type, object);
}

struct wm_waitable_req {
    unsigned type;              /* WM_HANDLE_EVENT, WM_HANDLE_MUTEX or WM_HANDLE_SEMAPHORE */
    const struct wm_name *name; /* NULL: none */
    uint32_t rights;            /* of the handle; may be generic */
    struct wm_cell_start start; /* of a new one; kind and owner are filled in */
    uintptr_t result;           /* a handle */
};

/* WM_NAME_EXISTS is a success: there is one of this name, and the handle is to that one, as it is. */
WM_FOR_WIN32 wm_status wm_op_create_waitable(struct wm_waitable_req *req);
WM_FOR_WIN32 wm_status wm_op_open_waitable(struct wm_waitable_req *req);

WM_FOR_WIN32 wm_status wm_op_set_event(uintptr_t handle);
WM_FOR_WIN32 wm_status wm_op_reset_event(uintptr_t handle);
WM_FOR_WIN32 wm_status wm_op_pulse_event(uintptr_t handle);
WM_FOR_WIN32 wm_status wm_op_release_mutex(uintptr_t handle);
WM_FOR_WIN32 wm_status wm_op_release_semaphore(uintptr_t handle, uint32_t count, uint32_t *previous);

/* Sets an event, releases a mutex or, once, a semaphore. Of anything else: WM_HANDLE. */
WM_FOR_WIN32 wm_status wm_op_signal(uintptr_t handle);

/* --- for the rows of the three types --- */

/* Changes what a handle of this type with these rights stands for, and wakes whom that concerns. */
wm_status wm_waitable_change(uintptr_t handle, unsigned type, uint32_t rights, wm_cell_once *once,
                             struct wm_cell_step *step);

/*
 * Without a lock: the cell of a handle, of whichever of the types, and its word, as long as that is the object's. NULL: it
 * is to be found in the ordinary way.
 */
struct wm_cell *wm_waitable_peek(uintptr_t handle, struct wm_handle_entry *entry, uint64_t *word);

void wm_waitable_closed(unsigned type, uint32_t object);
void wm_waitable_name_descriptors(unsigned type, uint32_t object, int fds[WM_NAME_DESCRIPTORS]);
void wm_waitable_let_go(void *gone);
bool wm_waitable_same(unsigned type, uint32_t first, uint32_t second);
wm_status wm_waitable_offer(unsigned type, uint32_t object, struct wm_object_offer *out);
wm_status wm_waitable_adopt(unsigned type, const struct wm_object_offer *offer, uint32_t *object);
wm_status wm_waitable_pass_on(unsigned type, uint32_t object, struct wm_passed *out);
wm_status wm_waitable_receive(unsigned type, const struct wm_passed *passed, uint32_t *object);

/* What the three rows say alike: functions that know the type, and behind them the members that name these. */
#define WM_WAITABLE_ROW(TYPE)                                                                                \
    static struct wm_cell *cell_of(uint32_t object)                                                          \
    {                                                                                                        \
        return wm_waitable_at(TYPE, object)->place.cell;                                                     \
    }                                                                                                        \
    static void closed(uint32_t object)                                                                      \
    {                                                                                                        \
        wm_waitable_closed(TYPE, object);                                                                    \
    }                                                                                                        \
    static void name_descriptors(uint32_t object, int fds[WM_NAME_DESCRIPTORS])                              \
    {                                                                                                        \
        wm_waitable_name_descriptors(TYPE, object, fds);                                                     \
    }                                                                                                        \
    static bool same(uint32_t first, uint32_t second)                                                        \
    {                                                                                                        \
        return wm_waitable_same(TYPE, first, second);                                                        \
    }                                                                                                        \
    static wm_status offer(uint32_t object, struct wm_object_offer *out)                                     \
    {                                                                                                        \
        return wm_waitable_offer(TYPE, object, out);                                                         \
    }                                                                                                        \
    static wm_status pass_on(uint32_t object, struct wm_passed *out)                                         \
    {                                                                                                        \
        return wm_waitable_pass_on(TYPE, object, out);                                                       \
    }                                                                                                        \
    static wm_status receive(const struct wm_passed *passed, uint32_t *object)                               \
    {                                                                                                        \
        return wm_waitable_receive(TYPE, passed, object);                                                    \
    }                                                                                                        \
    static wm_status adopt(const struct wm_object_offer *offer, uint32_t *object)                            \
    {                                                                                                        \
        return wm_waitable_adopt(TYPE, offer, object);                                                       \
    }

#define WM_WAITABLE_MEMBERS                                                                                  \
    .record_bytes = sizeof(struct wm_waitable), .closed = closed, .name_descriptors = name_descriptors,      \
    .let_go = wm_waitable_let_go, .same = same, .cell = cell_of, .offer = offer, .adopt = adopt,             \
    .pass_on = pass_on, .receive = receive

#endif
