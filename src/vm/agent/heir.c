/*
 * heir.c: a library that comes into a process in which a caller has planted an agent takes its book over.
 *
 * The planted agent is the same code as we are (src/planted), so where the versions are equal the home is taken by
 * value: what lies outside it, the pools, the hints, the marks, is memory that stays where it is. All is done by one
 * thread, at birth, in an order in which each step leaves one book that is whole:
 *
 *   our anchor is there already, and an empty book (vm/life/birth.c): whoever looks for an agent from now on finds us,
 *   and waits. A caller who had looked before leaves a brand and looks again, and a planted agent looks before it makes a
 *   book. So either we see the brand, or they see our anchor.
 *   *running is set, for good: nobody is on the planted agent's stack, and nobody will be. A thread that was sent there
 *   returns as it came, and its caller, who finds the word set, looks for an agent anew
 *   the home is copied; the estate is TAKEN, the old anchor goes
 *
 * A book of another version cannot be read. It is closed all the same, because two agents that both change one
 * address space would contradict each other: what was in it stays mapped, and is from now on memory of somebody else's
 * in a new book, which is true: who allocated it speaks another version, and is told so (WM_TARGET_VERSION). The same is
 * done with a book that a fork has cut in the middle of a change.
 */
#include <sys/auxv.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/patience.h"
#include "vm/agent/agent.h"
#include "vm/agent/estate.h"
#include "vm/book/home.h"

/* A request may take long, and nothing can be said of the address space before it has ended. */
#define CLAIM_NANOSECONDS 10000000000u

/* Programs may unmap or move the vDSO: the kernel is asked before it is read. */
static struct wm_estate *find_estate(void)
{
    uintptr_t base = getauxval(AT_SYSINFO_EHDR), offset;
    const struct wm_cave *cave;
    struct wm_estate *estate;

    if (base == 0 || !wm_kern_readable((const void *)base, sizeof(Elf64_Ehdr)))
        return NULL;
    offset = wm_cave_offset((const Elf64_Ehdr *)base);
    cave = (const struct wm_cave *)(base + offset);
    if (offset == 0 || !wm_kern_readable(cave, sizeof *cave) || cave->brand.magic != WM_BRAND_MAGIC)
        return NULL;
    estate = (struct wm_estate *)cave->brand.estate;
    return wm_kern_readable(estate, sizeof *estate) && estate->magic == WM_ESTATE_MAGIC ? estate : NULL;
}

static bool is_taken(const struct wm_estate *estate)
{
    return WM_LOAD(estate->state) == WM_ESTATE_TAKEN;
}

static bool try_claim(const struct wm_estate *estate)
{
    uint64_t nobody = 0;

    return __atomic_compare_exchange_n((uint64_t *)estate->running, &nobody, WM_AGENT_RETIRED, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* Another copy of the library in the same process may be faster. */
static wm_status claim(const struct wm_estate *estate)
{
    struct wm_patience patience = wm_patience_for(CLAIM_NANOSECONDS);

    while (!is_taken(estate) && !try_claim(estate))
        if (!wm_patience_nap(&patience))
            return WM_ESTATE_BUSY;
    return WM_OK;
}

static void adopt(const struct wm_estate *estate)
{
    if (estate->state == WM_ESTATE_LIVE && estate->version == WM_WIRE_VERSION)
        wm_home_adopt((const struct wm_home *)estate->home);
}

static void close_estate(struct wm_estate *estate)
{
    WM_STORE(estate->state, WM_ESTATE_TAKEN);
    if (estate->anchor != 0)
        wm_kern_unmap(wm_range_of(estate->anchor, WM_PAGE));
}

wm_status wm_agent_inherit(void)
{
    struct wm_estate *estate = find_estate();
    wm_status st = estate == NULL ? WM_OK : claim(estate);

    if (estate == NULL || !wm_ok(st) || is_taken(estate))
        return st;
    adopt(estate);
    close_estate(estate);
    return WM_OK;
}
