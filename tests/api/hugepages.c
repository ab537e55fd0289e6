/*
 * Memory of 2 MiB and more that is committed at once: what is done to a part of it is done to that part, whether the
 * kernel puts it into one page or into 512. Every test runs with huge pages for all of it, and with none; who is asked for
 * tells tests/vm/huge.c.
 */
#include "api.h"

#include <psapi.h>

#ifdef WINMEM_VERSION_MAJOR
#include <sys/wait.h>
#include <unistd.h>
#endif

enum { BLOCK = 2 * MiB };

/* On Windows there is nothing to choose. */
static void choose(int policy)
{
#ifdef WINMEM_VERSION_MAJOR
    MUST(WinmemSetHugePages((DWORD)policy));
#else
    (void)policy;
#endif
}

/* Each byte that is looked at says where it lies. */
static BYTE stamp_of(const BYTE *p)
{
    return (BYTE)(1 + AT(p) / PAGE % 251);
}

static void fill(BYTE *p, SIZE_T bytes)
{
    SIZE_T at;

    for (at = 0; at < bytes; at += PAGE)
        p[at] = stamp_of(p + at);
}

static int is_filled(const BYTE *p, SIZE_T bytes)
{
    SIZE_T at;

    for (at = 0; at < bytes && p[at] == stamp_of(p + at); at += PAGE)
        ;
    return at >= bytes;
}

static BYTE *filled(int policy)
{
    BYTE *p;

    choose(policy);
    p = commit(2 * BLOCK, PAGE_READWRITE);
    fill(p, 2 * BLOCK);
    return p;
}

static int is_in_memory(BYTE *p)
{
    PSAPI_WORKING_SET_EX_INFORMATION info;

    info.VirtualAddress = p;
    MUST(QueryWorkingSetEx(GetCurrentProcess(), &info, sizeof info));
    return (int)info.VirtualAttributes.Valid;
}

/* Without huge pages and with them. */
static void never_and_always(void (*check)(int policy))
{
    check(0);
    check(2);
}

static void decommit_and_commit(int policy)
{
    BYTE *p = filled(policy);

    EXPECT_OK(VirtualFree(p + MiB, BLOCK, MEM_DECOMMIT));
    EXPECT(!is_in_memory(p + MiB) && !is_in_memory(p + BLOCK) && is_in_memory(p) &&
           is_in_memory(p + 3 * MiB));
    commit_part(p + MiB, BLOCK, PAGE_READWRITE);
    EXPECT(all_zero(p + MiB, BLOCK));
    EXPECT(is_filled(p, MiB) && is_filled(p + 3 * MiB, MiB));
    EXPECT_OK(VirtualFree(p + PAGE, PAGE, MEM_DECOMMIT));
    commit_part(p + PAGE, PAGE, PAGE_READWRITE);
    EXPECT(all_zero(p + PAGE, PAGE) && is_filled(p + 2 * PAGE, MiB - 2 * PAGE));
    release(p);
}

TEST(hugepages, a_part_that_is_decommitted_comes_back_empty, "S36 L639")
{
    never_and_always(decommit_and_commit);
}

static void protect_a_part(int policy)
{
    BYTE *p = filled(policy);
    MEMORY_BASIC_INFORMATION info;
    DWORD old;

    EXPECT_OK(VirtualProtect(p + BLOCK - PAGE, 2 * PAGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualProtect(p + 9 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    EXPECT(VirtualQuery(p + BLOCK, &info, sizeof info) == sizeof info);
    EXPECT(info.Protect == PAGE_READONLY && info.RegionSize == PAGE);
    EXPECT(IsBadWritePtr(p + BLOCK, 1) && !IsBadReadPtr(p + BLOCK, 1));
    EXPECT(!is_in_memory(p + 9 * PAGE));
    EXPECT_OK(VirtualProtect(p, 2 * BLOCK, PAGE_READWRITE, &old));
    EXPECT(is_filled(p, 2 * BLOCK));
    release(p);
}

TEST(hugepages, a_part_can_be_protected, "L639")
{
    never_and_always(protect_a_part);
}

static void lock_a_part(int policy)
{
    BYTE *p = filled(policy);

    EXPECT_OK(VirtualLock(p + 3 * PAGE, 4 * PAGE));
    EXPECT_OK(VirtualFree(p + MiB, MiB, MEM_DECOMMIT));
    EXPECT(is_in_memory(p + 3 * PAGE));
    EXPECT_OK(VirtualUnlock(p + 3 * PAGE, 4 * PAGE));
    EXPECT(is_filled(p, MiB) && is_filled(p + BLOCK, BLOCK));
    release(p);
}

TEST(hugepages, a_part_can_be_locked, "L639")
{
    never_and_always(lock_a_part);
}

static void reset_a_part(int policy)
{
    BYTE *p = filled(policy);

    EXPECT_OK(VirtualAlloc(p + MiB, MiB, MEM_RESET, PAGE_READWRITE) != NULL);
    EXPECT_OK(VirtualAlloc(p + MiB, MiB, MEM_RESET_UNDO, PAGE_READWRITE) != NULL);
    EXPECT(is_filled(p, 2 * BLOCK));
    EXPECT_EQ(DiscardVirtualMemory(p + BLOCK, MiB), ERROR_SUCCESS);
    EXPECT(is_filled(p, BLOCK) && is_filled(p + 3 * MiB, MiB));
    release(p);
}

TEST(hugepages, a_part_can_be_reset, "S40 L639")
{
    never_and_always(reset_a_part);
}

/* A watch tells single pages: what is watched never gets huge ones. */
static void write_to_one_page(int policy)
{
    PVOID written[8];
    ULONG_PTR count = 8;
    DWORD grain;
    BYTE *p;

    choose(policy);
    p = VirtualAlloc(NULL, 2 * BLOCK, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    MUST(p != NULL);
    p[BLOCK + 5 * PAGE] = 1;
    EXPECT_EQ(GetWriteWatch(0, p, 2 * BLOCK, written, &count, &grain), 0);
    EXPECT(count == 1 && written[0] == p + BLOCK + 5 * PAGE);
    release(p);
}

TEST(hugepages, one_write_to_watched_memory_is_one_page, "L637 L639")
{
    never_and_always(write_to_one_page);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(hugepages, what_is_chosen_holds, "L636")
{
    DWORD policy;

    EXPECT(getenv("WINMEM_HUGE") != NULL || WinmemHugePages() == WINMEM_HUGE_LARGE);
    for (policy = WINMEM_HUGE_NEVER; policy <= WINMEM_HUGE_ALWAYS; policy++) {
        EXPECT_OK(WinmemSetHugePages(policy));
        EXPECT_EQ(WinmemHugePages(), policy);
    }
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WinmemSetHugePages(3));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, WinmemSetHugePages((DWORD)-1));
    EXPECT_EQ(WinmemHugePages(), WINMEM_HUGE_ALWAYS);
}

/* The copy of a huge page is made by whoever writes first, parent or child. */
static void fork_and_write(int policy)
{
    BYTE *p = filled(policy);
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        p[PAGE] = 0;
        VirtualFree(p + BLOCK, PAGE, MEM_DECOMMIT);
        _exit(p[PAGE] == 0 && is_filled(p + 2 * PAGE, MiB) && WinmemHugePages() == (DWORD)policy ? 0 : 1);
    }
    waitpid(pid, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT(is_filled(p, 2 * BLOCK));
    release(p);
}

TEST(hugepages, a_child_has_a_copy, "L138 L636 L639")
{
    fork_and_write(WINMEM_HUGE_NEVER);
    fork_and_write(WINMEM_HUGE_ALWAYS);
}

#endif
