/*
 * birth.c: the process has no book before its first call, and a child of a fork has its parent's until it is told.
 *
 * This room is on the top floor of vm: birth and forks know everybody, so that nobody else has to.
 */
#include <sched.h>
#include <stdlib.h>

#include "base/atomic.h"
#include "kern/faults.h"
#include "kern/kern.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "vm/agent/agent.h"
#include "vm/book/home.h"
#include "vm/life/forks.h"

enum { ALIVE = 0x716d656d, UNBORN = 0, BEING_BORN = 1, BORN = 2 };

static int life;              /* UNBORN, BEING_BORN, BORN */
static uint32_t *alive;       /* in a page that forks wipe */
static uint32_t alive_always; /* where there is no such page */

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

/* --- forks --- */

static bool put_off;

static void hold(void)
{
    put_off = take_birth();
}

static void give_back(void)
{
    if (put_off)
        WM_STORE(life, UNBORN);
}

static void renew(void)
{
    if (WM_LOAD(life) == BORN)
        WM_STORE(*alive, ALIVE);
}

const struct wm_renewal wm_renewed_birth = {.hold = hold, .give_back = give_back, .renew = renew};

/* --- birth --- */

static wm_status be_born(void)
{
    if (!take_birth())
        return WM_OK;
    wm_probe_read(secure_getenv("WINMEM_DISABLE"));
#ifdef WM_FAULT_SCRIPT
    wm_fault_script(secure_getenv("WM_FAULTS"));
#endif
    if (!wm_home_make()) {
        WM_STORE(life, UNBORN);
        return WM_BOOK_MEMORY;
    }
    make_alive_page();
    WM_STORE(life, BORN);
    wm_forks_watch();
    wm_agent_publish();
    return WM_OK;
}

wm_status wm_home_ready(void)
{
    if (__builtin_expect(WM_LOAD(life) != BORN, false))
        return be_born();
    if (__builtin_expect(WM_LOAD(*alive) != ALIVE, false))
        wm_forks_renew();
    return WM_OK;
}
