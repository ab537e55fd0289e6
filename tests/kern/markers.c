/* markers.c: guard markers, Linux 6.13 (src/kern/pages/markers.c). */
#include "looking.h"
#include "touch.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

static void need_markers(void)
{
    SKIP_IF(CALL(madvise, map_pages(1, BOTH), PAGE, MADV_GUARD_INSTALL) != 0,
            "there are no guard markers (Linux 6.13)");
}

/* Seen on 6.18: private pages lose their contents under a marker; without it they are zeros. No mapping is split. */
PIN(private_pages_lose_their_contents, "markers.c warm.h vacate.c")
{
    char *p = map_pages(4, BOTH);

    need_markers();
    fill_pages(p, 4, 5);
    EXPECT_ANSWER(0, CALL(madvise, p + PAGE, PAGE, MADV_GUARD_INSTALL));
    EXPECT(!works(p + PAGE, LOOK) && !works(p + PAGE, STORE) && p[0] == 5 && p[2 * PAGE] == 5);
    EXPECT(mappings_in(p, 4 * PAGE) == 1);
    EXPECT_ANSWER(0, CALL(madvise, p + PAGE, PAGE, MADV_GUARD_REMOVE));
    EXPECT(works(p + PAGE, STORE) && p[PAGE + 1] == 0);
}

/*
 * Seen on 6.18: a fault at one is told as if nothing were mapped there (SEGV_MAPERR): the table decides, not the
 * code.
 */
PIN(a_marker_looks_like_nothing_mapped, "pagefault.c trap.c")
{
    char *p = map_pages(1, BOTH);

    need_markers();
    MUST(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == 0);
    EXPECT(touch(p, LOOK).code == SEGV_MAPERR && met.signal == SIGSEGV);
    EXPECT_ANSWER(-EFAULT, kernel_reads(p));
    EXPECT_ANSWER(-EFAULT, kernel_writes(p));
}

/* Seen on 6.18: neither mprotect nor MADV_DONTNEED takes them away. */
PIN(markers_outlive_protections, "warm.c pages_kern.c")
{
    char *p = map_pages(1, BOTH);

    need_markers();
    MUST(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == 0);
    MUST(CALL(mprotect, p, PAGE, NONE) == 0 && CALL(mprotect, p, PAGE, BOTH) == 0);
    EXPECT(!works(p, LOOK));
    MUST(CALL(madvise, p, PAGE, MADV_DONTNEED) == 0);
    EXPECT(!works(p, LOOK));
}

/* Seen on 6.18: a mapping over them is without; so what is mapped next never shows what a marker hid. */
PIN(a_new_mapping_has_no_markers, "vacate.c warm.c")
{
    char *p = map_pages(1, BOTH);

    need_markers();
    MUST(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == 0);
    MUST(mmap(p, PAGE, BOTH, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p);
    EXPECT(works(p, STORE));
}

/*
 * Since 6.15: of shared memory only this view is closed; the contents are in the other one, and here again
 * afterwards.
 */
PIN(shared_pages_keep_their_contents, "markers.c vacate.c")
{
    int fd = (int)CALL(memfd_create, "pin", MFD_CLOEXEC);
    char *p, *q;

    need_markers();
    MUST(fd >= 0 && ftruncate(fd, (off_t)PAGE) == 0);
    p = mmap(NULL, PAGE, BOTH, MAP_SHARED, fd, 0);
    q = mmap(NULL, PAGE, BOTH, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED && q != MAP_FAILED);
    p[0] = 5;
    SKIP_IF(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == -EINVAL, "not for shared memory (Linux 6.15)");
    EXPECT(!works(p, LOOK) && q[0] == 5);
    EXPECT_ANSWER(0, CALL(madvise, p, PAGE, MADV_GUARD_REMOVE));
    EXPECT(p[0] == 5);
}

/*
 * Seen on 6.18: locked pages refuse them with -EINVAL, as an old kernel does. Mappings that lie before locked ones
 * are marked by then, and their contents are gone: so it is asked first whether something is locked.
 */
PIN(before_a_locked_page_contents_are_gone, "markers.c")
{
    char *p = map_pages(3, BOTH);

    need_markers();
    fill_pages(p, 3, 5);
    SKIP_IF(CALL(mlock, p + PAGE, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    EXPECT_ANSWER(-EINVAL, CALL(madvise, p, 3 * PAGE, MADV_GUARD_INSTALL));
    EXPECT(!works(p, LOOK) && p[PAGE] == 5 && p[2 * PAGE] == 5);
    MUST(CALL(madvise, p, PAGE, MADV_GUARD_REMOVE) == 0);
    EXPECT(p[0] == 0);
}

/* Seen on 6.18: mlock is -ENOMEM where it meets a marker. */
PIN(a_marker_cannot_be_locked, "memlock.c warm.c")
{
    char *p = map_pages(2, BOTH);

    need_markers();
    SKIP_IF(CALL(mlock, p + PAGE, PAGE) != 0, "nothing can be locked (RLIMIT_MEMLOCK)");
    MUST(CALL(munlock, p + PAGE, PAGE) == 0 && CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == 0);
    EXPECT_ANSWER(-ENOMEM, CALL(mlock, p, PAGE));
}

/* Seen on 6.18: a child of a fork has them, too. */
PIN(markers_outlive_a_fork, "forks.c warm.c")
{
    char *p = map_pages(1, BOTH);
    int status;

    need_markers();
    MUST(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == 0);
    IN_CHILD(status)
    EXPECT(!works(p, LOOK));
    EXPECT(is_fine(status));
}

static char *broken_into_pieces(bool marked_once)
{
    enum { PIECES = 16 };
    char *p = map_with(PIECES * PAGE, NONE, MAP_PRIVATE);

    if (marked_once)
        MUST(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) == 0 &&
             CALL(madvise, p, PAGE, MADV_GUARD_REMOVE) == 0);
    for (size_t i = 1; i < PIECES; i += 2) {
        MUST(CALL(mprotect, p + i * PAGE, PAGE, BOTH) == 0);
        p[i * PAGE] = 5;
    }
    EXPECT(mappings_in(p, PIECES * PAGE) == PIECES);
    MUST(CALL(mprotect, p, PIECES * PAGE, BOTH) == 0);
    return p;
}

/*
 * Seen on 6.18: pieces that were touched each for itself stay mappings of their own when they are alike again. A marker
 * that the whole had once, before it was in pieces, has them merge.
 */
PIN(pieces_of_a_mapping_that_had_one_merge, "markers.c arena.c place.c")
{
    need_markers();
    EXPECT(mappings_in(broken_into_pieces(false), 16 * PAGE) > 4);
    EXPECT(mappings_in(broken_into_pieces(true), 16 * PAGE) == 1);
}
