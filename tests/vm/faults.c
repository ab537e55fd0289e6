/*
 * Every operation, with each of its system calls failing in turn. A failed operation says why in a status
 * that is documented for it and changes nothing anybody could notice; then the same operation succeeds.
 * One that copes with the failure does exactly what it does without.
 *
 * "faults full n/m" (or a name) does the same at a table of mappings that is really full, or nearly.
 */
#include "audit.h"
#include "fill.h"
#include "picture.h"

#include "support/large_pool.h"
#include "support/locked.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include "kern/names/names.h"
#include "vm/ground/huge.h"
#include "vm/ground/spare.h"
#include "vm/files/file.h"
#include "vm/pages/guard.h"
#include "vm/processes/process.h"
#include "vm/sections/section.h"
#include "vm/waits/waitable.h"

enum { CALLS_MAX = 400, FRESH_CALLS = 10, ERRORS = 4, REASONS = 6 };

enum {
    FRESH = 1,        /* is interesting in a process that has no arenas yet */
    KEEPS_GROUND = 2, /* a failed one may leave inaccessible arena ground behind */
    KEEPS_TABLE = 4,  /* a table that cannot be unmapped is left, empty */
    MEETS = 8         /* a failed one may have met what was committed elsewhere */
};

#define UNTOUCHED ((uintptr_t)0x5a5a)

/* What the operation at hand works on, and what it returned. */
static uintptr_t base, handle, result;
static struct wm_range watched;

struct operation {
    const char *name;
    void (*set_up)(void);
    wm_status (*run)(void);
    void (*clean_up)(void);
    int errors[ERRORS];         /* that the kernel may answer; 0 ends */
    wm_status reasons[REASONS]; /* that may follow; WM_OK ends */
    unsigned flags;
};

struct scenario {
    const struct operation *operation;
    int error;
    unsigned first, last; /* the calls that fail, one at a time; the mappings that are left */
};

static void watch(uintptr_t start, size_t bytes)
{
    base = start;
    watched = wm_range_of(start, bytes);
}

/* --- reserving --- */

static void nothing(void)
{
}

static wm_status run_alloc(enum wm_alloc_kind kind, uintptr_t at, size_t bytes, uint16_t protect, bool commit)
{
    return alloc(kind, at, bytes, protect, commit, &result);
}

static void release_result(void)
{
    release(result);
}

static wm_status run_reserve(void)
{
    return run_alloc(WM_ALLOC_RESERVE, 0, MiB, WM_READWRITE, false);
}

static wm_status run_reserve_commit(void)
{
    return run_alloc(WM_ALLOC_RESERVE, 0, 5 * PAGE, WM_READWRITE, true);
}

static wm_status run_reserve_code(void)
{
    return run_alloc(WM_ALLOC_RESERVE, 0, 5 * PAGE, WM_EXECUTE_READWRITE, true);
}

static wm_status run_reserve_large(void)
{
    return run_alloc(WM_ALLOC_RESERVE, 0, 3 * GiB, WM_READWRITE, false);
}

static wm_status run_commit_large(void)
{
    return run_alloc(WM_ALLOC_RESERVE, 0, GiB + GRAIN, WM_READONLY, true);
}

static wm_status run_placeholder(void)
{
    return run_alloc(WM_ALLOC_PLACEHOLDER, 0, MiB, WM_NOACCESS, false);
}

/* Below 2 GiB: the sanitizers leave something free there. */
static wm_status run_bounded(bool top_down, bool commit, uintptr_t highest)
{
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .commit = commit,
                               .at = {0, MiB},
                               .bounds = {.lowest = WM_SPACE_START,
                                          .highest = highest,
                                          .alignment = 2 * MiB,
                                          .given = true,
                                          .top_down = top_down},
                               .protect = WM_READWRITE,
                               .result = result};
    wm_status st = wm_op_alloc(&req);

    result = req.result;
    return st;
}

static wm_status run_below_2gib(void)
{
    return run_bounded(false, false, 0x7fff0000);
}

static wm_status run_commit_below_2gib(void)
{
    return run_bounded(false, true, 0x7fff0000);
}

static wm_status run_top_down(void)
{
    return run_bounded(true, false, WM_SPACE_END);
}

static wm_status run_commit_top_down_below_2gib(void)
{
    return run_bounded(true, true, 0x7fff0000);
}

/* --- at an address --- */

static void room_in_an_arena(void)
{
    watch(reserve(MiB), MiB);
    release(base);
}

static void room_beside_arenas(void)
{
    watch(empty_room(MiB), MiB);
}

static void room_across(enum wm_ground ground)
{
    watch(straddling_room(ground, GRAIN), 2 * GRAIN);
    if (base == 0)
        skip();
}

static void room_across_the_end_of_an_arena(void)
{
    release(reserve(MiB));
    room_across(WM_GROUND_HELD);
}

static void room_across_the_end_of_open_ground(void)
{
    release(allocate(MiB));
    room_across(WM_GROUND_OPEN);
}

static wm_status run_reserve_here(void)
{
    return run_alloc(WM_ALLOC_RESERVE, base, 2 * GRAIN, WM_READWRITE, false);
}

static wm_status run_commit_here(void)
{
    return run_alloc(WM_ALLOC_RESERVE, base, 2 * GRAIN, WM_READWRITE, true);
}

/* --- committing --- */

static void reserved_pages(void)
{
    watch(reserve(16 * PAGE), 16 * PAGE);
}

static void release_base(void)
{
    release(base);
}

/* rrrr cc11 rrCC nn.. : reserved, committed and stamped, read-only, executable, no access */
static void mixed_pages(void)
{
    reserved_pages();
    commit(base + 4 * PAGE, 4 * PAGE, WM_READWRITE);
    stamp_pages(base + 4 * PAGE, 4);
    must_protect(base + 6 * PAGE, 2 * PAGE, WM_READONLY);
    commit(base + 10 * PAGE, 2 * PAGE, WM_EXECUTE_READ);
    commit(base + 12 * PAGE, 2 * PAGE, WM_NOACCESS);
}

/* As a decommit leaves them when the table of mappings is full. */
static void marked_pages(void)
{
    reserved_pages();
    commit(base, 16 * PAGE, WM_READWRITE);
    stamp_pages(base, 16);
    if (!wm_feature_in_use("guard_markers"))
        skip();
    wm_fault_nth(1, ENOMEM);
    decommit(base + 4 * PAGE, 8 * PAGE);
    wm_fault_nth(0, 0);
}

/* All over them memory was committed and decommitted: the next commit opens what lies around it (vm/ground/churn.h). */
static void churned_pages(void)
{
    base = reserve(12 * MiB);
    churn(base, 4);
    watched = wm_range_of(base + 6 * MiB, 4 * MiB);
}

static wm_status run_commit_there(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base + 8 * MiB, 16 * PAGE, WM_READWRITE, false);
}

static wm_status run_commit(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base + 2 * PAGE, 11 * PAGE, WM_READWRITE, false);
}

static wm_status run_commit_code(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base + 2 * PAGE, 11 * PAGE, WM_EXECUTE_READWRITE, false);
}

/* --- what could have huge pages: whether the kernel is asked for them, and hears it, changes nothing --- */

enum { BLOCK = 2 * MiB };

static void huge_pages(void)
{
    wm_huge_choose(WM_HUGE_ALWAYS);
}

static void reserved_blocks(void)
{
    huge_pages();
    watch(wm_up(reserve(4 * BLOCK), BLOCK), 2 * BLOCK);
}

static void committed_blocks(void)
{
    reserved_blocks();
    commit(base, 2 * BLOCK, WM_READWRITE);
    stamp_pages(base, 2 * BLOCK / PAGE);
}

static void release_blocks(void)
{
    struct wm_found found;

    assert_true(wm_space_at(wm_book(), base, &found));
    release(found.extent.start);
}

static wm_status run_reserve_commit_blocks(void)
{
    return run_alloc(WM_ALLOC_RESERVE, 0, 2 * BLOCK, WM_READWRITE, true);
}

static wm_status run_commit_blocks(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base, 2 * BLOCK, WM_READWRITE, false);
}

static wm_status run_decommit_of_blocks(void)
{
    return free_pages(WM_FREE_DECOMMIT, base + MiB, BLOCK);
}

static wm_status run_protect_of_blocks(void)
{
    uint16_t old = (uint16_t)UNTOUCHED;
    wm_status st = protect(base + MiB, BLOCK, WM_READONLY, &old);

    result = old;
    return st;
}

/* Few pages, of both blocks: where the kernel does not scan, each of them is a call. */
static wm_status run_reset_of_blocks(void)
{
    return run_alloc(WM_ALLOC_RESET, base + BLOCK - 16 * PAGE, 32 * PAGE, WM_READWRITE, false);
}

/* --- freeing --- */

/* In the middle of a mapping, where no more holes are made (vm/ground/crowd.h). */
static void second_of_three_in_a_crowd(void)
{
    uintptr_t start = reserve(MiB);

    release(start);
    for (uintptr_t at = start; at < start + 48 * PAGE; at += 16 * PAGE) {
        MUST(run_alloc(WM_ALLOC_RESERVE, at, 16 * PAGE, WM_READWRITE, false));
        commit(at, 16 * PAGE, WM_READWRITE);
        stamp_pages(at, 16);
    }
    watch(start + 16 * PAGE, 16 * PAGE);
    wm_crowd_least = 0;
    wm_crowd_every = UINT32_MAX;
    wm_home.crowd.is = true;
}

/* At its edge, and what was given up beside it comes back. */
static void first_of_three_in_a_crowd(void)
{
    second_of_three_in_a_crowd();
    release(base);
    watch(base - 16 * PAGE, 16 * PAGE);
}

static void release_first_and_third(void)
{
    release(base - 16 * PAGE);
    release(base + 16 * PAGE);
}

static void release_third(void)
{
    release(base + 32 * PAGE);
}

static void committed_pages(void)
{
    reserved_pages();
    commit(base, 16 * PAGE, WM_READWRITE);
    stamp_pages(base, 16);
}

static void allocated_pages(void)
{
    watch(allocate(16 * PAGE), 16 * PAGE);
    stamp_pages(base, 16);
}

static void large_allocation(void)
{
    watch(reserve(3 * GiB), 3 * GiB);
    commit(base, 4 * PAGE, WM_READWRITE);
    stamp_pages(base, 4);
}

static wm_status run_decommit(void)
{
    return free_pages(WM_FREE_DECOMMIT, base + 3 * PAGE, 10 * PAGE);
}

static wm_status run_decommit_all(void)
{
    return free_pages(WM_FREE_DECOMMIT, base, 0);
}

static wm_status run_release(void)
{
    return free_pages(WM_FREE_RELEASE, base, 0);
}

static wm_status run_release_a_part(void)
{
    return free_pages(WM_FREE_PART, base + 3 * PAGE, 10 * PAGE);
}

static void release_what_is_left(void)
{
    release(base);
    release(base + 13 * PAGE);
}

/* --- protecting --- */

static void mixed_protections(void)
{
    committed_pages();
    must_protect(base + 2 * PAGE, 2 * PAGE, WM_READONLY);
    must_protect(base + 6 * PAGE, 2 * PAGE, WM_EXECUTE_READ);
    must_protect(base + 10 * PAGE, 2 * PAGE, WM_NOACCESS);
}

static wm_status run_protect_to(uint16_t to)
{
    uint16_t old = (uint16_t)UNTOUCHED;
    wm_status st = protect(base + 3 * PAGE, 10 * PAGE, to, &old);

    result = old;
    return st;
}

static wm_status run_protect_readonly(void)
{
    return run_protect_to(WM_READONLY);
}

static wm_status run_protect_readwrite(void)
{
    return run_protect_to(WM_READWRITE);
}

static wm_status run_protect_execute(void)
{
    return run_protect_to(WM_EXECUTE_READ);
}

static wm_status run_protect_noaccess(void)
{
    return run_protect_to(WM_NOACCESS);
}

/*
 * gg rrrr........ : two pages and eight that were written to when they were far apart, so that they never become
 * one mapping, guards between them. A change from the first page on goes well until it must split the last one.
 */
static void pages_with_pasts(void)
{
    reserved_pages();
    commit(base, 2 * PAGE, WM_READWRITE);
    stamp_pages(base, 2);
    commit(base + 8 * PAGE, 8 * PAGE, WM_READWRITE);
    stamp_pages(base + 8 * PAGE, 8);
    must_protect(base, 2 * PAGE, WM_READONLY);
    commit(base + 2 * PAGE, 6 * PAGE, WM_READWRITE | WM_PAGE_GUARD);
}

static wm_status run_protect_front_to(uint16_t to)
{
    uint16_t old = (uint16_t)UNTOUCHED;
    wm_status st = protect(base, 12 * PAGE, to, &old);

    result = old;
    return st;
}

static wm_status run_protect_front(void)
{
    return run_protect_front_to(WM_EXECUTE_READWRITE);
}

static wm_status run_close_front(void)
{
    return run_protect_front_to(WM_NOACCESS);
}

static wm_status run_commit_front(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base, 12 * PAGE, WM_EXECUTE_READWRITE, false);
}

static wm_status run_offer_front(void)
{
    return wm_op_offer(wm_range_of(base, 12 * PAGE));
}

static wm_status run_lock_front(void)
{
    return wm_op_lock(wm_range_of(base, 12 * PAGE));
}

static wm_status run_unlock_front(void)
{
    return unlock_pages(wm_range_of(base, 12 * PAGE));
}

/* The table of marks is there. */
static void reset_pages_with_pasts(void)
{
    pages_with_pasts();
    MUST(run_alloc(WM_ALLOC_RESET, base, 16 * PAGE, WM_READWRITE, false));
}

/* Inaccessible, so that they are one mapping; reclaimed they are three. */
static void offered_pages_with_pasts(void)
{
    pages_with_pasts();
    MUST(wm_op_offer(wm_range_of(base, 16 * PAGE)));
}

static wm_status run_reclaim_front(void)
{
    wm_status st = wm_op_reclaim(wm_range_of(base, 12 * PAGE));

    return st == WM_CONTENTS_LOST ? WM_OK : st;
}

static void pages_with_pasts_to_lock(void)
{
    pages_with_pasts();
    must_protect(base + 2 * PAGE, 6 * PAGE, WM_READWRITE);
}

static void locked_pages_with_pasts(void)
{
    pages_with_pasts_to_lock();
    MUST(wm_op_lock(wm_range_of(base, 16 * PAGE)));
}

/* Memory that this library did not make, as malloc's or an image's. */
static void foreign_pages(void)
{
    void *p = mmap(NULL, 18 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(p != MAP_FAILED);
    mprotect(p, PAGE, PROT_NONE); /* so that it does not merge with its neighbours */
    mprotect((char *)p + 17 * PAGE, PAGE, PROT_NONE);
    watch((uintptr_t)p + PAGE, 16 * PAGE);
    stamp_pages(base, 16);
    mprotect((void *)(base + 6 * PAGE), PAGE, PROT_READ);
}

static void foreign_pages_with_pasts(void)
{
    char *p = mmap(NULL, 18 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(p != MAP_FAILED);
    watch((uintptr_t)p + PAGE, 16 * PAGE);
    mprotect((void *)base, 2 * PAGE, PROT_READ | PROT_WRITE);
    stamp_pages(base, 2);
    mprotect((void *)(base + 8 * PAGE), 8 * PAGE, PROT_READ | PROT_WRITE);
    stamp_pages(base + 8 * PAGE, 8);
    mprotect((void *)base, 2 * PAGE, PROT_READ);
    mprotect((void *)(base + 2 * PAGE), 6 * PAGE, PROT_READ | PROT_EXEC);
}

static void locked_foreign_pages_with_pasts(void)
{
    foreign_pages_with_pasts();
    program_locks(base, 16 * PAGE);
}

static void unmap_foreign_pages(void)
{
    munmap((void *)(base - PAGE), 18 * PAGE);
}

/* --- locking, and guards --- */

/* The second and the third of three mappings allow something else; the kernel locks them one by one. */
static void pages_to_lock(void)
{
    committed_pages();
    must_protect(base + 6 * PAGE, 2 * PAGE, WM_READONLY);
    must_protect(base + 9 * PAGE, 2 * PAGE, WM_EXECUTE_READWRITE);
}

static void locked_pages(void)
{
    pages_to_lock();
    MUST(wm_op_lock(wm_range_of(base, 16 * PAGE)));
}

static void foreign_pages_to_lock(void)
{
    foreign_pages();
    program_locks(base + 8 * PAGE, PAGE);
}

static void locked_foreign_pages(void)
{
    foreign_pages();
    program_locks(base, 16 * PAGE);
}

static wm_status run_lock(void)
{
    return wm_op_lock(wm_range_of(base + 3 * PAGE, 10 * PAGE));
}

static wm_status run_unlock(void)
{
    return unlock_pages(wm_range_of(base + 3 * PAGE, 10 * PAGE));
}

static wm_status run_protect_guard(void)
{
    return run_protect_to(WM_READWRITE | WM_PAGE_GUARD);
}

static void guarded_pages(void)
{
    committed_pages();
    must_protect(base, 16 * PAGE, WM_READWRITE | WM_PAGE_GUARD);
}

static wm_status run_lift_guard(void)
{
    bool guarded;
    wm_status st = lift_guard(base + 5 * PAGE, &guarded);

    assert_true(!wm_ok(st) || guarded);
    return st;
}

/* --- contents that may go --- */

/* The table of marks is there. */
static void reset_pages(void)
{
    mixed_protections();
    MUST(run_alloc(WM_ALLOC_RESET, base, 16 * PAGE, WM_READWRITE, false));
}

static wm_status run_reset(void)
{
    return run_alloc(WM_ALLOC_RESET, base, 16 * PAGE, WM_READWRITE, false);
}

static wm_status run_undo(void)
{
    return run_alloc(WM_ALLOC_UNDO, base, 16 * PAGE, WM_READWRITE, false);
}

static void offered_pages(void)
{
    reset_pages();
    MUST(wm_op_offer(wm_range_of(base + PAGE, 14 * PAGE)));
}

static wm_status run_offer(void)
{
    return wm_op_offer(wm_range_of(base + PAGE, 14 * PAGE));
}

/* Whatever it says of the contents, the pages are back. */
static wm_status run_reclaim(void)
{
    wm_status st = wm_op_reclaim(wm_range_of(base, 16 * PAGE));

    return st == WM_CONTENTS_LOST ? WM_OK : st;
}

static wm_status run_discard(void)
{
    return wm_op_discard(wm_range_of(base, 16 * PAGE));
}

/* --- placeholders --- */

static void a_placeholder(void)
{
    watch(placeholder(16 * PAGE), 16 * PAGE);
}

static void two_placeholders(void)
{
    a_placeholder();
    MUST(free_pages(WM_FREE_SPLIT, base, 5 * PAGE));
}

static void three_placeholders(void)
{
    two_placeholders();
    MUST(free_pages(WM_FREE_SPLIT, base + 5 * PAGE, 5 * PAGE));
}

static void a_placeholder_replaced(void)
{
    uintptr_t ignored = 0;

    two_placeholders();
    MUST(alloc(WM_ALLOC_REPLACE, base, 5 * PAGE, WM_READWRITE, true, &ignored));
    stamp_pages(base, 5);
}

static void release_two(void)
{
    release(base);
    release(base + 5 * PAGE);
}

static void release_three(void)
{
    release_two();
    release(base + 10 * PAGE);
}

static void release_second(void)
{
    release(base + 5 * PAGE);
}

static wm_status run_split_in_the_middle(void)
{
    return free_pages(WM_FREE_SPLIT, base + 5 * PAGE, 5 * PAGE);
}

static wm_status run_coalesce(void)
{
    return free_pages(WM_FREE_COALESCE, base, 16 * PAGE);
}

static wm_status run_replace(void)
{
    return run_alloc(WM_ALLOC_REPLACE, base, 5 * PAGE, WM_READWRITE, false);
}

static wm_status run_replace_commit(void)
{
    return run_alloc(WM_ALLOC_REPLACE, base, 5 * PAGE, WM_EXECUTE_READWRITE, true);
}

static wm_status run_restore(void)
{
    return free_pages(WM_FREE_SPLIT, base, 5 * PAGE);
}

/* Marks beside it, and pages in different states. */
static void a_mixed_allocation_replaced(void)
{
    uintptr_t ignored = 0;

    two_placeholders();
    MUST(alloc(WM_ALLOC_REPLACE, base + 5 * PAGE, 11 * PAGE, WM_READWRITE, true, &ignored));
    stamp_pages(base + 5 * PAGE, 11);
    must_protect(base + 6 * PAGE, 3 * PAGE, WM_READONLY);
    must_protect(base + 13 * PAGE, PAGE, WM_NOACCESS);
    MUST(run_alloc(WM_ALLOC_RESET, base + 7 * PAGE, 6 * PAGE, WM_READWRITE, false));
}

static wm_status run_restore_the_middle(void)
{
    return free_pages(WM_FREE_SPLIT, base + 8 * PAGE, 4 * PAGE);
}

static void release_four(void)
{
    release_two();
    release(base + 8 * PAGE);
    release(base + 12 * PAGE);
}

/* --- sections and views --- */

enum { VIEW_PAGES = 16 };

static wm_status run_create_section(void)
{
    return create_section(VIEW_PAGES * PAGE, WM_EXECUTE_READWRITE, false, &result);
}

static void close_result(void)
{
    MUST(wm_op_close(result));
}

/* --- of a file --- */

static uintptr_t file;
static int file_fd;

static void a_file(void)
{
    file_fd = memfd_create("a file", MFD_CLOEXEC);
    assert_true(file_fd >= 0 && ftruncate(file_fd, VIEW_PAGES * PAGE) == 0);
    MUST(wm_file_of_descriptor(file_fd, 1u << 28, &file));
    watch(0, 0);
}

static void close_file(void)
{
    MUST(wm_op_close(file));
    close(file_fd);
}

static wm_status create_file_section(size_t pages, uintptr_t *section)
{
    struct wm_section_req req = {
        .file = file, .bytes = pages * PAGE - 1, .rights = ALL_RIGHTS, .protect = WM_EXECUTE_READWRITE};
    wm_status st = wm_op_create_section(&req);

    if (wm_ok(st))
        *section = req.result;
    return st;
}

static wm_status run_create_file_section(void)
{
    return create_file_section(VIEW_PAGES, &result);
}

/* The file may have become larger, if it was the handle that could not be had. */
static wm_status run_grow_file_section(void)
{
    return create_file_section(2 * VIEW_PAGES, &result);
}

static void close_file_section(void)
{
    close_result();
    close_file();
}

static void a_file_section(void)
{
    a_file();
    MUST(create_file_section(VIEW_PAGES, &handle));
}

static void unmap_file(void)
{
    MUST(unmap_view(result, false));
    MUST(wm_op_close(handle));
    close_file();
}

static uintptr_t file_view;

static void a_file_view(void)
{
    a_file_section();
    MUST(map_view(handle, 0, 0, false, WM_READWRITE, &file_view));
}

static wm_status run_flush(void)
{
    return wm_op_flush_view(file_view, 0);
}

static void unmap_file_view(void)
{
    result = file_view;
    unmap_file();
}

static void a_section(void)
{
    handle = section(VIEW_PAGES * PAGE);
    watch(0, 0);
}

/* --- with a name --- */

/* For each process another one. */
static const struct wm_name *own_name(void)
{
    static struct wm_name name;

    if (name.bytes == 0)
        name.bytes = (uint16_t)snprintf(name.text, sizeof name.text, "winmem-test-%d", getpid());
    return &name;
}

static wm_status create_named(uintptr_t of_file, bool large, uintptr_t *section)
{
    struct wm_section_req req = {.file = of_file,
                                 .bytes = large ? WM_LARGE : VIEW_PAGES * PAGE,
                                 .rights = ALL_RIGHTS,
                                 .protect = WM_READWRITE,
                                 .large = large,
                                 .name = own_name()};
    wm_status st = wm_op_create_section(&req);

    if (wm_ok(st) || st == WM_NAME_EXISTS)
        *section = req.result;
    return st;
}

static void a_name(void)
{
    MUST(create_named(0, false, &handle));
    MUST(wm_op_close(handle)); /* so that the directory is there */
    watch(0, 0);
}

static wm_status run_create_named(void)
{
    return create_named(0, false, &result);
}

static void a_named_section(void)
{
    MUST(create_named(0, false, &handle));
    watch(0, 0);
}

static wm_status run_create_existing(void)
{
    wm_status st = create_named(0, false, &result);

    return st == WM_NAME_EXISTS ? WM_OK : st;
}

static wm_status run_open_named(void)
{
    return wm_op_open_section(own_name(), ALL_RIGHTS, &result);
}

static void close_both(void)
{
    close_result();
    MUST(wm_op_close(handle));
}

static wm_status run_create_named_file(void)
{
    return create_named(file, false, &result);
}

static void a_named_file_section(void)
{
    a_file();
    MUST(create_named(file, false, &handle));
}

static void close_both_and_file(void)
{
    close_both();
    close_file();
}

static wm_status run_duplicate_named(void)
{
    return wm_op_duplicate(handle, 0, WM_SAME_RIGHTS, &result);
}

/* --- events, mutexes, semaphores --- */

static wm_status create_waitable(unsigned type, bool named, uintptr_t *out)
{
    struct wm_waitable_req req = {.type = type,
                                  .name = named ? own_name() : NULL,
                                  .rights = 0x1f0003,
                                  .start = {.most = 2, .state = type == WM_HANDLE_MUTEX}};
    wm_status st = wm_op_create_waitable(&req);

    if (wm_ok(st) || st == WM_NAME_EXISTS)
        *out = req.result;
    return st;
}

static wm_status run_create_event(void)
{
    return create_waitable(WM_HANDLE_EVENT, false, &result);
}

static wm_status run_create_named_mutex(void)
{
    return create_waitable(WM_HANDLE_MUTEX, true, &result);
}

static void a_named_mutex(void)
{
    MUST(create_waitable(WM_HANDLE_MUTEX, true, &handle));
    watch(0, 0);
}

static wm_status run_open_mutex(void)
{
    struct wm_waitable_req req = {.type = WM_HANDLE_MUTEX, .name = own_name(), .rights = 0x1f0003};
    wm_status st = wm_op_open_waitable(&req);

    if (wm_ok(st))
        result = req.result;
    return st;
}

static uintptr_t event;

static void a_mutex_and_an_event(void)
{
    a_named_mutex();
    MUST(create_waitable(WM_HANDLE_EVENT, false, &event));
}

/* Whatever fails, what is signalled is taken, and what is not is waited for. */
static wm_status run_wait_for_two(void)
{
    const uintptr_t both[] = {handle, event};
    struct wm_wait_req req = {.handles = both, .count = 2, .all = true, .nanoseconds = 1000000};
    enum wm_signal signal = WM_SIGNALLED;
    wm_status st = wm_op_wait_for(&req, &signal);

    assert_true(!wm_ok(st) || signal == WM_NOT_SIGNALLED);
    MUST(wm_op_set_event(event));
    st = wm_op_wait_for(&req, &signal);
    assert_true(!wm_ok(st) || signal == WM_SIGNALLED);
    return st;
}

static void close_two(void)
{
    MUST(wm_op_close(event));
    MUST(wm_op_close(handle));
}

static void a_section_and_room_in_an_arena(void)
{
    a_section();
    room_in_an_arena();
}

static void a_section_and_room_beside_arenas(void)
{
    a_section();
    room_beside_arenas();
}

static void a_section_and_room_across(void)
{
    a_section();
    room_across_the_end_of_an_arena();
}

static void a_section_and_two_placeholders(void)
{
    handle = section(VIEW_PAGES * PAGE);
    two_placeholders();
}

static void view_of(uint16_t protect)
{
    uintptr_t writable;

    a_section();
    writable = view(handle, WM_READWRITE);
    stamp_pages(writable, VIEW_PAGES);
    MUST(unmap_view(writable, false));
    watch(view(handle, protect), VIEW_PAGES * PAGE);
}

static void a_view(void)
{
    view_of(WM_EXECUTE_READWRITE);
}

static void a_copying_view(void)
{
    view_of(WM_WRITECOPY);
    stamp_pages(base + 4 * PAGE, 3);
    stamp_pages(base + 9 * PAGE, 1);
}

/* shared, read-only, copying with some pages written, no longer copying, no access */
static void a_mixed_view(void)
{
    a_view();
    must_protect(base + 2 * PAGE, 2 * PAGE, WM_READONLY);
    must_protect(base + 4 * PAGE, 6 * PAGE, WM_WRITECOPY);
    stamp(base + 5 * PAGE, 1);
    stamp(base + 8 * PAGE, 2);
    must_protect(base + 8 * PAGE, 2 * PAGE, WM_READWRITE);
    must_protect(base + 11 * PAGE, PAGE, WM_NOACCESS);
}

/* The first pages map privately, the last were written through another mapping of the section. */
static void a_view_in_parts(void)
{
    a_view();
    must_protect(base, 2 * PAGE, WM_READONLY);
    must_protect(base + 2 * PAGE, 6 * PAGE, WM_EXECUTE_WRITECOPY);
    stamp(base + 3 * PAGE, 1);
}

static wm_status run_view_copy_front(void)
{
    return run_protect_front_to(WM_WRITECOPY);
}

static wm_status run_view_write_front(void)
{
    return run_protect_front_to(WM_EXECUTE_READWRITE);
}

static void a_view_over_a_placeholder(void)
{
    a_section_and_two_placeholders();
    MUST(map_view(handle, base, 5 * PAGE, true, WM_READWRITE, &result));
    stamp_pages(base, 5);
}

static void unmap_and_close(uintptr_t addr)
{
    MUST(unmap_view(addr, false));
    MUST(wm_op_close(handle));
}

static void unmap_result(void)
{
    unmap_and_close(result);
}

static void unmap_base(void)
{
    unmap_and_close(base);
}

static void unmap_result_release_second(void)
{
    unmap_result();
    release_second();
}

static void close_section(void)
{
    MUST(wm_op_close(handle));
}

static void close_section_release_second(void)
{
    close_section();
    release_second();
}

static void close_section_release_two(void)
{
    close_section();
    release_two();
}

static wm_status run_map_view(void)
{
    return map_view(handle, 0, 0, false, WM_READWRITE, &result);
}

static wm_status run_map_code_view(void)
{
    return map_view(handle, 0, 0, false, WM_EXECUTE_WRITECOPY, &result);
}

static wm_status run_map_view_here(void)
{
    return map_view(handle, base, 0, false, WM_READWRITE, &result);
}

static wm_status run_map_view_below_2gib(void)
{
    struct wm_view_req req = {
        .section = handle,
        .rights = MAP_READ,
        .bounds = {.lowest = WM_SPACE_START, .highest = 0x7fff0000, .alignment = GRAIN, .given = true},
        .protect = WM_READWRITE,
        .result = result};
    wm_status st = wm_op_map_view(&req);

    result = req.result;
    return st;
}

static wm_status run_map_over_placeholder(void)
{
    return map_view(handle, base, 5 * PAGE, true, WM_READWRITE, &result);
}

static wm_status run_view_copy(void)
{
    return run_protect_to(WM_WRITECOPY);
}

static wm_status run_view_commit(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base + 3 * PAGE, 10 * PAGE, WM_READWRITE, false);
}

static wm_status run_unmap(void)
{
    return unmap_view(base + PAGE, false);
}

static wm_status run_unmap_preserving(void)
{
    return unmap_view(base + PAGE, true);
}

/* --- larger than its file --- */

static void an_overhanging_view(void)
{
    struct wm_view_req req = {
        .rights = MAP_READ, .bytes = 2 * VIEW_PAGES * PAGE, .reserve = true, .protect = WM_READWRITE};

    a_file_section();
    req.section = handle;
    MUST(wm_op_map_view(&req));
    watch(req.result, 2 * VIEW_PAGES * PAGE);
}

static wm_status run_commit_behind_the_end(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base + 20 * PAGE, PAGE, WM_READWRITE, false);
}

static void unmap_overhanging(void)
{
    result = base;
    unmap_file();
}

/* --- of a reserved section --- */

static wm_status create_reserved(uintptr_t *section)
{
    struct wm_section_req req = {
        .bytes = VIEW_PAGES * PAGE, .rights = ALL_RIGHTS, .protect = WM_EXECUTE_READWRITE, .reserved = true};
    wm_status st = wm_op_create_section(&req);

    if (wm_ok(st))
        *section = req.result;
    return st;
}

static wm_status run_create_reserved(void)
{
    return create_reserved(&result);
}

/* As another process does it. */
static void commit_elsewhere(uintptr_t start, size_t first, size_t count)
{
    struct wm_found found;

    assert_true(wm_space_at(&wm_home.space, start, &found));
    wm_commits_set(&wm_section_at(found.extent.section)->commits, first, first + count);
}

/* ....cc..CC..cc.. : committed here, elsewhere, elsewhere */
static void commit_in_three_places(void)
{
    commit(base + 4 * PAGE, 2 * PAGE, WM_READWRITE);
    stamp_pages(base + 4 * PAGE, 2);
    commit_elsewhere(base, 8, 2);
    commit_elsewhere(base, 12, 2);
}

static void a_reserved_view(void)
{
    MUST(create_reserved(&handle));
    watch(view(handle, WM_EXECUTE_READWRITE), VIEW_PAGES * PAGE);
    commit_in_three_places();
}

static void a_reserved_view_that_copies(void)
{
    MUST(create_reserved(&handle));
    watch(view(handle, WM_WRITECOPY), VIEW_PAGES * PAGE);
    commit(base, PAGE, WM_WRITECOPY);
    commit(base + 4 * PAGE, 2 * PAGE, WM_WRITECOPY);
    stamp_pages(base + 4 * PAGE, 2);
    commit_elsewhere(base, 8, 2);
}

static uintptr_t second_view;

static void two_reserved_views(void)
{
    a_reserved_view();
    second_view = view(handle, WM_READWRITE);
}

static void unmap_both_views(void)
{
    MUST(unmap_view(second_view, false));
    unmap_base();
}

static void a_reserved_section(void)
{
    a_reserved_view();
    MUST(unmap_view(base, false));
    watch(0, 0);
}

static void a_reserved_section_and_two_placeholders(void)
{
    a_reserved_section();
    two_placeholders();
}

static wm_status run_commit_copies(void)
{
    return run_alloc(WM_ALLOC_COMMIT, base + 3 * PAGE, 10 * PAGE, WM_READONLY, false);
}

static wm_status run_protect_elsewhere(void)
{
    uint16_t old = (uint16_t)UNTOUCHED;
    wm_status st = protect(base + 8 * PAGE, 2 * PAGE, WM_READONLY, &old);

    result = old;
    return st;
}

static wm_status run_meet(void)
{
    return wm_op_meet(&(struct wm_piece_req){.at = wm_range_of(base, VIEW_PAGES * PAGE)});
}

/* --- large pages --- */

enum { LARGE = 2 * MiB, POOL = 4 };

static void a_pool(void)
{
    if (!wm_kern_has_large() || !pool_set(POOL, 0))
        skip();
}

static void a_pool_and_places(void)
{
    a_pool();
    if (!wm_kern_moves_large())
        skip();
}

/* What was taken for an operation that failed is back. */
static void expect_full_pool(void)
{
    assert_int_equal(pool_free(), POOL);
}

static uintptr_t aligned_room(enum wm_alloc_kind kind)
{
    struct wm_alloc_req req = {.kind = kind,
                               .at = {0, 2 * LARGE},
                               .bounds = {WM_SPACE_START, WM_SPACE_END, LARGE, true, true},
                               .protect = WM_NOACCESS};

    a_pool_and_places();
    MUST(wm_op_alloc(&req));
    watch(req.result, 2 * LARGE);
    return req.result;
}

static wm_status run_large_at(enum wm_alloc_kind kind, uintptr_t at)
{
    struct wm_alloc_req req = {.kind = kind,
                               .commit = true,
                               .at = wm_range_of(at, LARGE),
                               .protect = WM_READWRITE,
                               .traits = WM_TRAIT_LARGE,
                               .large = WM_LARGE,
                               .result = result};
    wm_status st = wm_op_alloc(&req);

    if (!wm_ok(st))
        expect_full_pool();
    result = req.result;
    return st;
}

static wm_status run_large(void)
{
    return run_large_at(WM_ALLOC_RESERVE, 0);
}

static wm_status run_large_here(void)
{
    return run_large_at(WM_ALLOC_RESERVE, base);
}

static wm_status run_large_below_4gib(void)
{
    struct wm_alloc_req req = {.kind = WM_ALLOC_RESERVE,
                               .commit = true,
                               .at = {0, LARGE},
                               .bounds = {512 * MiB, 4 * GiB, LARGE, true, false},
                               .protect = WM_READWRITE,
                               .traits = WM_TRAIT_LARGE,
                               .large = WM_LARGE,
                               .result = result};
    wm_status st = wm_op_alloc(&req);

    result = req.result;
    return st;
}

static wm_status run_large_replace(void)
{
    return run_large_at(WM_ALLOC_REPLACE, base);
}

static void release_large(void)
{
    release_result();
    expect_full_pool();
}

static void room_for_large(void)
{
    release(aligned_room(WM_ALLOC_RESERVE));
}

static void room_for_large_in_an_arena(void)
{
    uintptr_t p = reserve(4 * LARGE);

    a_pool_and_places();
    watch(wm_up(p, LARGE), 2 * LARGE);
    release(p);
}

static void large_pages(void)
{
    a_pool();
    MUST(run_large());
    watch(result, LARGE);
    stamp_pages(base, 8);
}

static void large_pages_in_an_arena(void)
{
    room_for_large_in_an_arena();
    MUST(run_large_here());
    watch(base, LARGE);
    stamp_pages(base, 8);
}

static void a_placeholder_for_large_pages(void)
{
    MUST(free_pages(WM_FREE_SPLIT, aligned_room(WM_ALLOC_PLACEHOLDER), LARGE));
}

static void large_pages_over_a_placeholder(void)
{
    a_placeholder_for_large_pages();
    MUST(run_large_replace());
    stamp_pages(base, 8);
}

static void release_large_placeholders(void)
{
    release(base);
    release(base + LARGE);
    expect_full_pool();
}

static wm_status run_restore_large(void)
{
    return free_pages(WM_FREE_SPLIT, base, LARGE);
}

static wm_status run_create_large_section(void)
{
    wm_status st = create_section(LARGE, WM_READWRITE, true, &result);

    if (!wm_ok(st))
        expect_full_pool();
    return st;
}

static wm_status run_create_named_large(void)
{
    wm_status st = create_named(0, true, &result);

    if (!wm_ok(st))
        expect_full_pool();
    return st;
}

static void close_large_section(void)
{
    close_result();
    expect_full_pool();
}

static void a_large_section(void)
{
    a_pool();
    MUST(create_section(LARGE, WM_READWRITE, true, &handle));
    watch(0, 0);
}

static void a_large_section_and_a_placeholder(void)
{
    a_large_section();
    a_placeholder_for_large_pages();
}

static wm_status run_map_large_over_placeholder(void)
{
    return map_view(handle, base, LARGE, true, WM_READWRITE, &result);
}

static void unmap_large(void)
{
    unmap_result();
    expect_full_pool();
}

static void unmap_large_release_second(void)
{
    unmap_large();
    release(base + LARGE);
}

static void a_large_view_over_a_placeholder(void)
{
    a_large_section_and_a_placeholder();
    MUST(run_map_large_over_placeholder());
    stamp_pages(base, 8);
}

static void close_section_release_large(void)
{
    close_section();
    release_large_placeholders();
}

static void close_section_release_second_large(void)
{
    close_section();
    release(base + LARGE);
    expect_full_pool();
}

/* --- queries --- */

/* So many that the handler is looked for; one that cannot be found is not relied on. */
static wm_status run_results(void)
{
    static uint64_t place[6];

    for (int i = 0; i < 300; i++)
        if (!wm_op_takes_result((uintptr_t)place, sizeof place))
            return WM_POINTER;
    return WM_OK;
}

static wm_status run_query(void)
{
    struct wm_region region;

    return wm_op_query(base + 6 * PAGE, &region);
}

static wm_status run_first_query(void)
{
    wm_kern_maps_forget(); /* lets the descriptor go that earlier queries kept */
    return run_query();
}

/* --- other processes --- */

enum { ALL_OF_A_PROCESS = 0x1fffff, EXIT_CODE = 7 };

static pid_t other;
static struct wm_target target;

static void a_process(void)
{
    pid_t parent = getpid();

    watch(0, 0);
    other = fork();
    assert_true(other >= 0);
    if (other == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        while (getppid() == parent)
            pause();
        _exit(1);
    }
}

static wm_status run_open_process(void)
{
    return wm_op_open_other(other, ALL_OF_A_PROCESS, &result);
}

static void end_process(void)
{
    kill(other, SIGKILL);
    assert_int_equal(waitpid(other, NULL, 0), other);
}

static void close_result_end_process(void)
{
    close_result();
    end_process();
}

static void an_open_process(void)
{
    a_process();
    MUST(wm_op_open_other(other, ALL_OF_A_PROCESS, &handle));
}

static void close_end_process(void)
{
    MUST(wm_op_close(handle));
    end_process();
}

static void close_both_end_process(void)
{
    close_result();
    close_end_process();
}

static wm_status run_duplicate_process(void)
{
    return wm_op_duplicate(handle, 0x400, 0, &result);
}

/* The handle has fewer rights than the copy: the kernel is asked. */
static void a_process_little_known(void)
{
    a_process();
    MUST(wm_op_open_other(other, 0x1000, &handle));
}

/* Whatever fails, a process that runs is not taken for one that has ended. */
static wm_status run_wait(void)
{
    enum wm_signal signal = WM_SIGNALLED;
    wm_status st = wm_op_wait(handle, 1000000, &signal);

    assert_true(!wm_ok(st) || signal == WM_NOT_SIGNALLED);
    return st;
}

static wm_status ask_ending(struct wm_ending *ending)
{
    wm_status st = wm_target_of(handle, 0, &target);

    if (!wm_ok(st))
        return st;
    st = wm_op_ending(&target, ending);
    wm_target_drop(&target);
    return st;
}

static wm_status run_ending_of_living(void)
{
    struct wm_ending ending = {.ended = true};
    wm_status st = ask_ending(&ending);

    assert_true(!wm_ok(st) || !ending.ended);
    return st;
}

static void an_ended_process(void)
{
    siginfo_t info;

    watch(0, 0);
    other = fork();
    assert_true(other >= 0);
    if (other == 0)
        _exit(EXIT_CODE);
    waitid(P_PID, (id_t)other, &info, WEXITED | WNOWAIT);
    MUST(wm_op_open_other(other, ALL_OF_A_PROCESS, &handle));
}

static wm_status run_ending(void)
{
    struct wm_ending ending = {.ended = true, .code = EXIT_CODE};
    wm_status st = ask_ending(&ending);

    assert_true(!wm_ok(st) || (ending.ended && ending.signal == 0 && ending.code == EXIT_CODE));
    return st;
}

/* --- the list --- */

/* clang-format off */
#define MEMORY {ENOMEM, EACCES}
#define FILES {ENOMEM, EACCES, EMFILE}
#define NO_MAPPING {WM_MAP_COUNT}
#define NO_PLACE {WM_ADDRESS_SPACE, WM_BOOK_MEMORY}
#define NO_PLACE_FOR_VIEW {WM_ADDRESS_SPACE, WM_BOOK_MEMORY, WM_CODE_BLOCKED, WM_DESCRIPTOR_GONE}
#define NO_COMMIT {WM_COMMIT_LIMIT, WM_CODE_BLOCKED, WM_ADDRESS_SPACE, WM_BOOK_MEMORY}
#define NO_ROOM_KNOWN {WM_ADDRESS_SPACE, WM_BOOK_MEMORY, WM_NO_PROC, WM_COMMIT_LIMIT, WM_CODE_BLOCKED}
#define NO_LARGE {WM_LARGE_EXHAUSTED, WM_CODE_BLOCKED, WM_ADDRESS_SPACE, WM_BOOK_MEMORY, WM_DESCRIPTORS, WM_MAP_COUNT}
#define NO_LARGE_KNOWN {WM_LARGE_EXHAUSTED, WM_CODE_BLOCKED, WM_ADDRESS_SPACE, WM_BOOK_MEMORY, WM_NO_PROC}
#define NO_PROCESS {WM_NO_PROC, WM_DESCRIPTORS, WM_PROCESS_DENIED, WM_BOOK_MEMORY, WM_KERNEL}
#define NO_VIEW_CHANGE {WM_COMMIT_LIMIT, WM_CODE_BLOCKED, WM_BOOK_MEMORY, WM_NO_PROC, WM_DESCRIPTOR_GONE}

#define NO_NAME {WM_DESCRIPTORS, WM_NAMES_FULL, WM_NAMES_DENIED, WM_KERNEL, WM_BOOK_MEMORY, WM_NAME_BUSY}
#define NO_NAME_FOUND {WM_DESCRIPTORS, WM_NAME_UNKNOWN, WM_NAMES_DENIED, WM_KERNEL, WM_BOOK_MEMORY, WM_NAME_BUSY}
#define NO_NAMED_FILE {WM_DESCRIPTORS, WM_NAMES_FULL, WM_NAMES_DENIED, WM_KERNEL, WM_FILE_DENIED, WM_FILE_DEVICE}

static const struct operation operations[] = {
    {"reserve", nothing, run_reserve, release_result, {ENOMEM}, NO_PLACE, FRESH},
    {"reserve and commit", nothing, run_reserve_commit, release_result, MEMORY, NO_COMMIT, FRESH},
    {"reserve and commit code", nothing, run_reserve_code, release_result, MEMORY, NO_COMMIT, 0},
    {"reserve 3 GiB", nothing, run_reserve_large, release_result, {ENOMEM}, NO_PLACE, FRESH},
    {"commit over 1 GiB", nothing, run_commit_large, release_result, MEMORY, NO_COMMIT, FRESH},
    {"reserve a placeholder", nothing, run_placeholder, release_result, {ENOMEM}, NO_PLACE, 0},
    {"reserve below 2 GiB", nothing, run_below_2gib, release_result, {ENOMEM, EMFILE}, NO_ROOM_KNOWN, 0},
    {"commit below 2 GiB", nothing, run_commit_below_2gib, release_result, FILES, NO_ROOM_KNOWN, 0},
    {"reserve top down", nothing, run_top_down, release_result, {ENOMEM, EMFILE}, NO_ROOM_KNOWN, 0},
    {"commit top down below 2 GiB", nothing, run_commit_top_down_below_2gib, release_result, FILES, NO_ROOM_KNOWN, 0},

    {"reserve in an arena", room_in_an_arena, run_reserve_here, release_result, {ENOMEM}, NO_PLACE, 0},
    {"commit in an arena", room_in_an_arena, run_commit_here, release_result, MEMORY, NO_COMMIT, 0},
    {"reserve beside arenas", room_beside_arenas, run_reserve_here, release_result, {ENOMEM}, NO_PLACE, 0},
    {"commit beside arenas", room_beside_arenas, run_commit_here, release_result, MEMORY, NO_COMMIT, 0},
    {"reserve across the end of an arena", room_across_the_end_of_an_arena, run_reserve_here, release_result,
        {ENOMEM}, NO_PLACE, 0},
    {"commit across the end of an arena", room_across_the_end_of_an_arena, run_commit_here, release_result,
        {ENOMEM}, NO_COMMIT, KEEPS_GROUND},
    {"commit across the end of open ground", room_across_the_end_of_open_ground, run_commit_here, release_result,
        MEMORY, NO_COMMIT, 0},

    {"commit reserved pages", reserved_pages, run_commit, release_base, MEMORY, NO_COMMIT, 0},
    {"commit mixed pages", mixed_pages, run_commit, release_base, MEMORY, NO_COMMIT, 0},
    {"commit code over mixed pages", mixed_pages, run_commit_code, release_base, MEMORY, NO_COMMIT, 0},
    {"commit marked pages", marked_pages, run_commit, release_base, MEMORY, NO_COMMIT, 0},

    {"commit in churned pages", churned_pages, run_commit_there, release_base, MEMORY, NO_COMMIT, 0},
    {"commit in blocks", huge_pages, run_reserve_commit_blocks, release_result, MEMORY, NO_COMMIT, FRESH},
    {"commit reserved blocks", reserved_blocks, run_commit_blocks, release_blocks, MEMORY, NO_COMMIT, 0},
    {"decommit a part of blocks", committed_blocks, run_decommit_of_blocks, release_blocks, {ENOMEM}, NO_MAPPING, 0},
    {"protect a part of blocks", committed_blocks, run_protect_of_blocks, release_blocks, MEMORY, NO_COMMIT, 0},
    {"reset a part of blocks", committed_blocks, run_reset_of_blocks, release_blocks, {ENOMEM}, {WM_OK}, 0},

    {"decommit committed pages", committed_pages, run_decommit, release_base, {ENOMEM}, NO_MAPPING, 0},
    {"decommit mixed pages", mixed_pages, run_decommit, release_base, {ENOMEM}, NO_MAPPING, 0},
    {"decommit a whole allocation", allocated_pages, run_decommit_all, release_base, {ENOMEM}, NO_MAPPING, 0},
    {"release reserved pages", reserved_pages, run_release, nothing, {ENOMEM}, NO_MAPPING, 0},
    {"release mixed pages", mixed_pages, run_release, nothing, {ENOMEM}, NO_MAPPING, 0},
    {"release an allocation", allocated_pages, run_release, nothing, {ENOMEM}, NO_MAPPING, 0},
    {"release a part of reserved pages", reserved_pages, run_release_a_part, release_what_is_left, {ENOMEM}, NO_MAPPING, 0},
    {"release a part of committed pages", committed_pages, run_release_a_part, release_what_is_left, {ENOMEM}, NO_MAPPING, 0},
    {"release a part of mixed pages", mixed_pages, run_release_a_part, release_what_is_left, {ENOMEM}, NO_MAPPING, 0},
    {"release a part of an allocation", allocated_pages, run_release_a_part, release_what_is_left, {ENOMEM}, NO_MAPPING, 0},
    {"release in a crowd", second_of_three_in_a_crowd, run_release, release_first_and_third, {ENOMEM}, NO_MAPPING, 0},
    {"release beside what was given up", first_of_three_in_a_crowd, run_release, release_third, {ENOMEM}, NO_MAPPING, 0},
    {"release 3 GiB", large_allocation, run_release, nothing, {ENOMEM}, NO_MAPPING, 0},

    {"protect as read-only", committed_pages, run_protect_readonly, release_base, MEMORY, NO_COMMIT, 0},
    {"protect mixed pages as read-write", mixed_protections, run_protect_readwrite, release_base, MEMORY, NO_COMMIT, 0},
    {"protect mixed pages as code", mixed_protections, run_protect_execute, release_base, MEMORY, NO_COMMIT, 0},
    {"protect mixed pages as inaccessible", mixed_protections, run_protect_noaccess, release_base, MEMORY, NO_COMMIT, 0},
    {"protect foreign pages", foreign_pages, run_protect_readonly, unmap_foreign_pages, FILES, NO_VIEW_CHANGE, 0},

    {"protect pages with pasts", pages_with_pasts, run_protect_front, release_base, MEMORY, NO_COMMIT, 0},
    {"close pages with pasts", pages_with_pasts, run_close_front, release_base, MEMORY, NO_COMMIT, 0},
    {"commit pages with pasts", pages_with_pasts, run_commit_front, release_base, MEMORY, NO_COMMIT, 0},
    {"protect foreign pages with pasts", foreign_pages_with_pasts, run_protect_front, unmap_foreign_pages, MEMORY,
        NO_VIEW_CHANGE, 0},
    {"offer pages with pasts", reset_pages_with_pasts, run_offer_front, release_base, {ENOMEM}, NO_COMMIT, 0},
    {"reclaim pages with pasts", offered_pages_with_pasts, run_reclaim_front, release_base, {ENOMEM}, NO_COMMIT, 0},
    {"lock pages with pasts", pages_with_pasts_to_lock, run_lock_front, release_base, {ENOMEM}, {WM_LOCK_LIMIT}, 0},
    {"unlock pages with pasts", locked_pages_with_pasts, run_unlock_front, release_base, {ENOMEM}, {WM_LOCK_LIMIT}, 0},
    {"lock foreign pages with pasts", foreign_pages_with_pasts, run_lock_front, unmap_foreign_pages, {ENOMEM},
        {WM_LOCK_LIMIT, WM_NO_PROC, WM_LOCK_NO_ACCESS}, 0},
    {"unlock foreign pages with pasts", locked_foreign_pages_with_pasts, run_unlock_front, unmap_foreign_pages, {ENOMEM},
        {WM_LOCK_LIMIT, WM_NO_PROC, WM_NOT_LOCKED}, 0},
    {"copy a view in parts", a_view_in_parts, run_view_copy_front, unmap_base, MEMORY, NO_VIEW_CHANGE, 0},
    {"write to a view in parts", a_view_in_parts, run_view_write_front, unmap_base, MEMORY, NO_VIEW_CHANGE, 0},

    {"protect as guards", mixed_protections, run_protect_guard, release_base, MEMORY, NO_COMMIT, 0},
    {"lift a guard", guarded_pages, run_lift_guard, release_base, {ENOMEM}, NO_COMMIT, 0},
    {"lock pages", pages_to_lock, run_lock, release_base, {ENOMEM, EPERM}, {WM_LOCK_LIMIT}, 0},
    {"lock pages again", locked_pages, run_lock, release_base, {ENOMEM, EPERM}, {WM_LOCK_LIMIT}, 0},
    {"unlock pages", locked_pages, run_unlock, release_base, {ENOMEM}, {WM_LOCK_LIMIT}, 0},
    {"lock foreign pages", foreign_pages_to_lock, run_lock, unmap_foreign_pages, {ENOMEM},
        {WM_LOCK_LIMIT, WM_NO_PROC, WM_LOCK_NO_ACCESS}, 0},
    {"unlock foreign pages", locked_foreign_pages, run_unlock, unmap_foreign_pages, {ENOMEM},
        {WM_LOCK_LIMIT, WM_NO_PROC, WM_NOT_LOCKED}, 0},
    {"lock a copying view", a_copying_view, run_lock, unmap_base, {ENOMEM, EPERM}, {WM_LOCK_LIMIT}, 0},

    {"reset", mixed_protections, run_reset, release_base, FILES, {WM_OK}, 0},
    {"reset again", reset_pages, run_reset, release_base, FILES, {WM_OK}, 0},
    {"undo a reset", reset_pages, run_undo, release_base, FILES, {WM_CONTENTS_LOST}, 0},
    {"offer", reset_pages, run_offer, release_base, FILES, NO_COMMIT, 0},
    {"offer again", offered_pages, run_offer, release_base, FILES, NO_COMMIT, 0},
    {"reclaim", offered_pages, run_reclaim, release_base, FILES, NO_COMMIT, 0},
    {"discard", committed_pages, run_discard, release_base, {ENOMEM}, NO_COMMIT, 0},

    {"split a placeholder", a_placeholder, run_split_in_the_middle, release_three, {ENOMEM}, NO_PLACE, 0},
    {"coalesce placeholders", three_placeholders, run_coalesce, release_base, {ENOMEM}, NO_PLACE, 0},
    {"replace a placeholder", two_placeholders, run_replace, release_two, {ENOMEM}, NO_PLACE, 0},
    {"replace a placeholder and commit", two_placeholders, run_replace_commit, release_two, MEMORY, NO_COMMIT, 0},
    {"restore a placeholder", a_placeholder_replaced, run_restore, release_two, {ENOMEM}, NO_MAPPING, 0},
    {"restore a part of a placeholder", a_mixed_allocation_replaced, run_restore_the_middle, release_four, {ENOMEM},
        {WM_MAP_COUNT, WM_BOOK_MEMORY}, KEEPS_TABLE},

    {"create a section", nothing, run_create_section, close_result, {ENOMEM, EMFILE, 0},
        {WM_COMMIT_LIMIT, WM_DESCRIPTORS, WM_BOOK_MEMORY}, FRESH},
    {"create a section of a file", a_file, run_create_file_section, close_file_section, {EMFILE, EIO, EACCES, 0},
        {WM_DESCRIPTORS, WM_FILE_DEVICE, WM_FILE_DENIED, WM_DESCRIPTOR_GONE, WM_BOOK_MEMORY, WM_KERNEL}, FRESH},
    {"create a section that makes its file larger", a_file, run_grow_file_section, close_file_section,
        {ENOSPC, EOPNOTSUPP, EINTR, 0}, {WM_FILE_DISK_FULL, WM_FILE_WRONG_KIND, WM_DESCRIPTOR_GONE, WM_BOOK_MEMORY, WM_KERNEL}, 0},
    {"create a section with a name", a_name, run_create_named, close_result, {EMFILE, ENOSPC, EIO, EPERM}, NO_NAME, 0},
    {"create a section that exists", a_named_section, run_create_existing, close_both, {EMFILE, ENOENT, EIO, EPERM}, NO_NAME, 0},
    {"open a section by its name", a_named_section, run_open_named, close_both, {EMFILE, ENOENT, EIO, EPERM},
        NO_NAME_FOUND, 0},
    {"duplicate a section with a name", a_named_section, run_duplicate_named, close_both, {EMFILE, 0}, {WM_OK}, 0},
    {"create an event", nothing, run_create_event, close_result, {ENOMEM, EMFILE, 0},
        {WM_DESCRIPTORS, WM_COMMIT_LIMIT, WM_BOOK_MEMORY, WM_MAP_COUNT}, 0},
    {"create a mutex with a name", a_name, run_create_named_mutex, close_result, {EMFILE, ENOSPC, EIO, EPERM}, NO_NAME, 0},
    {"open a mutex by its name", a_named_mutex, run_open_mutex, close_both, {EMFILE, ENOENT, EIO, EPERM},
        NO_NAME_FOUND, 0},
    {"wait for two", a_mutex_and_an_event, run_wait_for_two, close_two, {EMFILE, EPERM, ENOSYS, EINTR}, {WM_OK}, 0},
    {"create a section of a file with a name", a_file, run_create_named_file, close_file_section,
        {EMFILE, ENOSPC, EIO, EPERM}, NO_NAMED_FILE, 0},
    {"open a section of a file by its name", a_named_file_section, run_open_named, close_both_and_file,
        {EMFILE, ENOENT, EIO, EPERM}, NO_NAME_FOUND, 0},
    {"map a view of a file", a_file_section, run_map_view, unmap_file, {ENOMEM, EACCES, 0},
        {WM_ADDRESS_SPACE, WM_VIEW_REFUSED, WM_BOOK_MEMORY, WM_MAP_COUNT, WM_DESCRIPTOR_GONE}, FRESH},
    {"flush a view of a file", a_file_view, run_flush, unmap_file_view, {EMFILE, EPERM, EIO, 0},
        {WM_FILE_DEVICE}, 0},
    {"map a view", a_section, run_map_view, unmap_result, MEMORY, NO_PLACE_FOR_VIEW, FRESH},
    {"map a view of code", a_section, run_map_code_view, unmap_result, MEMORY, NO_PLACE_FOR_VIEW, 0},
    {"map a view in an arena", a_section_and_room_in_an_arena, run_map_view_here, unmap_result, MEMORY,
        NO_PLACE_FOR_VIEW, 0},
    {"map a view beside arenas", a_section_and_room_beside_arenas, run_map_view_here, unmap_result, MEMORY,
        NO_PLACE_FOR_VIEW, 0},
    {"map a view across the end of an arena", a_section_and_room_across, run_map_view_here, unmap_result, MEMORY,
        NO_PLACE_FOR_VIEW, KEEPS_GROUND},
    {"map a view below 2 GiB", a_section, run_map_view_below_2gib, unmap_result, FILES,
        {WM_ADDRESS_SPACE, WM_CODE_BLOCKED, WM_NO_PROC}, 0},
    {"map a view over a placeholder", a_section_and_two_placeholders, run_map_over_placeholder,
        unmap_result_release_second, MEMORY, NO_PLACE_FOR_VIEW, 0},
    {"protect a view", a_view, run_protect_readonly, unmap_base, MEMORY, NO_VIEW_CHANGE, 0},
    {"make a view copy on write", a_view, run_view_copy, unmap_base, MEMORY, NO_VIEW_CHANGE, 0},
    {"make a mixed view copy on write", a_mixed_view, run_view_copy, unmap_base, FILES, NO_VIEW_CHANGE, 0},
    {"make a mixed view read-only", a_mixed_view, run_protect_readonly, unmap_base, FILES, NO_VIEW_CHANGE, 0},
    {"make a mixed view writable", a_mixed_view, run_protect_readwrite, unmap_base, FILES, NO_VIEW_CHANGE, 0},
    {"make a mixed view inaccessible", a_mixed_view, run_protect_noaccess, unmap_base, FILES, NO_VIEW_CHANGE, 0},
    {"commit pages of a mixed view", a_mixed_view, run_view_commit, unmap_base, FILES, NO_VIEW_CHANGE, 0},
    {"make a copying view read-only", a_copying_view, run_protect_readonly, unmap_base, FILES, NO_VIEW_CHANGE, 0},
    {"unmap a view", a_view, run_unmap, close_section, {ENOMEM}, NO_MAPPING, 0},
    {"unmap a mixed view", a_mixed_view, run_unmap, close_section, {ENOMEM}, NO_MAPPING, 0},
    {"unmap a view over a placeholder", a_view_over_a_placeholder, run_unmap, close_section_release_second,
        {ENOMEM}, NO_MAPPING, 0},
    {"unmap a view and preserve its placeholder", a_view_over_a_placeholder, run_unmap_preserving,
        close_section_release_two, {ENOMEM}, NO_MAPPING, 0},

    {"commit behind the end of a file", an_overhanging_view, run_commit_behind_the_end, unmap_overhanging,
        {ENOSPC, EINTR, EIO, 0}, {WM_FILE_DISK_FULL, WM_FILE_DEVICE, WM_DESCRIPTOR_GONE, WM_BOOK_MEMORY, WM_KERNEL}, 0},
    {"create a reserved section", nothing, run_create_reserved, close_result, {ENOMEM, EMFILE, EIO, 0},
        {WM_COMMIT_LIMIT, WM_DESCRIPTORS, WM_BOOK_MEMORY, WM_ADDRESS_SPACE, WM_KERNEL}, FRESH},
    {"map a view of a reserved section", a_reserved_section, run_map_view, unmap_result, MEMORY, NO_PLACE_FOR_VIEW, FRESH},
    {"map a reserved view over a placeholder", a_reserved_section_and_two_placeholders, run_map_over_placeholder,
        unmap_result_release_second, MEMORY, NO_PLACE_FOR_VIEW, 0},
    {"commit in a reserved view", a_reserved_view, run_view_commit, unmap_base, MEMORY, NO_VIEW_CHANGE, 0},
    {"commit in one of two reserved views", two_reserved_views, run_view_commit, unmap_both_views, MEMORY,
        NO_VIEW_CHANGE, 0},
    {"commit copies in a reserved view", a_reserved_view_that_copies, run_commit_copies, unmap_base, FILES,
        NO_VIEW_CHANGE, 0},
    {"protect what was committed elsewhere", a_reserved_view, run_protect_elsewhere, unmap_base, MEMORY,
        NO_VIEW_CHANGE, MEETS},
    {"meet what was committed elsewhere", a_reserved_view, run_meet, unmap_base, MEMORY, NO_VIEW_CHANGE, 0},
    {"unmap a reserved view", a_reserved_view, run_unmap, close_section, {ENOMEM}, NO_MAPPING, 0},

    {"allocate large pages", a_pool, run_large, release_large, MEMORY, NO_LARGE, 0},
    {"allocate large pages here", room_for_large, run_large_here, release_large, MEMORY, NO_LARGE, 0},
    {"allocate large pages below 4 GiB", a_pool_and_places, run_large_below_4gib, release_large, MEMORY, NO_LARGE_KNOWN, 0},
    {"allocate large pages in an arena", room_for_large_in_an_arena, run_large_here, release_large, MEMORY, NO_LARGE, 0},
    {"release large pages", large_pages, run_release, expect_full_pool, {ENOMEM}, NO_MAPPING, 0},
    {"release large pages in an arena", large_pages_in_an_arena, run_release, expect_full_pool, {ENOMEM}, NO_MAPPING, 0},
    {"replace a placeholder by large pages", a_placeholder_for_large_pages, run_large_replace, release_large_placeholders,
        MEMORY, NO_LARGE, 0},
    {"restore a placeholder of large pages", large_pages_over_a_placeholder, run_restore_large,
        release_large_placeholders, {ENOMEM}, NO_MAPPING, 0},
    {"create a section of large pages", a_pool, run_create_large_section, close_large_section, FILES, NO_LARGE, 0},
    {"create a section of large pages with a name", a_pool, run_create_named_large, close_large_section, FILES,
        {WM_LARGE_EXHAUSTED, WM_CODE_BLOCKED, WM_COMMIT_LIMIT, WM_NAMES_DENIED, WM_DESCRIPTORS}, 0},
    {"map a view of large pages", a_large_section, run_map_view, unmap_large, MEMORY, NO_PLACE_FOR_VIEW, 0},
    {"map a view of large pages over a placeholder", a_large_section_and_a_placeholder, run_map_large_over_placeholder,
        unmap_large_release_second, MEMORY, NO_PLACE_FOR_VIEW, 0},
    {"unmap a view of large pages", a_large_view_over_a_placeholder, run_unmap, close_section_release_second_large,
        {ENOMEM}, NO_MAPPING, 0},
    {"unmap a view of large pages and preserve its placeholder", a_large_view_over_a_placeholder, run_unmap_preserving,
        close_section_release_large, {ENOMEM}, NO_MAPPING, 0},

    {"open a process", a_process, run_open_process, close_result_end_process, FILES, NO_PROCESS, 0},
    {"open a process again", an_open_process, run_open_process, close_both_end_process, FILES, NO_PROCESS, 0},
    {"duplicate a process", an_open_process, run_duplicate_process, close_both_end_process, FILES, NO_PROCESS, 0},
    {"duplicate a process with more rights", a_process_little_known, run_duplicate_process, close_both_end_process,
        FILES, NO_PROCESS, 0},
    {"wait for a process", an_open_process, run_wait, close_end_process, FILES, {WM_OK}, 0},
    {"ask how a living process ended", an_open_process, run_ending_of_living, close_end_process, FILES,
        {WM_ENDING_UNKNOWN}, 0},
    {"ask how a process ended", an_ended_process, run_ending, close_end_process, FILES, {WM_ENDING_UNKNOWN}, 0},

    {"query foreign memory", foreign_pages, run_query, unmap_foreign_pages, {ENOMEM, EMFILE}, {WM_NO_PROC}, 0},
    {"query foreign memory for the first time", foreign_pages, run_first_query, unmap_foreign_pages, {ENOMEM, EMFILE},
        {WM_NO_PROC}, 0},
    {"store results", nothing, run_results, nothing, {EPERM, ENOMEM}, {WM_OK}, 0},
    {"query a copying view", a_copying_view, run_query, unmap_base, FILES, {WM_NO_PROC}, 0},
};
/* clang-format on */

enum { OPERATIONS = sizeof operations / sizeof operations[0] };

/* --- failing --- */

static struct picture at_first, before, after, reference;
static size_t shielded_before; /* what was settled has become mappings, whatever else fails */

static void expect_no_difference(const struct operation *op, unsigned n, wm_status st, const char *difference)
{
    if (difference == NULL)
        return;
    describe(&before);
    describe(&after);
    fail_msg("%s, call %u fails with %s: changed or different: %s", op->name, n, wm_status_name(st),
             difference);
}

static void expect_nothing_happened(const struct operation *op, unsigned n, wm_status st)
{
    take_picture(watched, &after);
    check_book();
    expect_no_difference(op, n, st, audit_book());
    expect_no_difference(op, n, st, difference_of_regions(&before, &after));
    expect_no_difference(op, n, st,
                         op->flags & (KEEPS_GROUND | MEETS) || wm_home.dense.shielded < shielded_before
                             ? NULL
                             : difference_of_vmas(&before, &after));
    expect_no_difference(op, n, st, difference_elsewhere(&before, &after));
    if (result != UNTOUCHED)
        fail_msg("%s, call %u fails with %s: a result was written", op->name, n, wm_status_name(st));
}

static void expect_reason(const struct operation *op, unsigned n, wm_status st)
{
    for (int i = 0; i < REASONS && op->reasons[i] != WM_OK; i++)
        if (op->reasons[i] == st)
            return;
    fail_msg("%s, call %u fails: %s is no reason", op->name, n, wm_status_name(st));
}

/* Watched pages may lie elsewhere than in the reference run, so they are compared as seen from their start. */
static bool as_without_failure(void)
{
    uintptr_t moved = watched.start - reference.range.start;
    bool same = after.regions == reference.regions;

    for (unsigned i = 0; same && i < after.regions; i++) {
        struct wm_region *a = &after.region[i], *r = &reference.region[i];

        same = a->range.end == r->range.end + moved && a->state == r->state && a->protect == r->protect;
    }
    return same;
}

static void expect_as_without_failure(const struct operation *op, unsigned n)
{
    take_picture(watched, &after);
    check_book();
    if (as_without_failure() || (THREAD_SANITIZED && !wm_probe_has(WM_FEATURE_ARENAS)))
        return; /* what is released without arenas the sanitizer may take at once */
    describe(&reference);
    describe(&after);
    fail_msg("%s, call %u failed and was coped with, but not well", op->name, n);
}

/* After cleaning up nothing is mapped or open that was not before the set-up. */
static void expect_nothing_left(const struct operation *op, unsigned n)
{
    static struct picture clean;

    take_picture((struct wm_range){0, 0}, &clean);
    if (difference_elsewhere(&at_first, &clean) == NULL)
        return;
    if ((op->flags & KEEPS_TABLE) && clean.strays <= at_first.strays + 1)
        return;
    describe(&at_first);
    describe(&clean);
    fail_msg("%s, call %u failed: afterwards %s differs", op->name, n,
             difference_elsewhere(&at_first, &clean));
}

static void take_reference(const struct operation *op)
{
    op->set_up();
    if (op->run() == WM_ADDRESS_SPACE)
        skip(); /* nothing is free within the bounds */
    take_picture(watched, &reference);
    op->clean_up();
}

/* False: the operation makes fewer than n calls. */
static bool meets_failure(const struct operation *op, unsigned n, int error)
{
    unsigned calls;
    wm_status st;

    take_picture((struct wm_range){0, 0}, &at_first);
    op->set_up();
    take_picture(watched, &before);
    shielded_before = wm_home.dense.shielded;
    result = UNTOUCHED;
    wm_fault_nth(n, error);
    st = op->run();
    calls = wm_fault_count();
    wm_fault_nth(0, 0);
    if (!wm_ok(st)) {
        assert_true(calls >= n);
        expect_reason(op, n, st);
        expect_nothing_happened(op, n, st);
        MUST(op->run());
    }
    expect_as_without_failure(op, n);
    audit_or_fail(audit_book());
    op->clean_up();
    check_book();
    audit_or_fail(audit_book());
    expect_nothing_left(op, n);
    return calls >= n;
}

/* Descriptors are counted: those that are kept from the first use on are there before. */
static void open_what_is_kept(void)
{
    struct wm_vma vma;

    audit_open();
    wm_kern_vma(0, &vma);
}

static void a_failed_call_changes_nothing(void **state)
{
    const struct scenario *s = *state;
    unsigned n = s->first;

    MUST(wm_home_ready()); /* without arenas yet */
    open_what_is_kept();
    if (s->first == 1)
        take_reference(s->operation);
    while (meets_failure(s->operation, n, s->error) && n < s->last)
        n++;
    assert_true(n < CALLS_MAX);
}

/* --- at the full table --- */

/* What gives memory back, all of it, works there as well. */
static bool gives_back(const struct operation *op)
{
    return op->reasons[0] == WM_MAP_COUNT;
}

static void expect_full_table(const struct operation *op, unsigned left, wm_status st)
{
    if (st != WM_MAP_COUNT && st != WM_BOOK_MEMORY)
        fail_msg("%s, %u mappings left: %s is no reason", op->name, left, wm_status_name(st));
    if (gives_back(op) && wm_feature_in_use("guard_markers"))
        fail_msg("%s, %u mappings left: %s", op->name, left, wm_status_name(st));
}

static void use_up_spare_mappings(void)
{
    while (wm_spare_spend(WM_SPARE_UNDO))
        continue;
}

static int access_at(const struct picture *p, uintptr_t addr)
{
    for (unsigned i = 0; i < p->vmas; i++)
        if (p->vma[i].range.start <= addr && addr < p->vma[i].range.end)
            return p->vma[i].access;
    return WM_ACCESS_NONE;
}

/* What somebody else committed, and has been met meanwhile, is as open as is told of it. */
static int may_be_met(const struct operation *op, uintptr_t addr)
{
    for (unsigned i = 0; (op->flags & MEETS) && i < after.regions; i++)
        if (after.region[i].state == WM_REGION_COMMITTED && after.region[i].range.start <= addr &&
            addr < after.region[i].range.end)
            return wm_access_of(after.region[i].protect);
    return WM_ACCESS_NONE;
}

/* With nothing kept back pages may stay closed that cannot be given back their access: never open. */
static void expect_nothing_opened(const struct operation *op, unsigned left, wm_status st)
{
    take_picture(watched, &after);
    check_book();
    expect_no_difference(op, left, st,
                         same_regions(&before, &after) ? NULL : "a region, without spare mappings");
    for (uintptr_t addr = watched.start; addr < watched.end && addr < watched.start + MiB; addr += PAGE)
        if (access_at(&after, addr) & ~(access_at(&before, addr) | may_be_met(op, addr)))
            expect_no_difference(op, left, st, "a page that is open, without spare mappings");
}

static void meet_full_table(const struct operation *op, unsigned left, bool spare)
{
    wm_status st;

    fill_begin();
    op->set_up();
    take_picture(watched, &before);
    shielded_before = wm_home.dense.shielded;
    result = UNTOUCHED;
    if (!spare)
        use_up_spare_mappings();
    fill_but(left);
    st = op->run();
    fill_empty();
    if (!wm_ok(st)) {
        if (spare) {
            expect_full_table(op, left, st);
            expect_nothing_happened(op, left, st);
        } else {
            expect_nothing_opened(op, left, st);
        }
        MUST(op->run());
    }
    expect_as_without_failure(op, left);
    audit_or_fail(audit_book());
    op->clean_up();
    fill_end();
    check_book();
    audit_or_fail(audit_book());
}

static void a_call_at_the_full_table_does_all_or_nothing(void **state)
{
    const struct scenario *s = *state;

    MUST(wm_home_ready());
    audit_open();
    take_reference(s->operation);
    for (unsigned left = s->first; left <= s->last; left++)
        meet_full_table(s->operation, left, true);
    meet_full_table(s->operation, 0, false);
}

/* --- the first call of all --- */

static size_t mapped_bytes(void)
{
    struct wm_vma vma;
    size_t bytes = 0;

    for (uintptr_t addr = 0; wm_kern_vma(addr, &vma) == 0 && vma.range.start < WM_SPACE_END;
         addr = vma.range.end)
        bytes += is_main_stack(vma.range) ? 0 : wm_range_bytes(vma.range);
    return bytes;
}

static void a_library_that_cannot_begin_tries_again(void **state)
{
    unsigned n = *(unsigned *)*state;
    size_t mapped = mapped_bytes();
    struct wm_region region;
    wm_status st;

    wm_fault_nth(n, ENOMEM);
    st = wm_op_query(WM_SPACE_START, &region);
    wm_fault_nth(0, 0);
    if (st == WM_BOOK_MEMORY && !THREAD_SANITIZED)
        assert_in_range(mapped_bytes(), mapped, mapped + PAGE); /* what tells a child of a fork stays */
    if (st != WM_BOOK_MEMORY && st != WM_NO_PROC)
        MUST(st);
    release(allocate(MiB));
    check_book();
}

/* --- all of them --- */

enum { TESTS_MAX = 1024 };

static struct scenario scenarios[TESTS_MAX];
static struct CMUnitTest tests[TESTS_MAX];
static char names[TESTS_MAX][96];
static unsigned count;

static void add_test(const struct operation *op, int error, unsigned first, unsigned last)
{
    char call[16] = "n";

    assert_true(count < TESTS_MAX);
    if (first == last)
        snprintf(call, sizeof call, "%u", first);
    snprintf(names[count], sizeof names[count], "%s, call %s fails with %s", op->name, call, strerror(error));
    scenarios[count] = (struct scenario){op, error, first, last};
    tests[count] =
        (struct CMUnitTest)cmocka_unit_test_prestate(a_failed_call_changes_nothing, &scenarios[count]);
    tests[count].name = names[count];
    count++;
}

static void add_tests(const struct operation *op)
{
    for (int i = 0; i < ERRORS && op->errors[i] != 0; i++) {
        add_test(op, op->errors[i], 1, CALLS_MAX);
        for (unsigned n = 2; (op->flags & FRESH) && n <= FRESH_CALLS; n++)
            add_test(op, op->errors[i], n, n);
    }
}

enum { LEFT_MAX = 2 };

static bool needs_mappings(const struct operation *op)
{
    return strstr(op->name, "process") == NULL && strstr(op->name, "query") == NULL;
}

static void add_full_table(const struct operation *op)
{
    snprintf(names[count], sizeof names[count], "%s, at the full table", op->name);
    scenarios[count] = (struct scenario){op, 0, 0, LEFT_MAX};
    tests[count] = (struct CMUnitTest)cmocka_unit_test_prestate(a_call_at_the_full_table_does_all_or_nothing,
                                                                &scenarios[count]);
    tests[count].name = names[count];
    count++;
}

/* Part n of m of the list; m = 0: whose name has this in it. */
static int at_the_full_table(int n, int m, const char *only)
{
    if (!can_fill()) {
        puts("skipped: a table of mappings that cannot be filled here");
        return SKIPPED;
    }
    for (int i = 0; i < OPERATIONS; i++)
        if (needs_mappings(&operations[i]) &&
            (m == 0 ? strstr(operations[i].name, only) != NULL : i % m == n))
            add_full_table(&operations[i]);
    return run_apart(tests, count);
}

int main(int argc, char **argv)
{
    static unsigned first_calls[FRESH_CALLS + 2];
    const char *only = argc > 1 ? argv[1] : "";
    int n, m;

    if (argc > 2 && strcmp(only, "full") == 0)
        return sscanf(argv[2], "%d/%d", &n, &m) == 2 ? at_the_full_table(n, m, "")
                                                     : at_the_full_table(0, 0, argv[2]);
    for (unsigned n = 1; n < FRESH_CALLS + 2; n++) {
        first_calls[n] = n;
        tests[count++] = (struct CMUnitTest)cmocka_unit_test_prestate(a_library_that_cannot_begin_tries_again,
                                                                      &first_calls[n]);
    }
    for (int i = 0; i < OPERATIONS; i++)
        if (strstr(operations[i].name, only) != NULL)
            add_tests(&operations[i]);
    return run_apart(tests, count);
}
