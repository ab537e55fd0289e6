/*
 * reserved.c: sections that are committed piece by piece (SEC_RESERVE), in one process. In several:
 * reservedelsewhere.c.
 */
#include "api.h"

static HANDLE reserved(SIZE_T size, DWORD protection)
{
    return section(size, protection | SEC_RESERVE);
}

static BYTE *reserved_view(SIZE_T size, DWORD access)
{
    HANDLE handle = reserved(size, PAGE_READWRITE);
    BYTE *p = view(handle, access);

    MUST(CloseHandle(handle));
    return p;
}

TEST(reserved, nothing_is_committed_at_first, "O72 O167")
{
    BYTE *p = view(reserved(4 * GRAIN, PAGE_READWRITE), FILE_MAP_WRITE);

    EXPECT_REGION(p, .size = 4 * GRAIN, .state = MEM_RESERVE, .protect = 0, .alloc_protect = PAGE_READWRITE,
                  .type = MEM_MAPPED, .base = AT(p));
    EXPECT_REGION(p + 3 * PAGE, .size = 4 * GRAIN - 3 * PAGE, .state = MEM_RESERVE, .base = AT(p));
}

TEST(reserved, committing_in_one_view_commits_in_all, "O192")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    EXPECT_RETURNS(p, VirtualAlloc(p, GRAIN, MEM_COMMIT, PAGE_READONLY));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READONLY,
                  .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_REGION(q, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                  .alloc_protect = PAGE_READWRITE, .type = MEM_MAPPED);
    EXPECT_REGION(p + GRAIN, .size = 3 * GRAIN, .state = MEM_RESERVE, .protect = 0);
    EXPECT_REGION(q + GRAIN, .size = 3 * GRAIN, .state = MEM_RESERVE, .protect = 0);
    q[PAGE] = 7;
    EXPECT_EQ(p[PAGE], 7);
    EXPECT_EQ(p[2 * PAGE], 0);
}

TEST(reserved, a_later_view_sees_what_is_committed, "O192 O183")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q, *r;

    commit_part(p + GRAIN, PAGE, PAGE_READWRITE);
    p[GRAIN] = 5;
    MUST(UnmapViewOfFile(p));
    q = view(handle, FILE_MAP_READ);
    EXPECT_REGION(q, .size = GRAIN, .state = MEM_RESERVE);
    EXPECT_REGION(q + GRAIN, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    EXPECT_EQ(q[GRAIN], 5);
    r = MapViewOfFile(handle, FILE_MAP_WRITE, 0, GRAIN, GRAIN);
    MUST(r != NULL);
    EXPECT_REGION(r, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_EQ(r[0], 5);
}

TEST(reserved, equal_pages_are_one_region_however_they_were_committed, "O192 O69")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    commit_part(q + 2 * PAGE, 2 * PAGE, PAGE_READWRITE);
    commit_part(p + 4 * PAGE, PAGE, PAGE_READWRITE);
    EXPECT_REGION(p, .size = 5 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_REGION(q, .size = 5 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_REGION(q + 5 * PAGE, .size = 4 * GRAIN - 5 * PAGE, .state = MEM_RESERVE);
}

TEST(reserved, committing_again_keeps_the_contents, "L336 O24")
{
    BYTE *p = reserved_view(4 * GRAIN, FILE_MAP_WRITE);

    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    p[PAGE] = 9;
    EXPECT_RETURNS(p, VirtualAlloc(p, 4 * PAGE, MEM_COMMIT, PAGE_READONLY));
    EXPECT_REGION(p, .size = 4 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    EXPECT_EQ(p[PAGE], 9);
    EXPECT_RETURNS(p, VirtualAlloc(p + 100, 4 * PAGE - 100, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(p, .size = 4 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
}

TEST(reserved, committing_asks_for_no_more_than_the_view_has, "L336 O193 O64")
{
    static const DWORD beyond[] = {PAGE_READWRITE, PAGE_EXECUTE_READ, PAGE_EXECUTE_READWRITE};
    BYTE *p = reserved_view(4 * GRAIN, FILE_MAP_READ);

    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++)
        EXPECT_NO_CHANGE(p, 4 * GRAIN, {
            EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(p, PAGE, MEM_COMMIT, beyond[i]));
        });
    EXPECT_OK(VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_WRITECOPY));
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_WRITECOPY);
    EXPECT_OK(VirtualAlloc(p + PAGE, PAGE, MEM_COMMIT, PAGE_NOACCESS));
    EXPECT_REGION(p + PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_NOACCESS);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(p + 3 * GRAIN, 2 * GRAIN, MEM_COMMIT, PAGE_READONLY));
}

TEST(reserved, what_is_only_reserved_cannot_be_protected, "O55 O192")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);
    DWORD old = 0;

    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(q, 3 * PAGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualProtect(q, 2 * PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_REGION(q, .size = 2 * PAGE, .protect = PAGE_READONLY);
    EXPECT_REGION(p, .size = 2 * PAGE, .protect = PAGE_READWRITE);
}

TEST(reserved, nothing_is_decommitted, "O53 O39")
{
    BYTE *p = reserved_view(4 * GRAIN, FILE_MAP_WRITE);

    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    EXPECT_NO_CHANGE(p, 4 * GRAIN, {
        EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFree(p, PAGE, MEM_DECOMMIT));
        EXPECT_RETURNS(p, VirtualAlloc(p, 4 * GRAIN, MEM_RESET, PAGE_READWRITE));
    });
}

TEST(reserved, copies_are_committed_for_all_and_written_for_one, "O192 O196")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *all = view(handle, FILE_MAP_WRITE), *own = view(handle, FILE_MAP_COPY);

    EXPECT_REGION(own, .size = 4 * GRAIN, .state = MEM_RESERVE, .alloc_protect = PAGE_WRITECOPY);
    commit_part(own, 2 * PAGE, PAGE_WRITECOPY);
    EXPECT_REGION(all, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    all[0] = 3;
    EXPECT_EQ(own[0], 3);
    own[PAGE] = 4;
    EXPECT_EQ(all[PAGE], 0);
    commit_part(all + 2 * PAGE, PAGE, PAGE_READWRITE);
    EXPECT_REGION(own + 2 * PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_WRITECOPY);
    own[2 * PAGE] = 5;
    EXPECT_EQ(all[2 * PAGE], 0);
}

TEST(reserved, attributes_are_told_of_all_pages, "O195 O167")
{
    HANDLE handle = section(4 * GRAIN, PAGE_READWRITE | SEC_RESERVE | SEC_NOCACHE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    commit_part(p, PAGE, PAGE_READONLY);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY | PAGE_NOCACHE,
                  .alloc_protect = PAGE_READWRITE | PAGE_NOCACHE);
    EXPECT_REGION(q, .size = PAGE, .protect = PAGE_READWRITE | PAGE_NOCACHE,
                  .alloc_protect = PAGE_READWRITE | PAGE_NOCACHE);
}

TEST(reserved, a_touch_of_what_is_not_committed_is_a_violation, "O72 L335")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    EXPECT(IsBadReadPtr(p, 1) && IsBadWritePtr(q + 2 * PAGE, 1));
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT(!IsBadWritePtr(p, PAGE) && !IsBadWritePtr(q, PAGE));
    EXPECT(IsBadReadPtr(p, PAGE + 1));
    EXPECT(IsBadReadPtr(q + PAGE, 1));
}

TEST(reserved, views_over_placeholders, "O192 O147")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = reserve_placeholder(2 * GRAIN), *q = p + GRAIN;

    MUST(split_placeholder(p, GRAIN));
    EXPECT_RETURNS(p, MapViewOfFile3(handle, GetCurrentProcess(), p, 0, GRAIN, MEM_REPLACE_PLACEHOLDER,
                                     PAGE_READWRITE, NULL, 0));
    EXPECT_RETURNS(q, MapViewOfFile3(handle, GetCurrentProcess(), q, 0, GRAIN, MEM_REPLACE_PLACEHOLDER,
                                     PAGE_READWRITE, NULL, 0));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .base = AT(p));
    commit_part(p, PAGE, PAGE_READWRITE);
    p[1] = 2;
    EXPECT_EQ(q[1], 2);
    EXPECT_OK(UnmapViewOfFile2(GetCurrentProcess(), p, MEM_PRESERVE_PLACEHOLDER));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE, .type = MEM_PRIVATE,
                  .alloc_protect = PAGE_NOACCESS);
    EXPECT_RETURNS(p, MapViewOfFile3(handle, GetCurrentProcess(), p, 0, GRAIN, MEM_REPLACE_PLACEHOLDER,
                                     PAGE_READWRITE, NULL, 0));
    EXPECT_EQ(p[1], 2);
}

TEST(reserved, it_may_be_larger_than_memory, "L337")
{
    ULONG64 bytes = (ULONG64)1 << (SANITIZED ? 37 : 40);
    HANDLE handle = reserved((SIZE_T)bytes, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *end = p + bytes - PAGE;

    EXPECT_REGION(p, .size = (SIZE_T)bytes, .state = MEM_RESERVE);
    commit_part(end, PAGE, PAGE_READWRITE);
    commit_part(p + bytes / 2, PAGE, PAGE_READWRITE);
    *end = 1;
    EXPECT_REGION(p, .size = (SIZE_T)bytes / 2, .state = MEM_RESERVE);
    EXPECT_REGION(p + bytes / 2 + PAGE, .size = (SIZE_T)bytes / 2 - 2 * PAGE, .state = MEM_RESERVE);
    EXPECT_REGION(end, .size = PAGE, .state = MEM_COMMIT);
}

TEST(reserved, mem_reserve_and_file_map_reserve_go_with_it, "L339 O188")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE), whole = section(GRAIN, PAGE_READWRITE);
    BYTE *p = MapViewOfFile3(handle, GetCurrentProcess(), NULL, 0, 0, MEM_RESERVE, PAGE_READWRITE, NULL, 0),
         *q;

    MUST(p != NULL);
    EXPECT_REGION(p, .size = 4 * GRAIN, .state = MEM_RESERVE);
    q = MapViewOfFile(handle, FILE_MAP_WRITE | FILE_MAP_RESERVE, 0, 0, GRAIN);
    MUST(q != NULL);
    EXPECT_REGION(q, .size = GRAIN, .state = MEM_RESERVE);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                MapViewOfFile3(whole, GetCurrentProcess(), NULL, 0, 0, MEM_RESERVE, PAGE_READWRITE, NULL, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile3(handle, GetCurrentProcess(), NULL, 0, 5 * GRAIN,
                                                    MEM_RESERVE, PAGE_READWRITE, NULL, 0));
}

#ifdef WINMEM_VERSION_MAJOR

#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

TEST(reserved, system_calls_may_use_what_this_process_has_committed, "L335")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_READ), *later;
    int pipes[2];

    MUST(pipe(pipes) == 0);
    commit_part(p, GRAIN, PAGE_READWRITE);
    later = view(handle, FILE_MAP_READ);
    EXPECT_EQ(write(pipes[1], q + PAGE, 10), 10);
    EXPECT_EQ(write(pipes[1], later + PAGE, 10), 10);
    EXPECT_EQ(read(pipes[0], p + 2 * PAGE, 10), 10);
    EXPECT(read(pipes[0], p + GRAIN, 0) == 0 && write(pipes[1], q + GRAIN, 1) == -1);
}

TEST(reserved, a_guard_page_in_one_view_is_none_in_another, "O192 O65")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    commit_part(p, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE | PAGE_GUARD);
    EXPECT_REGION(q, .size = PAGE, .protect = PAGE_READWRITE);
}

TEST(reserved, pages_can_be_locked_as_soon_as_they_are_committed, "L335 D7.12b")
{
    HANDLE handle = reserved(4 * GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q = view(handle, FILE_MAP_WRITE);

    EXPECT_FAIL(ERROR_NOACCESS, VirtualLock(q, PAGE));
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_OK(VirtualLock(q, PAGE));
    EXPECT_OK(VirtualUnlock(q, PAGE));
}

#endif
