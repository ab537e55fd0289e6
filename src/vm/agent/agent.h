/*
 * agent.h: what this process does for others who ask.
 *
 * A caller stops one of our threads, writes a request into the agent and sends the thread to entry.S; the request
 * is run here, under our own lock, and the thread returns by itself. So a change is made by one process alone,
 * and it is finished even if the caller dies.
 */
#ifndef WM_VM_AGENT_H
#define WM_VM_AGENT_H

#include "base/status.h"
#include "kern/process/borrowed.h"
#include "vm/agent/wire.h"

/* Leaves the page by which others find us; if that fails, nothing. Without it they would plant a second book. */
wm_status wm_agent_publish(void);

/* The words of a new agent are to be this process's alone (wire.h). */
void wm_agent_keep_apart(struct wm_agent *agent);
void wm_agent_forget(void); /* of one that goes */

/* Called by entry.S on the agent's own stack. */
void wm_agent_run(uint64_t number, struct wm_borrowed *self, struct wm_agent *agent);

/*
 * The agent and where it runs. native.c: part of the library that the process uses. planted/planted.c: brought by
 * a caller into a process that does not.
 */
struct wm_agent *wm_agent_make(void); /* NULL: no memory */
void wm_agent_unmake(struct wm_agent *agent);
void wm_agent_is_found(uintptr_t anchor);

/* At birth: takes over the book that a planted agent has made here before us, instead of our own (heir.c). */
wm_status wm_agent_inherit(void);

/* Has the processor registers that FXSAVE does not keep? (native.c) */
bool wm_agent_is_extended(void);

#endif
