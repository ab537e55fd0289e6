/*
 * publish.c: the page by which others find us (wire.h).
 *
 * It is published once, before the book is used, and stays until the process image goes. Nobody is asked
 * whether others may see it: what can be read there anybody who may trace the process can find out anyway.
 *
 *   the page is complete before anybody can find it: written through the descriptor, then mapped
 *   it holds no descriptor, so a program that closes all of them does not lose it, and exec ends it; in
 *   children the mapping keeps its name (pinned: process.a_mapping_keeps_the_name_of_its_memfd)
 *
 * Where there is no memfd_create, the page has no name and is found by its first bytes, which takes longer.
 */
#include <string.h>

#include "base/planted.h"
#include "kern/clock.h"
#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/system/system.h"
#include "vm/agent/agent.h"
#include "vm/agent/layout.h"
#include "vm/book/booklayout.h"
#include "vm/book/home.h"

extern const char wm_agent_entry[];

_Static_assert(offsetof(struct wm_agent, words.running) == WM_AGENT_RUNNING, "entry.S");
_Static_assert(offsetof(struct wm_agent, words.missed) == WM_AGENT_MISSED, "entry.S");
_Static_assert(offsetof(struct wm_agent, top) == WM_AGENT_TOP, "entry.S");
_Static_assert(offsetof(struct wm_agent, registers) == WM_AGENT_REGISTERS, "entry.S");
_Static_assert(offsetof(struct wm_agent, extended) == WM_AGENT_EXTENDED, "entry.S");
_Static_assert(offsetof(struct wm_agent, process) == WM_AGENT_PROCESS, "entry.S");

#ifndef WM_PLANTED /* debuggers look for it by its name, in a program that was linked statically as well */
__attribute__((used)) static const struct wm_book_layout *const layout = &wm_book_layout;
#endif

static struct wm_agent *agent;

/* It has to differ from that of other process images; where nothing is random, what it looks like will do. */
static uint64_t make_cookie(void)
{
    uint64_t cookie;

    return wm_kern_random(&cookie, sizeof cookie) == 0 ? cookie : wm_clock_now() ^ (uintptr_t)agent << 16;
}

static struct wm_anchor describe(void)
{
    return (struct wm_anchor){
        .magic = WM_ANCHOR_MAGIC,
        .version = WM_WIRE_VERSION,
        .planted = WM_IS_PLANTED,
        .cookie = make_cookie(),
        .space = (uintptr_t)wm_book(),
        .agent = (uintptr_t)agent,
        .entry = (uintptr_t)wm_agent_entry,
    };
}

/* Without a name others find it by its first bytes. */
static int leave_nameless(const struct wm_anchor *anchor, uintptr_t *page)
{
    int error = wm_kern_map_sparse(WM_PAGE, page);

    if (error != 0)
        return error;
    memcpy((void *)*page, anchor, sizeof *anchor);
    wm_kern_protect(wm_range_of(*page, WM_PAGE), WM_ACCESS_READ);
    return 0;
}

static int leave(const struct wm_anchor *anchor, uintptr_t *page)
{
    if (wm_probe_has(WM_FEATURE_ANCHOR) && wm_kern_sign(WM_ANCHOR_FILE, anchor, sizeof *anchor, page) == 0) {
        wm_probe_told(WM_FEATURE_ANCHOR, 0);
        return 0;
    }
    wm_probe_lacks(WM_FEATURE_ANCHOR);
    return leave_nameless(anchor, page);
}

/* For a planted agent: a caller who died may have planted one before, or the program's own library has just come. */
static bool is_too_late(void)
{
    char name[sizeof WM_ANCHOR_NAME + 1];
    struct wm_vma vma;

    for (uintptr_t addr = 0; wm_kern_vma(addr, &vma) == 0; addr = vma.range.end)
        if (vma.file && wm_range_bytes(vma.range) == WM_PAGE &&
            wm_kern_vma_name(vma.range.start, name, sizeof name) == 0 && strcmp(name, WM_ANCHOR_NAME) == 0)
            return true;
    return false;
}

wm_status wm_agent_publish(void)
{
    static uintptr_t page;
    struct wm_anchor anchor;

    if (page != 0) /* by the parent of a fork that came in the middle of its birth */
        return WM_OK;
    if (WM_IS_PLANTED && is_too_late())
        return WM_REENTERED;
    agent = wm_agent_make();
    if (agent == NULL)
        return WM_BOOK_MEMORY;
    anchor = describe();
    if (leave(&anchor, &page) != 0) {
        wm_agent_unmake(agent);
        agent = NULL;
        return WM_BOOK_MEMORY;
    }
    wm_agent_is_found(page);
    return WM_OK;
}
