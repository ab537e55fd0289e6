/*
 * process.h: other processes that handles stand for. Number 0 is the calling one, which is no record.
 *
 * An object holds what is known of the process; all of that is hearsay, because the process may be hostile.
 * Everything in it is guarded by `lock`, which is held over whole calls.
 */
#ifndef WM_VM_PROCESS_H
#define WM_VM_PROCESS_H

#include "base/status.h"
#include "kern/lock.h"
#include "kern/process/peer.h"
#include "vm/book/home.h"
#include "vm/handles/handles.h"

struct wm_process {
    struct wm_object object;
    struct wm_lock lock;
    uint32_t forks; /* times that it was inherited: descriptors from before are shared with the parent */
    struct wm_peer peer;
    bool child;      /* started by this process: it has to be waited for (orphans.h) */
    bool terminated; /* by this process, with this code */
    uint32_t code;
    uint32_t
        suspended; /* how often its first thread still is to be resumed; read and written without the lock */
    uint64_t seen; /* alive, at this time (wm_clock_now); read and written without the lock, as bound is */
    bool bound;    /* wm_peer_has_number tells of it */
    struct wm_range notes; /* a mapping of ours with what else is known (remote/notes.h), or {0, 0} */

    /* Lets go of what the notes hold beside their memory, before that is unmapped; NULL: nothing. No lock is held. */
    void (*forget)(struct wm_range notes);
};

#define WM_THIS_PROCESS UINTPTR_MAX /* a handle that is always open */

/* A process that a call works on; other is NULL for the calling one. Let go of with wm_target_drop. */
struct wm_target {
    struct wm_process *other;
    uint32_t index;
};

static inline bool wm_target_is_self(const struct wm_target *target)
{
    return target->other == NULL;
}

/* The process of a handle that has these rights. The handle may be closed meanwhile, the target stays. */
WM_FOR_WIN32 wm_status wm_target_of(uintptr_t handle, uint32_t rights, struct wm_target *out);
WM_FOR_WIN32 void wm_target_drop(const struct wm_target *target);

/*
 * What a handle with these rights stands for, without the lock and without a pin. False: it cannot be told so, or there is
 * no such handle, or it is of the calling process.
 */
struct wm_glimpse {
    struct wm_handle_entry entry;
    int32_t pid;
    int32_t pidfd; /* for wm_peer_has_number, or -1 */
    uint64_t seen;
};

bool wm_target_glimpse(uintptr_t handle, uint32_t rights, struct wm_glimpse *out);

/* Has the handle been open until now, so that what was seen was so? */
bool wm_glimpse_holds(uintptr_t handle, const struct wm_glimpse *glimpse);

/* Of one that is pinned. */
static inline struct wm_process *wm_process_at(uint32_t index)
{
    return wm_object_at(&wm_home.objects, WM_HANDLE_PROCESS, index);
}

/* May a handle to it have these rights? What they are worth the kernel decides anew whenever they are used. */
wm_status wm_target_admits(const struct wm_target *target, uint32_t rights);

#endif
