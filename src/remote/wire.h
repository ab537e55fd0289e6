/*
 * wire.h: what two processes that share memory by system calls alone have agreed on.
 *
 * A process that uses the library maps one page of a memfd of this name, privately, and closes it. The page
 * stays as long as the process image: no descriptor, private after a fork, gone after exec. It says where
 * everything else is. In a process that does not use the library a caller leaves the same page, with an
 * agent behind it (plant.c).
 *
 * Whoever reads another process's page believes none of it before it has been checked.
 */
#ifndef WM_REMOTE_WIRE_H
#define WM_REMOTE_WIRE_H

#include "core/space.h"

#define WM_ANCHOR_FILE "winmem"
#define WM_ANCHOR_NAME "/memfd:winmem (deleted)" /* what /proc/PID/maps calls it */
#define WM_ANCHOR_MAGIC 0x3172686e6d6e6977u     /* "winmnhr1" */

/* Of everything that is reached from the page: two sides that differ do not talk. */
#define WM_WIRE_VERSION                                                                                      \
    (1u << 16 | (sizeof(struct wm_space) + sizeof(struct wm_extent) * 64 + sizeof(struct wm_bnode)) % 65536u)

struct wm_anchor {
    uint64_t magic;
    uint32_t version;
    uint32_t planted; /* by a caller: the process itself does not use the library */
    uint64_t cookie;  /* of this process image */
    uint64_t space;   /* addresses, in its own memory: struct wm_space */
    uint64_t lock;    /* struct wm_lock of the book */
    uint64_t agent;   /* struct wm_agent (agent.h) */
    uint64_t entry;   /* code */
};

#endif
