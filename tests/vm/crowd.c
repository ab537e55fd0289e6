/*
 * What is released in the middle of a mapping while the table of mappings fills up (vm/ground/crowd.h): it makes no hole, and
 * comes back with its neighbours. That so many mappings are too many is told here; bench/scale has the real number.
 */
#include "audit.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "vm/ground/crowd.h"

enum {
    BLOCKS = 16,
    HELD_BYTES = 16 * PAGE,
    OPEN_BYTES = 128 * PAGE
}; /* what is longer than 256 KiB is not kept warm */

static uintptr_t block[BLOCKS];
static size_t block_bytes;

static uintptr_t held_block(void)
{
    uintptr_t p = reserve(HELD_BYTES);

    commit(p, HELD_BYTES, WM_READWRITE);
    return p;
}

static uintptr_t open_block(void)
{
    return allocate(OPEN_BYTES);
}

static int by_address(const void *a, const void *b)
{
    uintptr_t x = *(const uintptr_t *)a, y = *(const uintptr_t *)b;

    return (x > y) - (x < y);
}

/* Side by side, and as one mapping. */
static void make_blocks(uintptr_t (*make)(void), size_t bytes)
{
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = make();
        stamp_pages(block[i], bytes / PAGE);
    }
    qsort(block, BLOCKS, sizeof block[0], by_address);
    for (int i = 1; i < BLOCKS; i++)
        assert_int_equal(block[i], block[i - 1] + bytes);
    block_bytes = bytes;
}

/* The mapping at addr ends there or goes on. */
static uintptr_t mapping_end(uintptr_t addr)
{
    struct wm_vma vma;

    assert_int_equal(wm_kern_vma(addr, &vma), 0);
    return vma.range.end;
}

static void expect_sound(void)
{
    check_book();
    audit_or_fail(audit_book());
}

static void release_block(int i)
{
    release(block[i]);
    assert_int_equal(region_at(block[i]).state, WM_REGION_FREE);
    expect_sound();
}

static void no_hole_is_made(uintptr_t (*make)(void), size_t bytes)
{
    uintptr_t end;

    make_blocks(make, bytes);
    end = mapping_end(block[0]);
    assert_true(end >= block[BLOCKS - 1] + bytes);
    wm_home.crowd.is = true;
    for (int i = 3; i < BLOCKS - 3; i += 2) {
        release_block(i);
        assert_true(faults(block[i]));
        assert_int_equal(mapping_end(block[0]), end);
    }
    for (int i = 4; i < BLOCKS - 4; i += 2)
        release_block(i);
    assert_int_equal(mapping_end(block[0]), end);
    assert_int_not_equal(wm_home.given_up, 0);
    assert_int_equal(wm_space_get(wm_book(), wm_home.given_up).next, 0); /* neighbours are one */
    for (int i = 0; i < 3; i++) {                                        /* from the edge */
        release_block(i);
        assert_int_equal(stamped(block[BLOCKS - 1]), block[BLOCKS - 1]);
    }
    assert_int_equal(wm_home.given_up, 0);
    for (int i = BLOCKS - 4; i < BLOCKS; i++)
        if (region_at(block[i]).state != WM_REGION_FREE)
            release_block(i);
    assert_int_equal(wm_home.given_up, 0);
}

static void held_ground_comes_back_with_its_neighbours(void **state)
{
    (void)state;
    no_hole_is_made(held_block, HELD_BYTES);
}

static void open_ground_comes_back_with_its_neighbours(void **state)
{
    (void)state;
    no_hole_is_made(open_block, OPEN_BYTES);
    for (int i = 0; i < BLOCKS; i++) { /* unmapped, and no longer a mapping of ours */
        struct wm_vma vma;

        assert_true(wm_kern_vma(block[i], &vma) != 0 || vma.range.start > block[i]);
    }
}

static void who_asks_for_the_addresses_gets_them(void **state)
{
    uintptr_t result = 0;

    (void)state;
    make_blocks(held_block, HELD_BYTES);
    wm_home.crowd.is = true;
    release_block(5);
    release_block(6);
    MUST(alloc(WM_ALLOC_RESERVE, block[6], HELD_BYTES, WM_READWRITE, false, &result));
    commit(result, PAGE, WM_READWRITE);
    assert_int_equal(stamped(result), 0);
    expect_sound();
}

static void when_there_are_few_again_all_of_it_comes_back(void **state)
{
    (void)state;
    make_blocks(held_block, HELD_BYTES);
    wm_home.crowd.is = true;
    for (int i = 3; i < BLOCKS; i += 4)
        release_block(i);
    assert_int_not_equal(wm_home.given_up, 0);
    wm_crowd_every = 1; /* counted, and found to be few */
    release(reserve(PAGE));
    assert_false(wm_home.crowd.is);
    assert_int_equal(wm_home.given_up, 0);
    expect_sound();
    release_block(5);
    assert_int_equal(wm_home.given_up, 0);
    assert_true(mapping_end(block[4]) == block[5]);
}

static void a_child_goes_on_with_it(void **state)
{
    int ended = 1;
    pid_t child;

    (void)state;
    make_blocks(held_block, HELD_BYTES);
    wm_home.crowd.is = true;
    release_block(5);
    child = fork();
    if (child == 0) {
        bool empty = faults(block[5]), kept;

        release(block[6]);
        kept = wm_home.given_up != 0 && faults(block[6]) && stamped(block[7]) == block[7];
        for (int i = 0; i < 5; i++)
            release(block[i]);
        _exit(empty && kept && wm_home.given_up == 0 && stamped(block[7]) == block[7] ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    assert_true(faults(block[5]));
    assert_int_equal(stamped(block[6]), block[6]);
    expect_sound();
}

static void what_is_locked_is_released_as_ever(void **state)
{
    (void)state;
    make_blocks(held_block, HELD_BYTES);
    wm_home.crowd.is = true;
    if (syscall(SYS_mlock, block[5], PAGE) !=
        0) /* of which the book knows nothing; a sanitizer's mlock does nothing */
        skip();
    release_block(5);
    assert_int_equal(wm_home.given_up, 0);
}

static int begin(void **state)
{
    (void)state;
    audit_open();
    wm_crowd_least = 0;
    wm_crowd_every = UINT32_MAX;
    return 0;
}

#define CROWD(test) cmocka_unit_test_setup(test, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CROWD(held_ground_comes_back_with_its_neighbours),
        CROWD(open_ground_comes_back_with_its_neighbours),
        CROWD(who_asks_for_the_addresses_gets_them),
        CROWD(when_there_are_few_again_all_of_it_comes_back),
        CROWD(a_child_goes_on_with_it),
        CROWD(what_is_locked_is_released_as_ever),
    };

    MUST(wm_home_ready());
    if (!wm_feature_in_use("guard_markers"))
        return 77; /* Linux 6.13 */
    return RUN_APART(tests);
}
