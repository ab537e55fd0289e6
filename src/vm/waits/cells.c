/*
 * cells.c: making and giving back cells (cells.h).
 *
 * They lie in arenas: the first has 1,024 cells, each further one as many as all before it. An arena is a memory descriptor
 * of fixed size, sealed to it, mapped once and for ever: memory comes as cells are used, and the address of a cell stays
 * good, whoever sleeps there or wakes. It is not reused as soon as another process may know it:
 *
 *   a cell that was offered to another process is marked `shared`, and stays
 *   what was in use when this process forked is the child's as well: forks are counted, and each cell knows at which count
 *   it was made
 *   a child makes new cells in arenas of its own. Those of its parent stay mapped, and what lies there stays one with the
 *   parent's
 *
 * Children that _Fork or clone made are not counted: they share their cells as long as the parent does not close them.
 */
#include "vm/waits/cells.h"

#include "kern/lock.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "vm/errno_status.h"

enum { FIRST_CELLS = 1024, ARENAS = 12, CELLS_MAX = FIRST_CELLS << ARENAS };

struct arena {
    struct wm_cell *cells;
    struct wm_file_id id;
    int fd;
};

static struct {
    struct wm_lock lock;
    uint32_t used;  /* cells handed out at least once, from the first on */
    uint32_t free;  /* number + 1 of one that was given back, the next in its `most`; 0: none */
    uint32_t forks; /* how often this process has forked, or an ancestor since the first cell */
    struct arena arenas[ARENAS];
} all;

/* --- by number --- */

/* The arena that holds it: each begins where the number of cells has doubled. */
static unsigned arena_of(uint32_t number)
{
    return 31 - (unsigned)__builtin_clz(number / FIRST_CELLS + 1);
}

static uint32_t first_of(unsigned arena)
{
    return ((uint32_t)FIRST_CELLS << arena) - FIRST_CELLS;
}

static struct wm_cell *cell_at(uint32_t number)
{
    unsigned arena = arena_of(number);

    return &all.arenas[arena].cells[number - first_of(arena)];
}

/* --- arenas --- */

static wm_status make_arena(unsigned i)
{
    size_t bytes = sizeof(struct wm_cell) * FIRST_CELLS << i;
    struct arena arena = {0};
    uintptr_t at = 0;
    int error;

    arena.fd = wm_kern_memfd_named("winmem-waits", bytes, &arena.id);
    if (arena.fd < 0)
        return wm_from_errno(WM_OP_SECTION, arena.fd);
    error = wm_kern_map_file_anywhere(bytes, WM_ACCESS_READ | WM_ACCESS_WRITE, arena.fd, 0, &at);
    if (error != 0) {
        wm_kern_close(arena.fd);
        return wm_from_errno(WM_OP_SECTION, error);
    }
    arena.cells = (struct wm_cell *)at;
    all.arenas[i] = arena;
    return WM_OK;
}

/* --- taking and giving --- */

static wm_status take_number(uint32_t *number)
{
    wm_status st = WM_OK;

    if (all.free != 0) {
        *number = all.free - 1;
        all.free = cell_at(*number)->most;
        return WM_OK;
    }
    if (all.used == CELLS_MAX - FIRST_CELLS)
        return WM_WAITS_FULL;
    if (all.arenas[arena_of(all.used)].cells == NULL)
        st = make_arena(arena_of(all.used));
    if (wm_ok(st))
        *number = all.used++;
    return st;
}

static void place_of(uint32_t number, struct wm_cell_place *out)
{
    const struct arena *arena = &all.arenas[arena_of(number)];

    *out = (struct wm_cell_place){
        .cell = cell_at(number),
        .id = arena->id,
        .fd = arena->fd,
        .offset = (uint32_t)sizeof(struct wm_cell) * (number - first_of(arena_of(number))),
        .number = number,
        .forks = all.forks,
    };
}

wm_status wm_cells_take(struct wm_cell_place *out)
{
    uint32_t number;
    wm_status st;

    if (!wm_lock_take(&all.lock))
        return WM_REENTERED;
    st = take_number(&number);
    if (wm_ok(st))
        place_of(number, out);
    wm_lock_drop(&all.lock);
    return st;
}

/* Interrupted in the middle of another one, it is let lie. */
void wm_cells_give(const struct wm_cell_place *place)
{
    if (place->cell->shared || !wm_lock_take(&all.lock))
        return;
    if (place->forks == all.forks) {
        place->cell->most = all.free;
        all.free = place->number + 1;
    }
    wm_lock_drop(&all.lock);
}

/* --- forks --- */

static void count_fork(void)
{
    all.forks++;
    wm_cell_may_be_inherited();
}

static void hold(void)
{
    if (all.used != 0)
        count_fork();
}

/* However the child was made, nothing in it is of the count that begins now. */
static void renew(void)
{
    if (all.used == 0)
        return;
    count_fork();
    all.used = all.free = 0;
    for (unsigned i = 0; i < ARENAS; i++)
        all.arenas[i] = (struct arena){0};
}

const struct wm_renewal wm_renewed_cells = {.lock = &all.lock, .hold = hold, .renew = renew};
