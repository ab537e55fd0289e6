/*
 * workingset.c: the limits of the working set, and emptying it.
 *
 * Linux has no working sets that a process could bound, so the limits are figures that are kept and told
 * (D9.7b), and the minimum bounds what can be locked (pin.c). Emptying is real: the kernel is asked to
 * write pages out (MADV_PAGEOUT), contents stay (D9.8h), and it may have reasons to leave them where they
 * are.
 */
#include "vm/workingset/workingset.h"

#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/book/land.h"

/* In pages. SPARE is what a maximum must leave of the memory there is. */
enum { MINIMUM = 50, MAXIMUM = 345, LEAST_MINIMUM = 20, LEAST_MAXIMUM = 13, SPARE = 512 };

/* As Windows begins, until somebody has set them. */
static struct wm_workingset limits(void)
{
    const struct wm_workingset first = {.minimum = MINIMUM * WM_PAGE, .maximum = MAXIMUM * WM_PAGE};

    return wm_home.working_set.maximum == 0 ? first : wm_home.working_set;
}

size_t wm_workingset_minimum(void)
{
    return limits().minimum;
}

wm_status wm_op_working_set(struct wm_workingset *out)
{
    wm_status st;

    WM_AT_HOME(st)
        *out = limits();
    return st;
}

/*
 * "Available" is what Windows calls pages that are not locked by anybody: most of the memory, whoever uses
 * it now. A minimum that is raised to 20 pages takes a smaller maximum along.
 */
static wm_status check(struct wm_workingset *wanted)
{
    struct wm_memory memory;
    wm_status st;

    if (wanted->minimum == 0 || wanted->minimum > wanted->maximum ||
        wanted->maximum < LEAST_MAXIMUM * WM_PAGE)
        return WM_WORKING_SET_LIMITS;
    st = wm_op_memory_physical(&memory);
    if (wm_ok(st) && wanted->maximum >= memory.total - SPARE * WM_PAGE)
        return WM_WORKING_SET_LIMITS;
    if (wanted->minimum < LEAST_MINIMUM * WM_PAGE)
        wanted->minimum = LEAST_MINIMUM * WM_PAGE;
    if (wanted->maximum < wanted->minimum)
        wanted->maximum = wanted->minimum;
    return st;
}

static wm_status set_limits(const struct wm_workingset_req *req)
{
    struct wm_workingset set = req->wanted;
    wm_status st = check(&set);

    if (!wm_ok(st))
        return st;
    WM_AT_HOME(st) {
        if (!(req->changes & WM_CHANGES_HARD_MINIMUM))
            set.hard_minimum = limits().hard_minimum;
        if (!(req->changes & WM_CHANGES_HARD_MAXIMUM))
            set.hard_maximum = limits().hard_maximum;
        wm_home.working_set = set;
    }
    return st;
}

/* The first mapping that refuses (locked, huge) ends the call for all behind it: then each is asked alone. */
static void page_out(struct wm_range r)
{
    struct wm_vma vma;

    if (wm_kern_page_out(r) == 0)
        return;
    for (uintptr_t addr = r.start; addr < r.end && wm_kern_vma(addr, &vma) == 0 && vma.range.start < r.end;
         addr = vma.range.end)
        wm_kern_page_out(wm_range_cut(vma.range, r));
}

/*
 * Without any lock: asking for pages to be written out changes no content, so it does no harm to whoever may
 * have got the addresses meanwhile. What the kernel refuses (locked, huge, too old a kernel) stays in memory.
 */
wm_status wm_op_empty_working_set(const struct wm_bare_req *req)
{
    wm_status st = wm_home_ready();
    struct wm_peek ours;

    (void)req;
    if (!wm_ok(st))
        return st;
    for (uintptr_t addr = WM_SPACE_START; wm_land_next(&addr, &ours); addr = ours.run.end)
        if (ours.state & WM_PAGE_PROTECT)
            page_out((struct wm_range){addr, ours.run.end});
    return WM_OK;
}

wm_status wm_op_set_working_set(const struct wm_workingset_req *req)
{
    return req->wanted.minimum == SIZE_MAX && req->wanted.maximum == SIZE_MAX
               ? wm_op_empty_working_set(&(struct wm_bare_req){0})
               : set_limits(req);
}
