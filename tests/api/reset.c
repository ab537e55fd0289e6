/*
 * MEM_RESET and MEM_RESET_UNDO. Under pressure from another process: reset_pressure.c.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR
#include "../support/locked.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#endif

static PVOID reset(BYTE *p, SIZE_T size)
{
    return VirtualAlloc(p, size, MEM_RESET, PAGE_READWRITE);
}

static PVOID undo(BYTE *p, SIZE_T size)
{
    return VirtualAlloc(p, size, MEM_RESET_UNDO, PAGE_READWRITE);
}

static BYTE *filled(SIZE_T size, BYTE value)
{
    BYTE *p = commit(size, PAGE_READWRITE);

    memset(p, value, size);
    return p;
}

TEST(reset, contents_are_old_or_zero_and_nothing_else_changes, "O36 S34 S36 S90")
{
    BYTE *p = filled(GRAIN, 0x5A);
    int i;

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_RETURNS(p, VirtualAlloc(p, GRAIN, MEM_RESET, PAGE_NOACCESS)));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    for (i = 0; i < 16; i++)
        EXPECT(holds(p + i * PAGE, PAGE, 0x5A) || all_zero(p + i * PAGE, PAGE));
    EXPECT(writable(p));
}

TEST(reset, the_protection_is_ignored_but_must_be_valid, "S37 S44 O36")
{
    BYTE *p = filled(GRAIN, 1);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_OK(VirtualAlloc(p, PAGE, MEM_RESET, PAGE_EXECUTE_READ)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESET, 0)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESET, 0x06)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESET_UNDO, 0)));
}

TEST(reset, reserved_pages_may_be_named_too, "O37")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_RETURNS(p, reset(p, GRAIN)));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .protect = 0);
    commit_part(p + PAGE, PAGE, PAGE_READWRITE);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_RETURNS(p, reset(p, GRAIN)));
    EXPECT_RETURNS(p + 3 * PAGE, reset(p + 3 * PAGE, PAGE));
}

TEST(reset, a_range_over_the_end_of_the_allocation_fails, "O38")
{
    BYTE *p = filled(GRAIN, 1);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, reset(p, GRAIN + 1)));
    EXPECT(holds(p, GRAIN, 1));
}

TEST(reset, it_goes_with_no_other_type, "S35 S42")
{
    BYTE *p = filled(GRAIN, 1);
    DWORD other[] = {MEM_COMMIT, MEM_RESERVE, MEM_TOP_DOWN, MEM_RESET | MEM_RESET_UNDO};
    int i;

    for (i = 0; i < 4; i++) {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_RESET | other[i], PAGE_READWRITE));
        EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                    VirtualAlloc(p, PAGE, MEM_RESET_UNDO | MEM_COMMIT | other[i], PAGE_READWRITE));
    }
    EXPECT(holds(p, GRAIN, 1));
}

TEST(reset, views_of_unnamed_sections_are_accepted, "O39 S39")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    p[0] = 0x77;
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_RETURNS(p, reset(p, GRAIN)));
    EXPECT(p[0] == 0x77 || p[0] == 0);
}

TEST(reset, undone_at_once_nothing_is_lost, "S40 S91")
{
    BYTE *p = filled(2 * MiB, 0x33);

    EXPECT_RETURNS(p, reset(p, 2 * MiB));
    EXPECT_NO_CHANGE(p, 2 * MiB, EXPECT_RETURNS(p, undo(p, 2 * MiB)));
    EXPECT(holds(p, 2 * MiB, 0x33));
}

TEST(reset, free_addresses_fail, "L32")
{
    BYTE *p = free_space(MiB);

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, reset(p, PAGE));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, undo(p, PAGE));
}

#ifdef WINMEM_VERSION_MAJOR

TEST(reset, undoing_in_views_succeeds, "O39 S40")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    BYTE *q = anonymous_view(GRAIN, PAGE_WRITECOPY, FILE_MAP_COPY);

    memset(p, 0x77, GRAIN);
    memset(q, 0x78, GRAIN);
    EXPECT_OK(reset(p, GRAIN) && reset(q, GRAIN));
    EXPECT_OK(undo(p, GRAIN) && undo(q, GRAIN));
    EXPECT(holds(p, GRAIN, 0x77) && holds(q, GRAIN, 0x78));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, reset(p, GRAIN + 1));
}

TEST(reset, a_placeholder_is_no_allocation, "L32")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, reset(p, GRAIN)));
}

static int resident(BYTE *p, SIZE_T size)
{
    unsigned char there[1024];
    int pages = 0;
    SIZE_T i;

    MUST(size / PAGE <= sizeof there && mincore(p, size, there) == 0);
    for (i = 0; i < size / PAGE; i++)
        pages += there[i] & 1;
    return pages;
}

/* What the kernel would do when it is short of memory. */
static void drop(BYTE *p, SIZE_T size)
{
    if (madvise(p, size, 21 /* MADV_PAGEOUT */) != 0)
        SKIP("this kernel has no MADV_PAGEOUT");
    if (resident(p, size) != 0)
        SKIP("the kernel does not drop these pages (locked by a sanitizer, or never reset)");
}

static BYTE *dropped(SIZE_T size)
{
    BYTE *p = filled(size, 0x44);

    EXPECT_RETURNS(p, reset(p, size));
    drop(p, size);
    return p;
}

TEST(reset, what_was_dropped_cannot_be_undone, "S41")
{
    BYTE *p = dropped(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN)));
    EXPECT(all_zero(p, GRAIN) && writable(p));
}

TEST(reset, each_page_counts_for_itself, "S40 S41")
{
    BYTE *p = filled(GRAIN, 0x44);

    EXPECT_RETURNS(p, reset(p, GRAIN));
    drop(p + 4 * PAGE, PAGE);
    EXPECT_OK(undo(p, 4 * PAGE));
    EXPECT_FAIL(ERROR_BUSY, undo(p + 4 * PAGE, PAGE));
    EXPECT_OK(undo(p + 5 * PAGE, 11 * PAGE));
    EXPECT(holds(p, 4 * PAGE, 0x44) && all_zero(p + 4 * PAGE, PAGE) && holds(p + 5 * PAGE, 11 * PAGE, 0x44));
}

TEST(reset, one_lost_page_among_many_is_noticed, "S41")
{
    BYTE *p = filled(4 * MiB, 0x44);

    EXPECT_RETURNS(p, reset(p, 4 * MiB));
    drop(p + 3 * MiB, PAGE);
    EXPECT_FAIL(ERROR_BUSY, undo(p, 4 * MiB));
    EXPECT(holds(p, 3 * MiB, 0x44) && holds(p + 3 * MiB + PAGE, MiB - PAGE, 0x44));
}

TEST(reset, what_was_undone_stays, "S40")
{
    BYTE *p = filled(GRAIN, 0x44);
    DWORD protections[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READ};
    int i;

    for (i = 0; i < 4; i++) {
        protect(p, GRAIN, protections[i]);
        EXPECT_OK(reset(p, GRAIN) && undo(p, GRAIN));
        EXPECT_REGION(p, .size = GRAIN, .protect = protections[i]);
        madvise(p, GRAIN, 21);
        protect(p, GRAIN, PAGE_READWRITE);
        EXPECT(holds(p, GRAIN, 0x44));
    }
}

TEST(reset, other_protections_hide_no_loss, "S41")
{
    BYTE *p = dropped(4 * GRAIN);

    protect(p, GRAIN, PAGE_READONLY);
    protect(p + GRAIN, GRAIN, PAGE_NOACCESS);
    protect(p + 2 * GRAIN, GRAIN, PAGE_EXECUTE_READWRITE);
    EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN));
    EXPECT_FAIL(ERROR_BUSY, undo(p + GRAIN, GRAIN));
    EXPECT_FAIL(ERROR_BUSY, undo(p + 2 * GRAIN, GRAIN));
    EXPECT_FAIL(ERROR_BUSY, undo(p + 3 * GRAIN, GRAIN));
}

TEST(reset, reading_what_was_dropped_hides_no_loss, "S41")
{
    BYTE *p = dropped(GRAIN);

    EXPECT(all_zero(p, GRAIN));
    EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN));
}

TEST(reset, resetting_twice_hides_no_loss, "S41")
{
    BYTE *p = dropped(GRAIN);

    EXPECT_OK(reset(p, GRAIN));
    EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN));
}

/* A store may bring back a whole large page of zeros, and khugepaged (here: MADV_COLLAPSE) fills gaps with them. */
TEST(reset, large_pages_hide_no_loss, "S41")
{
    BYTE *p = commit(8 * MiB, PAGE_READWRITE);
    BYTE *q = (BYTE *)((AT(p) + 2 * MiB - 1) & ~(uintptr_t)(2 * MiB - 1));

    if (madvise(q, 4 * MiB, MADV_HUGEPAGE) != 0)
        SKIP("no transparent huge pages here");
    memset(q, 0x44, 4 * MiB);
    EXPECT_OK(reset(q, 4 * MiB));
    drop(q, 4 * MiB);
    q[0] = 1;
    q[3 * MiB] = 1;
    madvise(q, 4 * MiB, 25 /* MADV_COLLAPSE, Linux 6.1 */);
    EXPECT_FAIL(ERROR_BUSY, undo(q + PAGE, MiB));
    EXPECT_FAIL(ERROR_BUSY, undo(q + 3 * MiB + PAGE, PAGE));
}

TEST(reset, large_pages_are_undone, "S40")
{
    BYTE *p = commit(8 * MiB, PAGE_READWRITE);

    if (madvise(p, 8 * MiB, MADV_HUGEPAGE) != 0)
        SKIP("no transparent huge pages here");
    memset(p, 0x44, 8 * MiB);
    EXPECT_OK(reset(p, 8 * MiB) && undo(p, 8 * MiB));
    madvise(p, 8 * MiB, 21);
    EXPECT(holds(p, 8 * MiB, 0x44));
}

TEST(reset, untouched_pages_have_nothing_to_lose, "S40")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 1;
    EXPECT_EQ(p[8 * PAGE], 0);
    EXPECT_OK(reset(p, GRAIN) && undo(p, GRAIN));
    EXPECT_OK(reset(p + PAGE, 15 * PAGE));
    madvise(p, GRAIN, 21);
    EXPECT_OK(undo(p, GRAIN));
    EXPECT_EQ(p[0], 1);
}

TEST(reset, decommitting_ends_it, "S36 S41")
{
    BYTE *p = dropped(GRAIN);

    MUST(VirtualFree(p, 8 * PAGE, MEM_DECOMMIT));
    commit_part(p, 8 * PAGE, PAGE_READWRITE);
    memset(p, 0x55, 4 * PAGE);
    EXPECT_OK(undo(p, 8 * PAGE));
    EXPECT(holds(p, 4 * PAGE, 0x55) && all_zero(p + 4 * PAGE, 4 * PAGE));
    EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN));
}

TEST(reset, releasing_ends_it, "S40")
{
    BYTE *p = dropped(GRAIN);

    release(p);
    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    p[0] = 9;
    EXPECT_OK(undo(p, GRAIN));
    EXPECT_EQ(p[0], 9);
}

TEST(reset, reserved_pages_between_are_passed_over, "O37 S40 S41")
{
    BYTE *p = reserve(GRAIN);

    commit_part(p, PAGE, PAGE_READWRITE);
    commit_part(p + 2 * PAGE, PAGE, PAGE_READONLY);
    commit_part(p + 8 * PAGE, 8 * PAGE, PAGE_READWRITE);
    memset(p, 0x44, PAGE);
    memset(p + 8 * PAGE, 0x44, 8 * PAGE);
    EXPECT_OK(reset(p, GRAIN) && undo(p, GRAIN));
    EXPECT_OK(reset(p, GRAIN));
    drop(p + 15 * PAGE, PAGE);
    EXPECT_OK(undo(p, 15 * PAGE));
    EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN));
    EXPECT(holds(p, PAGE, 0x44) && holds(p + 8 * PAGE, 7 * PAGE, 0x44));
}

TEST(reset, pages_the_program_locked_are_left_alone, "S34")
{
    BYTE *p = filled(GRAIN, 0x44);

    if (program_locks(AT(p) + PAGE, PAGE) != 0)
        SKIP("locking memory is not allowed here");
    EXPECT_OK(reset(p, GRAIN) && undo(p, GRAIN));
    EXPECT(holds(p, GRAIN, 0x44));
}

static long locked_kib(void)
{
    char line[200];
    long kib = -1;
    FILE *file = fopen("/proc/self/status", "r");

    MUST(file != NULL);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmLck:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    fclose(file);
    return kib;
}

TEST(reset, nothing_stays_locked, "S40")
{
    BYTE *p = filled(4 * MiB, 0x44);
    long before = locked_kib();

    EXPECT_OK(reset(p, 4 * MiB) && undo(p, 4 * MiB));
    EXPECT_EQ(OfferVirtualMemory(p, MiB, VmOfferPriorityLow), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, MiB), ERROR_SUCCESS);
    EXPECT_EQ(locked_kib(), before);
    EXPECT_REGION(p, .size = 4 * MiB);
}

TEST(reset, a_write_watch_notices_nothing, "S34 S40")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    void *pages[16];
    ULONG_PTR count = 16;
    DWORD unit;

    MUST(p != NULL);
    if ((!WinmemFeature("userfaultfd") || !WinmemFeature("pagemap_scan")) && !WinmemFeature("soft_dirty"))
        SKIP("what is there counts as written");
    memset(p, 0x44, 4 * PAGE);
    MUST(ResetWriteWatch(p, GRAIN) == 0);
    EXPECT_OK(reset(p, GRAIN) && undo(p, GRAIN));
    EXPECT_EQ(OfferVirtualMemory(p, GRAIN, VmOfferPriorityLow), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    EXPECT_EQ(DiscardVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    MUST(GetWriteWatch(0, p, GRAIN, pages, &count, &unit) == 0);
    EXPECT_EQ(count, 0);
}

TEST(reset, virtuallock_hides_no_loss, "S41 S34")
{
    BYTE *p = dropped(4 * PAGE);

    p[0] = 0x44;
    MUST(VirtualLock(p, 4 * PAGE));
    EXPECT_FAIL(ERROR_BUSY, undo(p, 4 * PAGE));
    memset(p, 0x44, 4 * PAGE);
    EXPECT_OK(reset(p, 4 * PAGE) && undo(p, 4 * PAGE));
    EXPECT(holds(p, 4 * PAGE, 0x44));
    EXPECT_EQ(OfferVirtualMemory(p, 4 * PAGE, VmOfferPriorityLow), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, 4 * PAGE), ERROR_SUCCESS);
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p, 4 * PAGE));
    EXPECT(holds(p, 4 * PAGE, 0x44));
}

/* --- forks --- */

static int in_a_child(int (*run)(BYTE *), BYTE *p)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        alarm(20);
        _exit(run(p));
    }
    MUST(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int child_undoes(BYTE *p)
{
    if (undo(p, GRAIN) != p)
        return (int)GetLastError();
    madvise(p, GRAIN, 21);
    return holds(p, GRAIN, 0x44) ? 0 : 1;
}

TEST(reset, a_child_undoes_for_itself, "L31 S40 S41")
{
    BYTE *p = filled(GRAIN, 0x44);

    EXPECT_OK(reset(p, GRAIN));
    EXPECT_EQ(in_a_child(child_undoes, p), 0);
    EXPECT_OK(undo(p, GRAIN));
    EXPECT(holds(p, GRAIN, 0x44));
}

TEST(reset, a_child_knows_what_was_lost, "S41")
{
    BYTE *p = dropped(GRAIN);

    EXPECT_EQ(in_a_child(child_undoes, p), ERROR_BUSY);
    EXPECT_FAIL(ERROR_BUSY, undo(p, GRAIN));
}

/* --- less allowed --- */

/* 0: intact and it is; ERROR_BUSY: it was lost, or cannot be proven */
static int verdict_on(BYTE *p, SIZE_T size)
{
    if (undo(p, size) == p)
        return holds(p, size, 0x44) ? 0 : 1;
    return (int)GetLastError();
}

static void become_nobody(rlim_t lockable)
{
    struct rlimit limit = {lockable, lockable};

    setrlimit(RLIMIT_MEMLOCK, &limit);
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)
        _exit(CHECK_SKIPPED);
    prctl(PR_SET_DUMPABLE, 1);
}

static int nobody_resets(BYTE *p, rlim_t lockable)
{
    int first;

    become_nobody(lockable);
    if (reset(p, 2 * MiB) != p)
        return 2;
    first = verdict_on(p, 2 * MiB);
    if (first != 0)
        return first;
    if (reset(p, 2 * MiB) != p)
        return 3;
    madvise(p + MiB, PAGE, 21);
    if (resident(p + MiB, PAGE) != 0)
        return 0;
    return verdict_on(p, 2 * MiB) == ERROR_BUSY ? 0 : 4;
}

static int nobody_with_64k(BYTE *p)
{
    return nobody_resets(p, GRAIN);
}

static int nobody_with_nothing(BYTE *p)
{
    return nobody_resets(p, 0);
}

static int nobody_later(BYTE *p)
{
    if (reset(p, 2 * MiB) != p)
        return 2;
    become_nobody(0);
    return verdict_on(p, 2 * MiB);
}

TEST(reset, a_small_limit_of_locked_memory_is_enough, "S40 S41")
{
    int code = in_a_child(nobody_with_64k, filled(2 * MiB, 0x44));

    if (code == CHECK_SKIPPED)
        SKIP("not allowed to become somebody else");
    EXPECT_EQ(code, 0);
}

TEST(reset, without_locked_memory_it_works_too, "S40 S41")
{
    int code = in_a_child(nobody_with_nothing, filled(2 * MiB, 0x44));

    if (code == CHECK_SKIPPED)
        SKIP("not allowed to become somebody else");
    EXPECT_EQ(code, 0);
}

TEST(reset, what_cannot_be_proven_counts_as_lost, "L29 S41")
{
    int code = in_a_child(nobody_later, filled(2 * MiB, 0x44));

    if (code == CHECK_SKIPPED)
        SKIP("not allowed to become somebody else");
    EXPECT(code == 0 || code == ERROR_BUSY);
}

TEST(reset, a_process_without_proc_resets_nothing, "S34 S40")
{
    BYTE *p = filled(GRAIN, 0x44);
    struct rlimit before, none = {0};

    MUST(getrlimit(RLIMIT_NOFILE, &before) == 0);
    none.rlim_max = before.rlim_max;
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0); /* no descriptor is to be had */
    EXPECT_OK(reset(p, GRAIN));
    madvise(p, GRAIN, 21);
    EXPECT(holds(p, GRAIN, 0x44));
    EXPECT_OK(undo(p, GRAIN));
    MUST(setrlimit(RLIMIT_NOFILE, &before) == 0);
}

TEST(reset, errno_is_left_alone, "L130")
{
    BYTE *p = filled(GRAIN, 1);

    protect(p, PAGE, PAGE_READONLY);
    errno = 4711;
    EXPECT_OK(reset(p, GRAIN) && undo(p, GRAIN));
    EXPECT_EQ(errno, 4711);
}

#endif
