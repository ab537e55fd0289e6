/*
 * Which pages are there: by the ioctl and, run without pagemap_scan, by reading entries; and, run without
 * zero_page, as a kernel tells it that has no page of zeros.
 */
#include "kern/pages/pagestate.h"
#include "vm.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGES = 300, ROOM = 16 };

static uintptr_t base;
static struct wm_page_run runs[ROOM];

/* Pages 1, 2, 5 and 200 to 299 are written, page 7 was read. */
static void map_pages(void)
{
    void *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(p != MAP_FAILED);
    madvise(p, PAGES * PAGE, MADV_NOHUGEPAGE);
    base = (uintptr_t)p;
    stamp(base + 1 * PAGE, 1);
    stamp(base + 2 * PAGE, 1);
    stamp(base + 5 * PAGE, 1);
    (void)stamped(base + 7 * PAGE);
    for (size_t i = 200; i < PAGES; i++)
        stamp(base + i * PAGE, 1);
}

static struct wm_scan written_pages(void)
{
    return (struct wm_scan){.range = wm_range_of(base, PAGES * PAGE), .any = WM_IS_PRESENT | WM_IS_SWAPPED};
}

static void expect_run(long i, size_t first, size_t end)
{
    assert_int_equal(runs[i].range.start, base + first * PAGE);
    assert_int_equal(runs[i].range.end, base + end * PAGE);
}

static void finds_the_pages_that_are_there(void **state)
{
    struct wm_scan scan;
    long count;

    (void)state;
    map_pages();
    scan = written_pages();
    count = wm_kern_scan(&scan, runs, ROOM);
    assert_int_equal(count, 4); /* the page that was read is there as well */
    expect_run(0, 1, 3);
    expect_run(1, 5, 6);
    expect_run(2, 7, 8);
    expect_run(3, 200, 300);
    assert_int_equal(scan.stopped, base + PAGES * PAGE);
    assert_int_equal(runs[0].categories, 0);
}

static void tells_the_page_of_zeros_apart(void **state)
{
    struct wm_scan scan;

    (void)state;
    if (!wm_feature_in_use("zero_page"))
        skip();
    map_pages();
    scan = written_pages();
    scan.none = WM_IS_ZERO;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 3);
    expect_run(2, 200, 300);
    scan = written_pages();
    scan.all = WM_IS_ZERO;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 1);
    expect_run(0, 7, 8);
}

/* What was tried on one page holds for the next; where it does not hold, a page that was read is as good as data. */
static void what_was_only_read_is_told_or_counts(void **state)
{
    bool told = wm_feature_in_use("zero_page");
    struct wm_scan scan;

    (void)state;
    assert_int_equal(told, wm_kern_tells_zeros());
    map_pages();
    scan = written_pages();
    scan.none = scan.tell = WM_IS_ZERO;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), told ? 3 : 4);
    expect_run(2, told ? 200 : 7, told ? 300 : 8);
    assert_int_equal(runs[2].categories, 0);
}

static void tells_what_was_asked(void **state)
{
    struct wm_scan scan;

    (void)state;
    map_pages();
    scan = written_pages();
    scan.tell = WM_IS_PRESENT | WM_IS_FILE;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 4);
    assert_int_equal(runs[0].categories, WM_IS_PRESENT);
}

static void stops_where_the_runs_end(void **state)
{
    struct wm_scan scan;

    (void)state;
    map_pages();
    scan = written_pages();
    assert_int_equal(wm_kern_scan(&scan, runs, 1), 1);
    expect_run(0, 1, 3);
    assert_true(scan.stopped >= base + 3 * PAGE && scan.stopped <= base + 5 * PAGE);
    scan.range.start = scan.stopped;
    assert_int_equal(wm_kern_scan(&scan, runs, 1), 1);
    expect_run(0, 5, 6);
}

static void stops_after_so_many_pages(void **state)
{
    struct wm_scan scan;

    (void)state;
    map_pages();
    scan = written_pages();
    scan.most = 2;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 1);
    expect_run(0, 1, 3);
    assert_true(scan.stopped >= base + 3 * PAGE && scan.stopped <= base + 5 * PAGE);
    scan.range.start = base + 200 * PAGE;
    scan.most = 10;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 1);
    expect_run(0, 200, 210);
    assert_int_equal(scan.stopped, base + 210 * PAGE);
}

static void pages_nobody_watches_count_as_written(void **state)
{
    struct wm_scan scan;

    (void)state;
    map_pages();
    scan = written_pages();
    scan.all = scan.tell = WM_IS_WRITTEN;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 4);
    assert_int_equal(runs[0].categories, WM_IS_WRITTEN);
}

static void watched_pages_are_written_when_somebody_writes(void **state)
{
    struct wm_scan scan;

    (void)state;
    map_pages();
    scan = written_pages();
    if (wm_kern_watch(scan.range) != 0)
        skip();
    assert_int_equal(wm_kern_watch_arm(scan.range), 0);
    stamp(base + 5 * PAGE, 2);
    scan.all = WM_IS_PRESENT | WM_IS_WRITTEN;
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 1);
    expect_run(0, 5, 6);
}

static void a_child_sees_its_own_pages(void **state)
{
    struct wm_scan scan;
    int status = -1;
    pid_t child;

    (void)state;
    MUST(wm_home_ready());
    map_pages();
    scan = written_pages();
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 4);
    child = fork();
    if (child == 0) {
        madvise((void *)base, 100 * PAGE, MADV_DONTNEED);
        _exit((int)wm_kern_scan(&scan, runs, ROOM));
    }
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 1);
}

/* The numbers of our descriptors come to stand for something else. */
static void a_reused_descriptor_is_left_alone(void **state)
{
    struct wm_scan scan;
    char path[40];
    pid_t child;
    int fd;

    (void)state;
    map_pages();
    scan = written_pages();
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 4);
    child = fork();
    if (child == 0) {
        alarm(20);
        pause();
        _exit(0);
    }
    snprintf(path, sizeof path, "/proc/%d/pagemap", (int)child);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    for (int number = 3; number < 40; number++)
        if (number != fd)
            dup2(fd, number);
    munmap((void *)base, 100 * PAGE);
    assert_int_equal(wm_kern_scan(&scan, runs, ROOM), 1); /* the child has all of them */
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_pages_that_are_there),
        cmocka_unit_test(tells_the_page_of_zeros_apart),
        cmocka_unit_test(what_was_only_read_is_told_or_counts),
        cmocka_unit_test(tells_what_was_asked),
        cmocka_unit_test(stops_where_the_runs_end),
        cmocka_unit_test(stops_after_so_many_pages),
        cmocka_unit_test(pages_nobody_watches_count_as_written),
        cmocka_unit_test(watched_pages_are_written_when_somebody_writes),
        cmocka_unit_test(a_child_sees_its_own_pages),
        cmocka_unit_test(a_reused_descriptor_is_left_alone),
    };

    wm_probe_read(getenv("WINMEM_DISABLE"));
    return RUN_APART(tests);
}
