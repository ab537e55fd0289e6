/* tokens.c: privileges, which a program asks for before it allocates large pages; descriptors of who may have an object. */
#include "../support/check.h"

#ifdef WINMEM_VERSION_MAJOR
#include "../support/large_pool.h"
#endif

static HANDLE must_open(DWORD access)
{
    HANDLE token = NULL;

    MUST(OpenProcessToken(GetCurrentProcess(), access, &token) && token != NULL);
    return token;
}

static TOKEN_PRIVILEGES one(const char *name, DWORD attributes)
{
    TOKEN_PRIVILEGES wanted = {.PrivilegeCount = 1, .Privileges = {{.Attributes = attributes}}};

    MUST(LookupPrivilegeValueA(NULL, name, &wanted.Privileges[0].Luid));
    return wanted;
}

TEST(tokens, numbers_of_privileges, "D18.1a")
{
    static const struct {
        const char *name;
        DWORD number;
    } some[] = {{"SeLockMemoryPrivilege", 4},          {"SeDebugPrivilege", 20},
                {"SeChangeNotifyPrivilege", 23},       {"SeManageVolumePrivilege", 28},
                {"SeIncreaseWorkingSetPrivilege", 33}, {"SECREATEglobalPRIVILEGE", 30}};
    LUID luid = {.LowPart = 0};

    for (unsigned i = 0; i < sizeof some / sizeof some[0]; i++) {
        EXPECT(LookupPrivilegeValueA(NULL, some[i].name, &luid));
        EXPECT_EQ(luid.LowPart, some[i].number);
        EXPECT_EQ(luid.HighPart, 0);
    }
    EXPECT(LookupPrivilegeValueW(NULL, L"SeLockMemoryPrivilege", &luid) && luid.LowPart == 4);
    EXPECT(LookupPrivilegeValue(NULL, SE_LOCK_MEMORY_NAME, &luid) && luid.LowPart == 4);
    EXPECT_FAIL(ERROR_NO_SUCH_PRIVILEGE, LookupPrivilegeValueA(NULL, "SeNothingPrivilege", &luid));
    EXPECT_FAIL(ERROR_NO_SUCH_PRIVILEGE, LookupPrivilegeValueA(NULL, "", &luid));
}

TEST(tokens, names_of_privileges, "D18.1b")
{
    LUID luid = {.LowPart = 4}, none = {.LowPart = 1000};
    WCHAR wide[40];
    char name[40];
    DWORD length = sizeof name;

    EXPECT(LookupPrivilegeNameA(NULL, &luid, name, &length));
    EXPECT_EQ(length, 21);
    EXPECT(strcmp(name, "SeLockMemoryPrivilege") == 0);
    length = 40;
    EXPECT(LookupPrivilegeNameW(NULL, &luid, wide, &length));
    EXPECT(length == 21 && wide[20] == L'e' && wide[21] == 0);
    length = 21;
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, LookupPrivilegeNameA(NULL, &luid, name, &length));
    EXPECT_EQ(length, 22);
    length = 40;
    EXPECT_FAIL(ERROR_NO_SUCH_PRIVILEGE, LookupPrivilegeNameA(NULL, &none, name, &length));
}

TEST(tokens, rights_of_handles, "D18.2a")
{
    HANDLE asks = must_open(TOKEN_QUERY), adjusts = must_open(TOKEN_ADJUST_PRIVILEGES);
    TOKEN_PRIVILEGES wanted = one("SeLockMemoryPrivilege", SE_PRIVILEGE_ENABLED), before;
    DWORD length;

    EXPECT_FAIL(ERROR_ACCESS_DENIED, AdjustTokenPrivileges(asks, FALSE, &wanted, 0, NULL, NULL));
    EXPECT_FAIL(ERROR_ACCESS_DENIED,
                AdjustTokenPrivileges(adjusts, FALSE, &wanted, sizeof before, &before, &length));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, GetTokenInformation(adjusts, TokenPrivileges, NULL, 0, &length));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, AdjustTokenPrivileges(adjusts, FALSE, NULL, 0, NULL, NULL));
    EXPECT_OK(CloseHandle(asks));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, GetTokenInformation(asks, TokenPrivileges, NULL, 0, &length));
    EXPECT_OK(CloseHandle(adjusts));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, OpenProcessToken(NULL, TOKEN_QUERY, &asks));
}

TEST(tokens, threads_have_none, "D18.2b")
{
    HANDLE token = NULL;

    EXPECT_FAIL(ERROR_NO_TOKEN, OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, OpenThreadToken(NULL, TOKEN_QUERY, TRUE, &token));
}

TEST(tokens, information, "D18.2c")
{
    HANDLE token = must_open(TOKEN_QUERY);
    TOKEN_PRIVILEGES *held;
    TOKEN_ELEVATION elevation;
    DWORD length = 0, again;

    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, GetTokenInformation(token, TokenPrivileges, NULL, 0, &length));
    MUST(length >= 4);
    held = malloc(length);
    EXPECT_OK(GetTokenInformation(token, TokenPrivileges, held, length, &again));
    EXPECT_EQ(again, 4 + held->PrivilegeCount * sizeof(LUID_AND_ATTRIBUTES));
    free(held);
    EXPECT_OK(GetTokenInformation(token, TokenElevation, &elevation, sizeof elevation, &length));
    EXPECT_EQ(length, 4);
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                GetTokenInformation(token, (TOKEN_INFORMATION_CLASS)1000, NULL, 0, &length));
    EXPECT_OK(CloseHandle(token));
}

TEST(tokens, what_the_token_does_not_hold, "D18.2d")
{
    HANDLE token = must_open(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    TOKEN_PRIVILEGES wanted = one("SeCreateTokenPrivilege", SE_PRIVILEGE_ENABLED), before;
    DWORD length = 0;

    SetLastError(CHECK_SENTINEL);
    EXPECT(AdjustTokenPrivileges(token, FALSE, &wanted, sizeof before, &before, &length));
    EXPECT_EQ(GetLastError(), ERROR_NOT_ALL_ASSIGNED);
    EXPECT_EQ(before.PrivilegeCount, 0);
    SetLastError(CHECK_SENTINEL);
    EXPECT(AdjustTokenPrivileges(token, TRUE, NULL, 0, NULL, NULL));
    EXPECT_EQ(GetLastError(), ERROR_SUCCESS);
    EXPECT_OK(CloseHandle(token));
}

TEST(tokens, descriptors, "D18.3a")
{
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, &descriptor, FALSE};
    HANDLE section;
    ACL list;

    EXPECT_EQ(SECURITY_DESCRIPTOR_MIN_LENGTH, 40);
    EXPECT_FAIL(ERROR_UNKNOWN_REVISION, InitializeSecurityDescriptor(&descriptor, 2));
    EXPECT_OK(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION));
    EXPECT_EQ(descriptor.Control, 0);
    EXPECT_OK(SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE));
    EXPECT(descriptor.Control == SE_DACL_PRESENT && descriptor.Dacl == NULL);
    EXPECT(IsValidSecurityDescriptor(&descriptor));
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE, 0, 4096, NULL);
    EXPECT(section != NULL);
    CloseHandle(section);
    EXPECT_OK(SetSecurityDescriptorDacl(&descriptor, TRUE, &list, TRUE));
    EXPECT(descriptor.Control == (SE_DACL_PRESENT | SE_DACL_DEFAULTED) && descriptor.Dacl == &list);
    EXPECT_OK(SetSecurityDescriptorDacl(&descriptor, FALSE, &list, TRUE));
    EXPECT(!(descriptor.Control & SE_DACL_PRESENT));
    descriptor.Revision = 7;
    EXPECT_FAIL(ERROR_UNKNOWN_REVISION, SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE));
    EXPECT(!IsValidSecurityDescriptor(&descriptor));
}

#ifdef WINMEM_VERSION_MAJOR

/* As every program does it that wants large pages. */
static DWORD ask_for_large_pages(HANDLE token, DWORD attributes)
{
    TOKEN_PRIVILEGES wanted = one("SeLockMemoryPrivilege", attributes);

    EXPECT(AdjustTokenPrivileges(token, FALSE, &wanted, 0, NULL, NULL));
    return GetLastError();
}

static DWORD attributes_told(HANDLE token)
{
    TOKEN_PRIVILEGES held = {0};
    DWORD length;

    EXPECT(GetTokenInformation(token, TokenPrivileges, &held, sizeof held, &length));
    return held.PrivilegeCount == 1 && held.Privileges[0].Luid.LowPart == 4 ? held.Privileges[0].Attributes
                                                                            : 0xff;
}

static DWORD large_page_error(void)
{
    SIZE_T bytes = GetLargePageMinimum();
    void *p = bytes == 0
                  ? NULL
                  : VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);

    if (p != NULL)
        VirtualFree(p, 0, MEM_RELEASE);
    return p != NULL ? ERROR_SUCCESS : bytes == 0 ? ERROR_PRIVILEGE_NOT_HELD : GetLastError();
}

TEST(tokens, without_a_pool_nobody_has_the_privilege, "L460")
{
    HANDLE token = must_open(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);

    if (WinmemFeature("huge_pages") && !pool_set(0, 0))
        SKIP("no right to empty the pool of large pages");
    EXPECT_EQ(ask_for_large_pages(token, SE_PRIVILEGE_ENABLED), ERROR_NOT_ALL_ASSIGNED);
    EXPECT_EQ(large_page_error(), ERROR_PRIVILEGE_NOT_HELD);
}

TEST(tokens, the_privilege_comes_with_a_pool, "L460 L461 D18.2d")
{
    HANDLE token = must_open(TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY);
    TOKEN_PRIVILEGES wanted = one("SeLockMemoryPrivilege", 0), before;
    DWORD length = 0;

    if (!WinmemFeature("huge_pages") || !pool_set(2, 0))
        SKIP("no right to make a pool of large pages, or no memory for one");
    EXPECT_EQ(attributes_told(token), 0);
    EXPECT_EQ(ask_for_large_pages(token, SE_PRIVILEGE_ENABLED), ERROR_SUCCESS);
    EXPECT_EQ(attributes_told(token), SE_PRIVILEGE_ENABLED);
    EXPECT_EQ(large_page_error(), ERROR_SUCCESS);
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER, AdjustTokenPrivileges(token, FALSE, &wanted, 4, &before, &length));
    EXPECT_EQ(length, sizeof before);
    EXPECT_EQ(attributes_told(token), SE_PRIVILEGE_ENABLED);
    EXPECT(AdjustTokenPrivileges(token, FALSE, &wanted, sizeof before, &before, &length));
    EXPECT(before.PrivilegeCount == 1 && before.Privileges[0].Attributes == SE_PRIVILEGE_ENABLED);
    EXPECT_EQ(attributes_told(token), 0);
    EXPECT(AdjustTokenPrivileges(token, FALSE, &before, 0, NULL, NULL));
    EXPECT_EQ(attributes_told(token), SE_PRIVILEGE_ENABLED);
    EXPECT(AdjustTokenPrivileges(token, TRUE, NULL, 0, NULL, NULL));
    EXPECT_EQ(attributes_told(token), 0);
    EXPECT_EQ(large_page_error(), ERROR_SUCCESS);
    EXPECT_EQ(ask_for_large_pages(token, SE_PRIVILEGE_REMOVED), ERROR_SUCCESS);
    EXPECT_EQ(ask_for_large_pages(token, SE_PRIVILEGE_ENABLED), ERROR_NOT_ALL_ASSIGNED);
}

TEST(tokens, other_machines_and_processes, "L462")
{
    HANDLE token, other;
    LUID luid;
    pid_t child = fork();

    MUST(child >= 0);
    if (child == 0) {
        pause();
        _exit(0);
    }
    EXPECT_FAIL(RPC_S_SERVER_UNAVAILABLE,
                LookupPrivilegeValueA("\\\\elsewhere", "SeLockMemoryPrivilege", &luid));
    EXPECT(LookupPrivilegeValueA("", "SeLockMemoryPrivilege", &luid));
    other = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, (DWORD)child);
    MUST(other != NULL);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, OpenProcessToken(other, TOKEN_QUERY, &token));
    EXPECT_OK(CloseHandle(other));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

TEST(tokens, bad_pointers, "L463")
{
    HANDLE token = must_open(TOKEN_ALL_ACCESS);
    TOKEN_PRIVILEGES wanted = one("SeLockMemoryPrivilege", SE_PRIVILEGE_ENABLED), before;
    void *nowhere = VirtualAlloc(NULL, 4096, MEM_RESERVE, PAGE_NOACCESS);
    DWORD length;

    EXPECT_FAIL(ERROR_NOACCESS, OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, nowhere));
    EXPECT_FAIL(ERROR_NOACCESS, LookupPrivilegeValueA(NULL, "SeLockMemoryPrivilege", nowhere));
    EXPECT_FAIL(ERROR_NOACCESS, AdjustTokenPrivileges(token, FALSE, nowhere, 0, NULL, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, AdjustTokenPrivileges(token, FALSE, &wanted, sizeof before, &before, NULL));
    EXPECT_FAIL(ERROR_NOACCESS, GetTokenInformation(token, TokenPrivileges, nowhere, 4096, &length));
    EXPECT_FAIL(ERROR_NOACCESS, InitializeSecurityDescriptor(nowhere, 1));
}

#endif
