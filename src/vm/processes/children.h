/*
 * children.h: programs that this process starts.
 *
 * The first thread of such a program is an object of its own: a handle to it can be waited for, and the thread be resumed
 * that was suspended from the start.
 */
#ifndef WM_VM_CHILDREN_H
#define WM_VM_CHILDREN_H

#include "base/private.h"
#include "kern/process/spawn.h"
#include "vm/processes/process.h"

struct wm_started {
    uintptr_t process, thread; /* handles, with all rights */
    int32_t pid;               /* of its first thread as well */
};

/* *error: what the kernel says, and with it WM_KERNEL, if it does not start the program. passes_on: inheritable handles. */
WM_FOR_WIN32 wm_status wm_op_start_process(struct wm_spawn *spawn, bool passes_on, struct wm_started *out,
                                           int *error);

/* It ends at once, and whoever asks by a handle of this process is told this code. WM_PROCESS_ENDED: it had ended. */
WM_FOR_WIN32 wm_status wm_op_terminate(const struct wm_target *target, uint32_t code);

#endif
