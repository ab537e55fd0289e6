/*
 * CloseHandle and DuplicateHandle inside this process, for sections and for the process itself.
 */
#include "api.h"

static HANDLE const self = (HANDLE)(intptr_t)-1; /* GetCurrentProcess(), checked in process.c */

TEST(handles, closing_a_section_handle, "S75 O176")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);

    EXPECT_RETURNS(TRUE, CloseHandle(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
}

TEST(handles, a_closed_handle_is_not_the_next_section, "O8")
{
    HANDLE old = section(GRAIN, PAGE_READWRITE);

    MUST(CloseHandle(old));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(old, FILE_MAP_READ, 0, 0, 0));
}

TEST(handles, wild_values_are_no_handles, "O8")
{
    static const uintptr_t values[] = {0, 0x1234567 * 4u, 0x7FFFFFF0, 0xDEADBEEF0, 0x123456789ABCDE0};
    size_t i;

    for (i = 0; i < sizeof values / sizeof values[0]; i++)
        EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle((HANDLE)values[i]));
}

TEST(handles, pointers_are_no_handles, "O8")
{
    int local = 0;

    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle((HANDLE)&local));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualAllocEx((HANDLE)&local, NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(handles, closing_the_pseudo_handle_has_no_effect, "D12.3a")
{
    EXPECT_OK(CloseHandle(GetCurrentProcess()));
    EXPECT_OK(VirtualAllocEx(GetCurrentProcess(), NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS));
}

TEST(handles, handles_are_multiples_of_four_and_never_null, "L152")
{
    int i;

    for (i = 0; i < 32; i++) {
        HANDLE handle = section(PAGE, PAGE_READWRITE);

        EXPECT(handle != NULL && handle != INVALID_HANDLE_VALUE && AT(handle) % 4 == 0);
    }
}

TEST(handles, a_duplicate_is_the_same_object, "D12.4a O183")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;
    BYTE *p, *q;

    EXPECT_OK(DuplicateHandle(self, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(copy != NULL);
    EXPECT(copy != handle);
    p = view(handle, FILE_MAP_WRITE);
    q = view(copy, FILE_MAP_WRITE);
    p[0] = 99;
    EXPECT_EQ(q[0], 99);
}

TEST(handles, a_duplicate_outlives_its_source, "O176")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;

    MUST(DuplicateHandle(self, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_OK(CloseHandle(handle));
    EXPECT(writable(view(copy, FILE_MAP_WRITE)));
    EXPECT_OK(CloseHandle(copy));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, MapViewOfFile(copy, FILE_MAP_READ, 0, 0, 0));
}

TEST(handles, close_source_moves_the_handle, "D12.4b")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;

    EXPECT_OK(
        DuplicateHandle(self, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    EXPECT(readable(view(copy, FILE_MAP_READ)));
    if (copy != handle)
        EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
}

TEST(handles, duplicating_with_fewer_rights, "O172 O181")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;

    EXPECT_OK(DuplicateHandle(self, handle, self, &copy, FILE_MAP_READ, FALSE, 0));
    EXPECT_OK(MapViewOfFile(copy, FILE_MAP_READ, 0, 0, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile(copy, FILE_MAP_WRITE, 0, 0, 0));
    EXPECT_OK(MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0));
}

TEST(handles, the_pseudo_handle_becomes_a_real_one, "D12.3a D12.4a")
{
    HANDLE real = NULL;
    BYTE *p;

    EXPECT_OK(DuplicateHandle(self, GetCurrentProcess(), self, &real, 0, FALSE, DUPLICATE_SAME_ACCESS));
    MUST(real != NULL);
    EXPECT(real != GetCurrentProcess());
    p = VirtualAllocEx(real, NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);
    MUST(p != NULL);
    EXPECT(writable(p));
    EXPECT_OK(CloseHandle(real));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualFreeEx(real, p, 0, MEM_RELEASE));
}

TEST(handles, duplicating_checks_its_handles, "O8")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;

    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                DuplicateHandle(self, NULL, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                DuplicateHandle(NULL, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                DuplicateHandle(handle, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_OK(CloseHandle(handle));
}

TEST(handles, a_section_is_no_process, "O8")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    MEMORY_BASIC_INFORMATION mbi;
    DWORD old;

    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualAllocEx(handle, NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualFreeEx(handle, p, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualProtectEx(handle, p, PAGE, PAGE_READONLY, &old));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualQueryEx(handle, p, &mbi, sizeof mbi));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE);
}

TEST(handles, a_closed_process_handle_is_refused, "O8 O29 O43 O60")
{
    HANDLE closed = self_with(PROCESS_ALL_ACCESS);
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    MEMORY_BASIC_INFORMATION mbi;
    DWORD old;

    MUST(CloseHandle(closed));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualAllocEx(closed, NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualFreeEx(closed, p, 0, MEM_RELEASE));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualProtectEx(closed, p, PAGE, PAGE_READONLY, &old));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, VirtualQueryEx(closed, p, &mbi, sizeof mbi));
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE);
}

TEST(handles, a_protected_handle_stays_open, "D12.4d D12.4b")
{
    HANDLE handle = section(PAGE, PAGE_READWRITE), copy = NULL;
    DWORD flags = 0;

    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, HANDLE_FLAG_PROTECT_FROM_CLOSE));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CloseHandle(handle));
    EXPECT_OK(
        DuplicateHandle(self, handle, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE));
    EXPECT_OK(GetHandleInformation(handle, &flags));
    EXPECT(flags == HANDLE_FLAG_PROTECT_FROM_CLOSE);
    EXPECT_OK(CloseHandle(copy)); /* the copy is not protected */
    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    EXPECT_OK(CloseHandle(handle));
}

TEST(handles, flags_change_where_the_mask_says, "D12.4f")
{
    HANDLE handle = section(PAGE, PAGE_READWRITE);
    DWORD flags = 7;

    EXPECT_OK(GetHandleInformation(handle, &flags));
    EXPECT(flags == 0);
    EXPECT_OK(SetHandleInformation(handle, 0, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE));
    EXPECT_OK(GetHandleInformation(handle, &flags));
    EXPECT(flags == 0);
    EXPECT_OK(SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    EXPECT_OK(GetHandleInformation(handle, &flags));
    EXPECT(flags == HANDLE_FLAG_INHERIT);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, SetHandleInformation(handle, 4, 0));
    EXPECT_FAIL(ERROR_NOACCESS, GetHandleInformation(handle, NULL));
    MUST(CloseHandle(handle));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetHandleInformation(handle, &flags));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetHandleInformation(handle, HANDLE_FLAG_INHERIT, 0));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, SetHandleInformation(self, HANDLE_FLAG_INHERIT, 0));
}

TEST(handles, handles_are_compared_by_their_objects, "D12.4e")
{
    HANDLE one = section(PAGE, PAGE_READWRITE), two = section(PAGE, PAGE_READWRITE), copy = NULL, process;

    MUST(DuplicateHandle(self, one, self, &copy, 0, FALSE, 0));
    EXPECT_OK(CompareObjectHandles(one, one));
    EXPECT_OK(CompareObjectHandles(one, copy));
    EXPECT_FAIL(ERROR_NOT_SAME_OBJECT, CompareObjectHandles(one, two));
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, GetCurrentProcessId());
    EXPECT_OK(CompareObjectHandles(process, self));
    EXPECT_FAIL(ERROR_NOT_SAME_OBJECT, CompareObjectHandles(process, one));
    MUST(CloseHandle(copy));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CompareObjectHandles(one, copy));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, CompareObjectHandles(NULL, one));
}
