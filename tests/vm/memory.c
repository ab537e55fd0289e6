/*
 * What the texts of /proc and /sys say about memory, control groups and nodes; when memory is short; and
 * what is asked of the kernel to empty a working set.
 */
#include "vm.h"

#include <errno.h>
#include <sys/syscall.h>

#include "kern/system/cgroup.h"
#include "kern/text.h"
#include "vm/workingset/workingset.h"

/* --- lists of numbers --- */

static void lists_of_numbers(void **state)
{
    uint64_t bits[2] = {0, 0};

    (void)state;
    wm_text_list("0-3,8,62-65,127", bits, 2);
    assert_int_equal(bits[0], 0xc00000000000010f);
    assert_int_equal(bits[1], 0x8000000000000003);
}

static void odd_lists_name_nothing_else(void **state)
{
    static const char *const lists[] = {
        "", "\n", "x", "-", ",", "-3", "5-3", "128", "200-18446744073709551615"};

    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        uint64_t bits[3] = {0, 0, 0x5a};

        wm_text_list(lists[i], bits, 2);
        assert_int_equal(bits[0] | bits[1], 0);
        assert_int_equal(bits[2], 0x5a);
    }
}

static void a_range_beyond_the_end_is_cut(void **state)
{
    uint64_t bits[2] = {0, 0};

    (void)state;
    wm_text_list("126-99999999999999999999,1", bits, 1);
    assert_int_equal(bits[0], 2);
    wm_text_list("126-4000", bits, 2);
    assert_int_equal(bits[1], 0xc000000000000000);
}

/* --- fields --- */

static void fields_by_name(void **state)
{
    uint64_t total = 1, free = 2, plain = 3;
    const struct wm_text_field fields[] = {{"MemTotal", &total}, {"MemFree", &free}, {"file", &plain}};

    (void)state;
    wm_text_fields("MemTotal:       24684084 kB", fields, 3);
    wm_text_fields("file 4096", fields, 3);
    assert_int_equal(total, 24684084ull * 1024);
    assert_int_equal(plain, 4096);
    wm_text_fields("MemTotalOfSomethingElse:  5 kB", fields, 3);
    wm_text_fields("XMemFree:  5 kB", fields, 3);
    wm_text_fields("MemFree:", fields, 3);
    wm_text_fields("MemFree: none", fields, 3);
    wm_text_fields("", fields, 3);
    assert_int_equal(total, 24684084ull * 1024);
    assert_int_equal(free, 2);
}

/* --- control groups --- */

static void expect_group(const char *line, const char *path, bool unified)
{
    bool got = !unified;
    const char *found = wm_cgroup_of_line(line, &got);

    assert_non_null(found);
    assert_string_equal(found, path);
    assert_int_equal(got, unified);
}

static void groups_that_manage_memory(void **state)
{
    bool unified;

    (void)state;
    expect_group("0::/", "/", true);
    expect_group("0::/user.slice/a:b", "/user.slice/a:b", true);
    expect_group("4:memory:/docker/12", "/docker/12", false);
    expect_group("4:cpu,memory,pids:/x", "/x", false);
    assert_null(wm_cgroup_of_line("9:name=memory:/", &unified));
    assert_null(wm_cgroup_of_line("9:memoryx,xmemory:/", &unified));
    assert_null(wm_cgroup_of_line("3:cpuset:/memory", &unified));
    assert_null(wm_cgroup_of_line("10::/", &unified));
    assert_null(wm_cgroup_of_line("", &unified));
    assert_null(wm_cgroup_of_line("0:", &unified));
}

#define V2 "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
#define V1 "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory"
#define V1_PART "35 31 0:32 /docker/12 /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory"

static void expect_folder(const char *line, bool unified, const char *path, const char *folder, size_t top)
{
    char out[WM_CGROUP_PATH];
    size_t got = 0;

    assert_true(wm_cgroup_folder(line, unified, path, out, &got));
    assert_string_equal(out, folder);
    assert_int_equal(got, top);
}

static void folders_of_groups(void **state)
{
    char out[WM_CGROUP_PATH];
    size_t top;

    (void)state;
    expect_folder(V2, true, "/", "/sys/fs/cgroup", 14);
    expect_folder(V2, true, "/a/b", "/sys/fs/cgroup/a/b", 14);
    expect_folder(V1, false, "/a", "/sys/fs/cgroup/memory/a", 21);
    expect_folder(V1_PART, false, "/docker/12", "/sys/fs/cgroup/memory", 21);
    expect_folder(V1_PART, false, "/docker/12/in", "/sys/fs/cgroup/memory/in", 21);
    expect_folder(V1_PART, false, "/docker/123", "/sys/fs/cgroup/memory", 21);
    expect_folder("1 2 0:3 / /a\\040b rw - cgroup2 x rw", true, "/c", "/a b/c", 4);
    assert_false(wm_cgroup_folder(V2, false, "/", out, &top));
    assert_false(wm_cgroup_folder(V1, true, "/", out, &top));
    assert_false(wm_cgroup_folder("1 2 0:3 / /x rw - cgroup cgroup rw,cpu", false, "/", out, &top));
    assert_false(wm_cgroup_folder("1 2 0:3 / /x rw - tmpfs cgroup2 rw", true, "/", out, &top));
    assert_false(wm_cgroup_folder("1 2 0:3 / /x rw", true, "/", out, &top));
    assert_false(wm_cgroup_folder("", true, "/", out, &top));
}

static void a_path_too_long_is_no_folder(void **state)
{
    char path[WM_CGROUP_PATH], out[WM_CGROUP_PATH];
    size_t top;

    (void)state;
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    assert_false(wm_cgroup_folder(V2, true, path, out, &top));
}

/* --- notifications --- */

/* 32 MiB for each 4 GiB, at most 64 MiB; plenty above three times that. */
static void when_memory_is_short_or_plenty(void **state)
{
    (void)state;
    assert_true(wm_notification_holds(WM_MEMORY_LOW, 4 * GiB, 32 * (uint64_t)MiB - 1));
    assert_false(wm_notification_holds(WM_MEMORY_LOW, 4 * GiB, 32 * (uint64_t)MiB));
    assert_false(wm_notification_holds(WM_MEMORY_HIGH, 4 * GiB, 96 * (uint64_t)MiB));
    assert_true(wm_notification_holds(WM_MEMORY_HIGH, 4 * GiB, 96 * (uint64_t)MiB + 1));
    assert_true(wm_notification_holds(WM_MEMORY_LOW, 64 * GiB, 64 * (uint64_t)MiB - 1));
    assert_false(wm_notification_holds(WM_MEMORY_LOW, 64 * GiB, 64 * (uint64_t)MiB));
    assert_true(wm_notification_holds(WM_MEMORY_HIGH, 64 * GiB, 192 * (uint64_t)MiB + 1));
}

/* --- working sets --- */

static void the_minimum_is_what_was_set(void **state)
{
    struct wm_workingset set = {.minimum = 3 * MiB, .maximum = 5 * MiB};

    (void)state;
    assert_int_equal(wm_workingset_minimum(), 50 * PAGE);
    MUST(wm_op_set_working_set(&(struct wm_workingset_req){set, 0}));
    assert_int_equal(wm_workingset_minimum(), 3 * MiB);
}

#ifdef WM_FAULT_SCRIPT

static unsigned calls_to_empty(void)
{
    unsigned count;

    wm_fault_nth(UINT32_MAX, ENOMEM); /* counts only */
    MUST(wm_op_empty_working_set(&(struct wm_bare_req){0}));
    count = wm_fault_count();
    wm_fault_nth(0, 0);
    return count;
}

/* One call for each run of committed pages, and none for what is reserved or free. */
static void only_committed_pages_are_asked_for(void **state)
{
    unsigned before = calls_to_empty();
    uintptr_t p = reserve(16 * PAGE);

    (void)state;
    placeholder(GRAIN);
    assert_int_equal(calls_to_empty(), before);
    commit(p + 2 * PAGE, 3 * PAGE, WM_READWRITE);
    assert_int_equal(calls_to_empty(), before + 1);
    commit(p + 8 * PAGE, 3 * PAGE, WM_READONLY);
    assert_int_equal(calls_to_empty(), before + 2);
    decommit(p + 2 * PAGE, 3 * PAGE);
    assert_int_equal(calls_to_empty(), before + 1);
}

static void refusals_are_nobodys_concern(void **state)
{
    uintptr_t p = allocate(4 * PAGE);

    (void)state;
    *(char *)p = 7;
    wm_fault_nth(1, EINVAL);
    MUST(wm_op_empty_working_set(&(struct wm_bare_req){0}));
    wm_fault_nth(0, 0);
    assert_int_equal(*(char *)p, 7);
}

/* Before and behind a locked page the mappings are asked as well. */
static void a_locked_page_keeps_only_itself(void **state)
{
    unsigned before;
    uintptr_t p = allocate(16 * PAGE);

    (void)state;
    memset((void *)p, 7, 16 * PAGE);
    before = calls_to_empty();
    if (syscall(SYS_mlock, p + 5 * PAGE, PAGE) != 0)
        skip(); /* RLIMIT_MEMLOCK */
    assert_true(calls_to_empty() >= before + 3);
    assert_int_equal(*(char *)(p + 15 * PAGE), 7);
}

/* Each system call fails in turn: a figure may be missing then, but none is absurd. */
static void a_machine_that_does_not_answer(void **state)
{
    struct wm_memory memory;
    unsigned calls;

    (void)state;
    wm_fault_nth(UINT32_MAX, EMFILE);
    MUST(wm_op_memory(&memory));
    wm_fault_nth(UINT32_MAX, ENOMEM);
    MUST(wm_op_memory(&memory));
    calls = wm_fault_count();
    for (unsigned n = 1; n <= calls; n++) {
        wm_fault_nth(n, ENOMEM);
        MUST(wm_op_memory(&memory));
        wm_fault_nth(0, 0);
        assert_true(memory.total > 0 && memory.available > 0 && memory.available <= memory.total);
        assert_true(memory.promises_left > 0 && memory.promises_left <= memory.promises_total);
        assert_true(memory.addresses_left > 0 && memory.addresses_left < memory.addresses_total);
    }
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_numbers),
        cmocka_unit_test(odd_lists_name_nothing_else),
        cmocka_unit_test(a_range_beyond_the_end_is_cut),
        cmocka_unit_test(fields_by_name),
        cmocka_unit_test(groups_that_manage_memory),
        cmocka_unit_test(folders_of_groups),
        cmocka_unit_test(a_path_too_long_is_no_folder),
        cmocka_unit_test(when_memory_is_short_or_plenty),
        cmocka_unit_test(the_minimum_is_what_was_set),
#ifdef WM_FAULT_SCRIPT
        cmocka_unit_test(only_committed_pages_are_asked_for),
        cmocka_unit_test(refusals_are_nobodys_concern),
        cmocka_unit_test(a_locked_page_keeps_only_itself),
        cmocka_unit_test(a_machine_that_does_not_answer),
#endif
    };

    return RUN(tests);
}
