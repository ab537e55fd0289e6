/*
 * call.h: an operation in another process, made by that process itself.
 *
 * Its agent is found, or in a process that does not use the library planted first (plant.h), and asked (exchange.h).
 */
#ifndef WM_REMOTE_CALL_H
#define WM_REMOTE_CALL_H

#include "vm/operations.h"
#include "vm/processes/process.h"

/* The status is the operation's, or says why it could not be carried there. Results are in the request. */
wm_status wm_remote_call(struct wm_process *process, enum wm_call call, void *request);

#endif
