/*
 * Handles to this process: the pseudo handle, real ones, and the rights that each function needs.
 */
#include "api.h"

TEST(process, the_pseudo_handle_is_minus_one, "D12.3a")
{
    EXPECT_EQ(GetCurrentProcess(), ~(uintptr_t)0);
    EXPECT_EQ(GetCurrentProcess(), INVALID_HANDLE_VALUE);
}

TEST(process, the_process_id_is_the_systems, "D12.3b")
{
    EXPECT_EQ(GetCurrentProcessId(), GetCurrentProcessId());
    EXPECT(GetCurrentProcessId() != 0);
#ifdef __linux__
    EXPECT_EQ(GetCurrentProcessId(), getpid());
#endif
}

TEST(process, opening_itself, "S110 D12.3e O205")
{
    HANDLE handle;

    SetLastError(CHECK_SENTINEL);
    handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, GetCurrentProcessId());
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    MUST(handle != NULL);
    EXPECT_OK(VirtualAllocEx(handle, NULL, PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_OK(CloseHandle(handle));
}

TEST(process, opening_process_zero_fails, "D12.3d")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_ALL_ACCESS, FALSE, 0));
}

TEST(process, opening_a_process_that_does_not_exist_fails, "D12.3d")
{
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, OpenProcess(PROCESS_VM_OPERATION, FALSE, 0x7FFFFFF0));
}

TEST(process, vm_operation_suffices_to_change_memory, "O204 S8 S83 S136")
{
    HANDLE handle = self_with(PROCESS_VM_OPERATION);
    BYTE *p = VirtualAllocEx(handle, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    BYTE *q = VirtualAlloc2(handle, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, NULL, 0);
    DWORD old = 0;

    MUST(p && q);
    EXPECT_OK(VirtualProtectEx(handle, p, PAGE, PAGE_READONLY, &old));
    EXPECT_OK(VirtualFreeEx(handle, p, 0, MEM_RELEASE));
    EXPECT_OK(VirtualAllocExNuma(handle, q, PAGE, MEM_COMMIT, PAGE_READWRITE, 0));
}

TEST(process, without_vm_operation_nothing_is_changed, "O204 S8 S83 S136")
{
    HANDLE handle = self_with(PROCESS_VM_READ | PROCESS_VM_WRITE | PROCESS_QUERY_INFORMATION);
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    DWORD old = 0;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(handle, NULL, PAGE, MEM_RESERVE, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocExNuma(handle, NULL, PAGE, MEM_RESERVE, PAGE_READWRITE, 0));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAlloc2(handle, NULL, PAGE, MEM_RESERVE, PAGE_READWRITE, NULL, 0));
    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualFreeEx(handle, p, 0, MEM_RELEASE)));
    EXPECT_NO_CHANGE(
        p, GRAIN, EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualProtectEx(handle, p, PAGE, PAGE_READONLY, &old)));
}

TEST(process, fromapp_needs_vm_operation_too, "S83 O204")
{
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAlloc2FromApp(self_with(PROCESS_VM_READ), NULL, PAGE, MEM_RESERVE,
                                                          PAGE_READWRITE, NULL, 0));
}

TEST(process, mapping_a_view_needs_vm_operation, "O186 O204")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, MapViewOfFile3(handle, self_with(PROCESS_QUERY_INFORMATION), NULL, 0, 0,
                                                    0, PAGE_READWRITE, NULL, 0));
    p = MapViewOfFile3(handle, self_with(PROCESS_VM_OPERATION), NULL, 0, 0, 0, PAGE_READWRITE, NULL, 0);
    MUST(p != NULL);
    EXPECT_NO_CHANGE(
        p, GRAIN,
        EXPECT_FAIL(ERROR_ACCESS_DENIED, UnmapViewOfFile2(self_with(PROCESS_QUERY_INFORMATION), p, 0)));
    EXPECT_OK(UnmapViewOfFile2(self_with(PROCESS_VM_OPERATION), p, 0));
}

TEST(process, either_query_right_suffices_to_query, "O79 S128")
{
    static const DWORD rights[] = {PROCESS_QUERY_INFORMATION, PROCESS_QUERY_LIMITED_INFORMATION,
                                   PROCESS_ALL_ACCESS};
    MEMORY_BASIC_INFORMATION mbi;
    BYTE *p = commit(PAGE, PAGE_READWRITE);
    size_t i;

    for (i = 0; i < 3; i++)
        EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(self_with(rights[i]), p, &mbi, sizeof mbi));
}

TEST(process, without_a_query_right_nothing_is_told, "O79")
{
    MEMORY_BASIC_INFORMATION mbi, before;
    HANDLE handle = self_with(PROCESS_VM_OPERATION | PROCESS_VM_READ);

    memset(&mbi, 0xEE, sizeof mbi);
    before = mbi;
    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualQueryEx(handle, &mbi, &mbi, sizeof mbi));
    EXPECT(memcmp(&mbi, &before, sizeof mbi) == 0);
}

TEST(process, region_information_needs_a_query_right, "O79 O80")
{
    WIN32_MEMORY_REGION_INFORMATION info;
    BYTE *p = commit(PAGE, PAGE_READWRITE);

    EXPECT_OK(QueryVirtualMemoryInformation(self_with(PROCESS_QUERY_INFORMATION), p, MemoryRegionInfo, &info,
                                            sizeof info, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                QueryVirtualMemoryInformation(self_with(PROCESS_VM_OPERATION), p, MemoryRegionInfo, &info,
                                              sizeof info, NULL));
}

TEST(process, a_handle_has_the_rights_it_was_opened_with, "D12.3c O204 O79")
{
    HANDLE query = self_with(PROCESS_QUERY_LIMITED_INFORMATION);
    MEMORY_BASIC_INFORMATION mbi;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, VirtualAllocEx(query, NULL, PAGE, MEM_RESERVE, PAGE_READWRITE));
    EXPECT_OK(VirtualQueryEx(query, &mbi, &mbi, sizeof mbi));
    EXPECT_OK(CloseHandle(query));
}

TEST(process, duplicating_needs_dup_handle, "D12.4c")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE), copy = NULL;
    HANDLE with = self_with(PROCESS_DUP_HANDLE), without = self_with(PROCESS_VM_OPERATION);

    EXPECT_OK(DuplicateHandle(with, handle, with, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DuplicateHandle(without, handle, GetCurrentProcess(), &copy, 0, FALSE,
                                                     DUPLICATE_SAME_ACCESS));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, DuplicateHandle(GetCurrentProcess(), handle, without, &copy, 0, FALSE,
                                                     DUPLICATE_SAME_ACCESS));
}

TEST(process, parameters_of_ex_functions_follow_the_local_rules, "O205")
{
    HANDLE handle = self_with(PROCESS_VM_OPERATION);
    BYTE *p = VirtualAllocEx(handle, NULL, 0xFFFC, MEM_RESERVE, PAGE_NOACCESS);
    DWORD old;

    EXPECT_REGION(p, .size = 0x10000, .state = MEM_RESERVE);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtectEx(handle, p, PAGE, PAGE_READONLY, &old));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(handle, p, 0, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualFreeEx(handle, p, GRAIN, MEM_RELEASE));
    EXPECT_OK(VirtualFreeEx(handle, p, 0, MEM_RELEASE));
}
