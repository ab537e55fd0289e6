/* softdirty.c: soft-dirty bits, and pages that a fork shares (src/kern/pages/softdirty.c, shadow.c, src/vm/watch/soft.c). */
#include <time.h>

#include "looking.h"

#define ENTRY_SOFT ((uint64_t)1 << 55)

static bool is_soft(const char *p)
{
    return (entry_of(p) & ENTRY_SOFT) != 0;
}

static void clear_all(void)
{
    int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

    MUST(fd >= 0 && write(fd, "4", 1) == 1);
    close(fd);
}

/* Written, and all bits cleared since. */
static char *map_cleared(size_t pages)
{
    char *p = map_pages(pages, BOTH);

    CALL(madvise, p, pages * PAGE, MADV_NOHUGEPAGE);
    fill_pages(p, pages, 1);
    clear_all();
    SKIP_IF(is_soft(p), "no soft-dirty bits (CONFIG_MEM_SOFT_DIRTY)");
    p[0] = 2;
    SKIP_IF(!is_soft(p), "no soft-dirty bits (CONFIG_MEM_SOFT_DIRTY)");
    return p;
}

/* Seen on 5.10, 6.1, 6.12: stores count, the kernel's too, and reads do not. */
PIN(whoever_stores_makes_a_page_dirty, "softdirty.c soft.c")
{
    char *p = map_cleared(4);

    (void)*(volatile char *)(p + PAGE);
    MUST(CALL(clock_gettime, CLOCK_MONOTONIC, p + 2 * PAGE) == 0);
    EXPECT(!is_soft(p + PAGE) && is_soft(p + 2 * PAGE) && !is_soft(p + 3 * PAGE));
}

/* Seen on 5.10, 6.1, 6.12: a protection that goes there and back neither sets the bit nor hides a store. */
PIN(protections_leave_dirty_pages_alone, "softdirty.c soft.c")
{
    char *p = map_cleared(4);

    for (int i = 0; i < 2; i++)
        MUST(CALL(mprotect, p, 4 * PAGE, i == 0 ? PROT_READ : BOTH) == 0);
    p[2 * PAGE] = 3;
    EXPECT(is_soft(p) && !is_soft(p + PAGE) && is_soft(p + 2 * PAGE));
}

/* Seen on 5.10, 6.1, 6.12: a new mapping has all bits, touched or not, until they are cleared. */
PIN(a_new_mapping_is_dirty, "softdirty.c soft.c")
{
    char *p;

    map_cleared(1);
    p = map_pages(2, BOTH);
    (void)*(volatile char *)p;
    EXPECT(is_soft(p) && is_soft(p + PAGE));
    clear_all();
    EXPECT(!is_soft(p) && !is_soft(p + PAGE));
}

/* Seen on 5.10, 6.1, 6.12: a child of a fork has the bits that its parent had, and clears its own. */
PIN(a_child_has_dirty_pages_of_its_own, "softdirty.c soft.c")
{
    char *p = map_cleared(2);
    int status;

    IN_CHILD(status)
    {
        EXPECT(is_soft(p) && !is_soft(p + PAGE));
        clear_all();
        EXPECT(!is_soft(p));
    }
    EXPECT(is_fine(status));
    EXPECT(is_soft(p));
}

/* Seen on 5.10 to 6.18: what is written while a child shares it is told as nobody else's, also the page of zeros. */
PIN(a_page_written_beside_a_child_is_alone, "shadow.c soft.c")
{
    char *p = map_pages(4, BOTH);
    int status;

    CALL(madvise, p, 4 * PAGE, MADV_NOHUGEPAGE);
    fill_pages(p, 2, 1);
    (void)*(volatile char *)(p + 3 * PAGE);
    EXPECT(entry_of(p) & ENTRY_ALONE);
    IN_CHILD(status)
    {
        EXPECT((entry_of(p) & ENTRY_ALONE) == 0);
        MUST(CALL(clock_gettime, CLOCK_MONOTONIC, p) == 0);
        EXPECT((entry_of(p) & ENTRY_ALONE) && (entry_of(p + PAGE) & ENTRY_ALONE) == 0);
        p[2 * PAGE] = p[3 * PAGE] = 1;
        EXPECT((entry_of(p + 2 * PAGE) & ENTRY_ALONE) && (entry_of(p + 3 * PAGE) & ENTRY_ALONE));
    }
    EXPECT(is_fine(status));
}

/* Seen on 5.10 to 6.18: of the page of zeros move_pages says EFAULT, of one that was written where it is, shared or not. */
PIN(move_pages_knows_the_page_of_zeros, "pagescan.c")
{
    char *p = map_pages(2, BOTH);
    void *pages[2] = {p, p + PAGE};
    int nodes[2] = {-1, -1}, status;
    long answer;

    CALL(madvise, p, 2 * PAGE, MADV_NOHUGEPAGE);
    (void)*(volatile char *)p;
    p[PAGE] = 0;
    SKIP_IF(entry_of(p) & ENTRY_ALONE, "this kernel has no page of zeros");
    answer = CALL(move_pages, 0, 2, pages, NULL, nodes, 0);
    SKIP_IF(answer == -ENOSYS || answer == -EPERM, "move_pages is missing or forbidden");
    EXPECT_ANSWER(0, answer);
    EXPECT(nodes[0] == -EFAULT && nodes[1] >= 0);
    IN_CHILD(status)
    {
        EXPECT_ANSWER(0, CALL(move_pages, 0, 2, pages, NULL, nodes, 0));
        EXPECT(nodes[0] == -EFAULT && nodes[1] >= 0);
    }
    EXPECT(is_fine(status));
}
