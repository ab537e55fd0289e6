/*
 * anchor.h: finding the page by which another process says where its book is (wire.h).
 *
 * What is known stays right until the process calls exec: whoever reads the page again sees that it is gone, or
 * that its cookie has changed. That a process has none is believed for a short while only: it may begin to use
 * the library at any time.
 */
#ifndef WM_REMOTE_ANCHOR_H
#define WM_REMOTE_ANCHOR_H

#include "kern/process/peer.h"
#include "vm/agent/wire.h"

struct wm_known_anchor {
    uintptr_t at; /* 0: none is known */
    struct wm_anchor page;
    bool other_version;  /* there is one that we cannot read */
    uint64_t look_again; /* without one: not before (wm_clock_now) */
};

/* Looks for one unless it is known, or was looked for a moment ago. False: there is none. */
bool wm_anchor_find(struct wm_peer_files *files, struct wm_known_anchor *known);

/* Is what was read from the same place just now still the same page? */
bool wm_anchor_is(const struct wm_known_anchor *known, const struct wm_anchor *read);

static inline void wm_anchor_forget(struct wm_known_anchor *known)
{
    *known = (struct wm_known_anchor){0};
}

#endif
