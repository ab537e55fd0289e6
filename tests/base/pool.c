/* pool.h: records found by index, in one array that never moves. */
#include "support/unit.h"

#include <string.h>

#include "base/pool.h"
#include "support/storage.h"

enum { CAPACITY = 1 << 20, ITEM = 64, MANY = 5000 };

static struct wm_pool pool;

static int new_pool(void **state)
{
    (void)state;
    storage_is_used_up = false;
    wm_pool_init(&pool, storage_new(CAPACITY), CAPACITY, ITEM, storage_grow);
    return pool.items == MAP_FAILED;
}

static int unmap_pool(void **state)
{
    (void)state;
    return munmap(pool.items, CAPACITY);
}

static uint32_t take(void)
{
    assert_true(wm_pool_reserve(&pool, 1));
    return wm_pool_take(&pool);
}

static void index_0_is_no_record(void **state)
{
    (void)state;
    assert_int_not_equal(take(), 0);
    assert_int_not_equal(take(), 0);
}

static void records_are_zero_at_first_and_do_not_overlap(void **state)
{
    static const unsigned char zeros[ITEM];

    (void)state;
    for (int i = 1; i <= MANY; i++) {
        uint32_t index = take();

        assert_memory_equal(wm_pool_at(&pool, index), zeros, ITEM);
        memset(wm_pool_at(&pool, index), 0xff, ITEM);
    }
}

static void a_record_given_back_is_taken_again_and_keeps_all_but_its_first_word(void **state)
{
    uint32_t index = take();
    unsigned char *record = wm_pool_at(&pool, index);

    (void)state;
    memset(record, 0xaa, ITEM);
    wm_pool_give(&pool, index);
    assert_int_equal(take(), index);
    for (int i = sizeof(uint32_t); i < ITEM; i++)
        assert_int_equal(record[i], 0xaa);
}

static void reserved_records_are_taken_without_memory(void **state)
{
    uint32_t first = take();

    (void)state;
    assert_true(wm_pool_reserve(&pool, MANY));
    storage_is_used_up = true;
    wm_pool_give(&pool, first);
    for (int i = 0; i < MANY; i++)
        wm_pool_take(&pool);
    assert_true(pool.used <= pool.ready && pool.ready <= pool.max);
}

static void without_memory_reserving_fails_and_changes_nothing(void **state)
{
    struct wm_pool before;

    (void)state;
    take();
    before = pool;
    storage_is_used_up = true;
    assert_false(wm_pool_reserve(&pool, MANY));
    assert_memory_equal(&pool, &before, sizeof pool);
    storage_is_used_up = false;
    assert_true(wm_pool_reserve(&pool, MANY));
}

static void no_more_than_the_capacity_can_be_reserved(void **state)
{
    (void)state;
    assert_false(wm_pool_reserve(&pool, CAPACITY / ITEM));
    assert_true(wm_pool_reserve(&pool, CAPACITY / ITEM - 1));
    for (int i = 1; i < CAPACITY / ITEM; i++)
        wm_pool_take(&pool);
    assert_false(wm_pool_reserve(&pool, 1));
}

static void readers_are_told_which_indexes_have_memory(void **state)
{
    (void)state;
    assert_false(wm_pool_has(&pool, 1));
    take();
    assert_true(wm_pool_has(&pool, 1));
    assert_false(wm_pool_has(&pool, pool.ready));
    assert_false(wm_pool_has(&pool, UINT32_MAX));
}

static struct {
    unsigned steps;
    bool stopped; /* at WM_POOL_HUGE */
    bool even;    /* beyond it all steps ended at a multiple of it */
} growth;

static int grow_and_note(void *start, size_t bytes)
{
    size_t end = (size_t)((unsigned char *)start + bytes - pool.items);

    growth.steps++;
    growth.stopped |= end == WM_POOL_HUGE;
    growth.even &= end <= WM_POOL_HUGE || end % WM_POOL_HUGE == 0;
    return storage_grow(start, bytes);
}

/* Their owner can have huge pages put under the rest, which must be there as a whole before it is touched. */
static void large_pools_grow_by_whole_huge_pages(void **state)
{
    size_t most = 8 * WM_POOL_HUGE;

    (void)state;
    munmap(pool.items, CAPACITY);
    wm_pool_init(&pool, storage_new(most), most, ITEM, grow_and_note);
    growth.even = true;
    for (size_t count = 1000; count < most / ITEM; count += 1000)
        assert_true(wm_pool_reserve(&pool, (uint32_t)count));
    assert_true(growth.stopped && growth.even);
    assert_in_range(growth.steps, 2, 25);
    munmap(pool.items + CAPACITY, most - CAPACITY);
}

static void one_index_is_taken_and_those_before_it_come_next(void **state)
{
    uint32_t first = take();

    (void)state;
    assert_true(wm_pool_take_at(&pool, first + 4));
    assert_false(wm_pool_take_at(&pool, first + 4));
    assert_false(wm_pool_take_at(&pool, first + 2));
    assert_false(wm_pool_take_at(&pool, pool.max));
    for (uint32_t i = 1; i < 4; i++)
        assert_int_equal(take(), first + i);
    assert_int_equal(take(), first + 5);
    storage_is_used_up = true;
    assert_false(wm_pool_take_at(&pool, pool.max - 1));
    assert_int_equal(take(), first + 6);
}

#define WITH_POOL(test) cmocka_unit_test_setup_teardown(test, new_pool, unmap_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_POOL(index_0_is_no_record),
        WITH_POOL(records_are_zero_at_first_and_do_not_overlap),
        WITH_POOL(a_record_given_back_is_taken_again_and_keeps_all_but_its_first_word),
        WITH_POOL(reserved_records_are_taken_without_memory),
        WITH_POOL(without_memory_reserving_fails_and_changes_nothing),
        WITH_POOL(no_more_than_the_capacity_can_be_reserved),
        WITH_POOL(one_index_is_taken_and_those_before_it_come_next),
        WITH_POOL(large_pools_grow_by_whole_huge_pages),
        WITH_POOL(readers_are_told_which_indexes_have_memory),
    };

    return RUN(tests);
}
