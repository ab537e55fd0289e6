/*
 * VirtualAllocEx and its family in another process: the rules are those of the functions without Ex, whether the
 * process uses the library or not.
 */
#include "api.h"

TEST(remotealloc, ones_own_handle_is_like_any, "O204 O205 S122 S124 S126 S128")
{
    HANDLE handle = self_with(PROCESS_VM_OPERATION | PROCESS_QUERY_INFORMATION);
    BYTE *p = VirtualAllocEx(handle, NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    MEMORY_BASIC_INFORMATION mbi;
    DWORD old = 0;

    MUST(p != NULL);
    p[0] = 1;
    EXPECT_OK(VirtualProtectEx(handle, p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(handle, p, &mbi, sizeof mbi));
    EXPECT_EQ(mbi.Protect, PAGE_READONLY);
    EXPECT_OK(VirtualFreeEx(handle, p, 0, MEM_RELEASE));
}

#ifndef _WIN32

#include "remote.h"

#include <psapi.h>

#define RW PAGE_READWRITE
#define RESERVE_COMMIT (MEM_RESERVE | MEM_COMMIT)
#define MIN_DISABLED QUOTA_LIMITS_HARDWS_MIN_DISABLE
#define MAX_DISABLED QUOTA_LIMITS_HARDWS_MAX_DISABLE

/* --- reserving, committing, releasing --- */

static void check_sizes(struct target *t)
{
    BYTE *p = alloc_there(t, 0xFFFC, MEM_RESERVE, PAGE_NOACCESS);
    BYTE *q = alloc_there(t, PAGE + 1, RESERVE_COMMIT, RW);

    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT_THERE(t, p, .base = AT(p), .size = GRAIN, .state = MEM_RESERVE, .protect = 0,
                 .alloc_protect = PAGE_NOACCESS, .type = MEM_PRIVATE);
    EXPECT_THERE(t, q, .base = AT(q), .size = 2 * PAGE, .state = MEM_COMMIT, .protect = RW);
    EXPECT_OK(VirtualFreeEx(t->handle, p, 0, MEM_RELEASE));
    EXPECT_OK(VirtualFreeEx(t->handle, q, 0, MEM_RELEASE));
    EXPECT_THERE(t, p, .base = 0, .state = MEM_FREE, .protect = PAGE_NOACCESS);
}

TEST(remotealloc, sizes_are_rounded_up, "O205 S108 S113 S114 S116 S120 S133 S139 S140 S145 S160")
{
    in_both_kinds(check_sizes);
}

static void check_commit(struct target *t)
{
    BYTE *p = alloc_there(t, 4 * GRAIN, MEM_RESERVE, PAGE_NOACCESS);

    EXPECT_RETURNS(p + PAGE, VirtualAllocEx(t->handle, p + PAGE + 5, 2 * PAGE - 5, MEM_COMMIT, RW));
    EXPECT_RETURNS(p + 4 * PAGE, VirtualAllocEx(t->handle, p + 5 * PAGE - 1, 2, MEM_COMMIT, PAGE_READONLY));
    EXPECT_THERE(t, p, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_THERE(t, p + PAGE, .base = AT(p), .size = 2 * PAGE, .state = MEM_COMMIT, .protect = RW);
    EXPECT_THERE(t, p + 3 * PAGE, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_THERE(t, p + 4 * PAGE, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    EXPECT(tell(t, IS_ZERO, p + PAGE, 2 * PAGE));
    EXPECT(!tell(t, READABLE, p, 0));
    EXPECT_EQ(tell(t, POKE, p + PAGE, 7), 7);
    EXPECT_OK(VirtualAllocEx(t->handle, p, 8 * PAGE, MEM_COMMIT, RW));
    EXPECT_THERE(t, p, .size = 8 * PAGE, .state = MEM_COMMIT, .protect = RW);
    EXPECT_EQ(tell(t, PEEK, p + PAGE, 0), 7);
    release_there(t, p);
}

TEST(remotealloc, reserved_pages_are_committed,
     "O205 S112 S117 S138 S141 S142 S143 S147 S150 S161 S162 S164 S165")
{
    in_both_kinds(check_commit);
}

static void check_decommit(struct target *t)
{
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);

    tell(t, POKE, p + PAGE, 1);
    tell(t, POKE, p + 2 * PAGE, 2);
    EXPECT_OK(VirtualFreeEx(t->handle, p + PAGE, 1, MEM_DECOMMIT));
    EXPECT_THERE(t, p + PAGE, .size = PAGE, .state = MEM_RESERVE, .base = AT(p));
    EXPECT(!tell(t, READABLE, p + PAGE, 0));
    EXPECT_EQ(tell(t, PEEK, p + 2 * PAGE, 0), 2);
    commit_there(t, p + PAGE, PAGE);
    EXPECT(tell(t, IS_ZERO, p + PAGE, PAGE));
    EXPECT_OK(VirtualFreeEx(t->handle, p, 0, MEM_DECOMMIT));
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_RESERVE);
    release_there(t, p);
}

TEST(remotealloc, decommitted_pages_lose_their_contents, "O205 S109 S124 S134 S167")
{
    in_both_kinds(check_decommit);
}

static void check_explicit(struct target *t)
{
    BYTE *p = alloc_there(t, 4 * GRAIN, MEM_RESERVE, PAGE_NOACCESS);

    release_there(t, p);
    EXPECT_RETURNS(p, VirtualAllocEx(t->handle, p + 0x1234, PAGE, MEM_RESERVE, RW));
    EXPECT_THERE(t, p, .size = 3 * PAGE, .base = AT(p), .state = MEM_RESERVE); /* 0x1234 + 0x1000 */
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAllocEx(t->handle, p, PAGE, MEM_RESERVE, RW));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAllocEx(t->handle, p, GRAIN, MEM_COMMIT, RW));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAllocEx(t->handle, p + 2 * GRAIN, PAGE, MEM_COMMIT, RW));
    EXPECT_RETURNS(p + GRAIN, VirtualAllocEx(t->handle, p + GRAIN, PAGE, RESERVE_COMMIT, RW));
    release_there(t, p);
    release_there(t, p + GRAIN);
}

TEST(remotealloc, an_address_is_rounded_down, "O205 S111 S117 S137 S141 S163 S164 S168")
{
    in_both_kinds(check_explicit);
}

static void check_top_down(struct target *t)
{
    BYTE *low = alloc_there(t, GRAIN, MEM_RESERVE, RW);
    BYTE *p = alloc_there(t, GRAIN, MEM_RESERVE | MEM_TOP_DOWN, RW);

    EXPECT(p > low);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_RESERVE);
    release_there(t, p);
    release_there(t, low);
}

TEST(remotealloc, top_down_is_high, "S118 S148")
{
    in_both_kinds(check_top_down);
}

static void check_many_sizes(struct target *t)
{
    static const SIZE_T sizes[] = {1, PAGE, GRAIN, MiB, 16 * MiB, 1024 * MiB, 64 * 1024 * MiB};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        BYTE *p = alloc_there(t, sizes[i], MEM_RESERVE, RW);

        EXPECT_THERE(t, p, .size = (sizes[i] + PAGE - 1) / PAGE * PAGE, .state = MEM_RESERVE);
        EXPECT_OK(VirtualAllocEx(t->handle, p + sizes[i] - 1, 1, MEM_COMMIT, RW));
        EXPECT_EQ(tell(t, POKE, p + sizes[i] - 1, 5), 5);
        release_there(t, p);
    }
}

TEST(remotealloc, small_and_large, "S108 S145")
{
    in_both_kinds(check_many_sizes);
}

/* --- refusals --- */

static void check_refusals(struct target *t)
{
    BYTE *p = alloc_there(t, 2 * GRAIN, MEM_RESERVE, RW);
    DWORD old = 0xEEEE;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtectEx(t->handle, p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(t->handle, p, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(t->handle, p, PAGE, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(t->handle, p, 0, MEM_RELEASE | MEM_DECOMMIT));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFreeEx(t->handle, p + GRAIN, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAllocEx(t->handle, NULL, 0, MEM_RESERVE, RW));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAllocEx(t->handle, p, PAGE, MEM_COMMIT, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAllocEx(t->handle, p, PAGE, MEM_COMMIT, PAGE_NOACCESS | PAGE_GUARD));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtectEx(t->handle, p, 0, 0x1000, &old));
    EXPECT_THERE(t, p, .size = 2 * GRAIN, .state = MEM_RESERVE);
    release_there(t, p);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFreeEx(t->handle, p, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtectEx(t->handle, p, PAGE, PAGE_READONLY, &old));
}

TEST(remotealloc, refused_as_at_home, "O205 S115 S120 S124 S126 S155 S159 S160 S168")
{
    in_both_kinds(check_refusals);
}

static DWORD error_of(BOOL worked)
{
    return worked ? 0 : GetLastError();
}

/* Where neither process has anything that could be hit. */
static void compare_with_home(struct target *t, BYTE *p, SIZE_T size, DWORD type, DWORD protection)
{
    DWORD old = 0, other = 0;

#define SAME(here, there)                                                                                    \
    do {                                                                                                     \
        DWORD here_ = error_of(here), there_ = error_of(there);                                              \
        if (here_ != there_)                                                                                 \
            check_fail(__FILE__, __LINE__, "%p 0x%zx type 0x%x protect 0x%x: " #there ": %u, at home %u",    \
                       (void *)p, (size_t)size, (unsigned)type, (unsigned)protection, (unsigned)there_,      \
                       (unsigned)here_);                                                                     \
    } while (0)
    SAME(VirtualAlloc(p, size, type, protection) != NULL,
         VirtualAllocEx(t->handle, p, size, type, protection) != NULL);
    SAME(VirtualFree(p, size, type), VirtualFreeEx(t->handle, p, size, type));
    SAME(VirtualProtect(p, size, protection, &old), VirtualProtectEx(t->handle, p, size, protection, &other));
    EXPECT_EQ(old, other);
#undef SAME
}

static void check_wild(struct target *t)
{
    static const uintptr_t addresses[] = {1,
                                          0xFFF,
                                          0x1000,
                                          0x7FFFFFFE0000,
                                          0x7FFFFFFF0000,
                                          0x800000000000,
                                          (SIZE_T)1 << 63,
                                          ~(SIZE_T)0xFFFF,
                                          ~(SIZE_T)0};
    static const SIZE_T sizes[] = {0,         1, 0x20000, (SIZE_T)1 << 47, (SIZE_T)1 << 63, ~(SIZE_T)0xFFF,
                                   ~(SIZE_T)0};
    static const DWORD types[] = {
        0,          1,           MEM_RESET,  MEM_COMMIT | MEM_RESET, MEM_DECOMMIT, MEM_RELEASE,
        MEM_COMMIT, 0x80000000u, 0xFFFFFFFFu};
    static const DWORD protections[] = {0,          RW, PAGE_WRITECOPY, 0xFF, PAGE_NOACCESS | PAGE_NOCACHE,
                                        0xFFFFFFFFu};

    for (size_t a = 0; a < sizeof addresses / sizeof addresses[0]; a++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
                compare_with_home(t, (BYTE *)addresses[a], sizes[s], types[k],
                                  protections[(a + s + k) % (sizeof protections / sizeof protections[0])]);
}

TEST(remotealloc, wild_arguments_fail_as_at_home, "O205 S118 S120")
{
    in_both_kinds(check_wild);
}

static void check_all_types(struct target *t)
{
    static const DWORD types[] = {MEM_COMMIT, MEM_RESERVE, MEM_RESET, MEM_RESET_UNDO, MEM_TOP_DOWN, 0x400000};

    for (unsigned set = 0; set < 64; set++) {
        DWORD type = 0;
        BYTE *here, *there;
        DWORD error;

        for (int i = 0; i < 6; i++)
            type |= set & 1u << i ? types[i] : 0;
        here = VirtualAlloc(NULL, GRAIN, type, RW);
        error = here ? 0 : GetLastError();
        there = VirtualAllocEx(t->handle, NULL, GRAIN, type, RW);
        EXPECT_EQ(there ? 0 : GetLastError(), error);
        if (here != NULL && there != NULL)
            EXPECT(VirtualFree(here, 0, MEM_RELEASE) && VirtualFreeEx(t->handle, there, 0, MEM_RELEASE));
    }
}

TEST(remotealloc, combinations_of_types_are_judged_as_at_home, "O205 S118 S122")
{
    in_both_kinds(check_all_types);
}

static void check_rights(struct target *t)
{
    HANDLE little = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, (DWORD)t->pid);
    HANDLE operation = OpenProcess(PROCESS_VM_OPERATION, FALSE, (DWORD)t->pid);
    BYTE *p = VirtualAllocEx(operation, NULL, GRAIN, RESERVE_COMMIT, RW);
    HANDLE s = section(GRAIN, RW);
    SIZE_T size;
    DWORD old;

    MUST(little != NULL && p != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(little, NULL, PAGE, MEM_RESERVE, RW));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocExNuma(little, NULL, PAGE, MEM_RESERVE, RW, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAlloc2(little, NULL, PAGE, MEM_RESERVE, RW, NULL, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualProtectEx(little, p, PAGE, PAGE_READONLY, &old));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualFreeEx(little, p, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile2(s, little, 0, NULL, 0, 0, RW));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, UnmapViewOfFile2(little, p, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualUnlockEx(little, p, PAGE));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, SetProcessWorkingSetSizeEx(little, MiB, 2 * MiB, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetProcessWorkingSetSize(operation, &size, &size));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualQueryEx(operation, p, &(MEMORY_BASIC_INFORMATION){0}, 48));
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_COMMIT, .protect = RW);
    EXPECT_OK(VirtualFreeEx(operation, p, 0, MEM_RELEASE));
}

TEST(remotealloc, rights_that_are_missing, "O204 O79 S136")
{
    in_both_kinds(check_rights);
}

/* --- protection --- */

static void check_protection(struct target *t)
{
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY,     RW,
                                        PAGE_EXECUTE,  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
    DWORD old = 0, before = RW;

    tell(t, POKE, p + PAGE, 3);
    for (size_t i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        EXPECT_OK(VirtualProtectEx(t->handle, p + PAGE + 1, PAGE, protections[i], &old));
        EXPECT_EQ(old, before);
        EXPECT_THERE(t, p + PAGE, .protect = before = protections[i], .state = MEM_COMMIT,
                     .alloc_protect = RW, .size = protections[i] == RW ? GRAIN - PAGE : 2 * PAGE);
        if (protections[i] != PAGE_EXECUTE)
            EXPECT_EQ(tell(t, READABLE, p + PAGE, 0), protections[i] != PAGE_NOACCESS);
    }
    EXPECT_EQ(tell(t, PEEK, p + PAGE, 0), 3);
    release_there(t, p);
}

TEST(remotealloc, protection_is_changed, "O205 S126 S149 S150 S152 S153 S158")
{
    in_both_kinds(check_protection);
}

static void check_guard(struct target *t)
{
    BYTE *p;
    DWORD old = 0;

    if (t->kind == FOREIGN) {
        EXPECT_FAIL(ERROR_NOT_SUPPORTED,
                    VirtualAllocEx(t->handle, NULL, GRAIN, RESERVE_COMMIT, RW | PAGE_GUARD));
        p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
        EXPECT_FAIL(ERROR_NOT_SUPPORTED, VirtualProtectEx(t->handle, p, PAGE, RW | PAGE_GUARD, &old));
        EXPECT_THERE(t, p, .size = GRAIN, .protect = RW);
        return;
    }
    EXPECT(tell(t, FAULTS, NULL, 0));
    p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
    EXPECT_OK(VirtualProtectEx(t->handle, p + PAGE, PAGE, RW | PAGE_GUARD, &old));
    EXPECT_THERE(t, p + PAGE, .size = PAGE, .protect = RW | PAGE_GUARD);
    EXPECT_EQ(tell(t, POKE, p + PAGE, 9), 9);
    EXPECT_EQ(t->w->faults, 1);
    EXPECT_EQ(tell(t, PEEK, p + PAGE, 0), 9);
    EXPECT_EQ(t->w->faults, 1);
    EXPECT_THERE(t, p, .size = GRAIN, .protect = RW);
}

TEST(remotealloc, guard_pages_are_for_those_who_handle_them, "L89 S119 S154 S156 S126")
{
    in_both_kinds(check_guard);
}

/* Before it was told to handle exceptions the library's own handler is not there yet. */
static void check_first_guard(struct target *t)
{
    BYTE *p;

    if (t->kind == FOREIGN)
        return;
    p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW | PAGE_GUARD);
    EXPECT_THERE(t, p, .size = GRAIN, .protect = RW | PAGE_GUARD, .alloc_protect = RW | PAGE_GUARD);
    EXPECT(tell(t, FAULTS, NULL, 0));
    EXPECT_EQ(tell(t, PEEK, p, 0), 0);
    EXPECT_EQ(t->w->faults, 1);
    EXPECT_THERE(t, p, .size = PAGE, .protect = RW);
}

TEST(remotealloc, the_first_guard_page_of_a_process_is_set_by_another, "S119 S154")
{
    in_both_kinds(check_first_guard);
}

/* --- extended functions --- */

static void check_requirements(struct target *t)
{
    MEM_ADDRESS_REQUIREMENTS bounds = {(PVOID)0x20000000, (PVOID)0x5FFFFFFF, 2 * MiB};
    MEM_EXTENDED_PARAMETER param = {.Type = MemExtendedParameterAddressRequirements, .Pointer = &bounds};
    BYTE *p = VirtualAlloc2(t->handle, NULL, GRAIN, RESERVE_COMMIT, RW, &param, 1);

    MUST(p != NULL);
    EXPECT(AT(p) >= 0x20000000 && AT(p) < 0x60000000 && AT(p) % (2 * MiB) == 0);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_COMMIT, .protect = RW);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2(t->handle, p, GRAIN, MEM_RESERVE, RW, &param, 1));
    bounds.Alignment = 3 * MiB;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc2(t->handle, NULL, GRAIN, MEM_RESERVE, RW, &param, 1));
    release_there(t, p);
}

TEST(remotealloc, address_requirements, "O205 S3")
{
    in_both_kinds(check_requirements);
}

static void check_placeholders(struct target *t)
{
    BYTE *p = VirtualAlloc2(t->handle, NULL, 4 * GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                            NULL, 0);

    MUST(p != NULL);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAllocEx(t->handle, p, PAGE, MEM_COMMIT, RW));
    EXPECT_OK(VirtualFreeEx(t->handle, p + GRAIN, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_THERE(t, p, .size = GRAIN, .base = AT(p));
    EXPECT_THERE(t, p + GRAIN, .size = GRAIN, .base = AT(p + GRAIN));
    EXPECT_RETURNS(p + GRAIN, VirtualAlloc2(t->handle, p + GRAIN, GRAIN,
                                            RESERVE_COMMIT | MEM_REPLACE_PLACEHOLDER, RW, NULL, 0));
    EXPECT_THERE(t, p + GRAIN, .size = GRAIN, .state = MEM_COMMIT, .protect = RW);
    EXPECT_EQ(tell(t, POKE, p + GRAIN, 1), 1);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                VirtualFreeEx(t->handle, p, 4 * GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
    EXPECT_OK(VirtualFreeEx(t->handle, p + GRAIN, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_THERE(t, p + GRAIN, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p + GRAIN));
    EXPECT_OK(VirtualFreeEx(t->handle, p, 4 * GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
    EXPECT_THERE(t, p, .size = 4 * GRAIN, .state = MEM_RESERVE, .base = AT(p));
    release_there(t, p);
    EXPECT_THERE(t, p, .state = MEM_FREE);
}

TEST(remotealloc, placeholders, "O205 S33")
{
    in_both_kinds(check_placeholders);
}

static void check_numa(struct target *t)
{
    BYTE *p = VirtualAllocExNuma(t->handle, NULL, GRAIN, RESERVE_COMMIT, RW, 0);
    BYTE *q = VirtualAllocExNuma(t->handle, NULL, GRAIN, RESERVE_COMMIT, RW, NUMA_NO_PREFERRED_NODE);

    EXPECT(p != NULL && q != NULL);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_COMMIT);
    EXPECT_EQ(tell(t, POKE, p, 4), 4);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAllocExNuma(t->handle, NULL, GRAIN, MEM_RESERVE, RW, 4711));
    release_there(t, p);
    release_there(t, q);
}

TEST(remotealloc, a_preferred_node, "O205 S5")
{
    in_both_kinds(check_numa);
}

static void check_reset(struct target *t)
{
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);

    tell(t, POKE, p, 4);
    EXPECT_RETURNS(p, VirtualAllocEx(t->handle, p, GRAIN, MEM_RESET, RW));
    EXPECT_OK(VirtualAllocEx(t->handle, p, GRAIN, MEM_RESET_UNDO, RW));
    EXPECT_EQ(tell(t, PEEK, p, 0), 4);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_COMMIT, .protect = RW);
    EXPECT_OK(VirtualAllocEx(t->handle, p, GRAIN, MEM_RESET, RW));
    tell(t, POKE, p + 1, 6);
    EXPECT_EQ(tell(t, PEEK, p + 1, 0), 6);
    release_there(t, p);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAllocEx(t->handle, p, GRAIN, MEM_RESET, RW));
}

TEST(remotealloc, reset_and_undone, "S118 O205")
{
    in_both_kinds(check_reset);
}

/* --- views --- */

static void check_view(struct target *t)
{
    HANDLE s = section(4 * GRAIN, RW);
    BYTE *here = view(s, FILE_MAP_ALL_ACCESS), *there;

    here[0] = 11;
    there = MapViewOfFile2(s, t->handle, 0, NULL, 0, 0, RW);
    MUST(there != NULL);
    EXPECT_THERE(t, there, .size = 4 * GRAIN, .base = AT(there), .state = MEM_COMMIT, .protect = RW,
                 .type = MEM_MAPPED);
    EXPECT_EQ(tell(t, PEEK, there, 0), 11);
    tell(t, POKE, there + GRAIN, 12);
    EXPECT_EQ(here[GRAIN], 12);
    EXPECT_OK(CloseHandle(s));
    EXPECT_OK(UnmapViewOfFile(here));
    EXPECT_EQ(tell(t, PEEK, there + GRAIN, 0), 12);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(t->handle, there, 0, MEM_RELEASE));
    EXPECT_OK(UnmapViewOfFile2(t->handle, there + GRAIN, 0));
    EXPECT_THERE(t, there, .state = MEM_FREE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile2(t->handle, there, 0));
}

TEST(remotealloc, a_view_shares_its_data, "O186 O205")
{
    in_both_kinds(check_view);
}

static void check_part(struct target *t)
{
    HANDLE s = section(4 * GRAIN, RW);
    BYTE *here = view(s, FILE_MAP_ALL_ACCESS), *p, *q;

    here[2 * GRAIN] = 21;
    p = MapViewOfFile2(s, t->handle, 2 * GRAIN, NULL, PAGE, 0, PAGE_READONLY);
    q = MapViewOfFile3(s, t->handle, NULL, 2 * GRAIN, GRAIN, 0, PAGE_WRITECOPY, NULL, 0);
    MUST(p != NULL && q != NULL);
    EXPECT_THERE(t, p, .size = PAGE, .protect = PAGE_READONLY, .type = MEM_MAPPED);
    EXPECT_THERE(t, q, .size = GRAIN, .protect = PAGE_WRITECOPY, .type = MEM_MAPPED);
    EXPECT_EQ(tell(t, PEEK, p, 0), 21);
    EXPECT_EQ(tell(t, POKE, q, 22), 22);
    EXPECT_EQ(here[2 * GRAIN], 21);
    EXPECT_EQ(tell(t, PEEK, p, 0), 21);
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFile2(s, t->handle, PAGE, NULL, PAGE, 0, RW));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile2(s, t->handle, 4 * GRAIN, NULL, PAGE, 0, RW));
    EXPECT_OK(UnmapViewOfFile2(t->handle, p, 0));
    EXPECT_OK(UnmapViewOfFile2(t->handle, q, 0));
}

TEST(remotealloc, views_of_a_part_and_of_copies, "O186 O205")
{
    in_both_kinds(check_part);
}

static void check_view_over_placeholder(struct target *t)
{
    HANDLE s = section(GRAIN, RW);
    BYTE *p = VirtualAlloc2(t->handle, NULL, 2 * GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                            NULL, 0);
    BYTE *here = view(s, FILE_MAP_ALL_ACCESS);

    MUST(p != NULL && VirtualFreeEx(t->handle, p, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    here[3] = 33;
    for (int i = 0; i < 2; i++)
        EXPECT_RETURNS(p + i * GRAIN, MapViewOfFile3(s, t->handle, p + i * GRAIN, 0, GRAIN,
                                                     MEM_REPLACE_PLACEHOLDER, RW, NULL, 0));
    EXPECT_EQ(tell(t, PEEK, p + 3, 0), 33);
    tell(t, POKE, p + 3, 34);
    EXPECT_EQ(tell(t, PEEK, p + GRAIN + 3, 0), 34);
    EXPECT_OK(UnmapViewOfFile2(t->handle, p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_THERE(t, p, .size = GRAIN, .base = AT(p), .state = MEM_RESERVE);
    EXPECT_OK(UnmapViewOfFile2(t->handle, p + GRAIN, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_OK(VirtualFreeEx(t->handle, p, 2 * GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
    release_there(t, p);
}

TEST(remotealloc, views_over_placeholders, "O186 O205")
{
    in_both_kinds(check_view_over_placeholder);
}

static SIZE_T open_files(pid_t pid)
{
    char path[64], target[256];
    SIZE_T count = 0;

    for (int fd = 0; fd < 200; fd++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
        count += readlink(path, target, sizeof target) > 0;
    }
    return count;
}

static void check_descriptors(struct target *t)
{
    SIZE_T before = open_files(t->pid), first;
    HANDLE s = section(GRAIN, RW);

    release_there(t, alloc_there(t, GRAIN, RESERVE_COMMIT, RW));
    MUST(UnmapViewOfFile2(t->handle, MapViewOfFile2(s, t->handle, 0, NULL, 0, 0, RW), 0));
    first = open_files(t->pid);
    for (int i = 0; i < 20; i++) {
        MUST(UnmapViewOfFile2(t->handle, MapViewOfFile2(s, t->handle, 0, NULL, 0, 0, RW), 0));
        release_there(t, alloc_there(t, GRAIN, RESERVE_COMMIT, RW));
    }
    EXPECT_EQ(open_files(t->pid), first);
    if (t->kind == FOREIGN)
        EXPECT_EQ(first, before);
}

TEST(remotealloc, no_descriptor_is_left_in_the_target, "L90")
{
    in_both_kinds(check_descriptors);
}

/* --- the working set --- */

static void check_limits(struct target *t)
{
    SIZE_T minimum = 0, maximum = 0, own_minimum = 0, own_maximum = 0, before_minimum, before_maximum;
    DWORD flags = 0;

    MUST(GetProcessWorkingSetSize(GetCurrentProcess(), &before_minimum, &before_maximum));
    EXPECT_OK(GetProcessWorkingSetSizeEx(t->handle, &minimum, &maximum, &flags));
    EXPECT_EQ(minimum, 204800);
    EXPECT_EQ(maximum, 1413120);
    EXPECT_EQ(flags, MIN_DISABLED | MAX_DISABLED);
    EXPECT_OK(SetProcessWorkingSetSizeEx(t->handle, MiB, 3 * MiB, 0));
    EXPECT_OK(GetProcessWorkingSetSizeEx(t->handle, &minimum, &maximum, &flags));
    EXPECT_EQ(minimum, MiB);
    EXPECT_EQ(maximum, 3 * MiB);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetProcessWorkingSetSizeEx(t->handle, 3 * MiB, MiB, 0));
    EXPECT_OK(GetProcessWorkingSetSize(GetCurrentProcess(), &own_minimum, &own_maximum));
    EXPECT(own_minimum == before_minimum && own_maximum == before_maximum);
    EXPECT_OK(SetProcessWorkingSetSize(t->handle, (SIZE_T)-1, (SIZE_T)-1));
    EXPECT_OK(EmptyWorkingSet(t->handle));
}

TEST(remotealloc, limits_of_the_working_set, "D9.7b O205")
{
    in_both_kinds(check_limits);
}

static void check_pages(struct target *t)
{
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
    PSAPI_WORKING_SET_EX_INFORMATION e[2] = {{.VirtualAddress = p}, {.VirtualAddress = p + PAGE}};

    tell(t, POKE, p, 1);
    EXPECT_OK(QueryWorkingSetEx(t->handle, e, sizeof e));
    EXPECT_EQ(e[0].VirtualAttributes.Valid, 1);
    EXPECT_EQ(e[0].VirtualAttributes.Win32Protection, RW);
    EXPECT_EQ(e[1].VirtualAttributes.Valid, 0);
    EXPECT_OK(EmptyWorkingSet(t->handle));
    EXPECT_EQ(tell(t, PEEK, p, 0), 1);
    release_there(t, p);
}

TEST(remotealloc, pages_of_the_working_set, "O95 O97 O205")
{
    in_both_kinds(check_pages);
}

static void check_unlock(struct target *t)
{
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);

    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlockEx(t->handle, p, PAGE));
    if (t->kind == LIBRARY) {
        MUST(tell(t, LOCK, p, 2 * PAGE));
        EXPECT_OK(VirtualUnlockEx(t->handle, p, 2 * PAGE));
        EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlockEx(t->handle, p, PAGE));
    }
    release_there(t, p);
}

TEST(remotealloc, locked_pages_are_unlocked, "L113")
{
    in_both_kinds(check_unlock);
}

/* --- several who know the process --- */

static void use_as_another_caller(const struct target *t, BYTE *p)
{
    HANDLE handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t->pid);
    MEMORY_BASIC_INFORMATION mbi;

    MUST(handle != NULL);
    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(handle, p, &mbi, sizeof mbi));
    EXPECT_EQ(mbi.RegionSize, 2 * GRAIN);
    EXPECT_EQ(mbi.State, MEM_RESERVE);
    EXPECT_OK(VirtualAllocEx(handle, p, PAGE, MEM_COMMIT, RW));
    EXPECT_OK(VirtualFreeEx(handle, p, 0, MEM_RELEASE));
    EXPECT_RETURNS(p, VirtualAllocEx(handle, p, GRAIN, MEM_RESERVE, RW));
    check_end(check_failures != 0);
}

static void check_two_callers(struct target *t)
{
    BYTE *p = alloc_there(t, 2 * GRAIN, MEM_RESERVE, RW);
    pid_t other = fork();
    int status = 0;

    if (other == 0) {
        t->handle = NULL;
        use_as_another_caller(t, p);
    }
    MUST(waitpid(other, &status, 0) == other);
    EXPECT_EQ(status, 0);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_RESERVE);
    release_there(t, p);
}

TEST(remotealloc, what_one_caller_reserves_another_frees, "S108 S122 S124 S128")
{
    in_both_kinds(check_two_callers);
}

static void keep_calling(const struct target *t)
{
    HANDLE handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t->pid);

    alarm(check_limit());
    for (int i = 0; i < 100; i++) {
        BYTE *p = VirtualAllocEx(handle, NULL, GRAIN, RESERVE_COMMIT, RW);

        if (p == NULL || !VirtualFreeEx(handle, p, 0, MEM_RELEASE)) {
            printf("round %d, %p: %s\n", i, (void *)p, WinmemLastCause());
            check_end(1);
        }
    }
    check_end(0);
}

enum { CALLERS = 4 };

static void check_crowd(struct target *t)
{
    pid_t caller[CALLERS];
    int status;

    for (int i = 0; i < CALLERS; i++)
        if ((caller[i] = fork()) == 0)
            keep_calling(t);
    for (int i = 0; i < CALLERS; i++) {
        MUST(waitpid(caller[i], &status, 0) == caller[i]);
        EXPECT_EQ(status, 0);
    }
}

/* Nobody has called before: a foreign target is given its book by one of them. */
TEST(remotealloc, several_callers_at_once, "S122 S124")
{
    in_both_kinds(check_crowd);
}

/* What the parent has open its children share: it must keep them apart all the same. */
static void check_family(struct target *t)
{
    release_there(t, alloc_there(t, GRAIN, RESERVE_COMMIT, RW));
    check_crowd(t);
}

TEST(remotealloc, callers_of_one_family, "S122 S124")
{
    in_both_kinds(check_family);
}

static void check_fork(struct target *t)
{
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
    struct target child = *t;

    tell(t, POKE, p, 5);
    ATOMIC_SET(t->w->ready, 0);
    child.pid = (pid_t)tell(t, FORK, NULL, 0);
    open_target(&child);
    child.kind = FOREIGN; /* has another mailbox */
    EXPECT_THERE(&child, p, .size = GRAIN, .state = MEM_COMMIT, .protect = RW);
    release_there(&child, p);
    EXPECT_THERE(&child, p, .state = MEM_FREE);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_COMMIT, .protect = RW);
    EXPECT_EQ(tell(t, PEEK, p, 0), 5);
    EXPECT_EQ(order(&t->w->mailbox[1], READABLE, p, 0), 0);
    release_there(t, p);
    p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
    EXPECT_OK(CloseHandle(child.handle));
    kill(child.pid, SIGKILL);
    release_there(t, p);
}

TEST(remotealloc, a_forked_child_of_the_target_has_a_copy, "S108 S166")
{
    in_both_kinds(check_fork);
}

static void check_both_sides(struct target *t)
{
    BYTE *p, *q;

    if (t->kind == FOREIGN)
        return;
    p = (BYTE *)tell(t, RESERVE, NULL, GRAIN);
    EXPECT_THERE(t, p, .size = GRAIN, .state = MEM_RESERVE);
    q = alloc_there(t, GRAIN, MEM_RESERVE, RW);
    release_there(t, p);
    EXPECT(!tell(t, RELEASE, p, 0));
    EXPECT(tell(t, RELEASE, q, 0));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFreeEx(t->handle, q, 0, MEM_RELEASE));
}

TEST(remotealloc, the_target_and_the_caller_have_one_book, "L86 S122 S124")
{
    in_both_kinds(check_both_sides);
}

/* A foreign target that begins to use the library afterwards. */
static void check_late_start(struct target *t)
{
    BYTE *p = alloc_there(t, GRAIN, RESERVE_COMMIT, RW), *q;

    if (t->kind == LIBRARY)
        return;
    q = (BYTE *)tell(t, RESERVE, NULL, GRAIN);
    EXPECT(q != NULL && q != p);
    AWAIT(5, VirtualAllocEx(t->handle, q, PAGE, MEM_COMMIT, RW) != NULL); /* looked for from time to time */
    EXPECT_EQ(tell(t, POKE, p, 2), 2);
    release_there(t, q);
    q = alloc_there(t, GRAIN, RESERVE_COMMIT, RW);
    EXPECT_THERE(t, q, .size = GRAIN, .state = MEM_COMMIT);
    release_there(t, q);
}

TEST(remotealloc, a_target_that_begins_to_use_the_library, "L86")
{
    in_both_kinds(check_late_start);
}

#endif
