/*
 * MapViewOfFile, MapViewOfFileEx, MapViewOfFile3(FromApp), UnmapViewOfFile(Ex, 2) on anonymous
 * sections. Protections inside a view: view_protect.c; views in placeholders: placeholder.c.
 */
#include "api.h"

#include "../support/sectionviews.h"

static PVOID map3(HANDLE handle, void *base, ULONG64 offset, SIZE_T size, ULONG protection)
{
    return MapViewOfFile3(handle, GetCurrentProcess(), base, offset, size, 0, protection, NULL, 0);
}

TEST(mapview, access_becomes_protection, "O178 O179 O182")
{
    static const struct {
        DWORD access, prot;
    } rows[] = {
        {0, PAGE_NOACCESS},
        {FILE_MAP_COPY, PAGE_WRITECOPY},
        {FILE_MAP_WRITE, PAGE_READWRITE},
        {FILE_MAP_READ, PAGE_READONLY},
        {FILE_MAP_READ | FILE_MAP_WRITE, PAGE_READWRITE},
        {FILE_MAP_READ | FILE_MAP_COPY, PAGE_READONLY},
        {FILE_MAP_WRITE | FILE_MAP_COPY, PAGE_READWRITE},
        {FILE_MAP_ALL_ACCESS, PAGE_READWRITE},
        {FILE_MAP_EXECUTE, PAGE_NOACCESS},
        {FILE_MAP_EXECUTE | FILE_MAP_COPY, PAGE_EXECUTE_WRITECOPY},
        {FILE_MAP_EXECUTE | FILE_MAP_WRITE, PAGE_EXECUTE_READWRITE},
        {FILE_MAP_EXECUTE | FILE_MAP_READ, PAGE_EXECUTE_READ},
        {SECTION_MAP_EXECUTE, PAGE_NOACCESS},
        {SECTION_MAP_EXECUTE | FILE_MAP_COPY, PAGE_NOACCESS},
        {SECTION_MAP_EXECUTE | FILE_MAP_READ, PAGE_READONLY},
        {SECTION_MAP_EXECUTE | FILE_MAP_WRITE, PAGE_READWRITE},
    };
    HANDLE handle = section(GRAIN, PAGE_EXECUTE_READWRITE);
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        BYTE *p = MapViewOfFile(handle, rows[i].access, 0, 0, 0);

        if (p == NULL || check_protect(p) != rows[i].prot)
            check_fail(__FILE__, __LINE__, "access 0x%lx: view protection 0x%lx, wanted 0x%lx",
                       (unsigned long)rows[i].access, p ? (unsigned long)check_protect(p) : 0ul,
                       (unsigned long)rows[i].prot);
        if (p == NULL)
            continue;
        EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .alloc_protect = rows[i].prot,
                      .type = MEM_MAPPED, .base = AT(p));
        EXPECT_OK(UnmapViewOfFile(p));
    }
}

TEST(mapview, success_leaves_the_last_error, "O178 O183")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_OK(MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_OK(MapViewOfFileEx(handle, FILE_MAP_READ, 0, 0, 0, NULL));
    EXPECT_OK(map3(handle, NULL, 0, 0, PAGE_READWRITE));
}

TEST(mapview, only_a_bare_copy_access_is_copy_on_write, "O179 O200")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *all = view(handle, FILE_MAP_WRITE);
    BYTE *shared = view(handle, FILE_MAP_WRITE | FILE_MAP_COPY), *own = view(handle, FILE_MAP_COPY);

    shared[0] = 1;
    EXPECT_EQ(all[0], 1);
    own[1] = 2;
    EXPECT_EQ(all[1], 0);
    EXPECT_EQ(own[1], 2);
}

static HANDLE of_a_grain(DWORD protection)
{
    return section(GRAIN, protection);
}

TEST(mapview, the_section_protection_limits_the_views, "O180 O171")
{
    expect_views(of_a_grain);
}

TEST(mapview, mapviewoffile3_takes_page_protections, "O180 O186 O188")
{
    static const ULONG prots[] = {PAGE_NOACCESS,         PAGE_READONLY,     PAGE_READWRITE,
                                  PAGE_WRITECOPY,        PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE,
                                  PAGE_EXECUTE_WRITECOPY};
    HANDLE handle = section(GRAIN, PAGE_EXECUTE_READWRITE);
    size_t i;

    for (i = 0; i < sizeof prots / sizeof prots[0]; i++) {
        BYTE *p = map3(handle, NULL, 0, 0, prots[i]);

        MUST(p != NULL);
        EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = prots[i], .alloc_protect = prots[i],
                      .type = MEM_MAPPED);
    }
}

TEST(mapview, mapviewoffile3_checks_the_protection, "O180 O22")
{
    HANDLE handle = section(GRAIN, PAGE_READONLY);

    EXPECT_FAIL(ERROR_ACCESS_DENIED, map3(handle, NULL, 0, 0, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map3(handle, NULL, 0, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, map3(handle, NULL, 0, 0, PAGE_READONLY | PAGE_READWRITE));
}

static HANDLE section_with(DWORD access)
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;

    MUST(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, FALSE, 0));
    return copy;
}

TEST(mapview, a_handle_for_writing_only, "O181 O172")
{
    HANDLE handle = section_with(FILE_MAP_WRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE);

    EXPECT_REGION(p, .protect = PAGE_READWRITE);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, FILE_MAP_COPY, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, 0, 0, 0, 0));
}

TEST(mapview, a_handle_for_reading_only, "O181 O182 O172")
{
    HANDLE handle = section_with(FILE_MAP_READ);

    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, map3(handle, NULL, 0, 0, PAGE_READWRITE));
    EXPECT_OK(MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0));
    EXPECT_OK(MapViewOfFile(handle, FILE_MAP_COPY, 0, 0, 0));
    EXPECT_OK(MapViewOfFile(handle, 0, 0, 0, 0));
}

TEST(mapview, a_handle_without_rights, "O181 O172")
{
    static const DWORD accesses[] = {0, FILE_MAP_READ, FILE_MAP_WRITE, FILE_MAP_COPY};
    HANDLE handle = section_with(0);
    size_t i;

    for (i = 0; i < 4; i++)
        EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, accesses[i], 0, 0, 0));
}

TEST(mapview, views_share_their_content_at_different_addresses, "O183 S74")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    volatile BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    EXPECT(p != q);
    p[0] = 1;
    EXPECT_EQ(q[0], 1);
    q[GRAIN - 1] = 2;
    EXPECT_EQ(p[GRAIN - 1], 2);
}

TEST(mapview, size_zero_maps_to_the_end, "O184")
{
    HANDLE handle = section(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = MapViewOfFile(handle, FILE_MAP_WRITE, 0, (DWORD)GRAIN, 0);

    MUST(p != NULL);
    EXPECT_REGION(p, .size = 3 * GRAIN, .base = AT(p));
}

TEST(mapview, a_view_larger_than_the_section_fails, "O5 O184 O166")
{
    HANDLE handle = section(0x3452, PAGE_READWRITE); /* 0x4000 after rounding */

    EXPECT_OK(MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0x4000));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0x4001));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, map3(handle, NULL, 0, 0x4001, PAGE_READWRITE));
}

TEST(mapview, the_size_is_rounded_up_to_pages, "O184 O71")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0x1234);

    MUST(p != NULL);
    EXPECT_REGION(p, .size = 0x2000, .base = AT(p));
    EXPECT_REGION(p + 0x2000, .state = MEM_FREE);
}

TEST(mapview, an_offset_at_or_behind_the_end_fails, "O184")
{
    HANDLE handle = section(2 * GRAIN, PAGE_READWRITE);

    EXPECT_FAIL_EITHER(ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                       MapViewOfFile(handle, FILE_MAP_READ, 0, (DWORD)(2 * GRAIN), PAGE));
    EXPECT_FAIL_EITHER(ERROR_ACCESS_DENIED, ERROR_INVALID_PARAMETER,
                       MapViewOfFile(handle, FILE_MAP_READ, 0, (DWORD)(4 * GRAIN), 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, FILE_MAP_READ, 0, (DWORD)GRAIN, GRAIN + 1));
}

TEST(mapview, the_offset_selects_the_part, "O185 O188")
{
    HANDLE handle = section(8 * GRAIN, PAGE_READWRITE);
    BYTE *all = view(handle, FILE_MAP_WRITE), *p = map3(handle, NULL, 4 * GRAIN, PAGE, PAGE_READWRITE);

    MUST(p != NULL);
    p[3] = 33;
    EXPECT_EQ(all[4 * GRAIN + 3], 33);
    EXPECT_REGION(p, .size = PAGE);
}

TEST(mapview, mapviewoffile3_at_an_address_with_an_offset, "O188")
{
    HANDLE handle = section(8 * GRAIN, PAGE_READWRITE);
    BYTE *base = free_space(MiB);

    EXPECT_RETURNS(base, map3(handle, base, 4 * GRAIN, PAGE, PAGE_READWRITE));
    EXPECT_REGION(base, .size = PAGE, .type = MEM_MAPPED, .base = AT(base));
}

TEST(mapview, fresh_views_are_granularity_aligned, "O185")
{
    HANDLE handle = section(PAGE, PAGE_READWRITE);
    int i;

    for (i = 0; i < 8; i++)
        EXPECT_EQ(AT(view(handle, FILE_MAP_READ)) % GRAIN, 0);
}

TEST(mapview, misaligned_addresses_fail, "O9 O185")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = free_space(MiB);

    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, 0, p + 42));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, 0, p + 0x1000));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, map3(handle, p + 42, 0, 0, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, map3(handle, p + 0x1000, 0, 0, PAGE_READWRITE));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(mapview, misaligned_offsets_fail, "O185")
{
    HANDLE handle = section(4 * GRAIN, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFile(handle, FILE_MAP_WRITE, 0, 1, 0));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0x1000, PAGE));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, map3(handle, NULL, 1, PAGE, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, map3(handle, NULL, PAGE, PAGE, PAGE_READWRITE));
}

TEST(mapview, alignment_is_checked_before_the_address_conflict, "O185")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, 0, p + 42)));
    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, map3(handle, p + PAGE, 0, 0, PAGE_READWRITE)));
}

TEST(mapview, an_occupied_address_fails, "O185")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = commit(PAGE, PAGE_READWRITE), *q = view(handle, FILE_MAP_READ);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, 0, p)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, map3(handle, p, 0, 0, PAGE_READWRITE)));
    EXPECT_NO_CHANGE(q, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, 0, q)));
}

TEST(mapview, a_free_address_is_used_exactly, "O185")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = free_space(MiB);

    EXPECT_RETURNS(p + GRAIN, MapViewOfFileEx(handle, FILE_MAP_WRITE, 0, 0, 0, p + GRAIN));
    EXPECT_RETURNS(p, map3(handle, p, 0, 0, PAGE_READONLY));
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READONLY, .base = AT(p));
    EXPECT_REGION(p + GRAIN, .size = GRAIN, .protect = PAGE_READWRITE, .base = AT(p + GRAIN));
}

TEST(mapview, a_view_is_not_reserved_or_released_as_memory, "S62 O185")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_NO_CHANGE(p, GRAIN,
                     EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p, GRAIN, MEM_RESERVE, PAGE_NOACCESS)));
}

TEST(mapview, mapviewoffile3_without_a_process_maps_here, "O186 S73")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = MapViewOfFile3(handle, NULL, NULL, 0, 0, 0, PAGE_READWRITE, NULL, 0);

    MUST(p != NULL);
    EXPECT(writable(p));
    EXPECT_REGION(p, .size = GRAIN, .type = MEM_MAPPED);
}

TEST(mapview, mapviewoffile3fromapp_does_the_same, "O186 O188")
{
    HANDLE handle = section(2 * GRAIN, PAGE_READWRITE);
    BYTE *p;

    SetLastError(CHECK_SENTINEL);
    p = MapViewOfFile3FromApp(handle, GetCurrentProcess(), NULL, GRAIN, GRAIN, 0, PAGE_READWRITE, NULL, 0);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_FAIL(ERROR_MAPPED_ALIGNMENT, MapViewOfFile3FromApp(handle, GetCurrentProcess(), NULL, 1, PAGE, 0,
                                                              PAGE_READWRITE, NULL, 0));
}

TEST(mapview, at_round_to_page_is_refused, "O187")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = free_space(MiB);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(handle, GetCurrentProcess(), p, 0, PAGE, 0x40000000, PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(mapview, unmapping_takes_the_whole_view, "O189")
{
    static const SIZE_T offsets[] = {0, 100, 0x1000, 0x1064, 0x1FFF};
    HANDLE handle = section(0x2000, PAGE_READWRITE);
    size_t i;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread sanitizer maps its own memory into the hole at once");
#endif
    for (i = 0; i < 5; i++) {
        BYTE *p = view(handle, FILE_MAP_WRITE);

        EXPECT_RETURNS(TRUE, UnmapViewOfFile(p + offsets[i]));
        EXPECT_REGION(p, .state = MEM_FREE);
        EXPECT_REGION(p + 0x1000, .state = MEM_FREE);
    }
}

TEST(mapview, unmapping_what_is_no_view_fails, "O190")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE), *q = reserve(GRAIN);

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(p)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(p + PAGE + 1)));
    EXPECT_NO_CHANGE(q, GRAIN, EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(q)));
    release(q);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(q));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFileEx(q, 0));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(NULL));
}

TEST(mapview, unmapping_twice_fails, "O190")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_OK(UnmapViewOfFile(p));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(p));
}

TEST(mapview, unmap_flags, "O149")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, UnmapViewOfFileEx(p, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_PARAMETER, UnmapViewOfFileEx(p, 0x80)));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_INVALID_HANDLE, UnmapViewOfFile2(NULL, p, 0)));
    EXPECT_OK(UnmapViewOfFileEx(p, MEM_UNMAP_WITH_TRANSIENT_BOOST));
    EXPECT_REGION(p, .state = MEM_FREE);
}

TEST(mapview, every_way_of_unmapping_works, "O149 S77")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *a = view(handle, FILE_MAP_READ), *b = view(handle, FILE_MAP_READ);
    BYTE *c = view(handle, FILE_MAP_READ);

    EXPECT_OK(UnmapViewOfFile(a));
    EXPECT_OK(UnmapViewOfFileEx(b, 0));
    EXPECT_OK(UnmapViewOfFile2(GetCurrentProcess(), c, 0));
    EXPECT(!readable(a) && !readable(b) && !readable(c));
}

TEST(mapview, what_is_no_section_cannot_be_mapped, "O8")
{
    HANDLE closed = section(GRAIN, PAGE_READWRITE);

    MUST(CloseHandle(closed));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(NULL, FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(closed, FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(GetCurrentProcess(), FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(self_with(PROCESS_ALL_ACCESS), FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, map3(closed, NULL, 0, 0, PAGE_READONLY));
}

TEST(mapview, accesses_follow_the_view_protection, "O178 O64")
{
    HANDLE handle = section(GRAIN, PAGE_EXECUTE_READWRITE);
    BYTE *w = view(handle, FILE_MAP_WRITE), *r = view(handle, FILE_MAP_READ);
    BYTE *x = view(handle, FILE_MAP_READ | FILE_MAP_EXECUTE), *none = view(handle, 0);

    w[0] = CHECK_RETURN;
    EXPECT(readable(w) && writable(w) && !executable(w));
    EXPECT(readable(r) && !writable(r) && !executable(r));
    EXPECT(readable(x) && !writable(x) && executable(x));
    EXPECT(!readable(none) && !writable(none) && !executable(none));
}
