/*
 * birth.c: what it takes that a process has a book, and a child of a fork its own. Whose turn it is, and who waits
 * meanwhile, is told in vm/book/pulse.h.
 *
 * This room is the top floor of vm: it knows everybody, so that nobody else has to.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/planted.h"
#include "kern/faults.h"
#include "kern/lock.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "kern/system/system.h"
#include "vm/agent/agent.h"
#include "vm/book/home.h"
#include "vm/book/pulse.h"
#include "vm/ground/huge.h"
#include "vm/handles/types.h"
#include "vm/life/forks.h"
#include "vm/pages/dense.h"

static bool born;
static bool torn; /* a child has this for ever, and so have its children */

/* --- the environment --- */

/* At load, and where there is no book from then on again by the first call: what the program has set until then counts. */
static void read_environment(void)
{
    wm_probe_read(secure_getenv("WINMEM_DISABLE"));
    wm_huge_read(secure_getenv("WINMEM_HUGE"));
    wm_dense_read(secure_getenv("WINMEM_DENSE"));
}

/* Threads whose first calls come together may both be here: without a script neither writes what the other one reads. */
static void read_script(void)
{
#ifdef WM_FAULT_SCRIPT
    const char *script = secure_getenv("WM_FAULTS");

    if (script != NULL)
        wm_fault_script(script);
#endif
}

/* A borrowed thread may be in the middle of changing the environment. Where an agent was planted nobody has read it. */
static void read_again(void)
{
    if (wm_lock_is_hurried() && !WM_IS_PLANTED)
        return;
    read_environment();
    read_script();
}

/* --- birth --- */

static wm_status make_book(void)
{
    wm_status st = !wm_kern_has_our_pages()                   ? WM_PAGES_TOO_LARGE
                   : wm_home_make() && wm_handle_types_make() ? wm_agent_publish()
                                                              : WM_BOOK_MEMORY;

    if (!wm_ok(st))
        wm_home_unmake();
    return st;
}

/*
 * Others find us before anybody has used the book, so that nobody plants another one: whoever comes now waits. What a
 * caller has planted before is taken over; if that is busy for too long, the rest is done.
 */
static wm_status be_born(void)
{
    static bool made;
    wm_status st = made ? WM_OK : make_book();

    made = wm_ok(st);
    if (made)
        st = wm_agent_inherit();
    born = wm_ok(st);
    return st;
}

/*
 * What a handler has interrupted to fork is finished first. Where another thread was changing the book and nobody waited
 * for it, because this was no fork() of libc's, the copy is in pieces for ever.
 */
static wm_status may_renew(void)
{
    if (wm_forks_interrupt())
        return WM_REENTERED;
    torn = torn || (born && wm_home_is_torn());
    return torn ? WM_TORN : WM_OK;
}

static wm_status begin(bool child)
{
    if (child)
        wm_forks_renew();
    return born ? WM_OK : be_born();
}

const struct wm_life wm_life = {.awake = read_again, .may_renew = may_renew, .begin = begin};

/*
 * Before the program's own constructors. Where it fails (no memory, RLIMIT_AS), the first call tries again; callers
 * that come earlier, in constructors of libraries that stand before us, are the first call.
 */
__attribute__((constructor(101))) static void be_born_at_load(void)
{
    read_environment();
    if (wm_probe_has(WM_FEATURE_AT_LOAD) && wm_ok(wm_home_ready()))
        wm_probe_told(WM_FEATURE_AT_LOAD, 0);
    else
        wm_probe_lacks(WM_FEATURE_AT_LOAD);
}

/* --- forks --- */

/* Renewed at once, as far as it can be: what the child has of its parent costs memory. */
static void after_fork_in_child(void)
{
    wm_forks_after();
    if (wm_pulse_wipe() && born)
        wm_home_ready();
}

/*
 * pthread_atfork tells of fork(); of _Fork and clone it does not, and whoever finds the page wiped renews. At load,
 * because it allocates: a thread may be borrowed within malloc. Who forks before has the page.
 */
__attribute__((constructor(101))) static void watch_forks(void)
{
    pthread_atfork(wm_forks_before, wm_forks_after, after_fork_in_child);
}
