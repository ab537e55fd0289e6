/* shields.c: userfaultfd's write protection with SIGBUS, Linux 6.4 (src/kern/pages/uffd_shield.c, src/vm/pages/shield.c). */
#include "looking.h"
#include "touch.h"
#include "uffd.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#define MADV_GUARD_REMOVE 103
#endif

enum { PAGES = 8, WP_FAULTS = 1 };

static int shields;

/* The even ones were touched. All are shielded. */
static char *map_shielded(void)
{
    char *p = map_pages(PAGES, BOTH);

    shields = uffd_open(WP_FAULTS | SIGBUS_INSTEAD | WP_UNPOPULATED);
    for (size_t i = 0; i < PAGES; i += 2)
        p[i * PAGE] = 5;
    MUST(uffd_register(shields, p, PAGES * PAGE, FOR_WRITES) == 0);
    MUST(uffd_arm(shields, p, PAGES * PAGE) == 0);
    return p;
}

static bool can_store(const char *p)
{
    return works(p, STORE);
}

/* Seen on 6.18: SIGBUS with BUS_ADRERR and the processor's word for a write, EFAULT for the kernel; no mapping is split. */
PIN(a_store_is_sigbus_and_reading_is_fine, "shield.c sigsegv.c pagefault.c")
{
    char *p = map_shielded();

    for (size_t i = 0; i < PAGES; i++) {
        EXPECT(works(p + i * PAGE, LOOK) && p[i * PAGE] == (i % 2 ? 0 : 5));
        EXPECT(touch(p + i * PAGE, STORE).signal == SIGBUS && met.code == BUS_ADRERR && (met.error & 2) != 0);
        EXPECT(met.addr == (uintptr_t)p + i * PAGE);
        EXPECT_ANSWER(-EFAULT, kernel_writes(p + i * PAGE));
        EXPECT(!can_store(p + i * PAGE));
    }
    EXPECT(mappings_in(p, PAGES * PAGE) == 1);
}

/* Seen on 6.18. */
PIN(a_shield_outlives_mprotect, "shield.c pages_kern.c")
{
    char *p = map_shielded();

    MUST(CALL(mprotect, p, PAGES * PAGE, NONE) == 0 && CALL(mprotect, p, PAGES * PAGE, BOTH) == 0);
    EXPECT(!can_store(p) && !can_store(p + PAGE));
}

/* Seen on 6.18: so what may lose its contents is not shielded. */
PIN(a_shield_goes_with_the_contents, "shield.c")
{
    char *p = map_shielded();

    MUST(CALL(madvise, p, 2 * PAGE, MADV_DONTNEED) == 0);
    EXPECT(can_store(p) && !can_store(p + 2 * PAGE));
}

/* Seen on 6.18: a marker may be set over one, and none is left when it goes. Under a marker none can be set. */
PIN(a_shield_goes_with_a_marker, "shield.c dense.c")
{
    char *p = map_shielded();

    SKIP_IF(CALL(madvise, p, PAGE, MADV_GUARD_INSTALL) != 0, "there are no guard markers (Linux 6.13)");
    EXPECT(!works(p, LOOK));
    EXPECT_ANSWER(0, uffd_arm(shields, p, PAGE));
    EXPECT(!works(p, LOOK));
    MUST(CALL(madvise, p, PAGE, MADV_GUARD_REMOVE) == 0);
    EXPECT(can_store(p) && p[1] == 0);
}

/* Seen on 6.18: a new mapping is not admitted. */
PIN(a_new_mapping_has_no_shields, "shield.c")
{
    char *p = map_shielded();

    MUST(CALL(mmap, p, PAGE, BOTH, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == (long)p);
    EXPECT(can_store(p));
    EXPECT_ANSWER(-ENOENT, uffd_arm(shields, p, 2 * PAGE));
}

/* Seen on 6.18: the child can write to them, and its parent cannot. */
PIN(a_child_has_no_shields, "shield.c renew.def")
{
    char *p = map_shielded();
    int status = 1;
    pid_t child = fork();

    if (child == 0)
        _exit(can_store(p) && can_store(p + PAGE) ? 0 : 1);
    waitpid(child, &status, 0);
    EXPECT(status == 0 && !can_store(p) && !can_store(p + PAGE));
}

/* Seen on 6.18: all at once. */
PIN(closing_the_descriptor_takes_them_away, "shield.c")
{
    char *p = map_shielded();

    close(shields);
    EXPECT(can_store(p) && can_store(p + PAGE));
}

/* Seen on 6.18: the kernel's own file of a process's memory writes to read-only mappings, and not through a shield. */
PIN(not_even_a_debugger_writes_through, "shield.c")
{
    char *p = map_shielded(), byte = 7;
    int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

    SKIP_IF(fd < 0, "no /proc/self/mem");
    EXPECT(pwrite(fd, &byte, 1, (off_t)(uintptr_t)p) < 0);
    EXPECT(p[0] == 5);
}
