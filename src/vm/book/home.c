#include "vm/book/home.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "kern/faults.h"
#include "kern/kern.h"
#include "kern/probe.h"
#include "kern/signals/altstack.h"
#include "vm/agent/agent.h"
#include "vm/physical/physical.h"
#include "vm/processes/process.h"
#include "vm/watch/watch.h"

enum { ALIVE = 0x716d656d, UNBORN = 0, BEING_BORN = 1, BORN = 2 };

struct wm_home wm_home __attribute__((aligned(64)));

static int life;              /* UNBORN, BEING_BORN, BORN */
static uint32_t *alive;       /* in a page that forks wipe */
static uint32_t alive_always; /* where there is no such page */

/* What each part of the book gets of its addresses, in MiB. The memory comes as it is needed. */
enum {
    EXTENTS_MIB = 1024,
    NODES_MIB = 2048,
    HANDLES_MIB = 16,
    PROCESSES_MIB = 8,
    SECTIONS_MIB = 64,
    BOOK_MIB = 3200,
    WHOLE_UNIT = 1 << 20
};

static int grow(void *start, size_t bytes)
{
    return wm_kern_protect(wm_range_of((uintptr_t)start, bytes), WM_ACCESS_READ | WM_ACCESS_WRITE);
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
    struct wm_objects *objects = &wm_home.objects;

    wm_pool_init(&space->extents, (void *)take_part(&at, EXTENTS_MIB, unit), EXTENTS_MIB * unit,
                 sizeof(struct wm_extent_cell), grow);
    wm_pool_init(&space->nodes, (void *)take_part(&at, NODES_MIB, unit), NODES_MIB * unit,
                 sizeof(struct wm_bnode), grow);
    wm_pool_init(&objects->handles, (void *)take_part(&at, HANDLES_MIB, unit), HANDLES_MIB * unit,
                 sizeof(struct wm_handle_entry), grow);
    wm_pool_init(&objects->processes, (void *)take_part(&at, PROCESSES_MIB, unit), PROCESSES_MIB * unit,
                 sizeof(struct wm_process), grow);
    wm_pool_init(&objects->sections, (void *)take_part(&at, SECTIONS_MIB, unit), SECTIONS_MIB * unit,
                 sizeof(struct wm_section), grow);
    wm_space_init(space, hints);
}

/* Where addresses are short the book leaves most of them to the program. */
static size_t affordable_unit(void)
{
    size_t unit = WHOLE_UNIT;
    uintptr_t at;

    while (unit >= WM_PAGE && wm_kern_reserve(BOOK_MIB * unit, &at) != 0)
        unit /= 2;
    if (unit < WM_PAGE)
        return 0;
    wm_kern_unmap(wm_range_of(at, BOOK_MIB * unit));
    return unit == WHOLE_UNIT ? unit : unit / 8 < WM_PAGE ? WM_PAGE : unit / 8;
}

static bool make_book(void)
{
    size_t unit = affordable_unit();
    uintptr_t at;

    if (unit == 0 || wm_kern_reserve(BOOK_MIB * unit, &at) != 0)
        return false;
    lay_out(at, unit);
    return true;
}

static void make_alive_page(void)
{
    struct wm_range page;

    alive = &alive_always;
    if (wm_kern_reserve(WM_PAGE, &page.start) == 0) {
        page.end = page.start + WM_PAGE;
        if (wm_kern_protect(page, WM_ACCESS_READ | WM_ACCESS_WRITE) == 0 && wm_kern_wipe_on_fork(page) == 0)
            alive = (uint32_t *)page.start;
        else
            wm_kern_unmap(page);
    }
    if (alive == &alive_always)
        wm_probe_lacks(WM_FEATURE_WIPE_ON_FORK);
    WM_STORE(*alive, ALIVE);
}

const uint32_t *wm_home_alive(void)
{
    return alive;
}

/* --- forks --- */

/* What before_fork took. A handler may fork while its own thread holds a lock: that is not ours to drop. */
static struct {
    bool birth, objects, home, frames;
} held;

/*
 * True: the caller may give birth, or put it off, and others wait meanwhile. False: it has happened.
 * Nobody is born during a fork, or the child would wait for a thread that it does not have.
 */
static bool take_birth(void)
{
    int expected = UNBORN;

    while (!__atomic_compare_exchange_n(&life, &expected, BEING_BORN, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_ACQUIRE)) {
        if (expected == BORN)
            return false;
        expected = UNBORN;
        sched_yield();
    }
    return true;
}

static void before_fork(void)
{
    bool birth = take_birth(), objects = wm_lock_take(&wm_home.object_lock);
    bool home = wm_lock_take(&wm_home.lock);

    while (home && wm_home.claimed > 0 && wm_home_await())
        ;
    held.birth = birth;
    held.objects = objects;
    held.home = home;
    held.frames = wm_lock_take(&wm_home.frame_lock);
}

static void after_fork_in_parent(void)
{
    bool birth = held.birth, objects = held.objects;

    if (held.frames)
        wm_lock_drop(&wm_home.frame_lock);
    if (held.home)
        wm_lock_drop(&wm_home.lock);
    if (objects)
        wm_lock_drop(&wm_home.object_lock);
    if (birth)
        WM_STORE(life, UNBORN);
}

/*
 * No other thread is left; nobody else renews what is bound to the parent. Every child pays for this, also one
 * that will never ask anything of us: nothing here walks the book.
 */
static void become_child(void)
{
    wm_lock_reset(&wm_home.lock);
    wm_lock_reset(&wm_home.object_lock);
    wm_home.claimed = wm_home.waiting = wm_home.space.promises = 0;
    wm_kern_maps_after_fork();
    wm_kern_scan_after_fork();
    wm_watch_after_fork();
    wm_physical_after_fork();
    wm_agent_after_fork();
    wm_processes_after_fork();
    WM_STORE(*alive, ALIVE);
}

static void after_fork_in_child(void)
{
    if (held.birth) {
        wm_lock_reset(&wm_home.lock);
        wm_lock_reset(&wm_home.object_lock);
        wm_lock_reset(&wm_home.frame_lock);
        WM_STORE(life, UNBORN);
    } else {
        become_child();
    }
}

/* Before anybody forks; a program's own constructors may have been faster. */
__attribute__((constructor)) static void watch_forks(void)
{
    static int watching;

    if (__atomic_exchange_n(&watching, 1, __ATOMIC_ACQ_REL) == 0)
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* --- birth --- */

static wm_status be_born(void)
{
    if (!take_birth())
        return WM_OK;
    wm_probe_read(getenv("WINMEM_DISABLE"));
#ifdef WM_FAULT_SCRIPT
    wm_fault_script(getenv("WM_FAULTS"));
#endif
    if (!make_book()) {
        WM_STORE(life, UNBORN);
        return WM_BOOK_MEMORY;
    }
    make_alive_page();
    WM_STORE(life, BORN);
    watch_forks();
    wm_agent_publish();
    return WM_OK;
}

wm_status wm_home_ready(void)
{
    if (__builtin_expect(WM_LOAD(life) != BORN, false))
        return be_born();
    if (__builtin_expect(WM_LOAD(*alive) != ALIVE, false))
        become_child();
    return WM_OK;
}

static wm_status enter(struct wm_lock *lock)
{
    wm_status st = wm_home_ready();

    wm_kern_alternate_stack();
    if (wm_ok(st) && !wm_lock_enter(lock))
        st = WM_REENTERED;
    return st;
}

wm_status wm_home_enter(void)
{
    return enter(&wm_home.lock);
}

void wm_home_leave(void)
{
    wm_lock_drop(&wm_home.lock);
}

wm_status wm_home_enter_objects(void)
{
    return enter(&wm_home.object_lock);
}

void wm_home_leave_objects(void)
{
    wm_lock_drop(&wm_home.object_lock);
}
