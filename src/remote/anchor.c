/*
 * anchor.c: finding the page by which a process says where its book and its agent are (anchor.h).
 *
 * The page is looked for by the name of its mapping, in the kernel's list; where its owner could not give it
 * one (no memfd_create), small read-only mappings are looked through. A process may have two: one that was
 * planted, and one of a library that came later. The library's own counts, so a planted one is looked at
 * again from time to time.
 *
 * Any program can make a page that looks like this. It is believed as far as that costs nothing: magic and
 * version fit, and what it leads to is memory that can be read (and for the agent, written) without waiting
 * for somebody who supplies it. Everything read from there is checked again by whoever reads it.
 */
#include "remote/anchor.h"

#include "kern/clock.h"

enum {
    REST = 10, /* looking takes at most a tenth of the time */
    NAMELESS_PAGES = 16
};

/*
 * The first question: only after it may other members be looked at. Another version may have put anything
 * there.
 */
static bool makes_sense(const struct wm_anchor *page)
{
    return page->magic == WM_ANCHOR_MAGIC && page->version == WM_WIRE_VERSION &&
           page->space % sizeof(uint64_t) == 0 && page->space < WM_SPACE_END;
}

bool wm_anchor_is(const struct wm_known_anchor *known, const struct wm_anchor *read)
{
    return makes_sense(read) && read->cookie == known->page.cookie && read->space == known->page.space;
}

/*
 * A page of a file may come from another program (FUSE), which may not answer: such memory is neither read
 * nor written.
 */
static bool leads_to_memory(struct wm_peer_files *files, const struct wm_anchor *page)
{
    return (page->space == 0 || wm_peer_can_look(files, page->space, sizeof(struct wm_space))) &&
           (page->agent == 0 || wm_peer_can_write(files, page->agent, sizeof(struct wm_agent)));
}

static bool read_page(struct wm_peer_files *files, uintptr_t at, struct wm_known_anchor *known)
{
    struct wm_anchor page;

    if (!wm_peer_can_look(files, at, sizeof page) ||
        wm_peer_look(files, &page, at, sizeof page) != (long)sizeof page || page.magic != WM_ANCHOR_MAGIC)
        return false;
    if (!makes_sense(&page)) {
        known->other_version = true;
        return false;
    }
    if (!leads_to_memory(files, &page))
        return false;
    known->at = at;
    known->page = page;
    return true;
}

/* A process that was planted one may have begun to use the library since: its own counts. */
static void look(struct wm_peer_files *files, struct wm_known_anchor *known)
{
    uintptr_t addr = 0;
    struct wm_vma vma;

    while (wm_peer_find_file(files, WM_ANCHOR_NAME, addr, &vma) == 0 && vma.range.end > addr) {
        if (read_page(files, vma.range.start, known) && !known->page.planted)
            return;
        addr = vma.range.end;
    }
}

/* Mappings that may be, or have merged with, a page without a name. */
static bool may_be_nameless(const struct wm_vma *vma)
{
    return !vma->file && !vma->shared && vma->access == WM_ACCESS_READ &&
           wm_range_bytes(vma->range) <= NAMELESS_PAGES * WM_PAGE;
}

static void look_without_name(struct wm_peer_files *files, struct wm_known_anchor *known)
{
    struct wm_vma vma;

    for (uintptr_t addr = WM_SPACE_START; wm_peer_vma(files, addr, &vma) == 0 && vma.range.end > addr;
         addr = vma.range.end)
        for (uintptr_t page = vma.range.start; may_be_nameless(&vma) && page < vma.range.end; page += WM_PAGE)
            if (read_page(files, page, known) && !known->page.planted)
                return;
}

/*
 * Looking takes long in a process with many mappings, and most processes have no anchor. So what was not
 * found is not looked for again before ten times as long has passed: a walk over such a process pays a tenth
 * for it at most.
 */
bool wm_anchor_find(struct wm_peer_files *files, struct wm_known_anchor *known)
{
    uint64_t began = wm_clock_now(), ended;

    if (known->at != 0 && !(known->page.planted && began >= known->look_again))
        return true;
    if (known->at == 0 && began < known->look_again)
        return false;
    wm_anchor_forget(known);
    look(files, known);
    if (known->at == 0 || known->page.planted)
        look_without_name(files, known);
    ended = wm_clock_now();
    known->look_again = ended + REST * (ended - began);
    return known->at != 0;
}
