/* anchor.c: the page by which others find us (wire.h). */
#include <errno.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "vm/agent/agent.h"
#include "vm/agent/layout.h"
#include "vm/book/home.h"

extern const char wm_agent_entry[];

_Static_assert(offsetof(struct wm_agent, running) == WM_AGENT_RUNNING, "entry.S");
_Static_assert(offsetof(struct wm_agent, top) == WM_AGENT_TOP, "entry.S");
_Static_assert(offsetof(struct wm_agent, registers) == WM_AGENT_REGISTERS, "entry.S");
_Static_assert(offsetof(struct wm_agent, extended) == WM_AGENT_EXTENDED, "entry.S");

static struct wm_agent *agent;

static int describe(struct wm_anchor *anchor)
{
    agent = wm_agent_make();
    *anchor = (struct wm_anchor){
        .magic = WM_ANCHOR_MAGIC,
        .version = WM_WIRE_VERSION,
        .planted = wm_agent_is_planted,
        .space = (uintptr_t)&wm_home.space,
        .alive = (uintptr_t)wm_home_alive(),
        .agent = (uintptr_t)agent,
        .entry = (uintptr_t)wm_agent_entry,
    };
    return agent == NULL ? -ENOMEM : wm_kern_random(&anchor->cookie, sizeof anchor->cookie);
}

/* Without a name others find it by its first bytes. */
static void leave_nameless(const struct wm_anchor *anchor)
{
    uintptr_t page;

    if (wm_kern_map_sparse(WM_PAGE, &page) != 0)
        return;
    memcpy((void *)page, anchor, sizeof *anchor);
    wm_kern_protect(wm_range_of(page, WM_PAGE), WM_ACCESS_READ);
}

/* A caller who died may have planted one before, which began late. */
static bool is_planted_already(void)
{
    char name[sizeof WM_ANCHOR_NAME + 1];
    struct wm_vma vma;

    for (uintptr_t addr = 0; wm_kern_vma(addr, &vma) == 0; addr = vma.range.end)
        if (vma.file && wm_range_bytes(vma.range) == WM_PAGE &&
            wm_kern_vma_name(vma.range.start, name, sizeof name) == 0 && strcmp(name, WM_ANCHOR_NAME) == 0)
            return true;
    return false;
}

void wm_agent_publish(void)
{
    struct wm_anchor anchor;

    if ((wm_agent_is_planted && is_planted_already()) || describe(&anchor) != 0)
        return;
    if (wm_probe_has(WM_FEATURE_ANCHOR) && wm_kern_sign(WM_ANCHOR_FILE, &anchor, sizeof anchor) == 0)
        return;
    wm_probe_lacks(WM_FEATURE_ANCHOR);
    leave_nameless(&anchor);
}

/* The thread that was at work is the parent's. */
static void renew(void)
{
    if (agent != NULL)
        agent->valid = agent->running = 0;
}

const struct wm_renewal wm_renewed_agent = {.renew = renew};
