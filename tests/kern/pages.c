/* pages.c: what the page tables tell, and contents that may go (src/kern/pages). */
#include "looking.h"
#include "touch.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* --- /proc/self/pagemap --- */

/*
 * Seen on 6.18: a page that was read and never written is told as the kernel's page of zeros. Not every kernel has
 * one.
 */
PIN(a_page_that_was_only_read_is_told, "pagescan.c rescue.c")
{
    char *p = map_pages(2, BOTH);

    EXPECT(is(p, IS_PRESENT) == 0);
    EXPECT(p[0] == 0);
    p[PAGE] = 1;
    SKIP_IF(is(p, IS_ZERO) == 0, "this kernel has no page of zeros: the library "
                                 "finds that out (zero_page)");
    EXPECT(is(p, IS_PRESENT | IS_ZERO) == (IS_PRESENT | IS_ZERO));
    EXPECT(is(p + PAGE, IS_PRESENT | IS_ZERO) == IS_PRESENT);
}

/* Seen on 6.18: mincore tells of memory without a file which pages were touched, also those that were only read. */
PIN(mincore_tells_what_was_touched, "hugepages.c huge.c")
{
    char *p = map_pages(4, BOTH);
    unsigned char there[4];

    p[0] = 1;
    EXPECT(p[2 * PAGE] == 0);
    EXPECT_ANSWER(0, CALL(mincore, p, 4 * PAGE, there));
    EXPECT((there[0] & 1) == 1 && (there[1] & 1) == 0 && (there[2] & 1) == 1 && (there[3] & 1) == 0);
    MUST(munmap(p + PAGE, PAGE) == 0);
    EXPECT_ANSWER(-ENOMEM, CALL(mincore, p, 4 * PAGE, there));
}

/* Seen on 6.18: bit 56, "exclusively mapped", counts mappings: two of one process are two. */
PIN(alone_is_said_of_mappings, "pagemap.c resident.c")
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC);
    char *p, *q;

    MUST(fd >= 0 && ftruncate(fd, (off_t)PAGE) == 0);
    p = mmap(NULL, PAGE, BOTH, MAP_SHARED, fd, 0);
    q = mmap(NULL, PAGE, BOTH, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED && q != MAP_FAILED);
    p[0] = 1;
    EXPECT((entry_of(p) & (ENTRY_PRESENT | ENTRY_ALONE)) == (ENTRY_PRESENT | ENTRY_ALONE));
    EXPECT(q[0] == 1);
    EXPECT((entry_of(p) & (ENTRY_PRESENT | ENTRY_ALONE)) == ENTRY_PRESENT);
}

/* Seen on 6.18: the file shows who opened it: a child of a fork that reads its parent's sees the parent's pages. */
PIN(a_pagemap_shows_who_opened_it, "pagescan.c kept.h renew.def")
{
    int fd = open_pagemap(), status;
    char *p = map_pages(1, BOTH);

    p[0] = 1;
    IN_CHILD(status)
    {
        MUST(munmap(p, PAGE) == 0);
        EXPECT(entry_by(fd, p) & ENTRY_PRESENT);
        EXPECT((entry_of(p) & ENTRY_PRESENT) == 0);
    }
    EXPECT(is_fine(status));
}

/* Since 6.7: on any other file -ENOTTY, and holes are no error. */
PIN(a_scan_passes_over_holes, "pagescan.c")
{
    char *p = map_pages(4, BOTH);
    int fd = open_pagemap(), other = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    struct scan s = {.mask = IS_PRESENT, .tell = IS_PRESENT};
    struct run runs[4];

    fill_pages(p, 4, 1);
    MUST(munmap(p + PAGE, 2 * PAGE) == 0);
    (void)is(p, IS_PRESENT);
    EXPECT_ANSWER(2, scan_by(fd, &s, p, 4 * PAGE, runs, 4));
    EXPECT(runs[0].end == (uintptr_t)p + PAGE && runs[1].start == (uintptr_t)p + 3 * PAGE);
    EXPECT_ANSWER(-ENOTTY, scan_by(other, &s, p, PAGE, runs, 4));
}

/*
 * Since 6.7: so many pages and no more; walk_end says where to go on. The same where there is no room for another
 * run.
 */
PIN(a_scan_says_where_it_stopped, "pagescan.c written.c")
{
    char *p = map_pages(8, BOTH);
    int fd = open_pagemap();
    struct scan s = {.mask = IS_PRESENT, .tell = IS_PRESENT, .max_pages = 3};
    struct run run;

    fill_pages(p, 8, 1);
    (void)is(p, IS_PRESENT);
    EXPECT_ANSWER(1, scan_by(fd, &s, p, 8 * PAGE, &run, 1));
    EXPECT(run.end == (uintptr_t)p + 3 * PAGE && s.walk_end == run.end);
    MUST(CALL(madvise, p + 2 * PAGE, PAGE, MADV_DONTNEED) == 0);
    s.max_pages = 0;
    EXPECT_ANSWER(1, scan_by(fd, &s, p, 8 * PAGE, &run, 1));
    EXPECT(run.end == (uintptr_t)p + 2 * PAGE && s.walk_end >= run.end &&
           s.walk_end <= (uintptr_t)p + 3 * PAGE);
}

/*
 * Seen on 6.18: without a list of nodes move_pages moves nothing and tells where each page is, or that it is not
 * there: -ENOENT, on 5.10 and 6.1 -EFAULT.
 */
PIN(move_pages_tells_where_pages_are, "numa.c")
{
    char *p = map_pages(2, BOTH);
    void *pages[2] = {p, p + PAGE};
    int nodes[2] = {-1, -1};
    long answer;

    p[0] = 1;
    answer = CALL(move_pages, 0, 2, pages, NULL, nodes, 0);
    SKIP_IF(answer == -ENOSYS || answer == -EPERM, "move_pages is missing or forbidden");
    EXPECT_ANSWER(0, answer);
    EXPECT(nodes[0] >= 0 && (nodes[1] == -ENOENT || nodes[1] == -EFAULT));
}

/* --- contents that may go: MADV_FREE, and being short of memory, which MADV_PAGEOUT brings about for a range --- */

static bool is_there(const char *p)
{
    return (entry_of(p) & ENTRY_PRESENT) != 0;
}

/* Lets go of what may go. */
static void squeeze(char *p, size_t count)
{
    (void)CALL(madvise, p, count * PAGE, MADV_PAGEOUT);
}

static char *map_lazy(size_t count)
{
    char *p = map_pages(count, BOTH);

    fill_pages(p, count, 5);
    MUST(CALL(madvise, p, count * PAGE, MADV_FREE) == 0);
    return p;
}

/* Pages that may go are squeezed out here, or a pin of this kind means nothing. */
static void need_squeezing(void)
{
    char *p = map_lazy(4);

    squeeze(p, 4);
    SKIP_IF(is_there(p) || is_there(p + PAGE), "MADV_PAGEOUT takes no page away here");
}

/* Seen on 6.18: a page that went is a page of zeros, and nobody is told. */
PIN(what_may_go_goes_without_a_word, "lazyfree.c reset.h")
{
    char *p = map_lazy(1);

    need_squeezing();
    EXPECT(p[0] == 5);
    squeeze(p, 1);
    EXPECT(!is_there(p) && p[0] == 0);
}

/* Seen on 6.18: locked as it comes in, a page that is still there stays; one that is away stays away. */
PIN(a_pin_keeps_what_is_still_there, "lazyfree.c rescue.c")
{
    char *p = map_lazy(2);

    need_squeezing();
    squeeze(p, 1);
    SKIP_IF(CALL(mlock2, p, 2 * PAGE, MLOCK_ONFAULT) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    squeeze(p, 2);
    EXPECT(!is_there(p) && is_there(p + PAGE));
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, 2 * PAGE, MADV_DONTNEED));
    EXPECT(p[PAGE] == 5);
}

/* Seen on 6.18: a store ends the licence, also one that changes nothing. */
PIN(a_store_of_nothing_makes_a_page_stay, "lazyfree.c")
{
    char *p = map_lazy(2);

    need_squeezing();
    __atomic_fetch_or(p, 0, __ATOMIC_SEQ_CST);
    __asm__ volatile("lock orb $0, %0" : "+m"(*(p + PAGE)));
    squeeze(p, 2);
    EXPECT(is_there(p) && is_there(p + PAGE) && p[0] == 5 && p[PAGE] == 5);
}

/* Seen on 6.18: bringing a page in for writing ends the licence, too; where it cannot be written, -EINVAL. */
PIN(populating_makes_a_page_stay, "lazyfree.c")
{
    char *p = map_lazy(2);

    need_squeezing();
    SKIP_IF(CALL(madvise, p, PAGE, MADV_POPULATE_WRITE) == -EINVAL,
            "there is no MADV_POPULATE_WRITE (Linux 5.14)");
    MUST(mprotect(p + PAGE, PAGE, READ) == 0);
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p + PAGE, PAGE, MADV_POPULATE_WRITE));
    squeeze(p, 2);
    EXPECT(is_there(p) && p[0] == 5);
}

/* Seen on 6.18: so does a byte that is written back through /proc/self/mem, also to a page without access. */
PIN(a_byte_through_the_file_makes_a_page_stay, "lazyfree.c")
{
    char *p = map_lazy(1), byte = 5;
    int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

    need_squeezing();
    SKIP_IF(memory < 0, "there is no /proc/self/mem");
    MUST(mprotect(p, PAGE, NONE) == 0);
    EXPECT_ANSWER(1, CALL(pwrite64, memory, &byte, 1, p));
    MUST(mprotect(p, PAGE, BOTH) == 0);
    squeeze(p, 1);
    EXPECT(is_there(p) && p[0] == 5);
}

/*
 * Seen on 6.18: one locked page makes it -EINVAL for the range, and what lies before may go already; so pages are
 * noted before they are given away.
 */
PIN(a_refusal_has_given_away_what_lies_before, "lazyfree.c reset.c")
{
    char *p = map_pages(3, BOTH);

    need_squeezing();
    fill_pages(p, 3, 5);
    SKIP_IF(CALL(mlock, p + 2 * PAGE, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, 3 * PAGE, MADV_FREE));
    squeeze(p, 2);
    EXPECT(!is_there(p) && is_there(p + 2 * PAGE));
}

/* Seen on 6.18: shared memory and private views of a memfd cannot be given away so: -EINVAL. */
PIN(views_cannot_be_given_away, "lazyfree.c reset.c offered.c")
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC);

    MUST(fd >= 0 && ftruncate(fd, (off_t)PAGE) == 0);
    for (int kind = 0; kind < 2; kind++) {
        char *p = mmap(NULL, PAGE, BOTH, kind == 0 ? MAP_SHARED : MAP_PRIVATE, fd, 0);

        MUST(p != MAP_FAILED);
        p[0] = 1;
        EXPECT_ANSWER(-EINVAL, CALL(madvise, p, PAGE, MADV_FREE));
    }
}

/* Seen on 6.18: MADV_PAGEOUT ends at the first mapping that refuses it; those behind are left alone. */
PIN(paging_out_ends_at_a_locked_mapping, "workingset.c map.c")
{
    char *p = map_lazy(3);

    need_squeezing();
    SKIP_IF(CALL(mlock, p + PAGE, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, 3 * PAGE, MADV_PAGEOUT));
    EXPECT(!is_there(p) && is_there(p + 2 * PAGE));
}
