/*
 * fulltable.c: what a process can still do that has as many mappings as it may have (docs/design/full-table.md).
 *
 * vm.max_map_count holds for each process alone: nobody else notices.
 */
#include "looking.h"
#include "touch.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum { MOST = 300000, SPACE_PAGES = 64 };

static char *space;   /* SPACE_PAGES inaccessible ones, in the middle of what is mapped here */
static char *stripes; /* every second page is readable */
static size_t stripe_pages;

static size_t most_mappings(void)
{
    FILE *file = fopen("/proc/sys/vm/max_map_count", "re");
    size_t most = 65530;

    if (file != NULL) {
        MUST(fscanf(file, "%zu", &most) == 1);
        fclose(file);
    }
    return most;
}

/*
 * Fills the table up to its limit, so that the next split is refused. A change in the middle of a mapping makes two,
 * one at its end makes one.
 */
static void fill_table(void)
{
    size_t most = most_mappings(), at = 2;

    SKIP_IF(most > MOST, "vm.max_map_count is so large that filling the table would take long");
    stripe_pages = most + 8;
    stripes = map_with(stripe_pages * PAGE, NONE, MAP_PRIVATE);
    space = map_with(SPACE_PAGES * PAGE, NONE, MAP_PRIVATE | MAP_NORESERVE); /* equal to no neighbour */
    while (CALL(mprotect, stripes + at * PAGE, PAGE, READ) == 0)
        at += 2;
    (void)CALL(mprotect, stripes, PAGE, READ); /* one more, if there is room for one */
    MUST(CALL(mprotect, space, PAGE, READ) == -ENOMEM);
}

/* As many mappings fewer: each stripe that becomes like its neighbours takes two away. */
static void make_room(size_t stripe_count)
{
    for (size_t i = 0; i < stripe_count; i++)
        MUST(CALL(mprotect, stripes + (2 + 2 * i) * PAGE, PAGE, NONE) == 0);
}

/* Seen on 6.18: one split too many is -ENOMEM, as want of memory is: only counting tells. */
PIN(a_split_is_refused_as_want_of_memory, "errno_status.c")
{
    fill_table();
    EXPECT_ANSWER(-ENOMEM, CALL(mprotect, space + 8 * PAGE, PAGE, READ));
    EXPECT(mappings_in(space, SPACE_PAGES * PAGE) == 1);
}

/* Seen on 6.18: a new mapping is let in where a split is not, so a table can hold one more than its limit. */
PIN(a_table_can_hold_one_more_than_its_limit, "spare.h spare.c")
{
    fill_table();
    EXPECT(CALL(mmap, 0, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0) > 0);
    EXPECT_ANSWER(-ENOMEM, CALL(mmap, 0, PAGE, READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}

/*
 * Seen on 6.18: mappings that are merged above the limit cannot be divided again: undoing fails where doing did not.
 */
PIN(above_its_limit_a_merge_cannot_be_undone, "spare.h pages_kern.c")
{
    fill_table();
    make_room(1);
    MUST(CALL(mprotect, space + 8 * PAGE, PAGE, READ) == 0); /* full again */
    MUST(CALL(mmap, 0, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0) > 0);
    EXPECT_ANSWER(0, CALL(mprotect, space + 8 * PAGE, PAGE, NONE));
    EXPECT_ANSWER(-ENOMEM, CALL(mprotect, space + 8 * PAGE, PAGE, READ));
}

/*
 * Seen on 6.18: mprotect goes mapping by mapping. Refused at the last one, which it would have to split, it has
 * changed those before. So the last is changed first.
 */
PIN(mprotect_stops_half_way, "pages_kern.c view_pages.c")
{
    int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED;

    fill_table();
    make_room(1);
    MUST(mmap(space + 8 * PAGE, PAGE, NONE, flags, -1, 0) == space + 8 * PAGE);
    EXPECT_ANSWER(-ENOMEM, CALL(mprotect, space + 8 * PAGE, 2 * PAGE, READ));
    EXPECT(works(space + 8 * PAGE, LOOK));
    EXPECT(!works(space + 9 * PAGE, LOOK));
}

/* Seen on 6.18: mmap over others is refused before it changes anything. */
PIN(mapping_over_others_is_whole_or_refused, "map.c vacate.c")
{
    fill_table();
    make_room(1);
    MUST(CALL(mprotect, space + 8 * PAGE, PAGE, READ) == 0);
    MUST(CALL(mmap, 0, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0) > 0);
    EXPECT_ANSWER(
        -ENOMEM, CALL(mmap, space + 8 * PAGE, 2 * PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    EXPECT(works(space + 8 * PAGE, LOOK) && !works(space + 9 * PAGE, LOOK));
}

/* Seen on 6.18: above the limit not even a mapping that takes exactly another one's place is let in. */
PIN(above_its_limit_no_mapping_takes_anothers_place, "vacate.c large.c")
{
    fill_table();
    MUST(CALL(mmap, 0, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0) > 0);
    EXPECT_ANSWER(
        -ENOMEM, CALL(mmap, space, SPACE_PAGES * PAGE, BOTH, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
    EXPECT(!works(space, LOOK) && mappings_in(space, SPACE_PAGES * PAGE) == 1);
}

/* Seen on 6.18: whole mappings, and the ends of one, can be unmapped; only its middle would make one more. */
PIN(ends_can_be_unmapped, "vacate.c large.c")
{
    fill_table();
    EXPECT_ANSWER(-ENOMEM, CALL(munmap, space + 8 * PAGE, PAGE));
    EXPECT_ANSWER(0, CALL(munmap, space, PAGE));
    EXPECT_ANSWER(0, CALL(munmap, space + (SPACE_PAGES - 1) * PAGE, PAGE));
    EXPECT_ANSWER(0, CALL(munmap, space + PAGE, (SPACE_PAGES - 2) * PAGE));
}

/* Since 6.13: guard markers need no mapping, so pages can be given up in a full table. */
PIN(markers_need_no_room, "markers.c vacate.c")
{
    fill_table();
    make_room(1);
    MUST(CALL(mprotect, space + 8 * PAGE, 4 * PAGE, BOTH) == 0 && works(space + 9 * PAGE, STORE));
    SKIP_IF(CALL(madvise, space + 9 * PAGE, PAGE, MADV_GUARD_INSTALL) == -EINVAL,
            "there are no guard markers (Linux 6.13)");
    EXPECT(!works(space + 9 * PAGE, LOOK) && works(space + 8 * PAGE, LOOK));
}

/* Seen on 6.18: what mlock and munlock join they cannot divide again: nothing is unlocked for a moment only. */
PIN(unlocking_can_be_for_good, "pin.c spare.h")
{
    fill_table();
    make_room(2);
    MUST(CALL(mprotect, space + 8 * PAGE, 4 * PAGE, READ) == 0);
    SKIP_IF(CALL(mlock2, space + 8 * PAGE, PAGE, MLOCK_ONFAULT) != 0,
            "nothing can be locked (RLIMIT_MEMLOCK)");
    while (CALL(mmap, 0, PAGE, BOTH, MAP_SHARED | MAP_ANONYMOUS, -1, 0) > 0 &&
           CALL(mmap, 0, PAGE, READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) > 0)
        ;
    EXPECT_ANSWER(0, CALL(munlock, space + 8 * PAGE, PAGE));
    EXPECT_ANSWER(-ENOMEM, CALL(mlock2, space + 8 * PAGE, PAGE, MLOCK_ONFAULT));
}
