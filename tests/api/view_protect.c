/*
 * Protections inside a view: which changes its mapping allows (sections 5 and 13), committing as
 * a protection change, and copy on write. Anonymous sections only.
 */
#include "api.h"

static const DWORD all_prots[] = {PAGE_NOACCESS,          PAGE_READONLY,         PAGE_READWRITE,
                                  PAGE_WRITECOPY,         PAGE_EXECUTE,          PAGE_EXECUTE_READ,
                                  PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY};

/* O64: what a protection lets happen to the section itself. */
enum { R = 1, W = 2, X = 4 };

static int set_of(DWORD prot)
{
    switch (prot) {
    case PAGE_READONLY:
    case PAGE_WRITECOPY: return R;
    case PAGE_READWRITE: return R | W;
    case PAGE_EXECUTE:
    case PAGE_EXECUTE_READ:
    case PAGE_EXECUTE_WRITECOPY: return R | X;
    case PAGE_EXECUTE_READWRITE: return R | W | X;
    default: return 0;
    }
}

static int may_become(DWORD view_prot, DWORD prot)
{
    return (set_of(prot) & ~set_of(view_prot)) == 0;
}

/* A view of a section that allows everything. */
static BYTE *view_as(DWORD prot)
{
    HANDLE handle = section(2 * PAGE, PAGE_EXECUTE_READWRITE);
    BYTE *p = MapViewOfFile3(handle, GetCurrentProcess(), NULL, 0, 0, 0, prot, NULL, 0);

    MUST(p != NULL);
    MUST(CloseHandle(handle));
    return p;
}

TEST(view_protect, a_change_must_stay_inside_the_mapping, "O64 O65 O66 O199")
{
    size_t i, j;

    for (i = 0; i < 8; i++)
        for (j = 0; j < 8; j++) {
            DWORD old = 0xDEAD, from = all_prots[i], to = all_prots[j];
            BYTE *p;

            if (from == PAGE_EXECUTE)
                continue; /* whether a view can be mapped so is not recorded */
            p = view_as(from);
            if (may_become(from, to)) {
                EXPECT_OK(VirtualProtect(p, PAGE, to, &old));
                EXPECT_EQ(old, from);
                EXPECT_REGION(p, .protect = to, .alloc_protect = from, .type = MEM_MAPPED,
                              .size = from == to ? 2 * PAGE : PAGE);
            } else {
                EXPECT_NO_CHANGE(p, 2 * PAGE,
                                 EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, to, &old)));
            }
            MUST(UnmapViewOfFile(p));
        }
}

TEST(view_protect, a_view_without_access_stays_so, "O64")
{
    BYTE *p = anonymous_view(PAGE, PAGE_READWRITE, 0);
    DWORD old = 0;

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_NOACCESS, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
}

TEST(view_protect, the_mapping_decides_not_the_present_protection, "O66 O65")
{
    BYTE *p = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_WRITE);
    DWORD old = 0;

    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READWRITE, &old)); /* up again */
    EXPECT_EQ(old, PAGE_NOACCESS);
    EXPECT(writable(p));
}

TEST(view_protect, the_section_does_not_decide, "O66 O64")
{
    BYTE *p = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_READ);
    DWORD old;

    EXPECT_NO_CHANGE(p, PAGE,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_READWRITE, &old)));
}

TEST(view_protect, one_page_of_a_view_is_a_region_of_its_own, "O65 O68")
{
    BYTE *p = anonymous_view(4 * PAGE, PAGE_READWRITE, FILE_MAP_WRITE);

    protect(p + PAGE, PAGE, PAGE_READONLY);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE, .base = AT(p));
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READONLY, .base = AT(p),
                  .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_REGION(p + 2 * PAGE, .size = 2 * PAGE, .protect = PAGE_READWRITE);
    EXPECT(writable(p) && !writable(p + PAGE) && writable(p + 2 * PAGE));
    protect(p + PAGE, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 4 * PAGE);
}

TEST(view_protect, other_views_keep_their_protection, "O192 O65")
{
    HANDLE handle = section(PAGE, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_REGION(q, .protect = PAGE_READWRITE);
    EXPECT(writable(q) && !readable(p));
}

TEST(view_protect, invalid_protections_fail, "O58")
{
    BYTE *p = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_WRITE);
    DWORD old;

    EXPECT_NO_CHANGE(p, PAGE, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, 0, &old)));
    EXPECT_NO_CHANGE(p, PAGE, EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, 0x06, &old)));
}

TEST(view_protect, a_range_over_the_end_of_the_view_fails, "O55")
{
    BYTE *p = anonymous_view(PAGE, PAGE_READWRITE, FILE_MAP_WRITE);
    DWORD old = 0;

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, 2 * PAGE, PAGE_READONLY, &old)));
}

TEST(view_protect, committing_in_a_view_is_a_protection_change, "O193")
{
    size_t i, j;

    for (i = 0; i < 8; i++)
        for (j = 0; j < 8; j++) {
            DWORD from = all_prots[i], to = all_prots[j];
            BYTE *p;

            if (from == PAGE_EXECUTE)
                continue;
            p = view_as(from);
            if (may_become(from, to)) {
                EXPECT_RETURNS(p, VirtualAlloc(p, PAGE, MEM_COMMIT, to));
                EXPECT_REGION(p, .protect = to, .alloc_protect = from, .type = MEM_MAPPED);
            } else {
                EXPECT_NO_CHANGE(p, 2 * PAGE,
                                 EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_COMMIT, to)));
            }
            MUST(UnmapViewOfFile(p));
        }
}

TEST(view_protect, committing_in_a_view_keeps_the_content, "O193")
{
    BYTE *p = anonymous_view(2 * PAGE, PAGE_READWRITE, FILE_MAP_WRITE);

    p[0] = 12;
    EXPECT_RETURNS(p, VirtualAlloc(p + 5, 10, MEM_COMMIT, PAGE_READONLY));
    EXPECT_EQ(p[0], 12);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY);
    EXPECT(!writable(p));
}

/* ---- copy on write ------------------------------------------------------------------------ */

TEST(view_protect, a_written_copy_is_private_to_the_view, "O196 O200 O179")
{
    HANDLE handle = section(4 * PAGE, PAGE_READWRITE);
    BYTE *shared = view(handle, FILE_MAP_WRITE), *own = view(handle, FILE_MAP_COPY);
    BYTE *other = view(handle, FILE_MAP_COPY);

    shared[PAGE] = 1;
    EXPECT_EQ(own[PAGE], 1);
    own[PAGE] = 2;
    EXPECT(shared[PAGE] == 1 && other[PAGE] == 1 && own[PAGE] == 2);
    shared[PAGE] = 3; /* the private page does not see it any more, the others do */
    EXPECT(own[PAGE] == 2 && other[PAGE] == 3);
    shared[0] = 4; /* an untouched page is still the section's */
    EXPECT_EQ(own[0], 4);
}

TEST(view_protect, a_written_page_reports_readwrite, "O196")
{
    BYTE *p = anonymous_view(4 * PAGE, PAGE_READWRITE, FILE_MAP_COPY);

    EXPECT_REGION(p, .size = 4 * PAGE, .protect = PAGE_WRITECOPY, .alloc_protect = PAGE_WRITECOPY);
    p[PAGE] = 1;
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_WRITECOPY);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READWRITE, .state = MEM_COMMIT,
                  .alloc_protect = PAGE_WRITECOPY, .type = MEM_MAPPED, .base = AT(p));
    EXPECT_REGION(p + 2 * PAGE, .size = 2 * PAGE, .protect = PAGE_WRITECOPY);
}

TEST(view_protect, reading_does_not_make_a_page_private, "O196")
{
    BYTE *p = anonymous_view(4 * PAGE, PAGE_READWRITE, FILE_MAP_COPY);

    EXPECT(all_zero(p, 4 * PAGE));
    EXPECT_REGION(p, .size = 4 * PAGE, .protect = PAGE_WRITECOPY);
}

TEST(view_protect, a_written_executable_page_reports_execute_readwrite, "O196")
{
    BYTE *p = anonymous_view(2 * PAGE, PAGE_EXECUTE_READ, FILE_MAP_COPY | FILE_MAP_EXECUTE);

    EXPECT_REGION(p, .size = 2 * PAGE, .protect = PAGE_EXECUTE_WRITECOPY);
    EXPECT(writable(p) && executable(p));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_EXECUTE_READWRITE);
}

TEST(view_protect, a_private_page_cannot_become_copy_on_write_again, "O197")
{
    BYTE *p = anonymous_view(2 * PAGE, PAGE_EXECUTE_READWRITE, FILE_MAP_COPY | FILE_MAP_EXECUTE);
    DWORD old = 0;

    p[0] = 5;
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_WRITECOPY, &old));
    EXPECT_EQ(old, PAGE_EXECUTE_READWRITE);
    EXPECT_REGION(p, .protect = PAGE_READWRITE);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_EXECUTE_WRITECOPY, &old));
    EXPECT_REGION(p, .protect = PAGE_EXECUTE_READWRITE);
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_REGION(p, .protect = PAGE_READONLY);
    EXPECT_EQ(p[0], 5);
}

TEST(view_protect, a_private_page_still_obeys_the_mapping, "O197 O66")
{
    BYTE *p = anonymous_view(2 * PAGE, PAGE_READWRITE, FILE_MAP_READ);
    DWORD old = 0;

    protect(p, PAGE, PAGE_WRITECOPY);
    p[0] = 1;
    EXPECT_NO_CHANGE(p, 2 * PAGE,
                     EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_READWRITE, &old)));
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(p[0], 1);
}

TEST(view_protect, a_read_only_view_can_be_made_copy_on_write, "O198 O64 O199")
{
    HANDLE handle = section(2 * PAGE, PAGE_READWRITE);
    BYTE *shared = view(handle, FILE_MAP_WRITE), *p = view(handle, FILE_MAP_READ);
    DWORD old = 0;

    shared[0] = 7;
    EXPECT_OK(VirtualProtect(p, PAGE, PAGE_WRITECOPY, &old));
    EXPECT_EQ(old, PAGE_READONLY);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_WRITECOPY, .alloc_protect = PAGE_READONLY);
    EXPECT_EQ(p[0], 7);
    p[0] = 8;
    EXPECT(shared[0] == 7 && p[0] == 8 && !writable(p + PAGE));
}

TEST(view_protect, a_writable_view_can_be_made_copy_on_write, "O64 O199")
{
    HANDLE handle = section(2 * PAGE, PAGE_READWRITE);
    BYTE *shared = view(handle, FILE_MAP_WRITE), *p = view(handle, FILE_MAP_WRITE);

    p[0] = 1;
    protect(p, PAGE, PAGE_WRITECOPY);
    EXPECT_EQ(p[0], 1);
    p[0] = 2;
    EXPECT(shared[0] == 1 && p[0] == 2);
    p[PAGE] = 3; /* the other page is still shared */
    EXPECT_EQ(shared[PAGE], 3);
}

TEST(view_protect, a_copy_vanishes_with_its_view, "O196 O200")
{
    HANDLE handle = section(PAGE, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_COPY);

    p[0] = 1;
    MUST(UnmapViewOfFile(p));
    p = view(handle, FILE_MAP_COPY);
    EXPECT_EQ(p[0], 0);
}

TEST(view_protect, sections_of_every_readable_kind_can_be_copied_on_write, "O180 O196")
{
    static const DWORD prots[] = {PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY};
    size_t i;

    for (i = 0; i < 3; i++) {
        BYTE *p = anonymous_view(PAGE, prots[i], FILE_MAP_COPY);

        EXPECT(writable(p));
        EXPECT_EQ(p[0], CHECK_RETURN);
    }
}
