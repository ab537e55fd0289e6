/* watch.c: userfaultfd's asynchronous write protection, Linux 6.7 (src/kern/pages/uffd.c, src/vm/watch). */
#include <sys/uio.h>

#include "touch.h"
#include "uffd.h"

enum { PAGES = 8 };

static int watcher;

static char *map_watched(void)
{
    char *p = map_pages(PAGES, BOTH);

    watcher = uffd_open(WP_UNPOPULATED | WP_ASYNC);
    MUST(uffd_register(watcher, p, PAGES * PAGE, FOR_WRITES) == 0);
    return p;
}

static char *map_armed(void)
{
    char *p = map_watched();

    MUST(uffd_arm(watcher, p, PAGES * PAGE) == 0);
    return p;
}

static bool is_written(const char *p)
{
    return is(p, IS_WRITTEN) != 0;
}

/* How many pages were written, in one step with arming them anew; at most so many. */
static long take_written(char *p, size_t most, struct run *runs, size_t room)
{
    struct scan s = {
        .flags = PROTECT_FOUND | ONLY_WATCHED, .mask = IS_WRITTEN, .tell = IS_WRITTEN, .max_pages = most};
    int fd = open_pagemap();
    long answer = scan_by(fd, &s, p, PAGES * PAGE, runs, room);

    close(fd);
    return answer;
}

/*
 * Seen on 6.18: it needs no privilege, whatever vm.unprivileged_userfaultfd says, for faults of the program itself.
 */
PIN(a_user_may_watch, "uffd.c")
{
    be_a_user();
    MUST(uffd_open(WP_UNPOPULATED | WP_ASYNC) >= 0);
}

/* Seen on 6.18: a store counts; a page that is read, or left alone, does not. */
PIN(stores_count_and_reads_do_not, "uffd.c watch.c")
{
    char *p = map_armed();

    p[0] = 1;
    EXPECT(p[PAGE] == 0);
    EXPECT(is_written(p) && !is_written(p + PAGE) && !is_written(p + 2 * PAGE));
}

/* Seen on 6.18: what the kernel writes for the program counts, by whatever call, and is not refused. */
PIN(the_kernels_stores_count, "uffd.c watch.c")
{
    char *p = map_armed(), byte = 7;
    struct iovec local = {&byte, 1}, remote = {p + PAGE, 1};
    int ends[2], memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

    MUST(pipe(ends) == 0 && write(ends[1], "abc", 3) == 3);
    EXPECT_ANSWER(3, CALL(read, ends[0], p, 3));
    EXPECT(is_written(p));
    if (CALL(process_vm_writev, getpid(), &local, 1, &remote, 1, 0) == 1)
        EXPECT(is_written(p + PAGE));
    if (memory >= 0 && CALL(pwrite64, memory, &byte, 1, p + 2 * PAGE) == 1)
        EXPECT(is_written(p + 2 * PAGE));
}

/* Seen on 6.18: a page that was registered and never armed reads as written, touched or not. */
PIN(what_is_not_armed_counts_as_written, "uffd.c watch.c")
{
    char *p = map_watched();

    EXPECT(is_written(p));
    MUST(uffd_arm(watcher, p, PAGE) == 0);
    EXPECT(!is_written(p) && is_written(p + PAGE));
}

/* Seen on 6.18: armed pages that nobody touched look as if they were swapped out, in both forms of the pagemap. */
PIN(armed_untouched_pages_look_swapped, "watch.c pagemap.c")
{
    char *p = map_armed();

    EXPECT(is(p, IS_SWAPPED | IS_PRESENT) == IS_SWAPPED);
    EXPECT(entry_of(p) & ENTRY_ARMED);
    p[0] = 1;
    EXPECT(is(p, IS_SWAPPED | IS_PRESENT) == IS_PRESENT && (entry_of(p) & ENTRY_ARMED) == 0);
}

/* Seen on 6.18: protections come and go, the watch stays, and nothing is told that was not written. */
PIN(mprotect_keeps_the_watch, "watch.c")
{
    char *p = map_armed();

    p[0] = 1;
    MUST(mprotect(p, 2 * PAGE, NONE) == 0 && mprotect(p, 2 * PAGE, BOTH) == 0);
    EXPECT(is_written(p) && !is_written(p + PAGE));
    p[PAGE] = 1;
    EXPECT(is_written(p + PAGE));
}

/* Seen on 6.18: MADV_DONTNEED takes the mark along: the page reads as written although it is zero. */
PIN(emptying_loses_the_mark, "watch.c")
{
    char *p = map_armed();

    p[0] = 1;
    MUST(uffd_arm(watcher, p, PAGE) == 0);
    EXPECT(!is_written(p));
    MUST(CALL(madvise, p, PAGE, MADV_DONTNEED) == 0);
    EXPECT(is_written(p));
}

/* Seen on 6.18: a mapping over a part is not watched: it reads as written, and cannot be reset (-EPERM). */
PIN(a_new_mapping_is_not_watched, "watch.c pagescan.c")
{
    char *p = map_armed();
    struct run runs[4];

    MUST(mmap(p + PAGE, PAGE, BOTH, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p + PAGE);
    EXPECT(is_written(p + PAGE));
    EXPECT_ANSWER(-EPERM, take_written(p, 0, runs, 4));
    MUST(uffd_register(watcher, p + PAGE, PAGE, FOR_WRITES) == 0 && uffd_arm(watcher, p + PAGE, PAGE) == 0);
    EXPECT_ANSWER(0, take_written(p, 0, runs, 4));
}

/* Since 6.7: what is told is armed again in the same step, and nothing else: the first three, then the others. */
PIN(taking_resets_what_it_tells_and_no_more, "pagescan.c written.c")
{
    char *p = map_armed();
    struct run runs[4];

    fill_pages(p, PAGES, 1);
    EXPECT_ANSWER(1, take_written(p, 3, runs, 4));
    EXPECT(runs[0].start == (uintptr_t)p && runs[0].end == (uintptr_t)p + 3 * PAGE);
    EXPECT_ANSWER(1, take_written(p, 0, runs, 4));
    EXPECT(runs[0].start == (uintptr_t)p + 3 * PAGE && runs[0].end == (uintptr_t)p + PAGES * PAGE);
    EXPECT_ANSWER(0, take_written(p, 0, runs, 4));
}

/* Seen on 6.18: too little room for runs loses nothing: what was not told is still written. */
PIN(too_little_room_loses_nothing, "written.c")
{
    char *p = map_armed();
    struct run runs[2];

    p[0] = p[2 * PAGE] = p[4 * PAGE] = 1;
    EXPECT_ANSWER(1, take_written(p, 0, runs, 1));
    EXPECT_ANSWER(2, take_written(p, 0, runs, 2));
    EXPECT(runs[0].start == (uintptr_t)p + 2 * PAGE && runs[1].start == (uintptr_t)p + 4 * PAGE);
}

/* Seen on 6.18: with the descriptor everything is forgotten at once, and can be registered again with another. */
PIN(closing_the_descriptor_forgets_everything, "uffd.c watch.c")
{
    char *p = map_armed();
    struct run runs[4];

    MUST(close(watcher) == 0);
    EXPECT(is_written(p));
    EXPECT_ANSWER(-EPERM, take_written(p, 0, runs, 4));
    watcher = uffd_open(WP_UNPOPULATED | WP_ASYNC);
    EXPECT_ANSWER(0, uffd_register(watcher, p, PAGES * PAGE, FOR_WRITES));
    EXPECT_ANSWER(0, uffd_arm(watcher, p, PAGES * PAGE));
    EXPECT(!is_written(p));
}

/* Seen on 6.18: a second one on the same range is -EBUSY. */
PIN(two_watchers_are_one_too_many, "uffd.c watch.c")
{
    char *p = map_armed();

    EXPECT_ANSWER(-EBUSY, uffd_register(uffd_open(WP_UNPOPULATED | WP_ASYNC), p, PAGE, FOR_WRITES));
}

/* Seen on 6.18: a child of a fork is not watched, and the descriptor that it has works on its parent. */
PIN(a_child_is_not_watched, "watch.c renew.def")
{
    char *p = map_armed();
    struct run runs[4];
    int status;

    p[0] = 1;
    IN_CHILD(status)
    {
        EXPECT(is_written(p) && is_written(p + PAGE));
        EXPECT_ANSWER(-EPERM, take_written(p, 0, runs, 4));
        EXPECT_ANSWER(0, uffd_arm(watcher, p, PAGE));
        EXPECT(is_written(p));
    }
    EXPECT(is_fine(status));
    EXPECT(!is_written(p));
}

/* Seen on 6.18: of a shared view only what is written through this mapping is told. */
PIN(a_shared_view_tells_its_own_stores, "watch.c")
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC);
    char *p, *q;

    watcher = uffd_open(WP_UNPOPULATED | WP_ASYNC);
    MUST(fd >= 0 && ftruncate(fd, 2 * (off_t)PAGE) == 0);
    p = mmap(NULL, 2 * PAGE, BOTH, MAP_SHARED, fd, 0);
    q = mmap(NULL, 2 * PAGE, BOTH, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED && q != MAP_FAILED);
    MUST(uffd_register(watcher, p, 2 * PAGE, FOR_WRITES) == 0 && uffd_arm(watcher, p, 2 * PAGE) == 0);
    q[0] = 1;
    p[PAGE] = 1;
    EXPECT(!is_written(p) && is_written(p + PAGE));
}
