/*
 * exchange.h: one request to an agent that was found, and its answer.
 *
 * One of the process's threads is borrowed, runs the request under its own lock, and returns by itself (vm/agent).
 */
#ifndef WM_REMOTE_EXCHANGE_H
#define WM_REMOTE_EXCHANGE_H

#include "remote/thread.h"
#include "vm/agent/wire.h"
#include "vm/processes/process.h"

struct wm_exchange {
    struct wm_process *process; /* whose line the caller has */
    struct wm_anchor anchor;    /* leads to the agent */
    enum wm_call call;
    void *request; /* the caller's: becomes the answer */
    uint32_t turn; /* attempts so far */

    /* exchange.c */
    struct wm_words sent; /* of which number and request go there */
    size_t bytes;         /* of the request, as far as it is used */
    struct wm_errand errand;
};

wm_status wm_exchange(struct wm_exchange *x);

/* What cannot be reached any more. Another program may have begun in the process: then it is asked anew. */
static inline wm_status wm_exchange_lost(const struct wm_process *process)
{
    return wm_peer_alive(&process->peer) ? WM_REENTERED : WM_PROCESS_ENDED;
}

#endif
