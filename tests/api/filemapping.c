/*
 * CreateFileMappingA/W: anonymous sections backed by the paging file, committed when made.
 */
#include "api.h"

static HANDLE make(DWORD protect_and_flags, ULONG64 size)
{
    return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, protect_and_flags, (DWORD)(size >> 32), (DWORD)size,
                              NULL);
}

/* The size that a view of everything gets. */
static SIZE_T size_of(HANDLE handle)
{
    MEMORY_BASIC_INFORMATION mbi = {0};
    BYTE *p = view(handle, FILE_MAP_READ);

    MUST(VirtualQuery(p, &mbi, sizeof mbi) == sizeof mbi);
    return mbi.RegionSize;
}

TEST(filemapping, anonymous_sections_come_from_the_invalid_handle, "O157 S72")
{
    EXPECT(make(PAGE_READWRITE, GRAIN) != NULL);
    EXPECT(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, NULL) != NULL);
}

TEST(filemapping, a_null_file_makes_an_anonymous_section_too, "O157")
{
    HANDLE a = CreateFileMappingA(NULL, NULL, PAGE_READWRITE, 0, 0x1000, NULL);
    HANDLE w = CreateFileMappingW(NULL, NULL, PAGE_READWRITE, 0, 0x1000, NULL);

    MUST(a && w);
    EXPECT(writable(view(a, FILE_MAP_WRITE)) && writable(view(w, FILE_MAP_WRITE)));
}

TEST(filemapping, success_sets_the_last_error_to_zero, "O158")
{
    SetLastError(CHECK_SENTINEL);
    EXPECT(make(PAGE_READWRITE, GRAIN) != NULL);
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    SetLastError(CHECK_SENTINEL);
    EXPECT(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READONLY, 0, 0x1000, NULL) != NULL);
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
}

TEST(filemapping, six_page_protections_are_accepted, "O162")
{
    static const DWORD prots[] = {PAGE_READONLY,     PAGE_READWRITE,         PAGE_WRITECOPY,
                                  PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE, PAGE_EXECUTE_WRITECOPY};
    size_t i;

    for (i = 0; i < 6; i++) {
        HANDLE handle = make(prots[i], GRAIN);

        EXPECT(handle != NULL);
        EXPECT(CloseHandle(handle));
    }
}

TEST(filemapping, other_page_protections_fail, "O162 O170")
{
    static const DWORD prots[] = {0, PAGE_NOACCESS, PAGE_EXECUTE, 0x06, 0xFF, 0x1234};
    size_t i;

    for (i = 0; i < sizeof prots / sizeof prots[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, make(prots[i], GRAIN));
}

/* 3.1: PAGE_GUARD is not accepted; caching is asked for with SEC_ flags. */
TEST(filemapping, page_modifiers_fail, "O162 O170")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, make(PAGE_READWRITE | PAGE_GUARD, GRAIN));
}

TEST(filemapping, a_size_is_needed, "O165")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, make(PAGE_READWRITE, 0));
}

TEST(filemapping, an_absurd_size_fails, "O165")
{
    EXPECT_FAIL_EITHER(ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER,
                       make(PAGE_READWRITE, (ULONG64)1 << 59));
    EXPECT_FAIL_EITHER(ERROR_NOT_ENOUGH_MEMORY, ERROR_INVALID_PARAMETER, make(PAGE_READWRITE, ~(ULONG64)0));
}

TEST(filemapping, the_size_is_rounded_up_to_pages, "O166 O71")
{
    EXPECT_EQ(size_of(make(PAGE_READWRITE, 0x3452)), 0x4000);
    EXPECT_EQ(size_of(make(PAGE_READWRITE, 4090)), 0x1000);
    EXPECT_EQ(size_of(make(PAGE_READWRITE, 1)), 0x1000);
    EXPECT_EQ(size_of(make(PAGE_READWRITE, 0x10000)), 0x10000);
}

TEST(filemapping, the_high_half_of_the_size_counts, "S72 O184")
{
    HANDLE handle = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 1, 0x10000, NULL);
    BYTE *p;

    MUST(handle != NULL);
    p = MapViewOfFile(handle, FILE_MAP_WRITE, 1, 0, 0);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = 0x10000);
    EXPECT(writable(p + 0xFFFF));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(handle, FILE_MAP_WRITE, 1, 0, 0x10001));
}

TEST(filemapping, the_content_is_zero, "O157 S72")
{
    BYTE *p = anonymous_view(16 * PAGE, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT(all_zero(p, 16 * PAGE));
}

TEST(filemapping, valid_section_flags, "O167")
{
    static const DWORD flags[] = {0, SEC_COMMIT, SEC_COMMIT | SEC_NOCACHE, SEC_COMMIT | SEC_WRITECOMBINE};
    size_t i;

    for (i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        HANDLE handle = make(PAGE_READWRITE | flags[i], 0x1000);

        if (handle == NULL)
            check_fail(__FILE__, __LINE__, "flags 0x%lx: error %lu", (unsigned long)flags[i],
                       (unsigned long)GetLastError());
        else
            EXPECT(CloseHandle(handle));
    }
}

TEST(filemapping, invalid_section_flags, "O167")
{
    static const DWORD flags[] = {SEC_RESERVE | SEC_COMMIT,
                                  SEC_NOCACHE,
                                  SEC_WRITECOMBINE,
                                  SEC_LARGE_PAGES,
                                  SEC_RESERVE | SEC_LARGE_PAGES,
                                  SEC_FILE,
                                  SEC_FILE | SEC_COMMIT,
                                  SEC_FILE | SEC_RESERVE,
                                  SEC_IMAGE | SEC_RESERVE,
                                  SEC_IMAGE | SEC_COMMIT};
    size_t i;

    for (i = 0; i < sizeof flags / sizeof flags[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, make(PAGE_READWRITE | flags[i], 0x1000));
}

TEST(filemapping, an_image_needs_a_file, "O9 O167")
{
    EXPECT_FAIL(ERROR_BAD_EXE_FORMAT, make(PAGE_READWRITE | SEC_IMAGE, 0x1000));
}

TEST(filemapping, nocache_shows_in_the_views, "O195")
{
    HANDLE handle = make(PAGE_READWRITE | SEC_COMMIT | SEC_NOCACHE, GRAIN);
    BYTE *p;

    MUST(handle != NULL);
    p = view(handle, FILE_MAP_WRITE);
    EXPECT_REGION(p, .size = GRAIN, .protect = 0x204, .alloc_protect = 0x204, .type = MEM_MAPPED);
    EXPECT(writable(p));
    EXPECT_RETURNS(p, VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READONLY));
    EXPECT_REGION(p, .size = PAGE, .protect = 0x202, .alloc_protect = 0x204);
}

/* Which views each new handle may make: the rights that O171 lists, seen through their effect. */
TEST(filemapping, the_new_handle_has_the_rights_of_its_protection, "O171 O180")
{
    static const struct {
        DWORD prot;
        int r, w, x;
    } rows[] = {
        {PAGE_READONLY, 1, 0, 0},     {PAGE_WRITECOPY, 1, 0, 0},         {PAGE_READWRITE, 1, 1, 0},
        {PAGE_EXECUTE_READ, 1, 0, 1}, {PAGE_EXECUTE_WRITECOPY, 1, 0, 1}, {PAGE_EXECUTE_READWRITE, 1, 1, 1},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        HANDLE handle = section(GRAIN, rows[i].prot);

        EXPECT_EQ(MapViewOfFile(handle, FILE_MAP_READ, 0, 0, 0) != NULL, rows[i].r);
        EXPECT_EQ(MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0) != NULL, rows[i].w);
        EXPECT_EQ(MapViewOfFile(handle, FILE_MAP_READ | FILE_MAP_EXECUTE, 0, 0, 0) != NULL, rows[i].x);
        EXPECT_EQ(MapViewOfFile(handle, FILE_MAP_WRITE | FILE_MAP_EXECUTE, 0, 0, 0) != NULL,
                  rows[i].x && rows[i].w);
        EXPECT_EQ(MapViewOfFile(handle, FILE_MAP_COPY, 0, 0, 0) != NULL, rows[i].r);
    }
}

static HANDLE duplicate(HANDLE handle, DWORD access)
{
    HANDLE copy = NULL;

    MUST(DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, FALSE, 0));
    return copy;
}

TEST(filemapping, generic_rights_of_a_duplicate, "O172 O181")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    HANDLE r = duplicate(handle, GENERIC_READ), w = duplicate(handle, GENERIC_WRITE);
    HANDLE all = duplicate(handle, GENERIC_ALL), none = duplicate(handle, 0);

    EXPECT(MapViewOfFile(r, FILE_MAP_READ, 0, 0, 0) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(r, FILE_MAP_WRITE, 0, 0, 0));
    EXPECT(MapViewOfFile(w, FILE_MAP_WRITE, 0, 0, 0) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(w, FILE_MAP_READ, 0, 0, 0));
    EXPECT(MapViewOfFile(all, FILE_MAP_WRITE, 0, 0, 0) != NULL);
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(none, FILE_MAP_READ, 0, 0, 0));
}

TEST(filemapping, closing_the_creating_handle_keeps_the_views, "O176 S75")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_READ);

    EXPECT_OK(CloseHandle(handle));
    p[5] = 55;
    EXPECT_EQ(q[5], 55);
    EXPECT_OK(UnmapViewOfFile(p));
    EXPECT_EQ(q[5], 55);
}

TEST(filemapping, the_section_lives_by_its_handle_without_views, "O176 O183")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE);

    p[0] = 0x31;
    MUST(UnmapViewOfFile(p));
    p = view(handle, FILE_MAP_READ);
    EXPECT_EQ(p[0], 0x31);
}

TEST(filemapping, two_sections_share_nothing, "S72 O183")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    BYTE *q = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);

    p[0] = 1;
    EXPECT_EQ(q[0], 0);
}

TEST(filemapping, security_attributes_are_accepted, "L149")
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};

    EXPECT(CreateFileMappingW(INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE, 0, 0x1000, NULL));
}
