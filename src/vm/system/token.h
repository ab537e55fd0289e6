/*
 * token.h: the token of this process: which privileges it holds, and which of them are enabled.
 *
 * A privilege is known by a number (the lower half of its LUID), and a set of privileges has a bit for each. Linux has
 * nothing that is enabled first: one is held if what it is for can be had, and to enable it changes what the token says and
 * nothing else.
 */
#ifndef WM_VM_TOKEN_H
#define WM_VM_TOKEN_H

#include <stdint.h>

#include "base/private.h"
#include "base/status.h"

struct wm_privileges {
    uint64_t held, enabled; /* enabled: of those held */
};

/* To have large pages. */
enum { WM_PRIVILEGE_LOCK_MEMORY = 4 };

WM_FOR_WIN32 wm_status wm_token_open(uint32_t rights, uintptr_t *handle);
WM_FOR_WIN32 wm_status wm_token_check(uintptr_t handle, uint32_t rights);

WM_FOR_WIN32 struct wm_privileges wm_token_privileges(void);

/* Of those that are held: enables some, disables some, and takes some away for good. */
WM_FOR_WIN32 void wm_token_adjust(uint64_t enable, uint64_t disable, uint64_t remove);

#endif
