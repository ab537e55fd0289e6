/*
 * home.h: the book's memory, where the book is large. Each test has a process and a book of its own.
 */
#include "vm.h"

#include <stdio.h>
#include <stdlib.h>

/* More than fill the pages of the records that are small ones in any case. */
enum { MANY = WM_POOL_HUGE / sizeof(struct wm_extent_cell) + 1000, SAMPLE = 97 };

static uintptr_t live[MANY];

static void reserve_some(size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        live[i] = must_alloc(WM_ALLOC_RESERVE, GRAIN, WM_NOACCESS, false);
}

/* Everything is there, and comes and goes. */
static void use(size_t count)
{
    for (size_t i = 0; i < count; i += SAMPLE) {
        struct wm_region region;

        MUST(wm_op_query(live[i], &region));
        assert_int_equal(region.allocation.start, live[i]);
        assert_int_equal(region.state, WM_REGION_RESERVED);
        MUST(free_pages(WM_FREE_RELEASE, live[i], 0));
        live[i] = must_alloc(WM_ALLOC_RESERVE, GRAIN, WM_NOACCESS, false);
    }
    wm_space_check(wm_book());
}

/* --- what the kernel has of a part of the book --- */

struct part {
    unsigned mappings;
    bool advised, not_advised; /* some of it is */
    uintptr_t first_advised;
};

static struct wm_range range_of(const struct wm_pool *pool)
{
    return wm_range_of((uintptr_t)pool->items, (size_t)pool->max * pool->item_bytes);
}

static void look(const struct wm_pool *pool, struct part *out)
{
    FILE *maps = fopen("/proc/self/smaps", "re");
    struct wm_range r = range_of(pool);
    char line[600];
    unsigned long start, end, begins = 0;
    bool here = false;

    *out = (struct part){0};
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
            here = start < r.end && end > r.start;
            out->mappings += here;
            begins = start;
        }
        if (!here || strncmp(line, "VmFlags:", 8) != 0)
            continue;
        if (strstr(line, " hg ") != NULL) {
            out->first_advised = out->advised ? out->first_advised : begins;
            out->advised = true;
        } else
            out->not_advised = true;
    }
    fclose(maps);
}

static void need_huge_pages(void)
{
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) != 0 || !wm_feature_in_use("huge_advice"))
        skip();
}

/* --- the tests --- */

static void a_small_book_has_small_pages(void **state)
{
    struct part part;

    (void)state;
    reserve_some(0, MANY / 2);
    look(&wm_book()->extents, &part);
    assert_int_equal(part.mappings, 2);
    assert_false(part.advised);
}

static void a_large_one_asks_for_huge_pages_and_takes_no_mapping_for_them(void **state)
{
    struct part part;

    (void)state;
    need_huge_pages();
    reserve_some(0, MANY);
    look(&wm_book()->extents, &part);
    assert_int_equal(part.mappings, 2);
    assert_true(part.advised);
    assert_false(part.not_advised);
    assert_int_equal((uintptr_t)wm_book()->extents.items % WM_POOL_HUGE, 0);
    use(MANY);
}

static void reserve_while(const char *answers)
{
    reserve_some(0, MANY - 2000);
    wm_fault_script(answers);
    reserve_some(MANY - 2000, MANY);
    wm_fault_script(NULL);
}

static void grow_and_use(void)
{
    assert_true(wm_pool_reserve(&wm_book()->extents, 3 * MANY));
    use(MANY);
}

static void without_huge_pages_nothing_is_lost(void **state)
{
    struct part part;

    (void)state;
    reserve_while("madvise:EINVAL");
    grow_and_use();
    look(&wm_book()->extents, &part);
    assert_int_equal(part.mappings, 2);
    assert_false(part.advised);
}

/*
 * What the part has not grown to is advised first: where that takes a mapping and is refused, nothing is advised. The other way
 * round the part would be of three mappings.
 */
static void half_an_advice_harms_nobody(void **state)
{
    const struct wm_pool *extents = &wm_book()->extents;
    struct part part;

    (void)state;
    need_huge_pages();
    reserve_while("madvise:ok,ENOMEM");
    look(extents, &part);
    assert_int_equal(part.mappings, 2);
    assert_true(part.advised && part.not_advised);
    assert_int_equal(part.first_advised,
                     (uintptr_t)extents->items + (size_t)extents->ready * extents->item_bytes);
    grow_and_use();
}

/* Without memory for them a book has as many hints as before. */
static void without_memory_for_hints_nothing_is_lost(void **state)
{
    size_t count = 0;

    (void)state;
    for (; wm_book()->extents.used < WM_HINTS; count++)
        reserve_some(count, count + 1);
    assert_true(wm_pool_reserve(&wm_book()->extents, 100) && wm_pool_reserve(&wm_book()->nodes, 1000));
    wm_fault_script("mprotect:ENOMEM");
    reserve_some(count, count + 1);
    wm_fault_script(NULL);
    assert_int_equal(wm_book()->hint_mask, WM_HINTS - 1);
    reserve_some(count + 1, MANY);
    assert_true(wm_book()->hint_mask > MANY);
    use(MANY);
}

static void a_child_has_a_copy_that_grows(void **state)
{
    int status = 0;
    pid_t child;

    (void)state;
    reserve_some(0, MANY - 1000);
    child = fork();
    if (child == 0) {
        reserve_some(MANY - 1000, MANY);
        use(MANY);
        _exit(0);
    }
    use(MANY - 1000);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_book_has_small_pages),
        cmocka_unit_test(a_large_one_asks_for_huge_pages_and_takes_no_mapping_for_them),
        cmocka_unit_test(without_huge_pages_nothing_is_lost),
        cmocka_unit_test(half_an_advice_harms_nobody),
        cmocka_unit_test(without_memory_for_hints_nothing_is_lost),
        cmocka_unit_test(a_child_has_a_copy_that_grows),
    };

    return RUN_APART(tests);
}
