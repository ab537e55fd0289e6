/*
 * inherited.h: handles that a program has from the one before it: exec passes them on, under the same values.
 *
 *   a handle is passed on that has WM_HANDLE_INHERITED, to an object whose type says how (types.h)
 *   the descriptors of its object survive an exec (FD_CLOEXEC is off) as long as one handle to it is passed on, and no others
 *   one more such descriptor has a row for each of these handles (kern/files/testament.h), and is there only while there are
 *   whoever begins takes over what he finds, before he looks at his table of handles for the first time
 *
 * A row is believed as far as the kernel confirms it: a descriptor that is not the file that it was is not taken, nor is
 * its handle.
 */
#ifndef WM_VM_INHERITED_H
#define WM_VM_INHERITED_H

#include "base/atomic.h"
#include "base/planted.h"
#include "vm/book/home.h"
#include "vm/ops.h"

enum { WM_PASSED_DESCRIPTORS = 3 };

struct wm_passed {
    struct wm_object_offer told;
    int fds[WM_PASSED_DESCRIPTORS]; /* 0: none */
};

/* What exec has passed on is in the table. */
extern bool wm_inherited_known __attribute__((visibility("hidden")));
wm_status wm_inherited_ready(void);

static inline struct wm_lock *wm_inherited_lock(wm_status *st)
{
    if (WM_IS_PLANTED || __builtin_expect(WM_LOAD(wm_inherited_known), true))
        return &wm_home.object_lock;
    *st = wm_inherited_ready();
    return wm_ok(*st) ? &wm_home.object_lock : NULL;
}

/* As WM_AT_OBJECTS, where values of handles are looked at, or given out. */
#define WM_AT_HANDLES(st) WM_HOME_HOLDS(wm_inherited_lock(&(st)), st)

/* Flags of a handle, as wm_op_set_handle_flags has them, where the mask says that it is inherited or not. */
wm_status wm_inherited_change(uintptr_t handle, uint8_t mask, uint8_t flags);

/* Exec does not pass it on any more, whatever becomes of its row: it is about to be closed. */
void wm_inherited_end(uintptr_t handle);

/*
 * Calls this while nothing changes of what exec passes on; and, for a child that it makes, which may share our memory: exec
 * passes on nothing.
 */
wm_status wm_inherited_hold(void (*run)(void *arg), void *arg);
void wm_inherited_refuse(void);

#endif
