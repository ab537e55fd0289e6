/*
 * vm.h: the operations of vm/ops.h in a few words each. What the helpers make must succeed, or the test
 * ends: a rule is never tested through them.
 */
#ifndef VM_H
#define VM_H

#include "support/apart.h"

#include <unistd.h>
#include <sys/wait.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "core/pages.h"
#include "kern/faults.h"
#include "kern/features/features.h"
#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "vm/access.h"
#include "vm/book/home.h"
#include "vm/book/land.h"
#include "vm/ground/churn.h"
#include "vm/ground/crowd.h"
#include "vm/ops.h"
#include "vm/physical/physical.h"

#ifndef WM_FAULT_SCRIPT
/* A test that asks for a failure which nobody can play is skipped from there on. */
static inline void wm_fault_nth(unsigned n, int error)
{
    (void)error;
    if (n != 0)
        skip();
}
#endif

enum { PAGE = 0x1000, GRAIN = 0x10000, MiB = 0x100000, ALL_RIGHTS = 0xf001f, MAP_READ = 4 };

#define GiB ((size_t)1 << 30)

#define EXPECT_STATUS(expected, call)                                                                        \
    do {                                                                                                     \
        wm_status expected_status = (expected), status = (call);                                             \
        if (status != expected_status)                                                                       \
            fail_msg("%s: %s, not %s", #call, wm_status_name(status), wm_status_name(expected_status));      \
    } while (0)

#define MUST(call) EXPECT_STATUS(WM_OK, call)

static inline wm_status alloc(enum wm_alloc_kind kind, uintptr_t base, size_t bytes, uint16_t protect,
                              bool commit, uintptr_t *result)
{
    struct wm_alloc_req req = {
        .kind = kind, .commit = commit, .at = {base, base + bytes}, .protect = protect, .result = *result};
    wm_status st = wm_op_alloc(&req);

    *result = req.result;
    return st;
}

static inline wm_status free_pages(enum wm_free_kind kind, uintptr_t base, size_t bytes)
{
    return wm_op_free(&(struct wm_free_req){.kind = kind, .base = base, .bytes = bytes});
}

static inline wm_status protect(uintptr_t base, size_t bytes, uint16_t to, uint16_t *old)
{
    struct wm_protect_req req = {.at = wm_range_of(base, bytes), .protect = to, .old = *old};
    wm_status st = wm_op_protect(&req);

    *old = req.old;
    return st;
}

static inline uintptr_t must_alloc(enum wm_alloc_kind kind, size_t bytes, uint16_t protect, bool commit)
{
    uintptr_t result = 0;

    MUST(alloc(kind, 0, bytes, protect, commit, &result));
    return result;
}

static inline uintptr_t reserve(size_t bytes)
{
    return must_alloc(WM_ALLOC_RESERVE, bytes, WM_READWRITE, false);
}

static inline uintptr_t allocate(size_t bytes)
{
    return must_alloc(WM_ALLOC_RESERVE, bytes, WM_READWRITE, true);
}

static inline uintptr_t placeholder(size_t bytes)
{
    return must_alloc(WM_ALLOC_PLACEHOLDER, bytes, WM_NOACCESS, false);
}

static inline void commit(uintptr_t base, size_t bytes, uint16_t protect)
{
    uintptr_t result = 0;

    MUST(alloc(WM_ALLOC_COMMIT, base, bytes, protect, false, &result));
}

static inline void decommit(uintptr_t base, size_t bytes)
{
    MUST(free_pages(WM_FREE_DECOMMIT, base, bytes));
}

/* What otherwise begins when much of something has been done, from the first call on. */
static inline void force_by_environment(void)
{
    if (getenv("TEST_CHURN") != NULL)
        wm_churn_least = 0; /* every commit that can opens a stretch */
    if (getenv("TEST_CROWD") != NULL) {
        wm_crowd_least = 0;
        wm_crowd_every = UINT32_MAX;
        wm_home.crowd.is = true; /* no release makes a hole */
    }
}

/* Commits and decommits the first half of each granule: a half of so many MiB is kept warm. */
static inline void churn(uintptr_t base, int mebibytes)
{
    for (int i = 0; i < mebibytes * 16; i++) {
        commit(base + (uintptr_t)i * GRAIN, GRAIN / 2, WM_READWRITE);
        decommit(base + (uintptr_t)i * GRAIN, GRAIN / 2);
    }
}

static inline void release(uintptr_t base)
{
    MUST(free_pages(WM_FREE_RELEASE, base, 0));
}

static inline void must_protect(uintptr_t base, size_t bytes, uint16_t to)
{
    uint16_t old = 0;

    MUST(protect(base, bytes, to, &old));
}

static inline wm_status create_section(uint64_t bytes, uint16_t protect, bool large, uintptr_t *handle)
{
    struct wm_section_req req = {.bytes = bytes, .rights = ALL_RIGHTS, .protect = protect, .large = large};
    wm_status st = wm_op_create_section(&req);

    if (wm_ok(st))
        *handle = req.result;
    return st;
}

static inline uintptr_t section(size_t bytes)
{
    uintptr_t handle = 0;

    MUST(create_section(bytes, WM_EXECUTE_READWRITE, false, &handle));
    return handle;
}

static inline wm_status map_view(uintptr_t handle, uintptr_t base, size_t bytes, bool replace,
                                 uint16_t protect, uintptr_t *result)
{
    struct wm_view_req req = {.section = handle,
                              .rights = MAP_READ,
                              .bytes = bytes,
                              .base = base,
                              .replace = replace,
                              .protect = protect,
                              .result = *result};
    wm_status st = wm_op_map_view(&req);

    *result = req.result;
    return st;
}

static inline wm_status unmap_view(uintptr_t addr, bool preserve)
{
    return wm_op_unmap_view(&(struct wm_unmap_req){addr, preserve});
}

static inline wm_status unlock_pages(struct wm_range r)
{
    return wm_op_unlock(&(struct wm_unlock_req){r});
}

static inline wm_status lift_guard(uintptr_t addr, bool *guarded)
{
    struct wm_guard_req req = {.addr = addr};
    wm_status st = wm_op_lift_guard(&req);

    *guarded = req.guarded;
    return st;
}

static inline uintptr_t view(uintptr_t handle, uint16_t protect)
{
    uintptr_t result = 0;

    MUST(map_view(handle, 0, 0, false, protect, &result));
    return result;
}

static inline struct wm_region region_at(uintptr_t addr)
{
    struct wm_region region = {0};

    MUST(wm_op_query(addr, &region));
    return region;
}

/* The list of windows has all that are in the book, and nothing else. */
static inline void check_windows(void)
{
    size_t known = 0, listed = 0;
    struct wm_found found;

    for (uintptr_t addr = 0; wm_space_from(&wm_home.space, addr, &found); addr = found.extent.start + 1)
        known += wm_is_window(&found.extent);
    for (const struct wm_window *w = wm_home.windows; w != NULL; w = w->next, listed++) {
        assert_true(wm_space_at(&wm_home.space, w->start, &found) && wm_is_window(&found.extent));
        assert_true(found.extent.marks == (uintptr_t)w && found.extent.start == w->start);
    }
    assert_int_equal(listed, known);
}

static inline void check_book(void)
{
    MUST(wm_home_enter());
    wm_space_check(&wm_home.space);
    check_windows();
    wm_home_leave();
}

/* Both for the kernel on our behalf and for the processor. */
static inline bool faults(uintptr_t addr)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* a sanitizer would tell a story */
        (void)*(volatile uint8_t *)addr;
        _exit(0);
    }
    waitpid(child, &status, 0);
    return !wm_kern_readable((void *)addr, 1) && WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
}

static inline void stamp(uintptr_t addr, uint64_t value)
{
    *(volatile uint64_t *)addr = value;
}

static inline uint64_t stamped(uintptr_t addr)
{
    return *(volatile uint64_t *)addr;
}

static inline void stamp_pages(uintptr_t base, size_t count)
{
    for (size_t i = 0; i < count; i++)
        stamp(base + i * PAGE, base + i);
}

/* Addresses at which nothing is mapped and that no arena has: a granule, and bytes from it on. */
static inline uintptr_t empty_room(size_t bytes)
{
    struct wm_land land;

    MUST(wm_home_ready());
    for (uintptr_t addr = 8 * GiB; addr < WM_SPACE_END; addr = land.range.end) {
        MUST(wm_land_at(addr, &land));
        if (land.kind == WM_LAND_EMPTY && !land.ours.found && wm_up(addr, GRAIN) + bytes <= land.range.end)
            return wm_up(addr, GRAIN);
    }
    fail_msg("no room");
    return 0;
}

static inline bool is_empty(struct wm_range r)
{
    struct wm_land land;

    for (; r.start < r.end; r.start = land.range.end) {
        MUST(wm_land_at(r.start, &land));
        if (land.kind != WM_LAND_EMPTY)
            return false;
    }
    return true;
}

/*
 * The same bytes on both sides of one end of an arena: free ground of it, and nothing. 0: there is no such
 * place, because there are no arenas or others lie beside them.
 */
static inline uintptr_t straddling_room(enum wm_ground ground, size_t bytes)
{
    struct wm_found found;

    for (uintptr_t addr = 0; wm_space_from(&wm_home.space, addr, &found); addr = found.extent.start + 1) {
        struct wm_range r = wm_extent_range(&found.extent);
        struct wm_found other;

        if (found.extent.kind != WM_FREE || found.extent.ground != ground || found.extent.bytes < 4 * bytes)
            continue;
        addr = wm_up(r.start, GRAIN) - bytes;
        if (!wm_space_at(&wm_home.space, r.start - 1, &other) && is_empty((struct wm_range){addr, r.start}))
            return addr;
        addr = wm_down(r.end, GRAIN) - bytes;
        if (!wm_space_at(&wm_home.space, r.end, &other) &&
            is_empty((struct wm_range){r.end, addr + 2 * bytes}))
            return addr;
    }
    return 0;
}

#endif
