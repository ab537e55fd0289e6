#include "vm/book/marks.h"

#include "base/bits.h"
#include "kern/kern.h"
#include "vm/book/home.h"
#include "vm/physical/physical.h"
#include "vm/reset/canary.h"

enum { BITS_IN_BYTE = 8 };

/* The first page of a table; the bits follow. */
struct head {
    uintptr_t canaries; /* see canary.h; a mapping of its own, or 0 */
};

/* Of the bits of one kind. */
static size_t table_bytes(const struct wm_extent *e)
{
    return wm_up(e->bytes / WM_PAGE / BITS_IN_BYTE + sizeof(uint64_t), WM_PAGE);
}

static struct wm_range table_of(const struct wm_extent *e)
{
    return wm_range_of(e->marks, WM_PAGE + WM_MARK_COUNT * table_bytes(e));
}

static uint64_t *bits_of(const struct wm_extent *e, enum wm_mark mark)
{
    return (uint64_t *)(e->marks + WM_PAGE + (size_t)mark * table_bytes(e));
}

static size_t canary_bytes(const struct wm_extent *e)
{
    return wm_up(e->bytes / WM_PAGE * sizeof(struct wm_canary), WM_PAGE);
}

static size_t page_number(const struct wm_extent *e, uintptr_t addr)
{
    return (addr - e->start) / WM_PAGE;
}

bool wm_marks_ready(struct wm_found *found)
{
    struct wm_extent *e = &found->extent;
    uintptr_t table;

    if (e->marks != 0)
        return true;
    if (wm_kern_map_sparse(WM_PAGE + WM_MARK_COUNT * table_bytes(e), &table) != 0)
        return false;
    e->marks = table;
    wm_space_begin(&wm_home.space);
    wm_space_set(&wm_home.space, found->index, e);
    wm_space_end(&wm_home.space);
    return true;
}

void wm_marks_set(const struct wm_extent *e, enum wm_mark mark, struct wm_range r)
{
    wm_bits_set(bits_of(e, mark), page_number(e, r.start), page_number(e, r.end));
}

void wm_marks_clear(const struct wm_extent *e, enum wm_mark mark, struct wm_range r)
{
    if (e->kind == WM_PRIVATE && e->marks != 0)
        wm_bits_clear(bits_of(e, mark), page_number(e, r.start), page_number(e, r.end));
}

bool wm_marks_first(const struct wm_extent *e, enum wm_mark mark, struct wm_range r, struct wm_range *out)
{
    size_t first = page_number(e, r.start), end = page_number(e, r.end);

    if (e->kind != WM_PRIVATE || e->marks == 0 || !wm_bits_run(bits_of(e, mark), &first, &end))
        return false;
    *out = (struct wm_range){e->start + first * WM_PAGE, e->start + end * WM_PAGE};
    return true;
}

struct wm_canary *wm_marks_canary(const struct wm_extent *e, uintptr_t addr)
{
    const struct head *head = (const struct head *)e->marks;

    if (e->kind != WM_PRIVATE || head == NULL || head->canaries == 0)
        return NULL;
    return (struct wm_canary *)head->canaries + page_number(e, addr);
}

bool wm_marks_canaries_ready(const struct wm_extent *e)
{
    struct head *head = (struct head *)e->marks;

    return head->canaries != 0 || wm_kern_map_sparse(canary_bytes(e), &head->canaries) == 0;
}

void wm_marks_drop(const struct wm_extent *e)
{
    const struct head *head = (const struct head *)e->marks;

    if (e->kind != WM_PRIVATE || head == NULL)
        return;
    if (wm_is_window(e)) {
        wm_physical_drop_table(e);
        return;
    }
    if (head->canaries != 0)
        wm_kern_unmap(wm_range_of(head->canaries, canary_bytes(e)));
    wm_kern_unmap(table_of(e));
}
