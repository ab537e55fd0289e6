/*
 * estate.h: what a planted agent leaves to a library that comes later, and how that finds it.
 *
 * A process has one book. A program may come to the library when a caller has already planted an agent and a book
 * (remote/plant.c): it was met in the dynamic loader, or loads the library long afterwards. The library then takes
 * the book over (heir.c). Looking for an anchor would cost it a walk through all mappings at each start; so the
 * caller leaves a brand in a place that can be computed, behind the kernel's own library (the vDSO), whose
 * last page is not full: first the code that makes the first system calls (remote/cave_code.S), then the brand, which
 * leads to the estate, in the planted agent's data.
 *
 *   the brand is written before the planted agent is asked anything: a process without a brand has no planted book
 *   whoever has set *running to what it was not is alone with the planted agent; an heir never gives it back
 *   an estate is EMPTY until there is a book, then LIVE, and TAKEN for ever once a library has come
 *
 * Versions of this library have to agree on what stands here, as far as the line in struct wm_estate; of the rest an
 * heir makes use only if its version is the same.
 */
#ifndef WM_VM_ESTATE_H
#define WM_VM_ESTATE_H

#include <elf.h>
#include <string.h>

#include "vm/agent/wire.h"

#define WM_BRAND_MAGIC 0x3164726d6e6977u    /* "winmrd1" */
#define WM_ESTATE_MAGIC 0x31747365656d6977u /* "wimeest1" */
#define WM_AGENT_RETIRED UINT64_MAX         /* *running: no number of a request */

enum { WM_CAVE_CODE = 96, WM_CAVE_ALIGNMENT = 16 };

struct wm_brand {
    uint64_t magic;
    uint64_t estate; /* its address */
};

/* Behind the vDSO. */
struct wm_cave {
    unsigned char code[WM_CAVE_CODE];
    struct wm_brand brand;
};

enum wm_estate_state { WM_ESTATE_EMPTY, WM_ESTATE_LIVE, WM_ESTATE_TAKEN };

struct wm_estate {
    uint64_t magic;
    uint32_t version; /* WM_WIRE_VERSION of the agent */
    uint32_t state;
    uint64_t running; /* the address of the word that is not 0 while a thread is at work for others */
    uint64_t anchor;  /* of the page by which others find the agent, or 0 */
    /* --- of the same version only --- */
    uint64_t agent, entry; /* as in struct wm_anchor */
    uint64_t home;         /* struct wm_home */
};

/*
 * Where struct wm_cave lies, from the beginning of the vDSO with this header; 0: nowhere. The table of sections comes last
 * in an object file.
 */
static inline uintptr_t wm_cave_offset(const Elf64_Ehdr *h)
{
    uintptr_t end = h->e_shoff + (uintptr_t)h->e_shnum * h->e_shentsize, at = wm_up(end, WM_CAVE_ALIGNMENT);

    if (memcmp(h->e_ident, ELFMAG, SELFMAG) != 0 || h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_shoff == 0)
        return 0;
    return wm_up(end, WM_PAGE) - at >= sizeof(struct wm_cave) ? at : 0;
}

#endif
