/* types.h: what a type of object has to say of itself, so that there can be handles to it. */
#ifndef WM_VM_HANDLE_TYPES_H
#define WM_VM_HANDLE_TYPES_H

#include "base/private.h"
#include "base/status.h"
#include "core/objects.h"
#include "kern/sleep.h"
#include "vm/ops.h"

enum wm_handle_type {
    WM_HANDLE_NONE, /* and, where one is asked for, any */
#define OBJECT_TYPE(NAME, name) WM_HANDLE_##NAME,
#include "vm/handles/types.def"
#undef OBJECT_TYPE
    WM_HANDLE_TYPES
};

/* Rights that every type of object has. */
enum { WM_RIGHT_READ_CONTROL = 0x20000, WM_RIGHTS_REQUIRED = 0xf0000, WM_RIGHT_SYNCHRONIZE = 0x100000 };

struct wm_passed; /* vm/handles/inherited.h */
enum { WM_NAME_DESCRIPTORS = 2 };

struct wm_cell; /* vm/waits/cell.h */

/* NULL: nothing is to be done, or for ready, it is nothing to wait for. No lock is held when a function is called. */
struct wm_object_type {
    struct {
        uint32_t read, write, execute, all; /* what the generic rights mean; all: also MAXIMUM_ALLOWED */
    } rights;
    struct {
        uint32_t right, brings; /* whoever has the one has the other */
    } implied;
    uintptr_t pseudo; /* a handle that is always open, to object 0, with all rights; 0: none */
    wm_status (*own)(uint32_t *object); /* the object of that handle, pinned; NULL: it is number 0 */
    uint32_t record_bytes;              /* 0: its objects are no records */
    uint32_t share; /* of the book's addresses for them, in MiB where addresses are not short */

    /*
     * The last handle to it was closed: views and calls at work may go on with it. The object is pinned, and there will be
     * no handle to it any more.
     */
    void (*closed)(uint32_t object);

    /* Of one that can have a name: its descriptors of the file that stands for that; 0 or less: none (underway.h). */
    void (*name_descriptors)(uint32_t object, int fds[WM_NAME_DESCRIPTORS]);

    /* Gives back what the record held, of which this is a copy. Nobody refers to it any more. */
    void (*let_go)(void *gone);

    /* May a handle to it have these rights, as far as that is decided by others than whoever has one? The object is pinned. */
    wm_status (*admits)(uint32_t object, uint32_t rights);

    /* Do two records stand for one object? Both are pinned. NULL: never. */
    bool (*same)(uint32_t first, uint32_t second);

    /*
     * Is it signalled for the calling thread? And on what to sleep until it may be. The object is pinned. The source is told
     * before the look that finds it not signalled, so that no change is missed (vm/waits/wait.c).
     */
    wm_status (*ready)(uint32_t object, enum wm_signal *out);
    void (*source)(uint32_t object, struct wm_wait_source *out);

    /* Instead of both: its state lies there, and a wait takes of it. May be called with the lock of the objects. */
    struct wm_cell *(*cell)(uint32_t object);

    /*
     * What another process has to know to have the object as well, and the object of which it was told, pinned (handed.c).
     * What is offered is pinned as long as that takes. NULL: no handle to it goes to another process.
     */
    wm_status (*offer)(uint32_t object, struct wm_object_offer *out);
    wm_status (*adopt)(const struct wm_object_offer *offer, uint32_t *object);

    /*
     * What a program that exec starts has to know to have the object as well, with the descriptors that it needs for that
     * (inherited.h); and the object of which it was told, pinned: that takes the descriptors over, which are what they were,
     * under the same numbers. On failure they are the caller's. NULL: exec passes no handle to it on.
     */
    wm_status (*pass_on)(uint32_t object, struct wm_passed *out);
    wm_status (*receive)(const struct wm_passed *passed, uint32_t *object);
};

#define OBJECT_TYPE(NAME, name)                                                                              \
    extern const struct wm_object_type wm_type_##name __attribute__((visibility("hidden")));
#include "vm/handles/types.def"
#undef OBJECT_TYPE

const struct wm_object_type *wm_handle_type_of(unsigned type);

/* The rights of an object of this type that are meant by these, some of which may be generic. */
WM_FOR_WIN32 uint32_t wm_handle_rights(unsigned type, uint32_t rights);

/* Is this the value of a handle that is always open? What it stands for. */
bool wm_handle_is_pseudo(uintptr_t handle, struct wm_handle_entry *out);

/* At birth: makes room in the book for the records of all types. */
bool wm_handle_types_make(void);

#endif
