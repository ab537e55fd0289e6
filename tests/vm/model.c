/*
 * The operations against a byte per page: random requests, sensible or not, in a window of the address
 * space. The model knows for each what is to come of it, what VirtualQuery says of every page afterwards,
 * and what the page holds.
 */
#include "audit.h"

enum { PAGES = 192, ALLOCATIONS = 4096, OPS = SANITIZED ? 2000 : 6000, CHECK_EVERY = 64 };

struct cell {
    uint16_t protect; /* 0: reserved */
    bool copied;      /* of a view: a private copy by now */
    uint8_t stamp;    /* what it holds, unless it shows the section */
    int allocation;   /* 0: free */
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
static struct dice dice;

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

    return (struct pages){first, 1 + below(&dice, below(&dice, 4) == 0 || most < 8 ? (unsigned)most : 8)};
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
    static const uint16_t all[] = {WM_READWRITE, WM_READWRITE, WM_READONLY, WM_NOACCESS, WM_EXECUTE_READ};

    return all[below(&dice, 5)];
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

/* --- what is to come of them --- */

static bool all_free(struct pages p)
{
    for (size_t i = p.first; i < p.first + p.count; i++)
        if (cells[i].allocation != 0)
            return false;
    return true;
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

/* --- requests --- */

static void try_reserve(void)
{
    struct pages p = some_granules();
    bool hold = below(&dice, 3) == 0, commit = !hold && below(&dice, 2);
    uint16_t protect = hold ? WM_NOACCESS : private_protect();
    uintptr_t result = 0;

    EXPECT_STATUS(all_free(p) ? WM_OK : WM_ADDRESS_TAKEN,
                  alloc(hold ? WM_ALLOC_PLACEHOLDER : WM_ALLOC_RESERVE, addr_of(p.first), bytes_of(p),
                        protect, commit, &result));
    if (all_free(p))
        enter(p, hold ? WM_PLACEHOLDER : WM_PRIVATE, protect, commit, false, 0);
}

static void try_replace(void)
{
    struct pages p = some_of_one();
    bool commit = below(&dice, 2);
    uint16_t protect = private_protect();
    uintptr_t result = 0;

    EXPECT_STATUS(is_whole(p, WM_PLACEHOLDER) ? WM_OK : WM_PLACEHOLDER_MISMATCH,
                  alloc(WM_ALLOC_REPLACE, addr_of(p.first), bytes_of(p), protect, commit, &result));
    if (is_whole(p, WM_PLACEHOLDER))
        enter(p, WM_PRIVATE, protect, commit, true, 0);
}

static wm_status outcome_of_commit(struct pages p, uint16_t protect)
{
    if (!in_one(p) || is_kind(p.first, WM_PLACEHOLDER))
        return WM_NOT_RESERVED;
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

    EXPECT_STATUS(outcome, alloc(WM_ALLOC_COMMIT, addr_of(p.first), bytes_of(p), protect, false, &result));
    if (wm_ok(outcome))
        set_protect(p, protect);
}

static wm_status outcome_of_protect(struct pages p, uint16_t protect)
{
    if (!in_one(p) || !all_committed(p))
        return WM_NOT_COMMITTED;
    if (is_kind(p.first, WM_VIEW))
        return outcome_of_commit(p, protect);
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
    uint16_t to = view_protect(), seen = seen_protect(p.first), old = 0;
    wm_status outcome = outcome_of_protect(p, to);

    EXPECT_STATUS(outcome, protect(addr_of(p.first), bytes_of(p), to, &old));
    assert_int_equal(old, wm_ok(outcome) ? seen : 0);
    if (wm_ok(outcome))
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

    EXPECT_STATUS(outcome, free_pages(WM_FREE_DECOMMIT, addr_of(p.first) + within,
                                      whole ? 0 : bytes_of(p) - (within > 0 ? within : 1)));
    if (!wm_ok(outcome))
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

static void try_release(void)
{
    size_t page = some_of_one().first;
    wm_status outcome = outcome_of_release(page);

    EXPECT_STATUS(outcome, free_pages(WM_FREE_RELEASE, addr_of(page) + below(&dice, PAGE), 0));
    if (wm_ok(outcome))
        set_cells((struct pages){page, allocation_at(page)->count}, (struct cell){0});
}

static wm_status outcome_of_split(struct pages p)
{
    struct allocation *a = allocation_at(p.first);

    if (a == NULL)
        return WM_NOT_ALLOCATED;
    if (a->kind == WM_VIEW)
        return WM_IS_A_VIEW;
    if (a->kind == WM_PRIVATE)
        return a->replaced && is_whole(p, WM_PRIVATE) ? WM_OK : WM_NEVER_A_PLACEHOLDER;
    if (!in_one(p))
        return WM_NOT_A_PLACEHOLDER;
    return is_whole(p, WM_PLACEHOLDER) ? WM_PLACEHOLDER_WHOLE : WM_OK;
}

static void enter_placeholder(size_t first, size_t end)
{
    if (first < end)
        enter((struct pages){first, end - first}, WM_PLACEHOLDER, WM_NOACCESS, false, false, 0);
}

/* Splitting, and turning a private allocation back into the placeholder that it replaced. */
static void try_split(void)
{
    struct pages p = some_of_one();
    wm_status outcome = outcome_of_split(p);
    struct allocation a;

    EXPECT_STATUS(outcome, free_pages(WM_FREE_SPLIT, addr_of(p.first), bytes_of(p)));
    if (!wm_ok(outcome))
        return;
    a = *allocation_at(p.first);
    enter_placeholder(a.first, p.first);
    enter_placeholder(p.first, p.first + p.count);
    enter_placeholder(p.first + p.count, a.first + a.count);
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

    EXPECT_STATUS(outcome, free_pages(WM_FREE_COALESCE, addr_of(p.first), bytes_of(p)));
    if (wm_ok(outcome))
        enter_placeholder(p.first, p.first + p.count);
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

    EXPECT_STATUS(possible  ? WM_OK
                  : replace ? WM_PLACEHOLDER_MISMATCH
                            : WM_ADDRESS_TAKEN,
                  wm_op_map_view(&req));
    if (possible)
        enter(p, WM_VIEW, req.protect, true, replace, req.offset / PAGE);
}

static void try_unmap(void)
{
    size_t page = some_of_one().first;
    struct allocation *a = allocation_at(page);
    bool preserve = below(&dice, 2);
    wm_status outcome = !is_kind(page, WM_VIEW)    ? WM_NOT_A_VIEW
                        : preserve && !a->replaced ? WM_VIEW_NOT_PLACEHOLDER
                                                   : WM_OK;

    EXPECT_STATUS(outcome, wm_op_unmap_view(addr_of(page) + below(&dice, PAGE), preserve));
    if (!wm_ok(outcome))
        return;
    if (preserve)
        enter_placeholder(a->first, a->first + a->count);
    else
        set_cells((struct pages){a->first, a->count}, (struct cell){0});
}

/* --- contents --- */

static uint8_t *shown_by(size_t page)
{
    struct allocation *a = allocation_at(page);

    if (a->kind != WM_VIEW || cells[page].copied)
        return &cells[page].stamp;
    return &section_stamps[a->offset + page - a->first];
}

static void write_somewhere(void)
{
    size_t page = below(&dice, PAGES);
    uint8_t value = (uint8_t)roll(&dice);

    if (!(wm_access_of(cells[page].protect) & WM_ACCESS_WRITE))
        return;
    if (wm_is_copy(cells[page].protect))
        cells[page].copied = true;
    *shown_by(page) = value;
    *(volatile uint8_t *)addr_of(page) = value;
}

static void expect_contents(size_t page)
{
    if (wm_access_of(cells[page].protect) != WM_ACCESS_NONE)
        assert_int_equal(*(volatile uint8_t *)addr_of(page), *shown_by(page));
}

/* --- what VirtualQuery says --- */

static bool look_the_same(size_t a, size_t b)
{
    return cells[a].allocation == cells[b].allocation && cells[a].protect == cells[b].protect &&
           (cells[a].copied == cells[b].copied || !wm_is_copy(cells[a].protect));
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

static void expect_page(size_t page)
{
    struct wm_region region = region_at(addr_of(page) + below(&dice, PAGE));

    assert_int_equal(region.range.start, addr_of(page));
    if (cells[page].allocation == 0)
        expect_free(&region, page);
    else
        expect_used(&region, page);
    expect_contents(page);
}

/* --- running --- */

static void (*const requests[])(void) = {
    try_reserve,     try_reserve,     try_replace,     try_commit,      try_commit,
    try_protect,     try_protect,     try_decommit,    try_release,     try_split,
    try_coalesce,    try_map,         try_map,         try_unmap,       try_unmap,
    write_somewhere, write_somewhere, write_somewhere, write_somewhere,
};

static void run(uint64_t seed)
{
    int ops = wm_probe_has(WM_FEATURE_PROCMAP_QUERY) ? OPS : OPS / 8; /* reading text takes its time */

    print_message("seed %u\n", (unsigned)seed);
    dice = (struct dice){seed};
    handle = section(PAGES * PAGE);
    audit_begin();
    for (int op = 0; op < ops; op++) {
        requests[below(&dice, sizeof requests / sizeof requests[0])]();
        check_book();
        audit_or_fail(audit_all());
        expect_page(below(&dice, PAGES));
        for (size_t page = 0; op % CHECK_EVERY == 0 && page < PAGES; page++)
            expect_page(page);
    }
}

/* Without arenas others may take the window before the model does. */
static void need_arenas(void)
{
    MUST(wm_home_ready());
    if (!wm_probe_has(WM_FEATURE_ARENAS))
        skip();
}

static void in_an_arena(void **state)
{
    need_arenas();
    window = reserve(PAGES * PAGE);
    release(window);
    run(*(uint64_t *)*state);
}

static void beside_arenas(void **state)
{
    window = empty_room(PAGES * PAGE);
    run(*(uint64_t *)*state);
}

static void in_open_ground(void **state)
{
    need_arenas();
    window = allocate(PAGES * PAGE);
    release(window);
    run(*(uint64_t *)*state);
}

static void run_across(enum wm_ground ground, uint64_t seed)
{
    window = straddling_room(ground, PAGES * PAGE / 2);
    if (window == 0)
        skip();
    run(seed);
}

static void across_the_end_of_an_arena(void **state)
{
    release(reserve(PAGE));
    run_across(WM_GROUND_HELD, *(uint64_t *)*state);
}

static void across_the_end_of_open_ground(void **state)
{
    release(allocate(PAGE));
    run_across(WM_GROUND_OPEN, *(uint64_t *)*state);
}

int main(void)
{
    static uint64_t seeds[] = {1, 2, 3, 4, 5, 6};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(in_an_arena, &seeds[0]),
        cmocka_unit_test_prestate(beside_arenas, &seeds[1]),
        cmocka_unit_test_prestate(in_open_ground, &seeds[2]),
        cmocka_unit_test_prestate(across_the_end_of_open_ground, &seeds[3]),
        cmocka_unit_test_prestate(across_the_end_of_an_arena, &seeds[4]),
        cmocka_unit_test_prestate(across_the_end_of_an_arena, &seeds[5]),
    };

    return RUN_APART(tests);
}
