/*
 * The operations against a byte per page: random requests, sensible or not, in a window of the address
 * space. The model knows for each what is to come of it, what VirtualQuery says of every page afterwards,
 * and what the page holds. Other people settle in every hole meanwhile and leave again (others.h): where they
 * are, requests are refused, and nothing of theirs changes. After every request the book is compared with the
 * kernel (audit.h).
 *
 * The window is given up after a while and another one taken, because ground that once was joined stays it. More
 * than ctest has time for: WM_STEPS=1000000 steps for each kind of window, WM_SEED=n another beginning.
 */
#include "audit.h"

#include <stdlib.h>

#include "kern/names/names.h"
#include "vm/files/file.h"
#include "vm/ground/arena.h"
#include "vm/pages/guard.h"
#include "vm/workingset/workingset.h"

enum {
    PAGES = 192,
    ALLOCATIONS = 4096,
    STEPS = SANITIZED ? 1500 : 6000,
    CHECK_EVERY = 64,
    WINDOW_LASTS = 500
};
enum { GRAIN_PAGES = GRAIN / PAGE, AROUND = GRAIN_PAGES };

struct cell {
    uint16_t protect; /* 0: reserved */
    bool copied;      /* of a view: a private copy by now */
    bool other;       /* somebody else's */
    bool given_up;    /* free, but the kernel could not unmap it */
    bool locked;
    bool vague;     /* reset: it holds the stamp or zeros */
    uint8_t stamp;  /* what it holds, unless it shows the section */
    int allocation; /* 0: free, if it is nobody else's */
};

struct allocation {
    enum wm_kind kind;
    size_t first, count, offset; /* in pages; offset: into the section */
    uint16_t protect;
    bool replaced;
};

static uintptr_t window, handle;
static struct cell cells[PAGES];
static struct allocation allocations[ALLOCATIONS];
static int allocated;
static uint8_t section_stamps[PAGES];
static bool section_is_a_file;   /* else memory */
static bool section_is_reserved; /* committed piece by piece, and not only by us */
static bool section_committed[PAGES];
static const struct wm_name *name; /* of the section; NULL: it has none */
static struct dice dice;
static int step;

static uintptr_t addr_of(size_t page)
{
    return window + page * PAGE;
}

static struct allocation *allocation_at(size_t page)
{
    return cells[page].allocation == 0 ? NULL : &allocations[cells[page].allocation];
}

static bool is_kind(size_t page, enum wm_kind kind)
{
    return allocation_at(page) != NULL && allocation_at(page)->kind == kind;
}

/* --- random requests --- */

struct pages {
    size_t first, count;
};

static struct pages some_pages(void)
{
    size_t first = below(&dice, PAGES), most = PAGES - first;

    return (struct pages){first, 1 + below(&dice, below(&dice, 8) == 0 || most < 8 ? (unsigned)most : 8)};
}

static struct pages some_granules(void)
{
    struct pages p = some_pages();

    p.first = p.first / 16 * 16;
    return p;
}

/* Mostly what an allocation is, or a part of it: other requests are refused early. */
static struct pages some_of_one(void)
{
    struct pages p = some_pages();
    struct allocation *a = allocation_at(p.first);

    if (a == NULL || below(&dice, 8) == 0)
        return p;
    if (below(&dice, 3) == 0)
        return (struct pages){a->first, a->count};
    p.count = 1 + below(&dice, (unsigned)(a->first + a->count - p.first));
    return p;
}

/* From one allocation's start to a later one's end: what coalescing wants. */
static struct pages some_whole_ones(void)
{
    struct pages p = some_of_one();
    struct allocation *a = allocation_at(p.first), *b;

    if (a == NULL || below(&dice, 8) == 0)
        return p;
    p = (struct pages){a->first, a->count};
    for (unsigned more = below(&dice, 3); more > 0 && p.first + p.count < PAGES; more--)
        if ((b = allocation_at(p.first + p.count)) != NULL)
            p.count += b->count;
    return p;
}

static uint16_t private_protect(void)
{
    static const uint16_t all[] = {WM_READWRITE, WM_READWRITE, WM_READONLY,     WM_READWRITE | WM_PAGE_GUARD,
                                   WM_READWRITE, WM_NOACCESS,  WM_EXECUTE_READ, WM_READONLY | WM_PAGE_GUARD};

    return all[below(&dice, 8)];
}

static uint16_t view_protect(void)
{
    static const uint16_t all[] = {WM_READWRITE, WM_READONLY,     WM_WRITECOPY,
                                   WM_NOACCESS,  WM_EXECUTE_READ, WM_EXECUTE_WRITECOPY};

    return all[below(&dice, 6)];
}

static size_t bytes_of(struct pages p)
{
    return p.count * PAGE;
}

/* --- calls that fail --- */

/* One request in a few meets a kernel that refuses one of its calls. */
static unsigned refused; /* which one; 0: none */
static bool met;         /* it was made */
static const char *last_call = "none";
static wm_status last_status;

static void maybe_refuse(void)
{
#ifdef WM_FAULT_SCRIPT
    refused = below(&dice, 6) == 0 ? 1 + below(&dice, 1 + below(&dice, 4)) : 0;
    wm_fault_nth(refused, ENOMEM);
#endif
}

/*
 * Did the request succeed? It comes out as expected; or a call of it was refused, and then it may fail for that
 * reason, and nothing has changed, which is what the checks after each step are for.
 */
static bool went(wm_status expected, wm_status st, const char *call)
{
    met = false;
    last_call = call;
    last_status = st;
#ifdef WM_FAULT_SCRIPT
    met = refused != 0 && wm_fault_count() >= refused;
    wm_fault_nth(0, 0);
#endif
    if (st != expected && (wm_ok(st) || !met))
        fail_msg("%s: %s, not %s", call, wm_status_name(st), wm_status_name(expected));
    return wm_ok(st);
}

#define GOES(expected, call) (maybe_refuse(), went((expected), (call), #call))

/* --- what is to come of them --- */

static bool all_free(struct pages p)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        if (cells[i].allocation != 0 || cells[i].other)
            return false;
    return true;
}

/* Whether it can be had again is a matter of the table of mappings. */
static bool any_given_up(struct pages p)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        if (cells[i].given_up)
            return true;
    return false;
}

static bool in_one(struct pages p)
{
    struct allocation *a = allocation_at(p.first);

    return a != NULL && p.first + p.count <= a->first + a->count;
}

static bool is_whole(struct pages p, enum wm_kind kind)
{
    struct allocation *a = allocation_at(p.first);

    return a != NULL && a->kind == kind && a->first == p.first && a->count == p.count;
}

static bool all_committed(struct pages p)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        if (cells[i].protect == 0)
            return false;
    return true;
}

static int new_allocation(struct allocation a)
{
    if (++allocated == ALLOCATIONS)
        allocated = 1; /* those of long ago are gone: there are fewer than PAGES */
    while (allocated == 0 || cells[allocations[allocated].first].allocation == allocated)
        allocated = allocated % (ALLOCATIONS - 1) + 1;
    allocations[allocated] = a;
    return allocated;
}

static void set_cells(struct pages p, struct cell cell)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        cells[i] = cell;
}

static void enter(struct pages p, enum wm_kind kind, uint16_t protect, bool commit, bool replaced,
                  size_t offset)
{
    struct allocation a = {kind, p.first, p.count, offset, protect, replaced};

    set_cells(p, (struct cell){.protect = commit ? protect : 0, .allocation = new_allocation(a)});
}

static void set_protect(struct pages p, uint16_t protect)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        cells[i].protect = protect;
}

/* --- what a section knows --- */

/* Where in the section a page of a view lies. */
static size_t place_of(size_t page)
{
    struct allocation *a = allocation_at(page);

    return a->offset + page - a->first;
}

/* What was committed elsewhere has the view's protection. */
static void see_what_is_committed(void)
{
    for (size_t i = 0; i < PAGES; i++)
        if (is_kind(i, WM_VIEW) && cells[i].protect == 0 && section_committed[place_of(i)])
            cells[i].protect = allocation_at(i)->protect;
}

static void note_committed(struct pages p)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        if (is_kind(i, WM_VIEW))
            section_committed[place_of(i)] = true;
    see_what_is_committed();
}

/* Whoever touches a page that he has not met yet is told by the fault. */
static void meet(size_t page, int access)
{
    if (section_is_reserved && is_kind(page, WM_VIEW) &&
        !wm_kern_touches(addr_of(page), access == WM_ACCESS_WRITE))
        assert_int_equal(wm_op_fault(addr_of(page), access), WM_FAULT_RETRY);
}

/* As another process does it. */
static void somebody_commits(void)
{
    size_t first = below(&dice, PAGES), end = first + 1 + below(&dice, 8);
    const struct wm_section *section;
    uint32_t index;

    if (!section_is_reserved)
        return;
    end = end < PAGES ? end : PAGES;
    MUST(wm_section_pin(handle, MAP_READ, &index, &section));
    wm_commits_set(&section->commits, first, end);
    wm_section_unpin(index);
    memset(&section_committed[first], true, end - first);
    see_what_is_committed();
}

/* --- requests --- */

static void try_reserve(void)
{
    struct pages p = some_granules();
    bool hold = below(&dice, 3) == 0, commit = !hold && below(&dice, 2);
    uint16_t protect = hold ? WM_NOACCESS : private_protect();
    struct wm_alloc_req req = {.kind = hold ? WM_ALLOC_PLACEHOLDER : WM_ALLOC_RESERVE,
                               .commit = commit,
                               .at = wm_range_of(addr_of(p.first), bytes_of(p)),
                               .protect = protect,
                               .traits = !hold && below(&dice, 6) == 0 ? WM_TRAIT_WATCHED : 0};

    if (any_given_up(p))
        return;
    if (GOES(all_free(p) ? WM_OK : WM_ADDRESS_TAKEN, wm_op_alloc(&req)))
        enter(p, hold ? WM_PLACEHOLDER : WM_PRIVATE, protect, commit, false, 0);
}

static void try_replace(void)
{
    struct pages p = some_of_one();
    bool commit = below(&dice, 2);
    uint16_t protect = private_protect();
    uintptr_t result = 0;

    if (GOES(is_whole(p, WM_PLACEHOLDER) ? WM_OK : WM_PLACEHOLDER_MISMATCH,
             alloc(WM_ALLOC_REPLACE, addr_of(p.first), bytes_of(p), protect, commit, &result)))
        enter(p, WM_PRIVATE, protect, commit, true, 0);
}

static wm_status outcome_of_commit(struct pages p, uint16_t protect)
{
    if (!in_one(p) || is_kind(p.first, WM_PLACEHOLDER))
        return WM_NOT_RESERVED;
    if (is_kind(p.first, WM_VIEW) && section_is_a_file)
        return WM_VIEW_COMMITTED;
    if (is_kind(p.first, WM_VIEW) && !wm_view_allows(allocation_at(p.first)->protect, protect))
        return WM_VIEW_PROTECT;
    return WM_OK;
}

static void try_commit(void)
{
    struct pages p = some_of_one();
    uint16_t protect = is_kind(p.first, WM_VIEW) ? view_protect() : private_protect();
    wm_status outcome = outcome_of_commit(p, protect);
    uintptr_t result = 0;

    if (!GOES(outcome, alloc(WM_ALLOC_COMMIT, addr_of(p.first), bytes_of(p), protect, false, &result)))
        return;
    set_protect(p, protect);
    note_committed(p);
}

static wm_status outcome_of_protect(struct pages p, uint16_t protect)
{
    if (!in_one(p) || !all_committed(p))
        return WM_NOT_COMMITTED;
    if (is_kind(p.first, WM_VIEW))
        return wm_view_allows(allocation_at(p.first)->protect, protect) ? WM_OK : WM_VIEW_PROTECT;
    return wm_is_copy(protect) ? WM_PROTECT_NOT_HERE : WM_OK;
}

static uint16_t seen_protect(size_t page)
{
    uint16_t protect = cells[page].protect;

    if (!cells[page].copied || !wm_is_copy(protect))
        return protect;
    return protect == WM_WRITECOPY ? WM_READWRITE : WM_EXECUTE_READWRITE;
}

static void try_protect(void)
{
    struct pages p = some_of_one();
    uint16_t to = is_kind(p.first, WM_VIEW) || below(&dice, 3) == 0 ? view_protect() : private_protect();
    uint16_t seen = seen_protect(p.first), old = 0;
    wm_status outcome = outcome_of_protect(p, to);
    bool done;

    if (cells[p.first].other)
        return; /* may be changed as well, but is not the model's */
    done = GOES(outcome, protect(addr_of(p.first), bytes_of(p), to, &old));
    if (!met) /* the page tables tell whether a page was copied, or are not to be read */
        assert_int_equal(old, done ? seen : 0);
    if (done)
        set_protect(p, to);
}

static wm_status outcome_of_decommit(struct pages p, bool whole)
{
    struct allocation *a = allocation_at(p.first);

    if (a == NULL)
        return WM_NOT_ALLOCATED;
    if (a->kind != WM_PRIVATE)
        return a->kind == WM_VIEW ? WM_IS_A_VIEW : WM_NOT_RESERVED;
    if (whole)
        return a->first == p.first ? WM_OK : WM_NOT_AT_BASE;
    return in_one(p) ? WM_OK : WM_SPANS_ALLOCATIONS;
}

static void try_decommit(void)
{
    struct pages p = some_of_one();
    bool whole = below(&dice, 8) == 0;
    wm_status outcome = outcome_of_decommit(p, whole);
    size_t within = below(&dice, PAGE); /* any byte of the first page, and of the last */

    if (!GOES(outcome, free_pages(WM_FREE_DECOMMIT, addr_of(p.first) + within,
                                  whole ? 0 : bytes_of(p) - (within > 0 ? within : 1))))
        return;
    if (whole)
        p.count = allocation_at(p.first)->count;
    set_cells(p, (struct cell){.allocation = cells[p.first].allocation});
}

static wm_status outcome_of_release(size_t page)
{
    struct allocation *a = allocation_at(page);

    if (a == NULL)
        return WM_NOT_ALLOCATED;
    if (a->kind == WM_VIEW)
        return WM_IS_A_VIEW;
    return a->first == page ? WM_OK : WM_NOT_AT_BASE;
}

/* What could not be unmapped only the book knows. */
static void set_free(struct pages p)
{
    struct wm_found found;

    set_cells(p, (struct cell){0});
    for (size_t i = p.first; i < p.first + p.count; i++)
        cells[i].given_up =
            wm_space_at(&wm_home.space, addr_of(i), &found) && wm_extent_is_given_up(&found.extent);
}

static void try_release(void)
{
    size_t page = some_of_one().first;
    wm_status outcome = outcome_of_release(page);

    if (GOES(outcome, free_pages(WM_FREE_RELEASE, addr_of(page) + below(&dice, PAGE), 0)))
        set_free((struct pages){page, allocation_at(page)->count});
}

static wm_status outcome_of_split(struct pages p)
{
    struct allocation *a = allocation_at(p.first);

    if (a == NULL)
        return WM_NOT_ALLOCATED;
    if (a->kind == WM_VIEW)
        return WM_IS_A_VIEW;
    if (a->kind == WM_PRIVATE)
        return a->replaced && in_one(p) ? WM_OK : WM_NEVER_A_PLACEHOLDER;
    if (!in_one(p))
        return WM_NOT_A_PLACEHOLDER;
    return is_whole(p, WM_PLACEHOLDER) ? WM_PLACEHOLDER_WHOLE : WM_OK;
}

static void enter_placeholder(size_t first, size_t end)
{
    if (first < end)
        enter((struct pages){first, end - first}, WM_PLACEHOLDER, WM_NOACCESS, false, false, 0);
}

/* What is left of a private allocation keeps its pages as they are. */
static void enter_rest(struct allocation a, size_t first, size_t end)
{
    int number;

    if (first >= end)
        return;
    a.first = first;
    a.count = end - first;
    number = new_allocation(a);
    for (size_t i = first; i < end; i++)
        cells[i].allocation = number;
}

/* Splitting, and turning a part of a private allocation back into the placeholder that it replaced (O274). */
static void try_split(void)
{
    struct pages p = some_of_one();
    wm_status outcome = outcome_of_split(p);
    size_t end = p.first + p.count;
    struct allocation a;

    if (!GOES(outcome, free_pages(WM_FREE_SPLIT, addr_of(p.first), bytes_of(p))))
        return;
    a = *allocation_at(p.first);
    if (a.kind == WM_PRIVATE) {
        enter_rest(a, a.first, p.first);
        enter_rest(a, end, a.first + a.count);
    } else {
        enter_placeholder(a.first, p.first);
        enter_placeholder(end, a.first + a.count);
    }
    enter_placeholder(p.first, end);
}

static wm_status outcome_of_coalesce(struct pages p)
{
    size_t page = p.first, count = 0;

    if (allocation_at(page) == NULL)
        return WM_NOT_ALLOCATED;
    for (; page < p.first + p.count; page += allocation_at(page)->count, count++)
        if (!is_kind(page, WM_PLACEHOLDER) || allocation_at(page)->first != page)
            return WM_NOT_A_PLACEHOLDER;
    if (page != p.first + p.count)
        return WM_NOT_A_PLACEHOLDER;
    return count == 1 ? WM_PLACEHOLDER_SINGLE : WM_OK;
}

static void try_coalesce(void)
{
    struct pages p = some_whole_ones();
    wm_status outcome = outcome_of_coalesce(p);

    if (GOES(outcome, free_pages(WM_FREE_COALESCE, addr_of(p.first), bytes_of(p))))
        enter_placeholder(p.first, p.first + p.count);
}

static void hold(struct pages p)
{
    uintptr_t result = 0;

    if (any_given_up(p))
        return;
    if (GOES(all_free(p) ? WM_OK : WM_ADDRESS_TAKEN,
             alloc(WM_ALLOC_PLACEHOLDER, addr_of(p.first), bytes_of(p), WM_NOACCESS, false, &result)))
        enter(p, WM_PLACEHOLDER, WM_NOACCESS, false, false, 0);
}

/* Placeholders that touch, in whatever ground each of them finds, and mostly become one. */
static void try_neighbours(void)
{
    size_t most = PAGES / GRAIN_PAGES, granule = below(&dice, (unsigned)most - 2),
           first = 1 + below(&dice, 2);
    struct pages a = {granule * GRAIN_PAGES, first * GRAIN_PAGES},
                 b = {a.first + a.count, 1 + below(&dice, 16)};
    struct pages both = {a.first, a.count + b.count};
    wm_status outcome;

    hold(a);
    hold(b);
    if (below(&dice, 4) == 0)
        return;
    outcome = outcome_of_coalesce(both);
    if (GOES(outcome, free_pages(WM_FREE_COALESCE, addr_of(both.first), bytes_of(both))))
        enter_placeholder(both.first, both.first + both.count);
}

static void try_map(void)
{
    bool replace = below(&dice, 2);
    struct pages p = replace ? some_of_one() : some_granules();
    bool possible = replace ? is_whole(p, WM_PLACEHOLDER) : all_free(p);
    struct wm_view_req req = {.section = handle,
                              .rights = MAP_READ,
                              .offset = below(&dice, (unsigned)(PAGES - p.count + 1)) * PAGE,
                              .bytes = bytes_of(p),
                              .base = addr_of(p.first),
                              .replace = replace,
                              .protect = view_protect()};

    if (!replace && any_given_up(p))
        return;
    if (!GOES(possible ? WM_OK : replace ? WM_PLACEHOLDER_MISMATCH : WM_ADDRESS_TAKEN, wm_op_map_view(&req)))
        return;
    enter(p, WM_VIEW, req.protect, !section_is_reserved, replace, req.offset / PAGE);
    see_what_is_committed();
}

/*
 * The section is found by its name once more, or by who wants to make it, and from then on mapped by that handle. The one
 * before is closed, whose views stay. Where the name is refused there is still the other one.
 */
static void try_name(void)
{
    struct wm_section_req req = {.bytes = PAGE, .rights = ALL_RIGHTS, .protect = WM_READWRITE, .name = name};
    bool make = below(&dice, 2);

    if (name == NULL)
        return;
    if (!GOES(make ? WM_NAME_EXISTS : WM_OK,
              make ? wm_op_create_section(&req) : wm_op_open_section(name, ALL_RIGHTS, &req.result)) &&
        last_status != WM_NAME_EXISTS)
        return;
    MUST(wm_op_same_object(handle, req.result));
    if (GOES(WM_OK, wm_op_close(handle)))
        handle = req.result;
}

static void try_unmap(void)
{
    size_t page = some_of_one().first;
    struct allocation *a = allocation_at(page);
    bool preserve = below(&dice, 2);
    wm_status outcome = !is_kind(page, WM_VIEW)    ? WM_NOT_A_VIEW
                        : preserve && !a->replaced ? WM_VIEW_NOT_PLACEHOLDER
                                                   : WM_OK;

    if (!GOES(outcome, unmap_view(addr_of(page) + below(&dice, PAGE), preserve)))
        return;
    if (preserve)
        enter_placeholder(a->first, a->first + a->count);
    else
        set_free((struct pages){a->first, a->count});
}

/* --- anywhere, and within bounds --- */

/* What lies outside of the window. */
enum { ELSEWHERE = 6 };

static struct elsewhere {
    struct wm_range range; /* empty: none */
    enum wm_kind kind;
} elsewhere[ELSEWHERE];

static bool touches_window(struct wm_range r)
{
    return wm_range_touches(r, wm_range_of(window, PAGES * PAGE));
}

static void give_back(const struct elsewhere *there)
{
    if (there->kind == WM_VIEW)
        MUST(unmap_view(there->range.start, false));
    else
        release(there->range.start);
}

/* Every address that the library picks is a multiple of a granule, and free. */
static void keep_elsewhere(uintptr_t start, size_t bytes, enum wm_kind kind)
{
    struct elsewhere new = {wm_range_of(start, bytes), kind}, *old = &elsewhere[below(&dice, ELSEWHERE)];

    assert_int_equal(start % GRAIN, 0);
    for (size_t i = 0; i < PAGES; i++)
        assert_false((cells[i].allocation != 0 || cells[i].other) &&
                     wm_range_touches(new.range, wm_range_of(addr_of(i), PAGE)));
    if (wm_range_bytes(old->range) != 0)
        give_back(old);
    *old = new;
    if (touches_window(new.range)) {
        give_back(old);
        *old = (struct elsewhere){{0, 0}, WM_FREE};
    }
}

static size_t some_bytes(void)
{
    size_t pages = 1 + below(&dice, 40);

    return pages * PAGE + (below(&dice, 3) == 0 ? (1 + below(&dice, 3)) * GiB : 0);
}

static void try_anywhere(void)
{
    bool hold = below(&dice, 3) == 0, commit = !hold && below(&dice, 2);
    size_t bytes = commit ? (1 + below(&dice, 40)) * PAGE : some_bytes();
    uint16_t protect = hold ? WM_NOACCESS : private_protect();
    uintptr_t result = 0;

    MUST(alloc(hold ? WM_ALLOC_PLACEHOLDER : WM_ALLOC_RESERVE, 0, bytes, protect, commit, &result));
    keep_elsewhere(result, bytes, hold ? WM_PLACEHOLDER : WM_PRIVATE);
}

static void try_view_anywhere(void)
{
    size_t bytes = (1 + below(&dice, PAGES)) * PAGE;
    uintptr_t result = 0;

    MUST(map_view(handle, 0, bytes, false, view_protect(), &result));
    keep_elsewhere(result, bytes, WM_VIEW);
}

/* Leaves a part of a placeholder: what is freed begins, or ends, inside a granule. */
static void try_part_elsewhere(void)
{
    struct elsewhere *there = &elsewhere[below(&dice, ELSEWHERE)];
    size_t pages = wm_range_bytes(there->range) / PAGE;
    uintptr_t middle;

    if (there->kind != WM_PLACEHOLDER || pages < 2)
        return;
    middle = there->range.start + (1 + below(&dice, (unsigned)(pages <= 40 ? pages - 1 : 40))) * PAGE;
    MUST(free_pages(WM_FREE_SPLIT, there->range.start, middle - there->range.start));
    if (below(&dice, 2)) {
        release(middle);
        there->range.end = middle;
    } else {
        release(there->range.start);
        there->range.start = middle;
    }
}

/* The place in the window, or 0. */
static uintptr_t place_within(size_t count, size_t alignment, bool top_down)
{
    uintptr_t place = 0;

    for (size_t first = 0; first + count <= PAGES && (place == 0 || top_down); first++)
        if (addr_of(first) % alignment == 0 && all_free((struct pages){first, count}))
            place = addr_of(first);
    return place;
}

static bool fits_within(const struct wm_alloc_req *req)
{
    struct pages p = {(req->result - window) / PAGE, req->at.end / PAGE};

    return req->result >= window && p.first + p.count <= PAGES && req->result % req->bounds.alignment == 0 &&
           all_free(p);
}

static void try_within(void)
{
    size_t count = 1 + below(&dice, 24);
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .commit = below(&dice, 2),
                               .at = {0, count * PAGE},
                               .bounds = {.lowest = window,
                                          .highest = addr_of(PAGES),
                                          .alignment = (size_t)GRAIN << below(&dice, 3),
                                          .given = true,
                                          .top_down = below(&dice, 2)},
                               .protect = private_protect()};
    uintptr_t place = place_within(count, req.bounds.alignment, req.bounds.top_down);
    bool done;

    if (any_given_up((struct pages){0, PAGES}))
        return;
    done = GOES(place != 0 ? WM_OK : WM_ADDRESS_SPACE, wm_op_alloc(&req));
    if (done && met && fits_within(&req)) /* a place that was refused is passed over */
        place = req.result;
    assert_int_equal(req.result, done ? place : 0);
    if (done)
        enter((struct pages){(place - window) / PAGE, count}, WM_PRIVATE, req.protect, req.commit, false, 0);
}

/* --- other people --- */

static uint8_t others_access(void)
{
    static const uint8_t all[] = {WM_ACCESS_READ | WM_ACCESS_WRITE, WM_ACCESS_READ, WM_ACCESS_NONE};

    return all[below(&dice, 3)];
}

static void set_others(struct wm_range r, bool other)
{
    for (size_t i = 0; i < PAGES; i++)
        if (wm_range_holds(r, wm_range_of(addr_of(i), PAGE)))
            cells[i].other = other;
}

/* The kernel knows whether there is room; where it says so nothing of the model's may be. */
static void settle_at(uintptr_t start, size_t count)
{
    struct wm_range r = wm_range_of(start, count * PAGE);

    if (others_settle(r, others_access(), below(&dice, 2), roll(&dice)) == NULL)
        return;
    for (size_t i = 0; i < PAGES; i++)
        assert_false(cells[i].allocation != 0 && wm_range_touches(r, wm_range_of(addr_of(i), PAGE)));
    set_others(r, true);
}

static void somebody_settles(void)
{
    unsigned first = below(&dice, PAGES + 2 * AROUND);

    settle_at(window + first * PAGE - AROUND * PAGE, 1 + below(&dice, 8));
}

/* Where only slack is. */
static void somebody_settles_behind(void)
{
    struct allocation *a = allocation_at(below(&dice, PAGES));
    size_t end = a == NULL ? 0 : a->first + a->count, room = GRAIN_PAGES - end % GRAIN_PAGES;

    if (a != NULL)
        settle_at(addr_of(end), 1 + below(&dice, (unsigned)room));
}

static void somebody_leaves(void)
{
    struct other *o = &others[below(&dice, OTHERS)];

    if (wm_range_bytes(o->range) == 0)
        return;
    set_others(o->range, false);
    others_leave(o);
}

/* --- contents --- */

static uint8_t *shown_by(size_t page)
{
    struct allocation *a = allocation_at(page);

    if (a->kind != WM_VIEW || cells[page].copied)
        return &cells[page].stamp;
    return &section_stamps[place_of(page)];
}

static void write_somewhere(void)
{
    size_t page = below(&dice, PAGES);
    uint8_t value = (uint8_t)roll(&dice);

    if (!(wm_access_of(cells[page].protect) & WM_ACCESS_WRITE))
        return;
    if (wm_is_copy(cells[page].protect))
        cells[page].copied = true;
    cells[page].vague = false;
    *shown_by(page) = value;
    meet(page, WM_ACCESS_WRITE);
    *(volatile uint8_t *)addr_of(page) = value;
}

/* Once it is zeros it stays zeros. */
static void expect_contents(size_t page)
{
    uint8_t seen;

    if (wm_access_of(cells[page].protect) == WM_ACCESS_NONE)
        return;
    meet(page, WM_ACCESS_READ);
    seen = *(volatile uint8_t *)addr_of(page);
    if (cells[page].vague && seen == 0)
        *shown_by(page) = 0;
    assert_int_equal(seen, *shown_by(page));
}

static bool is_private(struct pages p)
{
    return in_one(p) && is_kind(p.first, WM_PRIVATE);
}

static void try_reset(void)
{
    struct pages p = some_of_one();
    wm_status outcome = in_one(p) && !is_kind(p.first, WM_PLACEHOLDER) ? WM_OK : WM_NOT_RESERVED;
    uintptr_t result = 0;

    if (wm_ok(outcome) && is_kind(p.first, WM_VIEW) && section_is_a_file)
        outcome = WM_VIEW_OF_FILE;
    if (!GOES(outcome, alloc(WM_ALLOC_RESET, addr_of(p.first), bytes_of(p), WM_READWRITE, false, &result)))
        return;
    for (size_t i = p.first; is_private(p) && i < p.first + p.count; i++)
        cells[i].vague |= cells[i].protect != 0 && !cells[i].locked;
}

/* Whole means as it was; otherwise each page may be. */
static void try_undo(void)
{
    struct pages p = some_of_one();
    wm_status outcome = in_one(p) && !is_kind(p.first, WM_PLACEHOLDER) ? WM_OK : WM_NOT_RESERVED;
    uintptr_t result = 0;
    wm_status st;

    maybe_refuse();
    st = alloc(WM_ALLOC_UNDO, addr_of(p.first), bytes_of(p), WM_READWRITE, false, &result);
    if (!went(outcome, wm_ok(outcome) && st == WM_CONTENTS_LOST ? WM_OK : st, "undo") || !is_private(p))
        return;
    for (size_t i = p.first; i < p.first + p.count; i++) {
        cells[i].vague &= st != WM_OK;
        expect_contents(i);
    }
}

/* --- guards and locks --- */

static void try_touch_guard(void)
{
    size_t page = below(&dice, PAGES);
    bool guarded = false;

    if (!GOES(WM_OK, lift_guard(addr_of(page), &guarded)))
        return;
    assert_int_equal(guarded, (cells[page].protect & WM_PAGE_GUARD) != 0);
    cells[page].protect &= ~WM_PAGE_GUARD & 0xffff;
}

static size_t locked_in_all(void)
{
    size_t locked = 0;

    for (size_t i = 0; i < PAGES; i++)
        locked += cells[i].locked;
    return locked;
}

enum { KEPT_BACK = 8 }; /* of the minimum working set, for faults */

/* The first page that cannot be touched decides; *guard is where a guard is met, or PAGES. */
static wm_status outcome_of_lock(struct pages p, size_t *guard)
{
    size_t most = wm_workingset_minimum() / PAGE - KEPT_BACK, more = 0;

    *guard = PAGES;
    for (size_t i = p.first; i < p.first + p.count; i++) {
        if (cells[i].protect & WM_PAGE_GUARD) {
            *guard = i;
            return WM_LOCK_GUARD;
        }
        if (wm_access_of(cells[i].protect) == WM_ACCESS_NONE)
            return WM_LOCK_NO_ACCESS;
        more += !cells[i].locked;
    }
    return more > 0 && locked_in_all() + more > most ? WM_LOCK_QUOTA : WM_OK;
}

/* Of private memory: a view that copies on write would copy. */
static void try_lock(void)
{
    struct pages p = some_of_one();
    size_t guard;
    wm_status outcome = outcome_of_lock(p, &guard), st;

    if (!is_private(p))
        return;
    maybe_refuse();
    st = wm_op_lock(wm_range_of(addr_of(p.first), bytes_of(p)));
    if (st == WM_LOCK_GUARD && st == outcome)
        cells[guard].protect &= ~WM_PAGE_GUARD & 0xffff;
    if (went(outcome, st, "lock"))
        for (size_t i = p.first; i < p.first + p.count; i++)
            cells[i].locked = true;
}

static void try_unlock(void)
{
    struct pages p = some_of_one();
    wm_status outcome = WM_OK;

    if (!is_private(p))
        return;
    for (size_t i = p.first; i < p.first + p.count; i++)
        outcome = cells[i].locked ? outcome : WM_NOT_LOCKED;
    if (GOES(outcome, unlock_pages(wm_range_of(addr_of(p.first), bytes_of(p)))))
        for (size_t i = p.first; i < p.first + p.count; i++)
            cells[i].locked = false;
}

/* --- what VirtualQuery says --- */

static bool look_the_same(size_t a, size_t b)
{
    return cells[a].allocation == cells[b].allocation && cells[a].other == cells[b].other &&
           seen_protect(a) == seen_protect(b);
}

static size_t run_end(size_t page)
{
    size_t end = page + 1;

    while (end < PAGES && look_the_same(page, end))
        end++;
    return end;
}

static void expect_free(const struct wm_region *region, size_t page)
{
    assert_int_equal(region->state, WM_REGION_FREE);
    assert_false(region->ours);
    if (run_end(page) < PAGES)
        assert_int_equal(region->range.end, addr_of(run_end(page)));
    else
        assert_true(region->range.end >= addr_of(PAGES));
}

static void expect_used(const struct wm_region *region, size_t page)
{
    struct allocation *a = allocation_at(page);

    assert_int_equal(region->state, cells[page].protect == 0 ? WM_REGION_RESERVED : WM_REGION_COMMITTED);
    assert_int_equal(region->type, a->kind == WM_VIEW ? WM_TYPE_MAPPED : WM_TYPE_PRIVATE);
    assert_int_equal(region->protect, seen_protect(page));
    assert_int_equal(region->alloc_protect, a->protect);
    assert_int_equal(region->range.end, addr_of(run_end(page)));
    assert_int_equal(region->allocation.start, addr_of(a->first));
    assert_int_equal(region->allocation.end, addr_of(a->first + a->count));
}

/* Neighbours may be one mapping for the kernel; what is ours or free beside them never is. */
static void expect_other(const struct wm_region *region, size_t page)
{
    const struct other *o = other_at(addr_of(page));

    assert_false(region->ours);
    assert_int_equal(region->state,
                     o->access == WM_ACCESS_NONE && !o->shared ? WM_REGION_RESERVED : WM_REGION_COMMITTED);
    assert_true(run_end(page) == PAGES || region->range.end <= addr_of(run_end(page)));
}

static void expect_page(size_t page)
{
    struct wm_region region = region_at(addr_of(page) + below(&dice, PAGE));

    assert_int_equal(region.range.start, addr_of(page));
    if (cells[page].other)
        expect_other(&region, page);
    else if (cells[page].allocation == 0)
        expect_free(&region, page);
    else
        expect_used(&region, page);
    expect_contents(page);
}

/* --- windows --- */

/* A window in ground of one kind, or across its end; 0: there is no such place. */
typedef uintptr_t window_finder(void);

static uintptr_t in_held_ground(void)
{
    uintptr_t start = reserve(PAGES * PAGE);

    release(start);
    return start;
}

static uintptr_t in_open_ground(void)
{
    uintptr_t start = allocate(PAGES * PAGE);

    release(start);
    return start;
}

static uintptr_t beside_arenas(void)
{
    return empty_room(PAGES * PAGE);
}

static uintptr_t across_held_ground(void)
{
    release(reserve(PAGE));
    return straddling_room(WM_GROUND_HELD, PAGES * PAGE / 2);
}

static uintptr_t across_open_ground(void)
{
    release(allocate(PAGE));
    return straddling_room(WM_GROUND_OPEN, PAGES * PAGE / 2);
}

/* Each granule may be held, open, or nothing to the book. */
static uintptr_t in_mixed_ground(void)
{
    uintptr_t start = in_open_ground();

    MUST(wm_home_enter());
    for (struct wm_range r = wm_range_of(start, GRAIN); r.start < start + PAGES * PAGE;
         r = wm_range_of(r.end, GRAIN)) {
        unsigned ground = below(&dice, 3);

        if (ground == 0) {
            MUST(wm_arena_extend(r));
        } else if (ground == 1) {
            assert_true(wm_space_ready(&wm_home.space, WM_ARENA_RECORDS, 0));
            WM_SPACE_CHANGES(&wm_home.space)
                wm_arena_close(r);
        }
    }
    wm_home_leave();
    return start;
}

static void clear_window(void)
{
    for (size_t page = 0; page < PAGES; page++)
        if (cells[page].allocation != 0 && allocation_at(page)->first == page)
            give_back(&(struct elsewhere){wm_range_of(addr_of(page), PAGE), allocation_at(page)->kind});
    memset(cells, 0, sizeof cells);
    others_leave_all();
    for (size_t i = 0; i < ELSEWHERE; i++)
        if (wm_range_bytes(elsewhere[i].range) != 0)
            give_back(&elsewhere[i]);
    memset(elsewhere, 0, sizeof elsewhere);
}

/* --- running --- */

static void (*const requests[])(void) = {
    try_reserve,      try_reserve,       try_reserve,
    try_neighbours,   try_neighbours,    try_replace,
    try_replace,      try_commit,        try_commit,
    try_commit,       try_protect,       try_protect,
    try_protect,      try_decommit,      try_decommit,
    try_release,      try_release,       try_release,
    try_release,      try_split,         try_split,
    try_coalesce,     try_coalesce,      try_map,
    try_map,          try_map,           try_unmap,
    try_unmap,        try_unmap,         try_within,
    try_anywhere,     try_view_anywhere, try_part_elsewhere,
    write_somewhere,  write_somewhere,   write_somewhere,
    write_somewhere,  somebody_settles,  somebody_settles_behind,
    somebody_leaves,  somebody_leaves,   try_reset,
    try_undo,         try_touch_guard,   try_lock,
    try_lock,         try_unlock,        try_name,
    somebody_commits,
};

static int number(const char *name, int otherwise)
{
    const char *value = getenv(name);

    return value == NULL ? otherwise : atoi(value);
}

static void check(bool all)
{
    check_book();
    audit_or_fail(audit_all());
    expect_page(below(&dice, PAGES));
    for (size_t page = 0; all && page < PAGES; page++)
        expect_page(page);
}

static const struct wm_name *new_name(void)
{
    static struct wm_name own;

    own = (struct wm_name){.text = ""};
    own.bytes = (uint16_t)snprintf(own.text, sizeof own.text, "winmem-test-%d", getpid());
    return &own;
}

static uintptr_t file_of_the_section(void)
{
    int fd = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    uintptr_t file;

    if (fd < 0)
        fd = memfd_create("a file", MFD_CLOEXEC);
    MUST(wm_file_of_descriptor(fd, 1u << 28, &file));
    close(fd);
    return file;
}

static uintptr_t make_section(void)
{
    struct wm_section_req req = {.bytes = PAGES * PAGE,
                                 .rights = ALL_RIGHTS,
                                 .protect = WM_EXECUTE_READWRITE,
                                 .reserved = section_is_reserved,
                                 .name = name};

    if (section_is_a_file)
        req.file = file_of_the_section();
    MUST(wm_op_create_section(&req));
    if (section_is_a_file)
        MUST(wm_op_close(req.file));
    return req.result;
}

/* In the end all of it would be committed. */
static void begin_section_anew(void)
{
    if (!section_is_reserved)
        return;
    MUST(wm_op_close(handle));
    memset(section_committed, false, sizeof section_committed);
    memset(section_stamps, 0, sizeof section_stamps);
    handle = make_section();
}

static void run(window_finder *find, uint64_t seed)
{
    int steps = number("WM_STEPS", wm_probe_has(WM_FEATURE_PROCMAP_QUERY) ? STEPS : STEPS / 4);

    if (getenv("WM_STEPS") != NULL)
        alarm(0);
    seed += (uint64_t)number("WM_SEED", 0);
    print_message("seed %u, %d steps\n", (unsigned)seed, steps);
    dice = (struct dice){seed};
    section_is_a_file = (seed / 1000 + seed) % 2; /* each kind of window meets all, by WM_SEED */
    name = (seed / 1000 + seed) / 2 % 2 ? new_name() : NULL;
    section_is_reserved = !section_is_a_file && (seed / 1000 + seed) / 8 % 2;
    handle = make_section();
    for (step = 0; step < steps; step++) {
        if (step % WINDOW_LASTS == 0) {
            clear_window();
            begin_section_anew();
            window = find();
            if (window == 0 && step == 0)
                skip();
            if (window == 0) /* all ends of arenas are used up */
                window = in_mixed_ground();
            audit_begin();
        }
        requests[below(&dice, sizeof requests / sizeof requests[0])]();
        check(step % CHECK_EVERY == 0);
    }
    clear_window();
    check(true);
}

static int tell_step(void **state)
{
    (void)state;
    print_message("%d steps were made; the last request but queries: %s, call %u refused: %s\n", step,
                  last_call, refused, wm_status_name(last_status));
    return 0;
}

/* Without arenas others may take the window before the model does. */
static bool needs_arenas(window_finder *find)
{
    return find != beside_arenas;
}

struct kind_of_window {
    const char *name;
    window_finder *find;
    uint64_t seed;
};

static void the_model_and_the_library_agree(void **state)
{
    const struct kind_of_window *kind = *state;

    MUST(wm_home_ready());
    if (needs_arenas(kind->find) && !wm_probe_has(WM_FEATURE_ARENAS))
        skip();
    run(kind->find, kind->seed);
}

static struct kind_of_window kinds[] = {
    {"in held ground", in_held_ground, 1000},         {"beside arenas", beside_arenas, 2000},
    {"in open ground", in_open_ground, 3000},         {"across open ground", across_open_ground, 4000},
    {"across held ground", across_held_ground, 5000}, {"in mixed ground", in_mixed_ground, 6000},
    {"a reserved section", in_held_ground, 8000},     {"a reserved section's name", in_mixed_ground, 10000},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

int main(int argc, char **argv)
{
    struct CMUnitTest tests[KINDS];
    size_t count = 0;

    force_by_environment();
    for (size_t i = 0; i < KINDS; i++) {
        if (argc > 1 && strcmp(argv[1], kinds[i].name) != 0)
            continue;
        tests[count] = (struct CMUnitTest)cmocka_unit_test_prestate_setup_teardown(
            the_model_and_the_library_agree, NULL, tell_step, &kinds[i]);
        tests[count++].name = kinds[i].name;
    }
    return run_apart(tests, count);
}
