/*
 * land.h: what lies at an address, by the book and by the kernel together.
 *
 * The book knows what is ours, the kernel what is not. One step answers for one address and says up to
 * where the answer holds; queries and searches walk the address space in such steps. No lock is needed;
 * whoever holds it gets an exact answer.
 */
#ifndef WM_VM_LAND_H
#define WM_VM_LAND_H

#include "core/space.h"
#include "kern/map/mapping.h"
#include "vm/book/whose.h"
#include "vm/ops.h"

enum wm_land_kind {
    WM_LAND_OURS,   /* an extent that is in use */
    WM_LAND_HELD,   /* free, but mapped inaccessibly as arena ground */
    WM_LAND_EMPTY,  /* nothing mapped */
    WM_LAND_FOREIGN /* mapped by somebody else */
};

struct wm_land {
    enum wm_land_kind kind;
    struct wm_range range; /* from the address asked for; OURS: the run of like pages */
    struct wm_peek ours;   /* OURS */
    struct wm_vma vma;     /* FOREIGN: cut where the book knows better */
    bool bounded;          /* EMPTY: what follows is foreign, no need to ask */
};

wm_status wm_land_at(uintptr_t addr, struct wm_land *out);

/* The same in another process. */
wm_status wm_land_of(struct wm_whose *whose, uintptr_t addr, struct wm_land *out);

/* What the book alone knows, however long a writer is at work. WM_REENTERED: that is this thread, interrupted. */
wm_status wm_land_peek(uintptr_t addr, struct wm_peek *out);

/*
 * The extent at *addr, or the first one above it, free or in use; then *addr is moved to its start. False: there
 * is none up to the end of the space, or the book cannot be read here (a handler that interrupted its writer).
 */
bool wm_land_next(uintptr_t *addr, struct wm_peek *out);

static inline bool wm_land_is_free(const struct wm_land *land)
{
    return land->kind == WM_LAND_HELD || land->kind == WM_LAND_EMPTY;
}

#endif
