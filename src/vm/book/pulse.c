/*
 * pulse.c: one word, in a page that the kernel wipes in each child of a fork (pulse.h).
 *
 *   WIPED    a child that has renewed nothing yet: the kernel made the page zeros (MADV_WIPEONFORK)
 *   UNBORN   there is no book yet, or making it failed
 *   an odd number   the thread with that number is at work, others wait
 *   ALIVE    there is a book, and it is this process's own
 *
 * A call pays one load and one comparison for all of this, also the first call of a child whose parent told
 * nobody that it forks (_Fork, clone). Comparing process numbers would notice as much, for a system call
 * each time. Where the page cannot be had (MADV_WIPEONFORK refused), a static word takes its place, and
 * only fork() of libc's, which tells us, is noticed (WM_FEATURE_WIPE_ON_FORK).
 */
#include "vm/book/pulse.h"

#include "base/atomic.h"
#include "kern/busy.h"
#include "kern/lock.h"
#include "kern/map/mapping.h"
#include "kern/probe.h"

/* The word; any other is that of wm_lock_self of whoever is at work, which is odd. */
enum { WIPED = 0, UNBORN = 2, ALIVE = 0x716d656c };

static uint64_t *pulse;         /* the word; NULL: nobody has come yet */
static uint64_t still = UNBORN; /* where there is no page that forks wipe */
static uintptr_t giving;        /* who is at work; not wiped */

/* --- the page --- */

static uint64_t *make_page(void)
{
    struct wm_range page;

    if (wm_kern_map_sparse(WM_PAGE, &page.start) == 0) {
        page.end = page.start + WM_PAGE;
        if (wm_kern_wipe_on_fork(page) == 0) {
            wm_probe_told(WM_FEATURE_WIPE_ON_FORK, 0);
            WM_STORE(*(uint64_t *)page.start, UNBORN);
            return (uint64_t *)page.start;
        }
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
        wm_life.awake();
        made = make_page();
        if (__atomic_compare_exchange_n(&pulse, &found, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            found = made;
        else if (made != &still)
            wm_kern_unmap(wm_range_of((uintptr_t)made, WM_PAGE));
    }
    WM_STORE(wm_lock_alive, found);
    return found;
}

/* --- coming alive --- */

/* Where a handler has forked within this thread's own work, that is finished first. */
static wm_status may_renew(void)
{
    return wm_lock_outlives_fork(giving) ? WM_REENTERED : wm_life.may_renew();
}

/* What the word was is known; it is this thread's now. Returns what it becomes. */
static uint64_t come_alive(uint64_t was, wm_status *st)
{
    *st = was == WIPED ? may_renew() : WM_OK;
    if (!wm_ok(*st))
        return was;
    giving = wm_lock_self();
    *st = wm_life.begin(was == WIPED);
    giving = 0;
    return wm_ok(*st) ? ALIVE : UNBORN;
}

/* Does the work, and leaves in the word what others can go on from: that it is done, or that nothing was. */
static wm_status take_turn(uint64_t *word, uint64_t was)
{
    wm_status st;

    wm_busy_begin();
    WM_STORE(*word, come_alive(was, &st));
    wm_lock_wake_all((uint32_t *)word);
    wm_busy_end();
    return st;
}

/*
 * WM_REENTERED: this thread is at work itself, and a signal handler of it has come here; or a borrowed
 * thread has waited for as long as it may.
 */
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

wm_status wm_home_ready(void)
{
    return __builtin_expect(wm_lock_pulse() == ALIVE, true) ? WM_OK : begin();
}

bool wm_pulse_wipe(void)
{
    if (pulse == NULL)
        return false;
    WM_STORE(*pulse, WIPED);
    return true;
}
