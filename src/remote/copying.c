#include "remote/copying.h"

#include <errno.h>

#include "kern/kern.h"
#include "remote/regions.h"
#include "vm/access.h"
#include "vm/book/home.h"

/* What it means that so many bytes were copied. */
static wm_status of_result(long got, size_t bytes)
{
    if (got == (long)bytes)
        return WM_OK;
    return got == -EPERM || got == -EACCES ? WM_PROCESS_DENIED : WM_COPIED_IN_PART;
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
    if (target->other == NULL)
        return wm_op_read_self(to, from, bytes, done);
    got = wm_peer_read(&target->other->peer, (void *)to, from, bytes);
    *done = got > 0 ? (size_t)got : 0;
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

    if (target->other == NULL) {
        wm_status st = wm_op_read_self(to, from, most, &part);

        w->done += part;
        w->unreadable = !wm_ok(st) && !wm_op_reaches(from + part, 1, WM_TO_READ);
        return st;
    }
    got = wm_peer_write(&target->other->peer, to, (const void *)from, most);
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
    long got = w->target->other == NULL ? wm_kern_write_through(to, from, most)
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

/* Windows makes the pages writable for as long as it copies. Nobody meets a moment in between here. */
static wm_status put_in_code(struct writing *w)
{
    struct wm_region region;
    wm_status st = WM_OK;

    while (w->done < w->bytes && wm_ok(st)) {
        size_t left = w->bytes - w->done, here;

        st = wm_remote_query(w->target, w->to + w->done, &region);
        if (!wm_ok(st))
            return st == WM_QUERY_TOO_HIGH && w->done == 0 ? WM_WRITE_REFUSED : st;
        here = region.range.end - (w->to + w->done);
        here = here < left ? here : left;
        if (is_code(&region))
            st = put_through(w, here);
        else if (is_writable(&region))
            st = put(w, here);
        else
            st = WM_COPIED_IN_PART;
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
