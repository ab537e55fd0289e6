/* moving.c: pages that move (UFFDIO_MOVE, Linux 6.8; src/kern/pages/uffd_move.c, src/vm/physical). */
#include "touch.h"
#include "uffd.h"

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

enum { PAGES = 4 };

static int mover;
static char *parking, *window;

static void open_mover(void)
{
    mover = uffd_open(SIGBUS_INSTEAD | MOVE);
    parking = map_pages(PAGES, BOTH);
    fill_pages(parking, PAGES, 5);
    window = map_pages(PAGES, BOTH);
    MUST(CALL(madvise, parking, PAGES * PAGE, MADV_DONTFORK) == 0);
    MUST(CALL(madvise, window, PAGES * PAGE, MADV_DONTFORK) == 0);
    MUST(uffd_register(mover, parking, PAGES * PAGE, MISSING) == 0);
    MUST(uffd_register(mover, window, PAGES * PAGE, MISSING) == 0);
}

/* Seen on 6.18: the page goes, contents and all; there is no fault afterwards, and no other mapping. */
PIN(a_page_moves_and_no_mapping_is_split, "uffd_move.c moving.h")
{
    open_mover();
    EXPECT_ANSWER(0, uffd_move(mover, window + PAGE, parking, PAGE));
    EXPECT(entry_of(window + PAGE) & ENTRY_PRESENT);
    EXPECT(works(window + PAGE, LOOK) && window[PAGE] == 5);
    EXPECT(mappings_in(window, PAGES * PAGE) == 1 && mappings_in(parking, PAGES * PAGE) == 1);
    EXPECT_ANSWER(0, uffd_move(mover, parking, window + PAGE, PAGE));
    EXPECT(parking[0] == 5);
}

/*
 * Seen on 6.18: a place without a page is SIGBUS to the program and -EFAULT to the kernel; nothing appears by
 * touching.
 */
PIN(an_empty_place_is_sigbus, "uffd_move.c pagefault.c")
{
    open_mover();
    EXPECT(touch(window, LOOK).signal == SIGBUS);
    EXPECT(touch(window, STORE).signal == SIGBUS);
    EXPECT_ANSWER(-EFAULT, kernel_reads(window));
    EXPECT_ANSWER(-EFAULT, kernel_writes(window));
    EXPECT(!(entry_of(window) & ENTRY_PRESENT));
}

/* Seen on 6.18: to where a page is -EEXIST, from where none is -ENOENT. */
PIN(a_move_needs_one_page_and_no_other, "uffd_move.c moving.c")
{
    open_mover();
    EXPECT_ANSWER(-EEXIST, uffd_move(mover, parking + PAGE, parking, PAGE));
    EXPECT_ANSWER(-ENOENT, uffd_move(mover, window, window + PAGE, PAGE));
}

/*
 * Seen on 6.18: a page that a child shares is -EBUSY until somebody has written to it: hence MADV_DONTFORK, which is
 * enough.
 */
PIN(a_page_that_a_child_shares_does_not_move, "uffd_move.c physical.c")
{
    int ends[2], status;
    char byte;
    pid_t child;

    open_mover();
    MUST(pipe(ends) == 0 && CALL(madvise, parking, PAGE, MADV_DOFORK) == 0);
    child = fork();
    if (child == 0) {
        MUST(close(ends[1]) == 0);
        _exit(read(ends[0], &byte, 1) != 0);
    }
    EXPECT_ANSWER(-EBUSY, uffd_move(mover, window, parking, PAGE));
    EXPECT_ANSWER(0, uffd_move(mover, window + PAGE, parking + PAGE, PAGE));
    MUST(close(ends[1]) == 0 && waitpid(child, &status, 0) == child && is_fine(status));
    parking[0] = 6;
    EXPECT_ANSWER(0, uffd_move(mover, window, parking, PAGE));
}

/* Seen on 6.18: both places allow the same and are locked or not, or it is -EINVAL. */
PIN(both_places_are_alike, "uffd_move.c physical.c")
{
    open_mover();
    SKIP_IF(CALL(mlock2, parking, PAGE, MLOCK_ONFAULT) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EINVAL, uffd_move(mover, window, parking, PAGE));
    MUST(CALL(munlock, parking, PAGE) == 0);
    EXPECT_ANSWER(0, uffd_move(mover, window, parking, PAGE));
    MUST(mprotect(window + PAGE, PAGE, READ) == 0);
    EXPECT_ANSWER(-EINVAL, uffd_move(mover, window + PAGE, parking + PAGE, PAGE));
}

/*
 * Seen on 6.18: with the descriptor all registrations are forgotten, the pages stay where they are: touching fills
 * again.
 */
PIN(closing_it_leaves_pages_where_they_are, "moving.c")
{
    open_mover();
    MUST(uffd_move(mover, window, parking, PAGE) == 0);
    MUST(close(mover) == 0);
    EXPECT(window[0] == 5 && works(window + PAGE, STORE));
    mover = uffd_open(SIGBUS_INSTEAD | MOVE);
    EXPECT_ANSWER(0, uffd_register(mover, parking, PAGES * PAGE, MISSING));
    EXPECT_ANSWER(0, uffd_register(mover, window, PAGES * PAGE, MISSING));
    EXPECT_ANSWER(0, uffd_move(mover, parking, window, PAGE));
}
