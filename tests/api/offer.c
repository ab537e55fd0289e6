/*
 * OfferVirtualMemory, ReclaimVirtualMemory, DiscardVirtualMemory. They return the error itself.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR
#include <sys/mman.h>
#endif

#ifdef _WIN32
#undef OfferVirtualMemory
#undef ReclaimVirtualMemory
#undef DiscardVirtualMemory
#define OfferVirtualMemory COMPAT(DWORD, "OfferVirtualMemory", PVOID, SIZE_T, DWORD)
#define ReclaimVirtualMemory COMPAT(DWORD, "ReclaimVirtualMemory", const void *, SIZE_T)
#define DiscardVirtualMemory COMPAT(DWORD, "DiscardVirtualMemory", PVOID, SIZE_T)
#define VmOfferPriorityVeryLow 1
#define VmOfferPriorityNormal 4
#endif

static BYTE *filled(SIZE_T size)
{
    BYTE *p = commit(size, PAGE_READWRITE);

    memset(p, 0x44, size);
    return p;
}

static DWORD offer(BYTE *p, SIZE_T size)
{
    return OfferVirtualMemory(p, size, VmOfferPriorityNormal);
}

TEST(offer, offered_pages_come_back, "D9.3d")
{
    BYTE *p = filled(GRAIN);
    DWORD code;

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    code = ReclaimVirtualMemory(p, GRAIN);
    EXPECT(code == ERROR_SUCCESS || code == ERROR_BUSY);
    EXPECT(code != ERROR_SUCCESS || holds(p, GRAIN, 0x44));
    EXPECT(writable(p));
}

TEST(offer, whole_pages_only, "D9.3a")
{
    BYTE *p = filled(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p + 1, PAGE), ERROR_INVALID_PARAMETER));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p, PAGE + 1), ERROR_INVALID_PARAMETER));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p, 0), ERROR_INVALID_PARAMETER));
    EXPECT_EQ(ReclaimVirtualMemory(p + 1, PAGE), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(ReclaimVirtualMemory(p, 1), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(ReclaimVirtualMemory(p, 0), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DiscardVirtualMemory(p + 1, PAGE), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DiscardVirtualMemory(p, 1), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DiscardVirtualMemory(p, 0), ERROR_INVALID_PARAMETER);
    EXPECT(holds(p, GRAIN, 0x44) && writable(p));
}

TEST(offer, priorities_are_one_to_four, "D9.3b")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(OfferVirtualMemory(p, PAGE, 0), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(OfferVirtualMemory(p, PAGE, 5), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(OfferVirtualMemory(p, PAGE, VmOfferPriorityVeryLow), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, PAGE), ERROR_SUCCESS);
}

TEST(offer, reclaiming_what_was_never_offered_succeeds, "L23")
{
    BYTE *p = filled(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS));
    EXPECT(holds(p, GRAIN, 0x44));
}

TEST(offer, discarding_keeps_the_memory, "D9.3e")
{
    BYTE *p = filled(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(DiscardVirtualMemory(p, GRAIN), ERROR_SUCCESS));
    EXPECT(writable(p) && readable(p + PAGE));
}

TEST(offer, only_read_write_pages_can_be_discarded, "D9.3f")
{
    BYTE *p = filled(GRAIN);

    protect(p + 4 * PAGE, PAGE, PAGE_READONLY);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT(DiscardVirtualMemory(p, GRAIN) != ERROR_SUCCESS));
    EXPECT(holds(p, GRAIN, 0x44));
}

TEST(offer, uncommitted_pages_fail, "L22")
{
    BYTE *p = reserve(GRAIN);

    commit_part(p, PAGE, PAGE_READWRITE);
    p[0] = 1;
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p, 2 * PAGE), ERROR_INVALID_ADDRESS));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(ReclaimVirtualMemory(p, 2 * PAGE), ERROR_INVALID_ADDRESS));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(DiscardVirtualMemory(p, 2 * PAGE), ERROR_INVALID_ADDRESS));
    EXPECT_EQ(p[0], 1);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(offer, offered_pages_are_out_of_reach, "D9.3c")
{
    BYTE *p = filled(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p + PAGE, 2 * PAGE), ERROR_SUCCESS));
    EXPECT(readable(p) && !readable(p + PAGE) && !readable(p + 2 * PAGE) && readable(p + 3 * PAGE));
    EXPECT_EQ(ReclaimVirtualMemory(p + PAGE, PAGE), ERROR_SUCCESS);
    EXPECT(readable(p + PAGE) && !readable(p + 2 * PAGE));
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    EXPECT(holds(p, GRAIN, 0x44));
}

TEST(offer, free_and_foreign_memory_and_ends_fail, "L22")
{
    BYTE *q = filled(GRAIN), *p = free_space(MiB);

    EXPECT_EQ(offer(p, PAGE), ERROR_INVALID_ADDRESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, PAGE), ERROR_INVALID_ADDRESS);
    EXPECT_EQ(DiscardVirtualMemory(p, PAGE), ERROR_INVALID_ADDRESS);
    EXPECT_EQ(offer(NULL, PAGE), ERROR_INVALID_ADDRESS);
    EXPECT_NO_CHANGE(q, GRAIN, EXPECT_EQ(offer(q, 2 * GRAIN), ERROR_INVALID_ADDRESS));
    EXPECT_EQ(offer(q, ~(SIZE_T)0xfff), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(offer((BYTE *)~(uintptr_t)0xfff, PAGE), ERROR_INVALID_PARAMETER);
    EXPECT(readable(q));
}

TEST(offer, views_are_refused, "L22")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p, GRAIN), ERROR_INVALID_PARAMETER));
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DiscardVirtualMemory(p, GRAIN), ERROR_INVALID_PARAMETER);
    EXPECT(writable(p));
}

TEST(offer, priorities_and_ranges_are_checked_first, "L22")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_EQ(OfferVirtualMemory(p, PAGE, 9), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DiscardVirtualMemory(p + 8, PAGE), ERROR_INVALID_PARAMETER);
}

/* What the kernel would do when it is short of memory. */
static void drop(BYTE *p, SIZE_T size)
{
    unsigned char there[16];
    SIZE_T i;

    MUST(size <= sizeof there * PAGE);
    if (madvise(p, size, 21 /* MADV_PAGEOUT */) != 0)
        SKIP("this kernel has no MADV_PAGEOUT");
    MUST(mincore(p, size, there) == 0);
    for (i = 0; i < size / PAGE; i++)
        if (there[i] & 1)
            SKIP("the kernel does not drop these pages (locked by a sanitizer, or never offered)");
}

TEST(offer, lost_contents_are_reported_and_access_is_back, "D9.3d D9.3g")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    drop(p + 3 * PAGE, PAGE);
    EXPECT_EQ(ReclaimVirtualMemory(p, 3 * PAGE), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_BUSY);
    EXPECT(holds(p, 3 * PAGE, 0x44) && all_zero(p + 3 * PAGE, PAGE) && holds(p + 4 * PAGE, 12 * PAGE, 0x44));
    EXPECT(writable(p + 3 * PAGE));
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
}

TEST(offer, what_was_reclaimed_stays, "L23")
{
    DWORD protections[] = {PAGE_READWRITE, PAGE_READONLY, PAGE_NOACCESS, PAGE_EXECUTE_READ};
    BYTE *p = filled(GRAIN);
    int i;

    for (i = 0; i < 4; i++) {
        protect(p, GRAIN, protections[i]);
        EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
        EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
        EXPECT_REGION(p, .size = GRAIN, .protect = protections[i]);
        EXPECT_EQ(readable(p), protections[i] != PAGE_NOACCESS);
        madvise(p, GRAIN, 21);
        protect(p, GRAIN, PAGE_READWRITE);
        EXPECT(holds(p, GRAIN, 0x44));
    }
}

TEST(offer, mixed_protections_come_back, "D9.3d")
{
    BYTE *p = filled(GRAIN);

    protect(p, 2 * PAGE, PAGE_READONLY);
    protect(p + 8 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS));
    EXPECT(readable(p) && !writable(p) && writable(p + 2 * PAGE) && !readable(p + 8 * PAGE));
    EXPECT(p[0] == 0x44 && p[GRAIN - 1] == 0x44);
}

TEST(offer, a_new_protection_does_not_open_offered_pages, "L24")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, 2 * PAGE), ERROR_SUCCESS);
    protect(p, GRAIN, PAGE_EXECUTE_READ);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_EXECUTE_READ);
    EXPECT(!readable(p) && !readable(p + PAGE) && readable(p + 2 * PAGE));
    commit_part(p, GRAIN, PAGE_READONLY);
    EXPECT(!readable(p) && readable(p + 2 * PAGE));
    protect(p, PAGE, PAGE_READWRITE);
    EXPECT(!readable(p));
    EXPECT_EQ(ReclaimVirtualMemory(p, 2 * PAGE), ERROR_SUCCESS);
    EXPECT(holds(p, GRAIN, 0x44) && writable(p) && !writable(p + PAGE));
}

TEST(offer, decommitting_ends_it, "L25")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    drop(p, GRAIN);
    MUST(VirtualFree(p, 2 * PAGE, MEM_DECOMMIT));
    EXPECT_EQ(ReclaimVirtualMemory(p, 3 * PAGE), ERROR_INVALID_ADDRESS);
    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    EXPECT(writable(p) && all_zero(p + 1, 2 * PAGE - 1) && !readable(p + 2 * PAGE));
    EXPECT_EQ(ReclaimVirtualMemory(p, 2 * PAGE), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_BUSY);
}

TEST(offer, releasing_ends_it, "L25")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    release(p);
    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    EXPECT(writable(p) && all_zero(p + 1, GRAIN - 1));
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
}

TEST(offer, offering_twice_hides_no_loss, "L26")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    drop(p, PAGE);
    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_BUSY);
}

TEST(offer, reset_and_offer_do_not_mix, "L27 S41")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    drop(p, PAGE);
    EXPECT_OK(VirtualAlloc(p, GRAIN, MEM_RESET, PAGE_READWRITE));
    EXPECT_OK(VirtualAlloc(p, GRAIN, MEM_RESET_UNDO, PAGE_READWRITE));
    EXPECT(!readable(p + PAGE));
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_BUSY);
}

TEST(offer, offered_pages_cannot_be_discarded, "L27")
{
    BYTE *p = filled(GRAIN);

    EXPECT_EQ(offer(p, PAGE), ERROR_SUCCESS);
    EXPECT_EQ(DiscardVirtualMemory(p, GRAIN), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(ReclaimVirtualMemory(p, PAGE), ERROR_SUCCESS);
    EXPECT(holds(p, GRAIN, 0x44));
    EXPECT_EQ(DiscardVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    EXPECT(all_zero(p, GRAIN));
}

TEST(offer, what_was_reset_and_discarded_is_lost, "L30 S41")
{
    BYTE *p = filled(GRAIN);

    EXPECT_OK(VirtualAlloc(p, GRAIN, MEM_RESET, PAGE_READWRITE));
    EXPECT_EQ(DiscardVirtualMemory(p, PAGE), ERROR_SUCCESS);
    EXPECT_FAIL(ERROR_BUSY, VirtualAlloc(p, GRAIN, MEM_RESET_UNDO, PAGE_READWRITE));
}

TEST(offer, success_leaves_the_last_error_alone, "D9.3g L28")
{
    BYTE *p = filled(GRAIN);

    SetLastError(CHECK_SENTINEL);
    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    EXPECT_EQ(DiscardVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
}

TEST(offer, a_child_reclaims_for_itself, "L31")
{
    BYTE *p = filled(GRAIN);
    int status = -1;
    pid_t child;

    EXPECT_EQ(offer(p, GRAIN), ERROR_SUCCESS);
    child = fork();
    if (child == 0)
        _exit(ReclaimVirtualMemory(p, GRAIN) == ERROR_SUCCESS && holds(p, GRAIN, 0x44) ? 0 : 1);
    MUST(waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT(!readable(p));
    EXPECT_EQ(ReclaimVirtualMemory(p, GRAIN), ERROR_SUCCESS);
    EXPECT(holds(p, GRAIN, 0x44));
}

TEST(offer, large_ranges, "D9.3d S40")
{
    BYTE *p = filled(16 * MiB);

    EXPECT_EQ(offer(p, 16 * MiB), ERROR_SUCCESS);
    EXPECT_EQ(ReclaimVirtualMemory(p, 16 * MiB), ERROR_SUCCESS);
    EXPECT(holds(p, 16 * MiB, 0x44));
    EXPECT_OK(VirtualAlloc(p, 16 * MiB, MEM_RESET, PAGE_READWRITE));
    EXPECT_OK(VirtualAlloc(p, 16 * MiB, MEM_RESET_UNDO, PAGE_READWRITE));
    EXPECT(holds(p, 16 * MiB, 0x44));
}

#endif
