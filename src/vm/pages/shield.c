/*
 * shield.c: which pages are shielded, how, and how they cease to be (shield.h).
 *
 * Three things lead here, of which each has been seen. A protection in the page table goes with the contents, so that
 * memory whose contents may go (MEM_RESET, offered) is never shielded. It is no obstacle to a guard marker, and goes with
 * it: a decommit needs no lifting, and whoever commits a marked page shields it after the marker is gone. And the kernel
 * calls the fault SIGBUS: so nothing is shielded before somebody answers for faults, who is told by wm_shield_refuses that
 * the access was forbidden.
 *
 * The order: protected first, then the book; from the book's "writable" to the kernel's only within a call. Where
 * something is refused half-way, what the book says is put back. That takes nothing from anybody, since the page tables
 * are there.
 */
#include "vm/pages/shield.h"

#include <errno.h>

#include "core/pages.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/probe.h"
#include "kern/renew.h"
#include "vm/access.h"
#include "vm/ground/spare.h"
#include "vm/ground/warm.h"
#include "vm/pages/dense.h"
#include "vm/pages/guard.h"

/* --- becoming shielded --- */

/* Longer ranges break nothing that counts. */
static bool is_suitable(const struct wm_extent *e, struct wm_range r, uint16_t state)
{
    return state == WM_READONLY && wm_probe_has(WM_FEATURE_UFFD_PROTECT) && e->kind == WM_PRIVATE &&
           e->traits == 0 && e->node == 0 && e->marks == 0 && wm_range_bytes(r) < WM_LARGE &&
           !wm_range_holds(r, wm_extent_range(e)) && wm_pages_readwrite_below(wm_book(), e, r, 0);
}

static bool is_answered_for(void)
{
    return wm_guard_catch_faults != NULL && wm_ok(wm_guard_catch_faults());
}

/* With so much around it, as far as that is read/write memory. */
static int admit(const struct wm_found *found, struct wm_range r, size_t bytes, bool full)
{
    struct wm_range around = wm_dense_open_around(found, r, bytes);
    int error = wm_kern_shield_admit(around);

    while (full && error == -ENOMEM && wm_spare_spend(WM_SPARE_RELIEF))
        error = wm_kern_shield_admit(around);
    return error;
}

static int shield(const struct wm_found *found, struct wm_range r, size_t bytes, bool full)
{
    int error = wm_kern_shield(r);

    if (error != -ENOENT)
        return error;
    error = is_answered_for() ? admit(found, r, bytes, full) : -ENOSYS;
    return error != 0 ? error : wm_kern_shield(r);
}

/* A marker goes, and the page is shielded at once: by the book it is reserved, so that nobody has any business there. */
static int uncover(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), e, r);
    int error = 0;

    while (error == 0 && wm_run_next(&w)) {
        if (!(w.run.state & WM_PAGE_MARKED))
            continue;
        error = wm_kern_unmark(w.run.range);
        if (error == 0)
            error = wm_kern_shield(w.run.range);
    }
    return error;
}

/* As the book has it. A page that cannot be given back its freedom is mended when it is met. */
static void put_back(const struct wm_extent *e, struct wm_range r)
{
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        if (w.run.state & WM_PAGE_MARKED)
            wm_kern_mark(w.run.range);
        else if (!wm_page_is_shielded(w.run.state) && wm_kern_unshield(w.run.range) != 0)
            wm_home.unsettled = true;
}

static bool set(const struct wm_found *found, struct wm_range r, uint16_t state, bool full)
{
    size_t bytes = full ? WM_HUGE : wm_dense_pressure();
    int error;

    if (bytes == 0 || !is_suitable(&found->extent, r, state) || (full && !wm_table_is_full()))
        return false;
    WM_STORE(wm_home.dense.shields, true);
    error = shield(found, r, bytes, full);
    if (error == 0)
        error = uncover(&found->extent, r);
    if (error != 0)
        put_back(&found->extent, r);
    return error == 0;
}

/* Whatever is marked, reserved or barred, is empty. */
static bool can_be_barred(const struct wm_extent *e, struct wm_range r, uint16_t state)
{
    if (wm_access_of(state) != WM_ACCESS_NONE || wm_dense_pressure() == 0)
        return false;
    for (struct wm_run_walk w = wm_runs_of(wm_book(), e, r); wm_run_next(&w);)
        if (!(w.run.state & WM_PAGE_MARKED) || !(w.run.state & (WM_PAGE_DENSE | WM_PAGE_WARM)))
            return false;
    return true;
}

bool wm_shield_cover(const struct wm_found *found, struct wm_range r, uint16_t *state, bool full)
{
    if (can_be_barred(&found->extent, r, *state))
        *state |= WM_PAGE_MARKED | WM_PAGE_DENSE;
    else if (set(found, r, *state, full))
        *state |= WM_PAGE_DENSE;
    else
        return false;
    return true;
}

/* --- and ceasing --- */

int wm_shield_lift(const struct wm_extent *e, struct wm_range r)
{
    struct wm_run_walk w;
    int error = 0;

    if (wm_home.dense.shielded == 0)
        return 0;
    w = wm_runs_of(wm_book(), e, r);
    while (error == 0 && wm_run_next(&w))
        if (wm_page_is_shielded(w.run.state))
            error = wm_kern_unshield(w.run.range);
    return error;
}

/* The mapping forbids it before the shield or the marker goes. */
static int settle_run(struct wm_run run)
{
    int error = wm_kern_protect(run.range, wm_access_of(run.state));

    if (error != 0)
        return error;
    error = wm_page_is_barred(run.state) ? wm_kern_unmark(run.range) : wm_kern_unshield(run.range);
    if (error != 0)
        wm_spare_protect(run.range, WM_ACCESS_READ | WM_ACCESS_WRITE, WM_SPARE_UNDO);
    return error;
}

static void record_settled(struct wm_found *found, struct wm_run run)
{
    wm_warm_uncount(&found->extent, run.range);
    WM_SPACE_CHANGES(wm_book())
        wm_pages_set(wm_book(), found, run.range, run.state & WM_PAGE_VISIBLE);
}

static bool is_to_be_settled(uint16_t state)
{
    return wm_page_is_shielded(state) || wm_page_is_barred(state);
}

wm_status wm_shield_settle(struct wm_found *found, struct wm_range r, enum wm_op op)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), &found->extent, r);
    int error;

    while (wm_run_next(&w)) {
        if (!is_to_be_settled(w.run.state))
            continue;
        if (!wm_space_ready(wm_book(), 0, WM_PAGES_RUNS))
            return WM_BOOK_MEMORY;
        error = settle_run(w.run);
        if (error != 0)
            return wm_from_errno(op, error);
        record_settled(found, w.run);
    }
    return WM_OK;
}

/* --- anew --- */

/*
 * Where it cannot be shielded: a mapping of its own; and where there is none left, all of what is read/write around it is
 * made read-only, which splits nothing. What is writable there by the book is mended when it is met.
 */
static void close_run(struct wm_found *found, struct wm_run run)
{
    if (wm_space_ready(wm_book(), 0, WM_PAGES_RUNS) &&
        wm_spare_protect(run.range, WM_ACCESS_READ, WM_SPARE_RELIEF) == 0) {
        record_settled(found, run);
        return;
    }
    wm_home.unsettled = true;
    wm_kern_protect(wm_dense_open_around(found, run.range, WM_HUGE), WM_ACCESS_READ);
}

static void shield_anew(struct wm_found found)
{
    struct wm_run_walk w = wm_runs_of(wm_book(), &found.extent, wm_extent_range(&found.extent));
    int error;

    while (wm_run_next(&w)) {
        if (!wm_page_is_shielded(w.run.state))
            continue;
        error = wm_kern_shield(w.run.range);
        if (error == -ENOENT && admit(&found, w.run.range, WM_HUGE, true) == 0)
            error = wm_kern_shield(w.run.range);
        if (error != 0)
            close_run(&found, w.run);
    }
}

static void shield_all_anew(void)
{
    struct wm_found found;

    wm_kern_shields_forget();
    for (uintptr_t addr = 0; wm_home.dense.shielded != 0 && wm_space_from(wm_book(), addr, &found);
         addr = wm_extent_range(&found.extent).end)
        if (found.extent.kind == WM_PRIVATE)
            shield_anew(found);
}

void wm_shield_renew(void)
{
    if (!wm_kern_shields_lost())
        return;
    while (wm_home.claimed > 0 && wm_home_await())
        ;
    shield_all_anew();
}

/* Whoever has shielded pages wants them read-only in his children as well, at once. */
const struct wm_renewal wm_renewed_shields = {.renew = shield_all_anew};

/* --- faults --- */

/* With the lock, so that whoever is just changing the page has finished. */
bool wm_shield_refuses(uintptr_t addr, int access)
{
    struct wm_found found;
    wm_status st;
    bool exists;

    if (!WM_LOAD(wm_home.dense.shields) || access != WM_ACCESS_WRITE)
        return false;
    WM_AT_HOME(st)
        return wm_ok(wm_home_find(addr, &found, &exists)) && exists &&
               wm_page_is_shielded(wm_pages_at(wm_book(), &found.extent, addr).state);
    return false;
}
