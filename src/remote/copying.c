/*
 * copying.c: memory of whichever process, by copying (copying.h).
 *
 * One system call, and a look whether the process is still the one that was meant. Copying by number heeds
 * the protections of the pages, which is what Windows wants of it but for code: that is written through
 * /proc/PID/mem, which heeds none, so no page is made writable for a moment as Windows does, and nobody can
 * meet it in between. A page is code if the region there says so; that is asked after the ordinary way was
 * refused.
 *
 * What is at most a page is tried at once: what the handle stands for is read without a lock, and looked at again when it is
 * done, or before what cannot be undone. Whatever is in the way, a guard page or a handle that is wrong, is found out by the
 * ordinary way, which begins anew.
 *
 * A guard page that stops a copy is met by it, and is none afterwards (D6.6a). Where some of the source
 * cannot be read the count is 0 (O207); whether that was the reason is found out when a copy has ended early.
 *
 * Copying waits, as long as he likes, for whoever supplies a page (userfaultfd, FUSE), and then only a signal
 * that ends the caller ends it. What must not wait, like looking into a book, reads through peek.c.
 */
#include "remote/copying.h"

#include <errno.h>

#include "base/atomic.h"
#include "core/extent.h"
#include "kern/clock.h"
#include "kern/pages/pagestate.h"
#include "remote/regions.h"
#include "remote/target.h"
#include "vm/access.h"
#include "vm/book/home.h"

/* What it means that so many bytes were copied. */
static wm_status of_result(long got, size_t bytes)
{
    if (got == (long)bytes)
        return WM_OK;
    return got == -EPERM || got == -EACCES ? WM_PROCESS_DENIED : WM_COPIED_IN_PART;
}

/*
 * A process cannot end, be waited for, and leave its number to another one that has begun, in so short a time. So many
 * small copies need one look.
 */
#define SURVIVES_NANOSECONDS 15000u

static bool is_fresh(uint64_t seen, uint64_t now)
{
    return now - seen < SURVIVES_NANOSECONDS;
}

static bool is_the_same_still(struct wm_process *process)
{
    uint64_t now = wm_clock_now();

    if (is_fresh(WM_LOAD(process->seen), now))
        return true;
    if (!wm_peer_alive(&process->peer))
        return false;
    WM_STORE(process->seen, now);
    return true;
}

/* --- at once: no lock, no pin, one system call --- */

static bool is_small(size_t bytes)
{
    return bytes - 1 < WM_PAGE;
}

/* Looked at anew, by the handle; from then on one call tells. */
static bool is_that_still(uintptr_t handle, uint32_t rights, const struct wm_glimpse *glimpse)
{
    struct wm_target target;
    bool same;

    if (!wm_ok(wm_target_of(handle, rights, &target)))
        return false;
    same = target.index == glimpse->entry.object && !wm_target_is_self(&target) &&
           is_the_same_still(target.other);
    if (same && !WM_LOAD(target.other->bound))
        WM_STORE(target.other->bound, wm_peer_bind(&target.other->peer));
    wm_target_drop(&target);
    return same;
}

/* The record is not pinned: if it is another's by now, it says something else of when that was seen. */
static bool has_its_number(struct wm_glimpse *glimpse, uint64_t now)
{
    if (glimpse->pidfd < 0 || !wm_peer_has_number(glimpse->pid, glimpse->pidfd))
        return false;
    __atomic_compare_exchange_n(&wm_process_at(glimpse->entry.object)->seen, &glimpse->seen, now, false,
                                __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    return true;
}

static bool is_trusted(uintptr_t handle, uint32_t rights, struct wm_glimpse *glimpse)
{
    uint64_t now = wm_clock_now();

    return is_fresh(glimpse->seen, now) || has_its_number(glimpse, now) ||
           is_that_still(handle, rights, glimpse);
}

bool wm_remote_reads_at_once(uintptr_t handle, uint32_t rights, uintptr_t to, uintptr_t from, size_t bytes)
{
    struct wm_glimpse glimpse;

    return is_small(bytes) && wm_target_glimpse(handle, rights, &glimpse) &&
           wm_peer_copy_by_number(glimpse.pid, (void *)to, from, bytes, false) == (long)bytes &&
           is_trusted(handle, rights, &glimpse) && wm_glimpse_holds(handle, &glimpse);
}

/* What was written in part is written again by whoever finds out how far it can be. */
bool wm_remote_writes_at_once(uintptr_t handle, uint32_t rights, uintptr_t to, uintptr_t from, size_t bytes)
{
    struct wm_glimpse glimpse;

    return is_small(bytes) && wm_target_glimpse(handle, rights, &glimpse) &&
           is_trusted(handle, rights, &glimpse) && wm_glimpse_holds(handle, &glimpse) &&
           wm_peer_copy_by_number(glimpse.pid, (void *)from, to, bytes, true) == (long)bytes;
}

/* --- by whoever has pinned it --- */

/* A guard page that was met is none any more, as on Windows, where the copy touches it. */
static void meet(const struct wm_target *target, uintptr_t addr)
{
    struct wm_region region;

    if (wm_ok(wm_remote_query(target, addr, &region)) && (region.protect & WM_PAGE_GUARD))
        wm_in_lift_guard(target, &(struct wm_guard_req){.addr = addr});
}

/* What lies there was committed through another view: it can be touched since this question. */
static bool is_met_by_asking(const struct wm_target *target, uintptr_t addr)
{
    struct wm_region region;

    return wm_ok(wm_remote_query(target, addr, &region)) && region.partial &&
           region.state == WM_REGION_COMMITTED && !(region.protect & WM_PAGE_GUARD);
}

enum way { READING, WRITING };

/* Between memory of ours and of another process, as far as it goes. */
static long copy(const struct wm_target *target, uintptr_t theirs, uintptr_t own, size_t bytes, enum way way)
{
    const struct wm_peer *peer = &target->other->peer;
    size_t done = 0, asked = SIZE_MAX;
    long got;

    for (;;) {
        got = way == READING
                  ? wm_peer_read_unseen(peer, (void *)(own + done), theirs + done, bytes - done)
                  : wm_peer_write_unseen(peer, theirs + done, (const void *)(own + done), bytes - done);
        done += got > 0 ? (size_t)got : 0;
        if (done == bytes || (got < 0 && got != -EFAULT) || done == asked ||
            !is_met_by_asking(target, theirs + done))
            return done > 0 ? (long)done : got;
        asked = done;
    }
}

/* Of a process that has ended nothing can be read, as of an address where nothing is. */
wm_status wm_remote_read(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                         size_t *done)
{
    wm_status st = wm_home_ready();
    long got;

    *done = 0;
    if (!wm_ok(st))
        return st;
    if (wm_target_is_self(target))
        return wm_op_read_self(to, from, bytes, done);
    got = copy(target, from, to, bytes, READING);
    if (!is_the_same_still(target->other))
        got = -ESRCH;
    *done = got > 0 ? (size_t)got : 0;
    if (*done < bytes)
        meet(target, from + *done);
    return of_result(got, bytes);
}

struct writing {
    const struct wm_target *target;
    uintptr_t to, from;
    size_t bytes, done;
    bool unreadable; /* what ended it was the source */
};

/* Writes to where it is allowed, as far as that goes and at most so much. */
static wm_status put(struct writing *w, size_t most)
{
    uintptr_t from = w->from + w->done, to = w->to + w->done;
    const struct wm_target *target = w->target;
    size_t part = 0;
    long got;

    if (wm_target_is_self(target)) {
        wm_status st = wm_op_read_self(to, from, most, &part);

        w->done += part;
        w->unreadable = !wm_ok(st) && !wm_op_reaches(from + part, 1, WM_TO_READ);
        return st;
    }
    got = is_the_same_still(target->other) ? copy(target, to, from, most, WRITING) : -ESRCH;
    part = got > 0 ? (size_t)got : 0;
    w->done += part;
    w->unreadable = part < most && !wm_op_reaches(from + part, 1, WM_TO_READ);
    return got == -ESRCH ? WM_PROCESS_ENDED : of_result(got, most);
}

/* Writes to where it is not. */
static wm_status put_through(struct writing *w, size_t most)
{
    const void *from = (const void *)(w->from + w->done);
    uintptr_t to = w->to + w->done;
    long got = wm_target_is_self(w->target) ? wm_kern_write_through(to, from, most)
                                            : wm_peer_write_through(&w->target->other->peer, to, from, most);

    w->done += got > 0 ? (size_t)got : 0;
    w->unreadable = got != (long)most && !wm_op_reaches(w->from + w->done, 1, WM_TO_READ);
    return got == -ESRCH ? WM_PROCESS_ENDED : of_result(got, most);
}

static bool is_code(const struct wm_region *region)
{
    return region->state == WM_REGION_COMMITTED && ((region->protect & ~WM_ATTRIBUTES) == WM_EXECUTE ||
                                                    (region->protect & ~WM_ATTRIBUTES) == WM_EXECUTE_READ);
}

static bool is_writable(const struct wm_region *region)
{
    return region->state == WM_REGION_COMMITTED && (wm_access_of(region->protect) & WM_ACCESS_WRITE) != 0;
}

static wm_status refused(const struct writing *w, const struct wm_region *region)
{
    if ((region->protect & WM_PAGE_GUARD) && !wm_target_is_self(w->target))
        wm_in_lift_guard(w->target, &(struct wm_guard_req){.addr = w->to + w->done});
    return WM_COPIED_IN_PART;
}

static wm_status put_in_region(struct writing *w, const struct wm_region *region)
{
    size_t left = w->bytes - w->done, here = region->range.end - (w->to + w->done);

    here = here < left ? here : left;
    if (is_code(region))
        return put_through(w, here);
    return is_writable(region) ? put(w, here) : refused(w, region);
}

/* Windows makes the pages writable for as long as it copies. Nobody meets a moment in between here. */
static wm_status put_in_code(struct writing *w)
{
    struct wm_region region;
    wm_status st = WM_OK;

    while (w->done < w->bytes && wm_ok(st)) {
        st = wm_remote_query(w->target, w->to + w->done, &region);
        if (!wm_ok(st))
            return st == WM_QUERY_TOO_HIGH && w->done == 0 ? WM_WRITE_REFUSED : st;
        st = put_in_region(w, &region);
        if (st == WM_COPIED_IN_PART && w->done == 0 && !w->unreadable && !is_writable(&region))
            st = WM_WRITE_REFUSED;
    }
    return st;
}

wm_status wm_remote_write(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                          size_t *done)
{
    struct writing w = {.target = target, .to = to, .from = from, .bytes = bytes};
    wm_status st = wm_home_ready();

    if (wm_ok(st) && bytes > 0)
        st = put(&w, bytes);
    if (st == WM_COPIED_IN_PART && w.done == 0 && !w.unreadable)
        st = put_in_code(&w);
    *done = w.unreadable ? 0 : w.done;
    return st;
}

wm_status wm_remote_write_allowed(const struct wm_target *target, uintptr_t to, uintptr_t from, size_t bytes,
                                  size_t *done)
{
    struct writing w = {.target = target, .to = to, .from = from, .bytes = bytes};
    wm_status st = wm_home_ready();

    if (wm_ok(st) && bytes > 0)
        st = put(&w, bytes);
    *done = w.unreadable ? 0 : w.done;
    return st;
}
