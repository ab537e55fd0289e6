/* status.h: reasons, their NTSTATUS and what GetLastError says. O1 to O11: the translation table. */
#include "support/unit.h"

#include <string.h>

#include "base/status.h"

/* Each row is one answer of the system and the statuses that lead to it. */
static const struct {
    uint32_t win32;
    uint32_t nt[26];
} table[] = {
    /* O2 */
    {87, {0xC000000D, 0xC00000EF, 0xC00000F0, 0xC00000F1, 0xC00000F2, 0xC00000F3, 0xC00000F4,
          0xC00000F5, 0xC00000F6, 0xC00000F7, 0xC00000F8, 0xC00000F9, 0xC00000FA, 0xC0000030,
          0xC0000045, 0xC000004E, 0xC000004D, 0xC000001A, 0xC0000049, 0xC0000003, 0xC000004C}},
    /* O3, O4 */
    {487, {0xC0000018, 0xC0000019, 0xC000002D, 0xC000002C, 0xC000009F, 0xC00000A0, 0xC0000088}},
    {59, {0xC0000141}},
    /* O5 */
    {5, {0xC0000022, 0xC0000021, 0xC000001F, 0xC000001E, 0xC0000121, 0xC0000056, 0xC000010A}},
    /* O6 */
    {8, {0xC0000017, 0xC0000040}},
    {14, {0xC0000087}},
    {1455, {0xC000012D}},
    {1454, {0xC0000007}},
    {1453, {0xC00000A1}},
    {1450, {0xC000009A}},
    /* O7 */
    {998, {0xC0000005, 0x80000002}},
    {299, {0x8000000D}},
    {999, {0xC0000006}},
    {1001, {0xC00000FD}},
    /* O8 */
    {24, {0xC0000004}},
    {234, {0x80000005}},
    {170, {0x80000011}},
    {122, {0xC0000023}},
    {6, {0xC0000008, 0xC0000024}},
    {50, {0xC00000BB}},
    {1314, {0xC0000061}},
    {158, {0xC000002A}},
    /* O9 */
    {1132, {0xC0000220}},
    {1006, {0xC000011E, 0xC0000098}},
    {193, {0xC0000020, 0xC000012F, 0xC000007B}},
    {1224, {0xC0000243}},
    {17, {0xC00000D4}},
    /* O10 */
    {2, {0xC0000034}},
    {123, {0xC0000033}},
    {3, {0xC000003A}},
    {183, {0xC0000035}},
    {698, {0x40000000}},
    /* messages */
    {235, {0x80000032}},
    {317, {0xC0000109}},
    {1813, {0xC000008A}},
    {1815, {0xC0000204}},
};

static void the_system_translates_each_status_as_observed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        for (size_t j = 0; table[i].nt[j] != 0; j++)
            if (wm_win32_of_nt(table[i].nt[j]) != table[i].win32)
                fail_msg("0x%08x becomes %u, not %u", table[i].nt[j], wm_win32_of_nt(table[i].nt[j]),
                         table[i].win32);
}

/* O11 */
static void a_status_without_an_entry_passes_through(void **state)
{
    (void)state;
    assert_int_equal(wm_win32_of_nt(0x80000001), 0x80000001);
    assert_int_equal(wm_win32_of_nt(0xC0FFEE00), 0xC0FFEE00);
}

static void success_is_no_error(void **state)
{
    (void)state;
    assert_int_equal(wm_status_nt(WM_OK), 0);
    assert_int_equal(wm_status_win32(WM_OK), 0);
    assert_true(wm_ok(WM_OK));
    assert_false(wm_ok(WM_SIZE_ZERO));
}

/*
 * A refusal is an NTSTATUS of severity error, or a warning where something was done all the same, and programs see a
 * Win32 code that has a name. Only a guard page has none (O11). That a name exists is told beside a success (O158).
 */
static void each_refusal_is_an_error_that_win32_knows(void **state)
{
    (void)state;
    assert_int_equal(wm_status_win32(WM_LOCK_GUARD), 0x80000001);
    for (wm_status st = WM_OK + 1; st < WM_STATUS_COUNT; st++)
        if (st != WM_LOCK_GUARD && st != WM_NAME_EXISTS &&
            (wm_status_nt(st) >> 30 < 2 || wm_status_win32(st) == 0 || wm_status_win32(st) > 0xffff))
            fail_msg("%s: 0x%08x becomes %u", wm_status_name(st), wm_status_nt(st), wm_status_win32(st));
}

static void each_refusal_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (wm_status st = WM_OK; st < WM_STATUS_COUNT; st++)
        for (wm_status other = WM_OK; other < st; other++)
            assert_string_not_equal(wm_status_name(st), wm_status_name(other));
}

/* It stands in the middle of a longer one, so it neither ends with a period nor breaks the line. */
static void each_refusal_has_a_sentence_of_its_own(void **state)
{
    (void)state;
    for (wm_status st = WM_OK + 1; st < WM_STATUS_COUNT; st++) {
        const char *sentence = wm_status_sentence(st);

        assert_true(strlen(sentence) > 10);
        assert_null(strchr(sentence, '\n'));
        assert_true(sentence[strlen(sentence) - 1] != '.');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_system_translates_each_status_as_observed),
        cmocka_unit_test(a_status_without_an_entry_passes_through),
        cmocka_unit_test(success_is_no_error),
        cmocka_unit_test(each_refusal_is_an_error_that_win32_knows),
        cmocka_unit_test(each_refusal_has_a_name_of_its_own),
        cmocka_unit_test(each_refusal_has_a_sentence_of_its_own),
    };

    return RUN(tests);
}
