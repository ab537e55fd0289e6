/*
 * marks.c: tables of bits beside an extent, made when the first one is needed (marks.h).
 *
 * A table has one bit for each page and kind, so a reservation of a terabyte would need 64 MiB for two
 * kinds; but it is sparse memory, of which only the pages exist that were written. Canaries are a second
 * mapping, 16 bytes a page, which most programs never need.
 *
 *   extent.marks is the address of the table, or 0; a window has one of another kind there (core/frames.h)
 *   what was written stays noted through protections and decommitting (LATCHED, O124); that contents may go is
 *   forgotten when a page is decommitted (RESET)
 *
 * Tables lie outside of the book and are mappings like any other: at the full table of mappings one may be
 * impossible to unmap. It is kept in a list then, emptied, since a release must not fail for that.
 */
#include "vm/book/marks.h"

#include "base/bits.h"
#include "kern/map/mapping.h"
#include "vm/book/home.h"

enum { BITS_IN_BYTE = 8 };

/* The first page of a table; the bits follow. */
struct head {
    uintptr_t canaries; /* see canary.h; a mapping of its own, or 0 */
};

/* How many bytes the bits of one kind take. */
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

static bool make_table(struct wm_extent *e)
{
    uintptr_t table;

    if (wm_kern_map_sparse(WM_PAGE + WM_MARK_COUNT * table_bytes(e), &table) != 0)
        return false;
    e->marks = table;
    return true;
}

bool wm_marks_ready(struct wm_found *found)
{
    struct wm_extent *e = &found->extent;

    if (e->marks != 0)
        return true;
    if (!make_table(e))
        return false;
    WM_SPACE_CHANGES(wm_book())
        wm_space_set(wm_book(), found->index, e);
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

/* False: it is kept, empty but for its first page. */
static bool unmap_table(struct wm_range r)
{
    struct wm_left_table *left = (struct wm_left_table *)r.start;

    if (wm_kern_unmap(r) == 0)
        return true;
    wm_kern_empty(r);
    *left = (struct wm_left_table){wm_home.left_tables, wm_range_bytes(r)};
    wm_home.left_tables = left;
    return false;
}

static void unmap_left_tables(void)
{
    struct wm_left_table *left;
    bool unmapped = true;

    while (unmapped && (left = wm_home.left_tables) != NULL) {
        wm_home.left_tables = left->next;
        unmapped = unmap_table(wm_range_of((uintptr_t)left, left->bytes));
    }
}

void wm_marks_drop(const struct wm_extent *e)
{
    const struct head *head = (const struct head *)e->marks;

    if (e->kind != WM_PRIVATE || head == NULL || wm_is_window(e))
        return;
    unmap_left_tables();
    if (head->canaries != 0)
        unmap_table(wm_range_of(head->canaries, canary_bytes(e)));
    unmap_table(table_of(e));
}

/* --- what is left of an allocation --- */

static void copy_canaries(const struct wm_extent *from, const struct wm_extent *to, struct wm_range r)
{
    for (uintptr_t addr = r.start; addr < r.end; addr += WM_PAGE)
        *wm_marks_canary(to, addr) = *wm_marks_canary(from, addr);
}

/* What is not marked has no canary that counts. */
static void copy_marks(const struct wm_extent *from, const struct wm_extent *to, enum wm_mark mark)
{
    struct wm_range left = wm_extent_range(to), marked;

    for (; left.start < left.end && wm_marks_first(from, mark, left, &marked); left.start = marked.end) {
        wm_marks_set(to, mark, marked);
        if (mark == WM_MARK_RESET && wm_marks_canary(from, marked.start) != NULL)
            copy_canaries(from, to, marked);
    }
}

static struct wm_extent part_of(struct wm_range r, uintptr_t marks)
{
    return (struct wm_extent){
        .start = r.start, .bytes = wm_range_bytes(r), .kind = WM_PRIVATE, .marks = marks};
}

static bool part(const struct wm_extent *e, struct wm_range r, uintptr_t *marks)
{
    struct wm_extent to = part_of(r, 0);

    *marks = 0;
    if (e->marks == 0 || wm_range_bytes(r) == 0)
        return true;
    if (!make_table(&to))
        return false;
    *marks = to.marks;
    if (((const struct head *)e->marks)->canaries != 0 && !wm_marks_canaries_ready(&to))
        return false;
    for (int mark = 0; mark < WM_MARK_COUNT; mark++)
        copy_marks(e, &to, (enum wm_mark)mark);
    return true;
}

bool wm_marks_part(const struct wm_extent *e, struct wm_range out, struct wm_marks_rest *rest)
{
    *rest = (struct wm_marks_rest){.range = {{e->start, out.start}, {out.end, wm_extent_range(e).end}}};
    if (part(e, rest->range[0], &rest->marks[0]) && part(e, rest->range[1], &rest->marks[1]))
        return true;
    wm_marks_part_not(rest);
    return false;
}

void wm_marks_part_not(const struct wm_marks_rest *rest)
{
    for (int i = 0; i < 2; i++) {
        struct wm_extent e = part_of(rest->range[i], rest->marks[i]);

        wm_marks_drop(&e);
    }
}
