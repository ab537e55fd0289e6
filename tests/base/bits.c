/* bits.h: runs of bits. */
#include "support/unit.h"

#include <string.h>

#include "base/bits.h"

enum { BITS = 200 };

/* The same by the simplest means. */
static void expect_bits(const uint64_t *words, const bool *want)
{
    for (size_t i = 0; i < BITS; i++)
        assert_int_equal(words[i / 64] >> i % 64 & 1, want[i]);
}

static void every_range_can_be_set_and_cleared(void **state)
{
    (void)state;
    for (size_t first = 0; first < BITS; first += 7)
        for (size_t end = first; end <= BITS; end++) {
            uint64_t words[4] = {0};
            bool want[BITS] = {false};

            wm_bits_set(words, first, end);
            memset(want + first, true, end - first);
            expect_bits(words, want);
            wm_bits_clear(words, first + 3 < end ? first + 3 : end, end);
            memset(want + (first + 3 < end ? first + 3 : end), false, first + 3 < end ? end - first - 3 : 0);
            expect_bits(words, want);
        }
}

static void runs_are_found_in_order_and_cut_to_the_range(void **state)
{
    uint64_t words[4] = {0};
    size_t first = 0, end = BITS;

    (void)state;
    assert_false(wm_bits_run(words, &first, &end));
    wm_bits_set(words, 10, 12);
    wm_bits_set(words, 60, 140);
    first = 0, end = BITS;
    assert_true(wm_bits_run(words, &first, &end));
    assert_int_equal(first, 10);
    assert_int_equal(end, 12);
    first = 12, end = BITS;
    assert_true(wm_bits_run(words, &first, &end));
    assert_int_equal(first, 60);
    assert_int_equal(end, 140);
    first = 70, end = 100;
    assert_true(wm_bits_run(words, &first, &end));
    assert_int_equal(first, 70);
    assert_int_equal(end, 100);
    first = 140, end = BITS;
    assert_false(wm_bits_run(words, &first, &end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_range_can_be_set_and_cleared),
        cmocka_unit_test(runs_are_found_in_order_and_cut_to_the_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
