/*
 * native.c: the agent of a process that uses the library.
 *
 * It is one mapping, made at birth and never given back: a thread may be sent there at any later moment, by
 * somebody who has read its address long before. Below the stack is inaccessible ground, so that a request
 * which needs more stack than there is ends in a fault, and not in somebody's memory.
 */
#include "kern/map/mapping.h"
#include "vm/agent/agent.h"

/* A mapping of inaccessible ground, a stack, the processor's registers (AMX: 11 KiB) and the agent. */
enum {
    GROUND = WM_PAGE,
    STACK = WM_AGENT_STACK,
    REGISTERS = 0x4000,
    BYTES = GROUND + STACK + REGISTERS + sizeof(struct wm_agent)
};

struct wm_agent *wm_agent_make(void)
{
    struct wm_agent *agent;
    uintptr_t start;

    if (wm_kern_map_sparse(BYTES, &start) != 0)
        return NULL;
    wm_kern_protect(wm_range_of(start, GROUND), WM_ACCESS_NONE);
    agent = (struct wm_agent *)(start + GROUND + STACK + REGISTERS);
    agent->top = agent->registers = start + GROUND + STACK;
    agent->extended = wm_agent_is_extended();
    wm_agent_keep_apart(agent);
    return agent;
}

void wm_agent_unmake(struct wm_agent *agent)
{
    wm_agent_forget();
    wm_kern_unmap(wm_range_of((uintptr_t)agent - REGISTERS - STACK - GROUND, BYTES));
}

void wm_agent_is_found(uintptr_t anchor)
{
    (void)anchor;
}
