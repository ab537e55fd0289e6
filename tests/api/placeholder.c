/*
 * Placeholders: made by VirtualAlloc2, split and merged by VirtualFree, replaced by private memory
 * (VirtualAlloc2) or by a view (MapViewOfFile3), and brought back.
 */
#include "api.h"

#define RESERVE_COMMIT (MEM_RESERVE | MEM_COMMIT)

#define EXPECT_PLACEHOLDER(p, size_)                                                                         \
    EXPECT_REGION((p), .size = (size_), .state = MEM_RESERVE, .protect = 0, .base = AT(p),                   \
                  .alloc_protect = PAGE_NOACCESS, .type = MEM_PRIVATE)

static PVOID replace_with_view(HANDLE handle, void *p, ULONG64 offset, SIZE_T size)
{
    return MapViewOfFile3(handle, NULL, p, offset, size, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0);
}

static BOOL coalesce(void *p, SIZE_T size)
{
    return VirtualFree(p, size, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS);
}

/* Three pieces: 4, 8 and 4 pages. */
static BYTE *three_pieces(void)
{
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(split_placeholder(p + 4 * PAGE, 8 * PAGE));
    return p;
}

TEST(placeholder, making_one_leaves_the_last_error, "S32 S70 O131")
{
    BYTE *p = reserve_placeholder(GRAIN);

    release(p);
    EXPECT_OK(
        VirtualAlloc2(NULL, NULL, 4 * GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0));
}

TEST(placeholder, its_protection_must_be_noaccess, "O130 S32")
{
    EXPECT_FAIL(
        ERROR_INVALID_PARAMETER,
        VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_READWRITE, NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, 0, NULL, 0));
}

TEST(placeholder, it_is_reserved_not_committed, "O130 S32")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0));
    EXPECT_FAIL(
        ERROR_INVALID_PARAMETER,
        VirtualAlloc2(NULL, NULL, GRAIN, RESERVE_COMMIT | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0));
}

TEST(placeholder, it_is_a_kind_of_reservation, "O131 S31")
{
    BYTE *p = reserve_placeholder(2 * GRAIN);

    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT_PLACEHOLDER(p, 2 * GRAIN);
    EXPECT_REGION(p + 5 * PAGE, .size = 2 * GRAIN - 5 * PAGE, .base = AT(p));
    EXPECT(!readable(p));
}

TEST(placeholder, splitting_at_the_start_gives_two_pieces, "O132 S33 S71")
{
    BYTE *p = reserve_placeholder(2 * GRAIN);

    EXPECT_OK(split_placeholder(p, GRAIN));
    EXPECT_PLACEHOLDER(p, GRAIN);
    EXPECT_PLACEHOLDER(p + GRAIN, GRAIN);
}

TEST(placeholder, splitting_in_the_middle_gives_three_pieces, "O132 O131")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_OK(split_placeholder(p + 0x4000, 0x4000));
    EXPECT_PLACEHOLDER(p, 0x4000);
    EXPECT_PLACEHOLDER(p + 0x4000, 0x4000);
    EXPECT_PLACEHOLDER(p + 0x8000, 0x8000);
}

TEST(placeholder, splitting_at_the_tail_gives_two_pieces, "O132")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_OK(split_placeholder(p + GRAIN - PAGE, PAGE));
    EXPECT_PLACEHOLDER(p, GRAIN - PAGE);
    EXPECT_PLACEHOLDER(p + GRAIN - PAGE, PAGE);
}

TEST(placeholder, splitting_off_the_whole_fails, "O133 O152")
{
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, 4 * PAGE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p + 4 * PAGE, 8 * PAGE)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                    VirtualFreeEx(GetCurrentProcess(), p, 4 * PAGE, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER)));
}

TEST(placeholder, splitting_with_size_zero_fails, "O133")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, split_placeholder(p, 0)));
}

TEST(placeholder, splitting_over_a_boundary_fails, "O132 O133")
{
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER,
                                        split_placeholder(p + 3 * PAGE, 2 * PAGE)));
}

TEST(placeholder, an_ordinary_reservation_cannot_be_split, "O134")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, GRAIN)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, PAGE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p + PAGE, PAGE)));
}

TEST(placeholder, an_ordinary_commit_cannot_be_split, "O134")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 3;
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, GRAIN)));
    EXPECT_EQ(p[0], 3);
}

TEST(placeholder, replacing_must_match_exactly, "O135 S29")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_placeholder(p, PAGE, RESERVE_COMMIT, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_placeholder(p, GRAIN / 2, MEM_RESERVE, PAGE_READWRITE)));
}

TEST(placeholder, replacing_two_pieces_at_once_fails, "O135 S29")
{
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 replace_placeholder(p, 12 * PAGE, RESERVE_COMMIT, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE)));
}

TEST(placeholder, only_placeholders_can_be_replaced, "O135 S27 S29")
{
    BYTE *p = reserve(GRAIN);

    release(reserve_placeholder(GRAIN));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE)));
    release(p);
    EXPECT_FAIL_EITHER(ERROR_INVALID_ADDRESS, ERROR_INVALID_PARAMETER,
                       replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE));
}

TEST(placeholder, replacing_needs_reserve, "O136")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, replace_placeholder(p, GRAIN, 0, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, replace_placeholder(p, GRAIN, MEM_COMMIT, PAGE_READWRITE)));
}

TEST(placeholder, replacing_needs_a_valid_protection, "O135 O22")
{
    static const ULONG prots[] = {0, PAGE_WRITECOPY, PAGE_EXECUTE_WRITECOPY, 0x06};
    BYTE *p = reserve_placeholder(GRAIN);
    size_t i;

    for (i = 0; i < sizeof prots / sizeof prots[0]; i++)
        EXPECT_NO_CHANGE(
            p, GRAIN,
            EXPECT_FAIL(ERROR_INVALID_PARAMETER, replace_placeholder(p, GRAIN, RESERVE_COMMIT, prots[i])));
}

TEST(placeholder, it_is_not_reserved_or_committed_without_replacing, "O137")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, GRAIN, MEM_RESERVE, PAGE_NOACCESS)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 VirtualAlloc2(NULL, p, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                                               PAGE_NOACCESS, NULL, 0)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE)));
}

TEST(placeholder, it_cannot_be_protected, "O55 O131")
{
    BYTE *p = reserve_placeholder(GRAIN);
    DWORD old;

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, PAGE_READONLY, &old)));
}

TEST(placeholder, replaced_memory_is_ordinary_private_memory, "O135 O138 S6 S27")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_RETURNS(p, replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READONLY));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READONLY, .base = AT(p),
                  .alloc_protect = PAGE_READONLY, .type = MEM_PRIVATE);
    EXPECT(all_zero(p, GRAIN));
    protect(p, GRAIN, PAGE_READWRITE);
    EXPECT(writable(p));
}

TEST(placeholder, memory_is_zero_after_having_been_a_placeholder_again, "O138 O139 S30")
{
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE));
    memset(p, 0xAB, GRAIN);
    EXPECT_OK(split_placeholder(p, GRAIN));
    EXPECT_PLACEHOLDER(p, GRAIN);
    EXPECT(!readable(p));
    MUST(replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READONLY));
    EXPECT(all_zero(p, GRAIN));
}

TEST(placeholder, replaced_by_a_reservation_and_committed_later, "O140")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_RETURNS(p, replace_placeholder(p, GRAIN, MEM_RESERVE, PAGE_READONLY));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .alloc_protect = PAGE_READONLY);
    EXPECT_RETURNS(p + PAGE, VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                  .alloc_protect = PAGE_READONLY, .base = AT(p));
    EXPECT_OK(split_placeholder(p, GRAIN));
    EXPECT_PLACEHOLDER(p, GRAIN);
}

TEST(placeholder, releasing_without_flags_frees_one_piece, "O141 S33 S76")
{
    BYTE *p = three_pieces();

    EXPECT_OK(VirtualFree(p + 4 * PAGE, 0, MEM_RELEASE));
    EXPECT_REGION(p + 4 * PAGE, .size = 8 * PAGE, .state = MEM_FREE);
    EXPECT_PLACEHOLDER(p, 4 * PAGE);
    EXPECT_PLACEHOLDER(p + 12 * PAGE, 4 * PAGE);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_OK(VirtualFree(p + 12 * PAGE, 0, MEM_RELEASE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(placeholder, a_replaced_piece_is_released_to_free_without_the_flag, "O141 S30")
{
    BYTE *p = three_pieces();

    MUST(replace_placeholder(p, 4 * PAGE, RESERVE_COMMIT, PAGE_READWRITE));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .size = 4 * PAGE, .state = MEM_FREE);
    EXPECT_PLACEHOLDER(p + 4 * PAGE, 8 * PAGE);
}

TEST(placeholder, releasing_several_pieces_at_once_fails, "O142 O41")
{
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_RELEASE)));
}

TEST(placeholder, coalescing_merges_all_pieces_of_the_range, "O143 S33")
{
    BYTE *p = three_pieces();

    EXPECT_OK(coalesce(p, 12 * PAGE));
    EXPECT_PLACEHOLDER(p, 12 * PAGE);
    EXPECT_PLACEHOLDER(p + 12 * PAGE, 4 * PAGE);
    EXPECT_OK(coalesce(p, GRAIN));
    EXPECT_PLACEHOLDER(p, GRAIN);
}

TEST(placeholder, coalescing_three_pieces_at_once, "O143")
{
    BYTE *p = three_pieces();

    EXPECT_OK(coalesce(p, GRAIN));
    EXPECT_PLACEHOLDER(p, GRAIN);
}

TEST(placeholder, coalescing_needs_at_least_two_whole_pieces, "O143")
{
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p, 4 * PAGE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p, 11 * PAGE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p, 13 * PAGE)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p + PAGE, 11 * PAGE)));
}

TEST(placeholder, coalescing_does_not_reach_over_replaced_pieces, "O143")
{
    BYTE *p = three_pieces();

    MUST(replace_placeholder(p + 4 * PAGE, 8 * PAGE, RESERVE_COMMIT, PAGE_READWRITE));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p, GRAIN)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p, 12 * PAGE)));
}

TEST(placeholder, coalescing_does_not_reach_over_freed_pieces, "O143")
{
    BYTE *p = three_pieces();

    release(p + 4 * PAGE);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, coalesce(p, GRAIN)));
}

TEST(placeholder, coalescing_checks_its_arguments_first, "O144")
{
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, coalesce(p, 0)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, GRAIN, MEM_COALESCE_PLACEHOLDERS)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(
            ERROR_INVALID_PARAMETER,
            VirtualFree(p, GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS | MEM_PRESERVE_PLACEHOLDER)));
}

TEST(placeholder, a_released_piece_cannot_be_released_again, "O145")
{
    BYTE *p = three_pieces();

    release(p);
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFree(p, 0, MEM_RELEASE)));
}

TEST(placeholder, coalesced_pieces_can_be_replaced_as_one, "O143 O135")
{
    BYTE *p = three_pieces();

    MUST(coalesce(p, GRAIN));
    EXPECT_RETURNS(p, replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .base = AT(p));
}

/* ---- views ------------------------------------------------------------------------------- */

TEST(placeholder, a_view_takes_its_place, "O146 S28 S73")
{
    HANDLE handle = section(2 * GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(2 * GRAIN);

    MUST(split_placeholder(p, GRAIN));
    EXPECT_RETURNS(p, replace_with_view(handle, p, 0, GRAIN));
    EXPECT_RETURNS(p + GRAIN, replace_with_view(handle, p + GRAIN, 0, GRAIN));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_REGION(p + GRAIN, .size = GRAIN, .base = AT(p + GRAIN), .type = MEM_MAPPED);
}

/* The first scenario of VirtualAlloc2's page, whole. */
TEST(placeholder, ring_buffer_of_two_adjacent_views, "S59 S70 S71 S72 S73 S74 S75 S76 S77")
{
    BYTE *first = reserve_placeholder(2 * GRAIN), *second = first + GRAIN;
    HANDLE handle;

    EXPECT_OK(VirtualFree(first, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    handle = CreateFileMapping(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL);
    MUST(handle != NULL);
    EXPECT_RETURNS(first, replace_with_view(handle, first, 0, GRAIN));
    EXPECT_RETURNS(second, replace_with_view(handle, second, 0, GRAIN));
    EXPECT_OK(CloseHandle(handle));
    *(volatile BYTE *)first = 'x';
    EXPECT_EQ(*(volatile BYTE *)second, 'x');
    ((volatile BYTE *)second)[GRAIN - 1] = 'y';
    EXPECT_EQ(((volatile BYTE *)first)[GRAIN - 1], 'y');
    EXPECT_OK(UnmapViewOfFileEx(first, 0));
    EXPECT_OK(UnmapViewOfFile(second));
    EXPECT_REGION(first, .state = MEM_FREE);
}

TEST(placeholder, a_view_must_match_exactly, "O146 S29")
{
    HANDLE handle = section(2 * GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(2 * GRAIN);

    EXPECT_NO_CHANGE(p, 2 * GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_with_view(handle, p, 0, GRAIN)));
    MUST(split_placeholder(p, GRAIN));
    EXPECT_NO_CHANGE(p, 2 * GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, replace_with_view(handle, p, 0, 2 * GRAIN)));
}

TEST(placeholder, a_view_at_a_placeholder_needs_the_flag, "O146 O137")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 MapViewOfFile3(handle, NULL, p, 0, GRAIN, 0, PAGE_READWRITE, NULL, 0)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, GRAIN, p)));
}

TEST(placeholder, page_alignment_is_enough_for_a_view, "O147")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = three_pieces(), *all = view(handle, FILE_MAP_WRITE);

    MUST(split_placeholder(p + 5 * PAGE, PAGE));
    EXPECT_RETURNS(p + 5 * PAGE, replace_with_view(handle, p + 5 * PAGE, PAGE, PAGE));
    p[5 * PAGE + 7] = 42;
    EXPECT_EQ(all[PAGE + 7], 42);
    EXPECT_PLACEHOLDER(p + 4 * PAGE, PAGE);
    EXPECT_REGION(p + 5 * PAGE, .size = PAGE, .type = MEM_MAPPED);
}

TEST(placeholder, misaligned_views_fail, "O147 O185")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = three_pieces();

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, replace_with_view(handle, p + 1, 0, 4 * PAGE)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, replace_with_view(handle, p, 0x800, 4 * PAGE)));
}

TEST(placeholder, unmapping_with_the_flag_brings_it_back, "O148 S77")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(replace_with_view(handle, p, 0, GRAIN));
    p[0] = 1;
    EXPECT_OK(UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_PLACEHOLDER(p, GRAIN);
    EXPECT(!readable(p));
    MUST(replace_with_view(handle, p, 0, GRAIN));
    EXPECT_EQ(p[0], 1); /* the section kept it */
    EXPECT_OK(UnmapViewOfFileEx(p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_PLACEHOLDER(p, GRAIN);
}

TEST(placeholder, only_replacing_views_can_be_turned_back, "O148")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFileEx(p, MEM_PRESERVE_PLACEHOLDER)));
    EXPECT(readable(p));
}

TEST(placeholder, a_placeholder_is_not_a_view, "O148 O190")
{
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(p)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                                 UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile2(GetCurrentProcess(), p, 0)));
}

TEST(placeholder, unmap_flags, "O149")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), self = GetCurrentProcess();
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(replace_with_view(handle, p, 0, GRAIN));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 UnmapViewOfFile2(self, p, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_HANDLE, UnmapViewOfFile2(NULL, p, MEM_PRESERVE_PLACEHOLDER)));
    EXPECT_OK(UnmapViewOfFile2(self, p, MEM_UNMAP_WITH_TRANSIENT_BOOST | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_PLACEHOLDER(p, GRAIN);
}

TEST(placeholder, a_replacing_view_can_be_unmapped_to_free, "O150 O149")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = three_pieces();

    MUST(replace_with_view(handle, p, 0, 4 * PAGE));
    EXPECT_OK(UnmapViewOfFile(p));
    EXPECT_REGION(p, .size = 4 * PAGE, .state = MEM_FREE);
    EXPECT_PLACEHOLDER(p + 4 * PAGE, 8 * PAGE);
    MUST(replace_with_view(handle, p + 4 * PAGE, 0, 8 * PAGE));
    EXPECT_OK(UnmapViewOfFile2(GetCurrentProcess(), p + 4 * PAGE, 0));
    EXPECT_REGION(p, .size = 12 * PAGE, .state = MEM_FREE);
}

TEST(placeholder, the_handle_may_be_closed_before, "O151 S75")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(replace_with_view(handle, p, 0, GRAIN));
    EXPECT_OK(CloseHandle(handle));
    EXPECT(writable(p));
    EXPECT_OK(UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_PLACEHOLDER(p, GRAIN);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, GRAIN)); /* O152 */
}

TEST(placeholder, after_the_view_the_whole_cannot_be_split_off, "O152")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(replace_with_view(handle, p, 0, GRAIN));
    MUST(UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p, GRAIN)));
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_ADDRESS,
                    VirtualFreeEx(GetCurrentProcess(), p, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER)));
    EXPECT_OK(split_placeholder(p, PAGE));
}

TEST(placeholder, a_replacing_view_is_no_private_memory, "O54")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(GRAIN);

    MUST(replace_with_view(handle, p, 0, GRAIN));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, split_placeholder(p, GRAIN)));
}

TEST(placeholder, a_read_only_view_may_take_its_place, "O146 O180")
{
    HANDLE handle = section(GRAIN, PAGE_READONLY);
    BYTE *p = reserve_placeholder(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_ACCESS_DENIED, replace_with_view(handle, p, 0, GRAIN)));
    EXPECT_RETURNS(
        p, MapViewOfFile3(handle, NULL, p, 0, GRAIN, MEM_REPLACE_PLACEHOLDER, PAGE_READONLY, NULL, 0));
    EXPECT_REGION(p, .protect = PAGE_READONLY, .type = MEM_MAPPED);
}

TEST(placeholder, address_requirements_do_not_go_with_replacing, "O245")
{
    MEM_ADDRESS_REQUIREMENTS requirements = {0};
    MEM_EXTENDED_PARAMETER param = {0};
    BYTE *p = reserve_placeholder(GRAIN);

    param.Type = MemExtendedParameterAddressRequirements;
    param.Pointer = &requirements;
    requirements.Alignment = GRAIN;
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                                 VirtualAlloc2(NULL, p, GRAIN, RESERVE_COMMIT | MEM_REPLACE_PLACEHOLDER,
                                               PAGE_READWRITE, &param, 1)));
    requirements.Alignment = 0;
    EXPECT_RETURNS(p, VirtualAlloc2(NULL, p, GRAIN, RESERVE_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE,
                                    &param, 1));
}

/* Committed, filled with 7, and a placeholder until a moment ago. */
static BYTE *replaced(SIZE_T size, DWORD type)
{
    BYTE *p = reserve_placeholder(size);

    MUST(replace_placeholder(p, size, RESERVE_COMMIT | type, PAGE_READWRITE));
    memset(p, 7, size);
    return p;
}

static void expect_left(BYTE *p, SIZE_T size)
{
    EXPECT_REGION(p, .size = size, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_PRIVATE);
    EXPECT(holds(p, size, 7));
}

TEST(placeholder, the_tail_of_what_replaced_one_becomes_one_again, "O274")
{
    BYTE *p = replaced(GRAIN, 0);

    EXPECT_OK(split_placeholder(p + 10 * PAGE, 6 * PAGE));
    expect_left(p, 10 * PAGE);
    EXPECT(writable(p + 9 * PAGE));
    EXPECT_PLACEHOLDER(p + 10 * PAGE, 6 * PAGE);
    EXPECT(!readable(p + 10 * PAGE));
}

TEST(placeholder, the_head_of_what_replaced_one_becomes_one_again, "O274")
{
    BYTE *p = replaced(GRAIN, 0);

    EXPECT_OK(split_placeholder(p, 3 * PAGE));
    EXPECT_PLACEHOLDER(p, 3 * PAGE);
    expect_left(p + 3 * PAGE, 13 * PAGE);
    EXPECT_OK(VirtualFree(p + 3 * PAGE, 0, MEM_RELEASE));
    EXPECT_PLACEHOLDER(p, 3 * PAGE);
}

TEST(placeholder, the_middle_of_what_replaced_one_leaves_two_allocations, "O274")
{
    BYTE *p = replaced(GRAIN, 0);

    EXPECT_OK(split_placeholder(p + 4 * PAGE, 8 * PAGE));
    expect_left(p, 4 * PAGE);
    EXPECT_PLACEHOLDER(p + 4 * PAGE, 8 * PAGE);
    expect_left(p + 12 * PAGE, 4 * PAGE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, GRAIN, PAGE_READONLY, &(DWORD){0}));
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_REGION(p, .size = 4 * PAGE, .state = MEM_FREE);
    expect_left(p + 12 * PAGE, 4 * PAGE);
}

/* What is left replaced a placeholder as well: page by page all of it goes back, and is one again. */
TEST(placeholder, part_after_part_goes_back, "O274 O143")
{
    BYTE *p = replaced(GRAIN, 0);
    SIZE_T i;

    for (i = 0; i < 15; i++)
        EXPECT_OK(split_placeholder(p + (i * 7 % 16) * PAGE, PAGE));
    EXPECT_REGION(p + 9 * PAGE, .size = PAGE, .state = MEM_COMMIT, .base = AT(p + 9 * PAGE));
    EXPECT_OK(split_placeholder(p + 9 * PAGE, PAGE));
    EXPECT_OK(coalesce(p, GRAIN));
    EXPECT_PLACEHOLDER(p, GRAIN);
    MUST(replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE));
    EXPECT(all_zero(p, GRAIN));
}

TEST(placeholder, a_part_that_went_back_takes_a_view, "O274 O146")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = replaced(GRAIN, 0);

    EXPECT_OK(split_placeholder(p + 4 * PAGE, 4 * PAGE));
    EXPECT_RETURNS(p + 4 * PAGE, replace_with_view(handle, p + 4 * PAGE, PAGE, 4 * PAGE));
    p[4 * PAGE] = 9;
    expect_left(p, 4 * PAGE);
    expect_left(p + 8 * PAGE, 8 * PAGE);
}

TEST(placeholder, a_part_must_lie_in_one_allocation, "O274 O134")
{
    BYTE *p = reserve_placeholder(2 * GRAIN);

    MUST(split_placeholder(p, GRAIN));
    MUST(replace_placeholder(p, GRAIN, RESERVE_COMMIT, PAGE_READWRITE));
    EXPECT_NO_CHANGE(p, 2 * GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, split_placeholder(p + 8 * PAGE, GRAIN)));
}

/* Reserved pages, guards, other protections and locks of what is left are what they were. */
TEST(placeholder, what_is_left_keeps_the_states_of_its_pages, "O274")
{
    BYTE *p = replaced(GRAIN, 0);
    DWORD old = 0;

    protect(p + PAGE, PAGE, PAGE_READONLY);
    protect(p + 2 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD);
    MUST(VirtualLock(p + 4 * PAGE, PAGE));
    MUST(VirtualLock(p + 9 * PAGE, PAGE));
    MUST(VirtualFree(p + 13 * PAGE, PAGE, MEM_DECOMMIT));
    MUST(VirtualLock(p + 15 * PAGE, PAGE));
    EXPECT_OK(split_placeholder(p + 8 * PAGE, 4 * PAGE));
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READONLY, .base = AT(p));
    EXPECT_REGION(p + 2 * PAGE, .size = PAGE, .protect = PAGE_READWRITE | PAGE_GUARD, .base = AT(p));
    EXPECT_REGION(p + 3 * PAGE, .size = 5 * PAGE, .protect = PAGE_READWRITE, .base = AT(p));
    EXPECT_REGION(p + 12 * PAGE, .size = PAGE, .state = MEM_COMMIT, .base = AT(p + 12 * PAGE));
    EXPECT_REGION(p + 13 * PAGE, .size = PAGE, .state = MEM_RESERVE, .base = AT(p + 12 * PAGE));
    EXPECT_OK(VirtualProtect(p + 2 * PAGE, PAGE, PAGE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_READWRITE | PAGE_GUARD);
    EXPECT(holds(p, 8 * PAGE, 7) && holds(p + 14 * PAGE, 2 * PAGE, 7));
    EXPECT_OK(VirtualUnlock(p + 4 * PAGE, PAGE));
    EXPECT_OK(VirtualUnlock(p + 15 * PAGE, PAGE));
    MUST(replace_placeholder(p + 8 * PAGE, 4 * PAGE, RESERVE_COMMIT, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_NOT_LOCKED, VirtualUnlock(p + 9 * PAGE, PAGE));
}

/* VirtualProtect notes what was written, decommitted or not since: the note goes with its page. */
TEST(placeholder, what_is_left_is_watched_on, "O274 O129")
{
    BYTE *p = reserve_placeholder(GRAIN);
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD unit = 0;
    int i;

    MUST(replace_placeholder(p, GRAIN, RESERVE_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE));
    for (i = 1; i < 16; i += 12) {
        p[i * PAGE] = 1;
        protect(p + i * PAGE, PAGE, PAGE_READONLY);
        MUST(VirtualFree(p + i * PAGE, PAGE, MEM_DECOMMIT));
        commit_part(p + i * PAGE, PAGE, PAGE_READWRITE);
    }
    p[14 * PAGE] = 1;
    EXPECT_OK(split_placeholder(p + 4 * PAGE, 8 * PAGE));
    MUST(GetWriteWatch(0, p, 4 * PAGE, pages, &count, &unit) == 0);
    EXPECT(count == 1 && pages[0] == p + PAGE);
    count = 16;
    MUST(GetWriteWatch(WRITE_WATCH_FLAG_RESET, p + 12 * PAGE, 4 * PAGE, pages, &count, &unit) == 0);
    EXPECT(count == 2 && pages[0] == p + 13 * PAGE && pages[1] == p + 14 * PAGE);
    p[15 * PAGE] = 1;
    count = 16;
    MUST(GetWriteWatch(0, p + 12 * PAGE, 4 * PAGE, pages, &count, &unit) == 0);
    EXPECT(count >= 1 && pages[count - 1] == p + 15 * PAGE);
}
