/*
 * GetModuleHandle, GetModuleHandleEx, LoadLibrary, FreeLibrary, GetProcAddress: the way in which
 * most programs find VirtualAlloc2 and MapViewOfFile3.
 */
#include "api.h"

#ifdef __linux__
#include <dlfcn.h>
#endif

typedef PVOID(WINAPI *alloc2_fn)(HANDLE, PVOID, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *, ULONG);

static uintptr_t code_address(FARPROC function)
{
    uintptr_t address;

    memcpy(&address, &function, sizeof address);
    return address;
}

static HMODULE module_of(const void *address)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    MUST(VirtualQuery(address, &mbi, sizeof mbi) == sizeof mbi);
    return (HMODULE)mbi.AllocationBase;
}

TEST(module, the_system_libraries_are_there, "D12.9a")
{
    EXPECT_OK(GetModuleHandleA("kernel32.dll"));
    EXPECT_OK(GetModuleHandleA("kernelbase.dll"));
    EXPECT_OK(GetModuleHandleA("ntdll.dll"));
    EXPECT_OK(GetModuleHandleW(L"kernel32.dll"));
    EXPECT_OK(GetModuleHandleW(L"kernelbase.dll"));
    EXPECT_OK(GetModuleHandleW(L"ntdll.dll"));
}

TEST(module, api_set_names_are_there, "D12.9a")
{
    HMODULE module = LoadLibraryA("api-ms-win-core-memory-l1-1-6.dll");

    if (module == NULL)
        module = GetModuleHandleA("api-ms-win-core-memory-l1-1-6.dll");
    MUST(module != NULL);
    EXPECT(GetProcAddress(module, "VirtualAlloc2") != NULL);
    EXPECT(GetModuleHandleW(L"api-ms-win-core-memory-l1-1-6.dll") != NULL);
}

TEST(module, names_ignore_case_and_may_lack_the_extension, "D12.9a")
{
    HMODULE module = GetModuleHandleA("kernel32.dll");

    EXPECT_EQ(GetModuleHandleA("KERNEL32.DLL"), module);
    EXPECT_EQ(GetModuleHandleA("Kernel32.dll"), module);
    EXPECT_EQ(GetModuleHandleA("kernel32"), module);
    EXPECT_EQ(GetModuleHandleW(L"KernelBase.DLL"), GetModuleHandleA("kernelbase"));
}

TEST(module, an_unknown_module, "D12.9b")
{
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, GetModuleHandleA("no-such-module-at-all.dll"));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, GetModuleHandleW(L"no-such-module-at-all.dll"));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, LoadLibraryA("no-such-module-at-all.dll"));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, LoadLibraryW(L"no-such-module-at-all.dll"));
}

TEST(module, an_unknown_function, "D12.9c")
{
    HMODULE module = GetModuleHandleA("kernel32.dll");

    EXPECT_FAIL(ERROR_PROC_NOT_FOUND, code_address(GetProcAddress(module, "NoSuchFunctionAtAll")));
    EXPECT_FAIL(ERROR_PROC_NOT_FOUND, code_address(GetProcAddress(module, "virtualalloc")));
    EXPECT_FAIL(ERROR_PROC_NOT_FOUND, code_address(GetProcAddress(module, "")));
}

TEST(module, virtualalloc2_is_found_and_works, "D12.9d S7")
{
    HMODULE module = GetModuleHandleA("kernelbase.dll");
    alloc2_fn alloc2;
    BYTE *p;

    EXPECT_OK(code_address(GetProcAddress(module, "VirtualAlloc2")));
    alloc2 = (alloc2_fn)(void (*)(void))GetProcAddress(module, "VirtualAlloc2");
    MUST(alloc2 != NULL);
    p = alloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, NULL, 0);
    MUST(p != NULL);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT);
}

TEST(module, a_function_that_was_looked_up_is_the_function, "D12.9d")
{
    typedef SIZE_T(WINAPI * query_fn)(LPCVOID, PMEMORY_BASIC_INFORMATION, SIZE_T);
    query_fn query =
        (query_fn)(void (*)(void))GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualQuery");
    MEMORY_BASIC_INFORMATION mbi;
    BYTE *p = reserve(GRAIN);

    MUST(query != NULL);
    EXPECT_RETURNS(sizeof mbi, query(p, &mbi, sizeof mbi));
    EXPECT_EQ(mbi.AllocationBase, p);
    EXPECT_FAIL(ERROR_BAD_LENGTH, query(p, &mbi, 1));
}

/* By their names, from the module where programs look for them. */
TEST(module, all_functions_are_found, "D12.9d")
{
    static const char *const kernel32[] = {
        "VirtualAlloc",       "VirtualAllocEx",    "VirtualAllocExNuma",    "VirtualFree",
        "VirtualFreeEx",      "VirtualProtect",    "VirtualProtectEx",      "VirtualQuery",
        "VirtualQueryEx",     "GetSystemInfo",     "GetNativeSystemInfo",   "GetLastError",
        "SetLastError",       "GetCurrentProcess", "GetCurrentProcessId",   "OpenProcess",
        "DuplicateHandle",    "CloseHandle",       "FlushInstructionCache", "CreateFileMappingA",
        "CreateFileMappingW", "MapViewOfFile",     "MapViewOfFileEx",       "UnmapViewOfFile",
        "GetModuleHandleA",   "GetModuleHandleW",  "GetModuleHandleExA",    "GetModuleHandleExW",
        "LoadLibraryA",       "LoadLibraryW",      "FreeLibrary",           "GetProcAddress"};
    static const char *const kernelbase[] = {
#ifndef _WIN32 /* which of these a Windows has depends on its age */
        "VirtualAlloc2FromApp",  "VirtualProtectFromApp",
        "MapViewOfFile3FromApp", "QueryVirtualMemoryInformation",
#endif
        "VirtualAlloc2",         "VirtualAllocFromApp",
        "MapViewOfFile3",        "UnmapViewOfFile2",
        "UnmapViewOfFileEx"};
    size_t i;

    for (i = 0; i < sizeof kernel32 / sizeof kernel32[0]; i++)
        if (!GetProcAddress(GetModuleHandleA("kernel32.dll"), kernel32[i]))
            check_fail(__FILE__, __LINE__, "kernel32.dll has no %s", kernel32[i]);
    for (i = 0; i < sizeof kernelbase / sizeof kernelbase[0]; i++)
        if (!GetProcAddress(GetModuleHandleA("kernelbase.dll"), kernelbase[i]))
            check_fail(__FILE__, __LINE__, "kernelbase.dll has no %s", kernelbase[i]);
}

TEST(module, the_allocation_base_of_a_function_is_a_module_handle, "L119 O78")
{
    FARPROC function = GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualAlloc");
    HMODULE module = module_of((void *)code_address(function));

    MUST(module != NULL);
    EXPECT_OK(code_address(GetProcAddress(module, "VirtualAlloc")));
    EXPECT_FAIL(ERROR_PROC_NOT_FOUND, code_address(GetProcAddress(module, "NoSuchFunctionAtAll")));
}

TEST(module, a_module_is_found_by_an_address_in_it, "D12.9e")
{
    uintptr_t code = code_address(GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualFree"));
    HMODULE a = NULL, w = NULL;
    DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;

    EXPECT_OK(GetModuleHandleExA(flags, (LPCSTR)code, &a));
    EXPECT_OK(GetModuleHandleExW(flags, (LPCWSTR)code, &w));
    EXPECT(a != NULL && a == w);
    EXPECT(GetProcAddress(a, "VirtualFree") != NULL);
}

TEST(module, an_address_in_no_module, "D12.9e D12.9b")
{
    HMODULE module = (HMODULE)8;
    BYTE *p = commit(PAGE, PAGE_READWRITE);

    EXPECT_FAIL(ERROR_MOD_NOT_FOUND,
                GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCSTR)p, &module));
    EXPECT_EQ(module, NULL);
}

TEST(module, ex_finds_modules_by_name, "D12.9a D12.9b")
{
    HMODULE module = NULL;

    EXPECT_OK(GetModuleHandleExA(0, "kernel32.dll", &module));
    EXPECT_EQ(module, GetModuleHandleA("kernel32.dll"));
    EXPECT_OK(FreeLibrary(module));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, GetModuleHandleExA(0, "no-such-module-at-all.dll", &module));
    EXPECT_EQ(module, NULL);
}

TEST(module, the_program_is_the_module_without_a_name, "D12.9f O78")
{
    static int in_the_program;
    HMODULE program = GetModuleHandleA(NULL), found = NULL;

    MUST(program != NULL);
    EXPECT_EQ(GetModuleHandleW(NULL), program);
    EXPECT_OK(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                     GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                                 (LPCSTR)&in_the_program, &found));
    EXPECT_EQ(found, program);
    EXPECT_EQ(module_of(&in_the_program), program);
}

TEST(module, loading_a_system_library_and_letting_it_go, "D12.9g")
{
    HMODULE module = LoadLibraryA("kernelbase.dll"), wide = LoadLibraryW(L"kernelbase.dll");

    MUST(module != NULL);
    EXPECT_EQ(module, wide);
    EXPECT_EQ(module, GetModuleHandleA("kernelbase.dll"));
    EXPECT_RETURNS(TRUE, FreeLibrary(module));
    EXPECT_OK(FreeLibrary(module));
    EXPECT(GetModuleHandleA("kernelbase.dll") != NULL); /* the library itself stays */
    EXPECT(GetProcAddress(GetModuleHandleA("kernelbase.dll"), "VirtualAlloc2") != NULL);
}

TEST(module, loading_with_flags, "L571")
{
    HMODULE module = LoadLibraryExA("kernel32.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32),
            wide = LoadLibraryExW(L"kernel32.dll", NULL, 0);

    MUST(module != NULL);
    EXPECT_EQ(module, wide);
    EXPECT_OK(FreeLibrary(module));
    EXPECT_OK(FreeLibrary(wide));
    EXPECT_FAIL(ERROR_MOD_NOT_FOUND, LoadLibraryExA("no-such-module-at-all.dll", NULL, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, LoadLibraryExA("kernel32.dll", (HANDLE)4, 0));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, LoadLibraryExA("kernel32.dll", NULL, 0x80000000));
    EXPECT_FAIL(
        ERROR_INVALID_PARAMETER,
        LoadLibraryExA("kernel32.dll", NULL, LOAD_WITH_ALTERED_SEARCH_PATH | LOAD_LIBRARY_SEARCH_SYSTEM32));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                LoadLibraryExA("kernel32.dll", NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR));
#ifdef WINMEM_VERSION_MAJOR
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, LoadLibraryExA("kernel32.dll", NULL, LOAD_LIBRARY_AS_DATAFILE));
#endif
}

#ifdef __linux__
TEST(module, shared_objects_are_loaded_like_libraries, "L120")
{
    HMODULE module = LoadLibraryA("libm.so.6"), wide = LoadLibraryW(L"libm.so.6");
    double (*cosine)(double);

    MUST(module && wide);
    cosine = (double (*)(double))(void (*)(void))GetProcAddress(module, "cos");
    MUST(cosine != NULL);
    EXPECT(cosine(0.0) == 1.0);
    EXPECT_FAIL(ERROR_PROC_NOT_FOUND, code_address(GetProcAddress(module, "no_such_function")));
    EXPECT_OK(FreeLibrary(module));
    EXPECT_OK(FreeLibrary(wide));
}

TEST(module, a_shared_object_is_found_by_an_address_in_it, "L120 D12.9e")
{
    void *code = dlsym(RTLD_DEFAULT, "strtoul");
    HMODULE module = NULL;

    EXPECT_OK(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCSTR)code, &module));
    MUST(module != NULL);
    EXPECT_EQ(code_address(GetProcAddress(module, "strtoul")), code);
    EXPECT_OK(FreeLibrary(module));
}
#endif
