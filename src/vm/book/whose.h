/*
 * whose.h: the address space that a question is about, where it is another process's.
 *
 * Its book is read in a way that the asker knows (remote/peek.h); its list of mappings as the kernel shows
 * it. Functions that take a struct wm_whose mean the calling process by NULL, and are compiled twice
 * (WM_TWICE), so that questions about oneself do not pay for those about others.
 */
#ifndef WM_VM_WHOSE_H
#define WM_VM_WHOSE_H

#include "core/space.h"
#include "kern/process/peer.h"

struct wm_whose {
    void (*peek)(struct wm_whose *whose, uintptr_t addr, struct wm_peek *out);
    struct wm_peer_files *files;
};

#define WM_TWICE static inline __attribute__((always_inline))

#endif
