/* lies.c: books that make no sense, by accident or on purpose, do no harm to whoever reads them. */
#include "remote.h"

enum { LIES = 10000, LIES_OF_A_PROCESS = 400, QUESTIONS = 20, EXTENTS = 300 };

static void fill_book(void)
{
    for (int i = 0; i < EXTENTS; i++) {
        uintptr_t base = reserve(16 * GRAIN);

        for (int page = 0; page < i % 5; page++)
            commit(base + 2 * (uintptr_t)page * PAGE, PAGE, page % 2 ? WM_READWRITE : WM_READONLY);
    }
}

/* A pool's records, or both pools one after the other, with a few words of them made up. */
static void corrupt(struct dice *dice, void *records, size_t bytes)
{
    uint64_t *words = records;

    for (unsigned i = 1 + below(dice, 4); i > 0; i--) {
        uint64_t *word = &words[roll(dice) % (bytes / sizeof *words)];

        switch (below(dice, 4)) {
        case 0: *word = roll(dice); break;
        case 1: *word = words[roll(dice) % (bytes / sizeof *words)]; break;
        case 2: *word ^= (uint64_t)1 << below(dice, 64); break;
        default: *word += below(dice, 2) ? 1 : UINT64_MAX; break;
        }
    }
}

static uintptr_t somewhere(struct dice *dice, const struct wm_snapshot *s)
{
    struct wm_extent e = wm_extent_load(&s->cells[below(dice, s->cell_count)]);

    switch (below(dice, 3)) {
    case 0: return roll(dice);
    case 1: return wm_down(roll(dice) % WM_SPACE_END, PAGE);
    default: return e.start + below(dice, GRAIN);
    }
}

static void ask(struct dice *dice, struct wm_snapshot *s)
{
    struct wm_peek peek;

    for (int i = 0; i < QUESTIONS; i++) {
        uintptr_t addr = somewhere(dice, s);

        wm_snapshot_peek(s, addr, &peek);
        if (peek.found)
            assert_true(peek.extent.start <= addr && addr < wm_extent_ground(&peek.extent).end);
        if (peek.found && addr < wm_extent_range(&peek.extent).end)
            assert_true(peek.run.start <= addr && addr < peek.run.end &&
                        peek.run.end <= wm_extent_range(&peek.extent).end);
    }
}

static size_t pool_bytes(const struct wm_pool *pool)
{
    return (size_t)pool->used * pool->item_bytes;
}

static void a_copy_of_a_corrupt_book(void **state)
{
    struct wm_pool *extents = &wm_home.space.extents, *nodes = &wm_home.space.nodes;
    struct dice dice = {1};
    struct wm_snapshot s = {0};
    int believed = 0;
    char *records;

    (void)state;
    fill_book();
    records = malloc(pool_bytes(extents) + pool_bytes(nodes)); /* a sanitizer sees who leaves it */
    s.cell_count = extents->used;
    s.node_count = nodes->used;
    s.cells = (void *)records;
    s.nodes = (void *)(records + pool_bytes(extents));
    s.map = malloc(wm_snapshot_extents(&s) * sizeof *s.map);
    s.runs = malloc(wm_snapshot_runs(&s) * sizeof *s.runs);
    assert_true(records && s.map && s.runs);
    for (int i = 0; i < LIES; i++) {
        struct wm_space head = wm_home.space;

        memcpy(records, extents->items, pool_bytes(extents));
        memcpy(records + pool_bytes(extents), nodes->items, pool_bytes(nodes));
        if (i > 0 && below(&dice, 8) == 0)
            corrupt(&dice, &head.map, 2 * sizeof head.map);
        else if (i > 0)
            corrupt(&dice, records, pool_bytes(extents) + pool_bytes(nodes));
        if (wm_snapshot_check(&s, &head)) {
            believed++;
            ask(&dice, &s);
        }
        if (i == 0)
            assert_int_equal(believed, 1);
    }
    assert_true(believed < LIES);
    free(records);
    free(s.map);
    free(s.runs);
}

/* --- a process that lies --- */

static void lies_all_the_time(void *context)
{
    struct dice dice = {5};
    struct wm_space *space = &wm_home.space, truth = *space;

    (void)context;
    for (;;) {
        *space = truth;
        corrupt(&dice, space, offsetof(struct wm_space, bins));
        corrupt(&dice, truth.nodes.items, pool_bytes(&truth.nodes));
        corrupt(&dice, truth.extents.items, pool_bytes(&truth.extents));
        usleep(200);
    }
}

static void a_process_that_lies(void **state)
{
    struct dice dice = {2};
    struct wm_target target;
    struct wm_region region;
    double start = seconds();
    size_t bytes;
    pid_t pid;

    (void)state;
    fill_book();
    target = child_that(lies_all_the_time, NULL, &pid);
    for (int i = 0; i < LIES_OF_A_PROCESS; i++) {
        uintptr_t addr = below(&dice, 2) ? roll(&dice) % WM_SPACE_END : (uintptr_t)lies_all_the_time;
        wm_status st = wm_remote_query(&target, addr, &region);

        if (wm_ok(st)) {
            assert_true(region.range.start == wm_down(addr, PAGE) && region.range.end > region.range.start);
            if (region.state != WM_REGION_FREE && wm_range_bytes(region.allocation) < MiB)
                wm_remote_committed(&target, &region, &bytes);
        }
    }
    assert_true(seconds() - start < 60);
    end_child(pid);
    wm_target_drop(&target);
}

/* An anchor that somebody else made, with anything in it. */
static void false_anchors(void **state)
{
    struct wm_anchor page = {.magic = WM_ANCHOR_MAGIC, .version = WM_WIRE_VERSION, .space = 0x10000};
    struct wm_anchor wrong[4] = {page, page, page, page};
    uintptr_t base = allocate(GRAIN);

    (void)state;
    wrong[1].space = 1;
    wrong[2].version++;
    wrong[3].space = (uintptr_t)&page;
    for (int i = 0; i < 4; i++) {
        pid_t pid = fork();
        uintptr_t handle;
        struct wm_target target;
        struct wm_region region;

        if (pid == 0) {
            int fd = memfd_create(WM_ANCHOR_FILE, 0);

            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (ftruncate(fd, PAGE) == 0)
                *(struct wm_anchor *)mmap((void *)0x10000000, PAGE, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_FIXED, fd, 0) = wrong[i];
            for (;;)
                pause();
        }
        usleep(10000);
        MUST(wm_op_open_other(pid, EVERY_ACCESS, &handle));
        MUST(wm_target_of(handle, 0, &target));
        MUST(wm_remote_query(&target, base, &region));
        assert_int_equal(region.state, WM_REGION_COMMITTED);
        wm_target_drop(&target);
        end_child(pid);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_of_a_corrupt_book),
        cmocka_unit_test(a_process_that_lies),
        cmocka_unit_test(false_anchors),
    };

    return RUN_APART(tests);
}
