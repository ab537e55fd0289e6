/*
 * home.c: the one struct that holds the book, and where its memory lies (home.h).
 *
 * The book lies in one mapping, never in malloc's memory, because malloc may be built on us. Its parts are
 * pools that grow in place: addresses are set aside for tens of millions of extents, and memory comes with
 * use. So nothing in it ever moves, and readers without a lock, other processes among them, may follow its
 * indexes at any moment.
 *
 *   wm_home is a static: a fork copies it with the mapping that it points to, and both stay right
 *   home.lock guards all but objects and frames; frame_lock is taken inside lock, never the other way round
 *   what stands before space.promises in it is this copy's own, and stays when another home moves in
 */
#include "vm/book/home.h"

#include <stddef.h>
#include <string.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/renew.h"
#include "kern/signals/signals.h"

struct wm_home wm_home __attribute__((aligned(64)));

/* What each part of the book gets of its addresses, in MiB. The memory comes as it is needed. */
enum {
    EXTENTS_MIB = 1024,
    NODES_MIB = 2048,
    HINTS_MIB = 64,
    HANDLES_MIB = 16,
    OBJECTS_MIB = 214, /* shared out by vm/handles */
    SPARE_MIB = 40,
    BOOK_MIB = 3406,
    WHOLE_UNIT = 1 << 20
};

_Static_assert(2 * WM_SPARE_PAGES + 1 <= SPARE_MIB, "a unit may be a page");

static int grow(void *start, size_t bytes)
{
    return wm_kern_protect(wm_range_of((uintptr_t)start, bytes), WM_ACCESS_READ | WM_ACCESS_WRITE);
}

/*
 * Huge pages for what a part grows by from now on: one of a million extents is found in half the time. It is a wish, and
 * nothing depends on it. What the part has grown to and what it has not are a mapping each, and must stay so, or growing would
 * take a third one, which the kernel may refuse: so both are advised, and first the one whose advice may take a mapping.
 */
static void widen(const struct wm_pool *part, uintptr_t end)
{
    uintptr_t start = (uintptr_t)part->items;

    if (wm_kern_huge_pages((struct wm_range){end, start + (size_t)part->max * part->item_bytes}) == 0)
        wm_kern_huge_pages((struct wm_range){start, end});
}

static int grow_part(void *start, size_t bytes)
{
    static const struct wm_pool *const parts[] = {&wm_home.space.extents, &wm_home.space.nodes,
                                                  &wm_home.space.more_hints};
    int error = grow(start, bytes);

    for (size_t i = 0; error == 0 && i < sizeof parts / sizeof parts[0]; i++)
        if ((uintptr_t)start == (uintptr_t)parts[i]->items + WM_POOL_HUGE)
            widen(parts[i], (uintptr_t)start + bytes);
    return error;
}

static uintptr_t take_part(uintptr_t *at, size_t parts, size_t unit)
{
    uintptr_t start = *at;

    *at += parts * unit;
    return start;
}

/* One mebibyte stands for `unit` bytes where addresses are short (RLIMIT_AS). */
static void lay_out(uintptr_t at, size_t unit)
{
    static uint32_t hints[WM_HINTS];
    struct wm_space *space = &wm_home.space;
    uintptr_t objects;

    wm_pool_init(&space->extents, (void *)take_part(&at, EXTENTS_MIB, unit), EXTENTS_MIB * unit,
                 sizeof(struct wm_extent_cell), grow_part);
    wm_pool_init(&space->nodes, (void *)take_part(&at, NODES_MIB, unit), NODES_MIB * unit,
                 sizeof(struct wm_bnode), grow_part);
    wm_pool_init(&space->more_hints, (void *)take_part(&at, HINTS_MIB, unit), HINTS_MIB * unit,
                 sizeof(uint32_t), grow_part);
    objects = take_part(&at, HANDLES_MIB + OBJECTS_MIB, unit);
    wm_objects_init(&wm_home.objects, (struct wm_range){objects, at}, unit, HANDLES_MIB, grow);
    wm_home.spare = (struct wm_spare){.start = take_part(&at, SPARE_MIB, unit)};
    wm_space_init(space, hints);
}

/* With room to begin where a huge page can: so do all large parts then. */
static size_t book_bytes(size_t unit)
{
    return BOOK_MIB * unit + WM_POOL_HUGE;
}

/* Where addresses are short the book leaves most of them to the program. */
static size_t affordable_unit(void)
{
    size_t unit = WHOLE_UNIT / 2;
    uintptr_t at;

    while (unit >= WM_PAGE && wm_kern_reserve(book_bytes(unit), &at) != 0)
        unit /= 2;
    if (unit < WM_PAGE)
        return 0;
    wm_kern_unmap(wm_range_of(at, book_bytes(unit)));
    return unit / 8 < WM_PAGE ? WM_PAGE : unit / 8;
}

/*
 * The kernel puts what is mapped right below the libraries. Who looks for room within 2 GiB of code, as hooks and
 * compilers at run time do, must find it free there: the book, which is long, lies further down.
 */
#define NEAR_CODE ((size_t)1 << 32)

static int reserve_apart(size_t bytes, uintptr_t *at)
{
    int error = wm_kern_reserve(bytes + NEAR_CODE, at);

    if (error == 0 && (error = wm_kern_unmap(wm_range_of(*at + bytes, NEAR_CODE))) != 0)
        wm_kern_unmap(wm_range_of(*at, bytes + NEAR_CODE));
    return error;
}

/* What was made here: not the book that was taken over, whose mapping is the planted agent's and stays. */
static struct wm_range made;

bool wm_home_make(void)
{
    size_t unit = WHOLE_UNIT;
    uintptr_t at;

    if (reserve_apart(book_bytes(unit), &at) != 0 && wm_kern_reserve(book_bytes(unit), &at) != 0) {
        unit = affordable_unit();
        if (unit == 0 || wm_kern_reserve(book_bytes(unit), &at) != 0)
            return false;
    }
    made = wm_range_of(at, book_bytes(unit));
    lay_out(wm_up(at, WM_POOL_HUGE), unit);
    return true;
}

void wm_home_unmake(void)
{
    if (wm_range_bytes(made) != 0)
        wm_kern_unmap(made);
    made = (struct wm_range){0, 0};
}

/*
 * In the middle of a change, or of one of handles. The book's lock alone says nothing: whoever holds it may
 * be in the middle of a system call, with a book that is whole.
 */
static bool is_torn(const struct wm_home *home)
{
    return WM_LOAD(home->space.sequence) % 2 != 0 || WM_LOAD(home->object_lock.word) != 0;
}

/* What points into the other home, or to its code, points to ours. */
static void move_in(void)
{
    struct wm_space *space = &wm_home.space;

    space->extents.grow = space->nodes.grow = space->more_hints.grow = grow_part;
    wm_objects_grow_by(&wm_home.objects, grow);
    space->map.nodes = space->runs.nodes = &space->nodes;
    wm_lock_renew(&wm_home.object_lock);
    wm_lock_renew(&wm_home.frame_lock);
    space->promises = 0;
}

/* All but the lock and the number that stand in front. Who reads from another process sees a change at work meanwhile. */
bool wm_home_adopt(const struct wm_home *left)
{
    enum { FROM = offsetof(struct wm_home, space.promises) };
    uint32_t sequence = left->space.sequence;

    if (is_torn(left))
        return false;
    WM_STORE(wm_home.space.sequence, sequence + 1);
    memcpy((char *)&wm_home + FROM, (const char *)left + FROM, sizeof wm_home - FROM);
    move_in();
    WM_STORE(wm_home.space.sequence, sequence + 2);
    wm_home_unmake();
    return true;
}

/* --- forks --- */

bool wm_home_is_torn(void)
{
    return is_torn(&wm_home);
}

const struct wm_renewal wm_renewed_objects = {.lock = &wm_home.object_lock};

/* --- locks --- */

wm_status wm_home_take(struct wm_lock *lock)
{
    wm_status st = wm_home_ready();

    wm_kern_alternate_stack();
    if (wm_ok(st) && !wm_lock_enter(lock))
        st = WM_REENTERED;
    return st;
}

wm_status wm_home_enter(void)
{
    return wm_home_take(&wm_home.lock);
}

void wm_home_leave(void)
{
    wm_lock_drop(&wm_home.lock);
}

bool wm_home_is_mine(void)
{
    return wm_lock_mine(&wm_home.lock) || wm_lock_mine(&wm_home.object_lock) ||
           wm_lock_mine(&wm_home.frame_lock);
}
