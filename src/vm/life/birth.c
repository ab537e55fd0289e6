/*
 * birth.c: a process has a book from the moment on when the library is loaded, and a child of a fork has its parent's until
 * it has renewed what a fork renews.
 *
 * Both are done once, by whoever comes first, while others wait. One word says how far it is and who is at it, and lies in
 * a page that forks wipe: so a child that was made in the middle neither waits for a thread that it has not, nor takes a
 * half for the whole. A signal handler that interrupts its own thread here is told.
 *
 * This room is on the top floor of vm: it knows everybody, so that nobody else has to.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/atomic.h"
#include "base/planted.h"
#include "kern/faults.h"
#include "kern/lock.h"
#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "vm/agent/agent.h"
#include "vm/book/home.h"
#include "vm/life/forks.h"

/* The word; any other is that of wm_lock_self of whoever is at work, which is odd. */
enum { WIPED = 0, UNBORN = 2, ALIVE = 0x716d656c };

static uint64_t *pulse;  /* the word; NULL: nobody has come yet */
static uint64_t still;   /* where there is no page that forks wipe */
static uintptr_t giving; /* who is at work; not wiped */
static bool born;
static bool torn; /* a child has this for ever, and so have its children */

/* --- the environment --- */

/* At load, and where there is no book from then on again by the first call: what the program has set until then counts. */
static void read_environment(void)
{
    wm_probe_read(secure_getenv("WINMEM_DISABLE"));
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

/* --- the page --- */

static uint64_t *make_page(void)
{
    struct wm_range page;

    if (wm_kern_map_sparse(WM_PAGE, &page.start) == 0) {
        page.end = page.start + WM_PAGE;
        if (wm_kern_wipe_on_fork(page) == 0)
            return (uint64_t *)page.start;
        wm_kern_unmap(page);
    }
    wm_probe_lacks(WM_FEATURE_WIPE_ON_FORK);
    return &still;
}

/* Nobody can wait for it to be made, for this is what one waits on: two may make one, and one is used. */
static uint64_t *find_pulse(void)
{
    uint64_t *found = WM_LOAD(pulse), *made;

    if (found == NULL) {
        read_again();
        made = make_page();
        WM_STORE(*made, UNBORN);
        if (__atomic_compare_exchange_n(&pulse, &found, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            found = made;
        else if (made != &still)
            wm_kern_unmap(wm_range_of((uintptr_t)made, WM_PAGE));
    }
    WM_STORE(wm_lock_alive, found);
    return found;
}

/* --- birth --- */

static wm_status make_book(void)
{
    wm_status st = wm_home_make() ? wm_agent_publish() : WM_BOOK_MEMORY;

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
 * Where a handler has forked within this thread's own work, that is finished first. Where another thread was changing the
 * book and nobody waited for it, because this was no fork() of libc's, the copy is in pieces for ever.
 */
static wm_status may_renew(void)
{
    if (wm_lock_outlives_fork(giving) || wm_forks_interrupt())
        return WM_REENTERED;
    torn = torn || (born && wm_home_is_torn());
    return torn ? WM_TORN : WM_OK;
}

/* What the word was is known; it is this thread's now. Returns what it becomes. */
static uint64_t come_alive(uint64_t was, wm_status *st)
{
    *st = was == WIPED ? may_renew() : WM_OK;
    if (!wm_ok(*st))
        return was;
    giving = wm_lock_self();
    if (was == WIPED)
        wm_forks_renew();
    if (!born)
        *st = be_born();
    giving = 0;
    return wm_ok(*st) ? ALIVE : UNBORN;
}

/* Sets the word back to what others may go on from. */
static wm_status take_turn(uint64_t *word, uint64_t was)
{
    wm_status st;

    WM_STORE(*word, come_alive(was, &st));
    wm_lock_wake_all((uint32_t *)word);
    return st;
}

static wm_status begin(void)
{
    uint64_t *word, seen;

    word = find_pulse();
    while ((seen = WM_LOAD(*word)) != ALIVE) {
        if (seen == wm_lock_self() || wm_lock_is_late())
            return WM_REENTERED;
        if (seen != WIPED && seen != UNBORN)
            wm_lock_wait((uint32_t *)word, (uint32_t)seen);
        else if (__atomic_compare_exchange_n(word, &seen, wm_lock_self(), false, __ATOMIC_ACQ_REL,
                                             __ATOMIC_ACQUIRE))
            return take_turn(word, seen);
    }
    return WM_OK;
}

/*
 * Before the program's own constructors. Where it fails (no memory, RLIMIT_AS), the first call tries again; callers
 * that come earlier, in constructors of libraries that stand before us, are the first call.
 */
__attribute__((constructor(101))) static void be_born_at_load(void)
{
    read_environment();
    if (wm_probe_has(WM_FEATURE_AT_LOAD))
        wm_home_ready();
}

wm_status wm_home_ready(void)
{
    return __builtin_expect(wm_lock_pulse() == ALIVE, true) ? WM_OK : begin();
}

/* --- forks --- */

/* Renewed at once, as far as it can be: what the child has of its parent costs memory. */
static void after_fork_in_child(void)
{
    wm_forks_after();
    if (pulse == NULL)
        return;
    WM_STORE(*pulse, WIPED);
    if (born)
        begin();
}

/*
 * pthread_atfork tells of fork(); of _Fork and clone it does not, and whoever finds the page wiped renews. At load,
 * because it allocates: a thread may be borrowed within malloc. Who forks before has the page.
 */
__attribute__((constructor(101))) static void watch_forks(void)
{
    pthread_atfork(wm_forks_before, wm_forks_after, after_fork_in_child);
}
