/*
 * plant.h: giving a book to a process that does not use the library.
 *
 * Two mappings are made there, one for the agent's code and one for its data, and the agent is written into them. From
 * then on the process is like any other: its agent keeps the book, and leaves the page by which everybody finds it.
 */
#ifndef WM_REMOTE_PLANT_H
#define WM_REMOTE_PLANT_H

#include "vm/agent/wire.h"
#include "vm/processes/process.h"

/* The caller has the line. out: only what a call needs; the agent leaves its page with the first. */
wm_status wm_plant(struct wm_process *process, struct wm_anchor *out);

#endif
