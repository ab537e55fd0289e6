/*
 * call.h: a change in another process, made by that process itself.
 *
 * One of its threads is borrowed, runs the request under its own lock, and returns by itself (vm/agent). In a process
 * that does not use the library an agent is planted first (plant.h).
 */
#ifndef WM_REMOTE_CALL_H
#define WM_REMOTE_CALL_H

#include "vm/agent/wire.h"
#include "vm/processes/process.h"

/* The status is the operation's, or says why it could not be carried there. Results are in the request. */
wm_status wm_remote_call(struct wm_process *process, struct wm_request *request);

#endif
