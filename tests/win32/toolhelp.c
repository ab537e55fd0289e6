/* toolhelp.c: processes, threads, modules and heaps, as psapi.h and tlhelp32.h list them. */
#include "../support/check.h"

#include <psapi.h>
#include <tlhelp32.h>

#ifdef _WIN32
#define SLASH '\\'
#else
#define SLASH '/'
#endif

/* --- psapi --- */

TEST(toolhelp, all_processes_have_numbers, "D15.1a")
{
    static DWORD ids[65536];
    DWORD needed = 0, i, found = 0;

    EXPECT_OK(EnumProcesses(ids, sizeof ids, &needed));
    EXPECT(needed % sizeof ids[0] == 0 && needed < sizeof ids);
    for (i = 0; i < needed / sizeof ids[0]; i++)
        found += ids[i] == GetCurrentProcessId();
    EXPECT_EQ(found, 1);
    EXPECT_OK(EnumProcesses(ids, sizeof ids[0], &needed));
    EXPECT_EQ(needed, sizeof ids[0]);
}

static HMODULE modules[1024];

static DWORD must_list(void)
{
    DWORD needed = 0;

    EXPECT_OK(EnumProcessModules(GetCurrentProcess(), modules, sizeof modules, &needed));
    MUST(needed >= sizeof modules[0] && needed < sizeof modules && needed % sizeof modules[0] == 0);
    return needed / (DWORD)sizeof modules[0];
}

TEST(toolhelp, modules_of_this_process, "D15.1b")
{
    DWORD count = must_list(), needed = 0, i, found = 0;
    HMODULE one = NULL;

    EXPECT(modules[0] == GetModuleHandleA(NULL));
    for (i = 0; i < count; i++)
        found += modules[i] == modules[0];
    EXPECT_EQ(found, 1);
    EXPECT_OK(EnumProcessModules(GetCurrentProcess(), &one, sizeof one, &needed));
    EXPECT(one == modules[0]);
    EXPECT_EQ(needed, count * sizeof one);
}

TEST(toolhelp, what_a_module_is, "D15.1c")
{
    MODULEINFO info = {0};
    char path[MAX_PATH * 4], name[MAX_PATH], again[MAX_PATH * 4];
    DWORD length;

    must_list();
    EXPECT_OK(GetModuleInformation(GetCurrentProcess(), modules[0], &info, sizeof info));
    EXPECT(info.lpBaseOfDll == (LPVOID)modules[0] && info.SizeOfImage >= 0x1000 && info.EntryPoint != NULL);
    EXPECT((BYTE *)info.EntryPoint > (BYTE *)info.lpBaseOfDll &&
           (BYTE *)info.EntryPoint < (BYTE *)info.lpBaseOfDll + info.SizeOfImage);
    length = GetModuleFileNameExA(GetCurrentProcess(), modules[0], path, sizeof path);
    EXPECT_EQ(length, strlen(path));
    length = GetModuleBaseNameA(GetCurrentProcess(), modules[0], name, sizeof name);
    EXPECT_EQ(length, strlen(name));
    MUST(strrchr(path, SLASH) != NULL);
    EXPECT(strcmp(strrchr(path, SLASH) + 1, name) == 0);
    length = GetModuleFileNameExA(GetCurrentProcess(), NULL, again, sizeof again);
    EXPECT_EQ(length, strlen(path));
    EXPECT(strcmp(path, again) == 0);
    EXPECT_FAIL(ERROR_INSUFFICIENT_BUFFER,
                GetModuleInformation(GetCurrentProcess(), modules[0], &info, sizeof info - 1));
    EXPECT_FAIL(ERROR_INVALID_HANDLE,
                GetModuleInformation(GetCurrentProcess(), (HMODULE)(uintptr_t)0x1230000, &info, sizeof info));
}

TEST(toolhelp, a_wide_name_is_the_same, "D15.1c")
{
    WCHAR wide[MAX_PATH];
    char name[MAX_PATH];
    DWORD length = GetModuleBaseNameW(GetCurrentProcess(), NULL, wide, MAX_PATH), i;

    EXPECT_EQ(GetModuleBaseNameA(GetCurrentProcess(), NULL, name, sizeof name), length);
    for (i = 0; i <= length; i++)
        EXPECT_EQ(wide[i], (unsigned char)name[i]);
}

/* --- snapshots --- */

static HANDLE must_take(DWORD flags)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(flags, 0);

    MUST(snapshot != INVALID_HANDLE_VALUE);
    return snapshot;
}

TEST(toolhelp, a_snapshot_of_processes, "D15.2a")
{
    HANDLE snapshot = must_take(TH32CS_SNAPPROCESS);
    PROCESSENTRY32 entry = {0};
    int found = 0, count = 0;

    entry.dwSize = sizeof entry;
    MUST(Process32First(snapshot, &entry));
    do {
        count++;
        if (entry.th32ProcessID != GetCurrentProcessId())
            continue;
        found++;
        EXPECT(entry.cntThreads >= 1 && entry.szExeFile[0] != '\0');
        EXPECT_EQ(entry.dwSize, sizeof entry);
#ifndef _WIN32
        EXPECT_EQ(entry.th32ParentProcessID, getppid());
#endif
    } while (Process32Next(snapshot, &entry));
    EXPECT_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    EXPECT(found == 1 && count > 1);
    EXPECT_FAIL(ERROR_NO_MORE_FILES, Process32Next(snapshot, &entry));
    EXPECT_OK(Process32First(snapshot, &entry));
    EXPECT_OK(CloseHandle(snapshot));
}

TEST(toolhelp, wide_entries, "D15.2a")
{
    HANDLE snapshot = must_take(TH32CS_SNAPPROCESS | TH32CS_SNAPMODULE);
    PROCESSENTRY32W process = {0};
    MODULEENTRY32W module = {0};
    MODULEENTRY32 narrow = {0};
    int i, found = 0;

    process.dwSize = sizeof process;
    module.dwSize = sizeof module;
    narrow.dwSize = sizeof narrow;
    MUST(Process32FirstW(snapshot, &process));
    do
        found += process.th32ProcessID == GetCurrentProcessId();
    while (Process32NextW(snapshot, &process));
    EXPECT_EQ(found, 1);
    MUST(Module32FirstW(snapshot, &module) && Module32First(snapshot, &narrow));
    EXPECT(module.hModule == narrow.hModule && module.modBaseSize == narrow.modBaseSize);
    for (i = 0; narrow.szModule[i] != '\0'; i++)
        EXPECT_EQ(module.szModule[i], (unsigned char)narrow.szModule[i]);
    for (i = 0; narrow.szExePath[i] != '\0'; i++)
        EXPECT_EQ(module.szExePath[i], (unsigned char)narrow.szExePath[i]);
    EXPECT_OK(Module32NextW(snapshot, &module));
    EXPECT_OK(CloseHandle(snapshot));
}

static int threads_go_on = 1;

static void wait_a_while(void *unused)
{
    (void)unused;
    while (ATOMIC_GET(threads_go_on))
        check_sleep(1);
}

TEST(toolhelp, a_snapshot_of_threads, "D15.2b")
{
    THREADENTRY32 entry = {0};
    struct check_thread thread;
    HANDLE snapshot;
    int count = 0;

    thread_start(&thread, wait_a_while, NULL);
    snapshot = must_take(TH32CS_SNAPTHREAD);
    entry.dwSize = sizeof entry;
    MUST(Thread32First(snapshot, &entry));
    do
        count += entry.th32OwnerProcessID == GetCurrentProcessId() && entry.th32ThreadID != 0;
    while (Thread32Next(snapshot, &entry));
    EXPECT_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    EXPECT(count >= 2);
    ATOMIC_SET(threads_go_on, 0);
    thread_join(&thread);
    EXPECT_OK(CloseHandle(snapshot));
}

TEST(toolhelp, a_snapshot_of_modules, "D15.2c")
{
    HANDLE snapshot = must_take(TH32CS_SNAPMODULE);
    MODULEENTRY32 entry = {0};
    int count = 0;

    entry.dwSize = sizeof entry;
    MUST(Module32First(snapshot, &entry));
    EXPECT(entry.hModule == GetModuleHandleA(NULL) && entry.modBaseAddr == (BYTE *)entry.hModule);
    EXPECT_EQ(entry.th32ProcessID, GetCurrentProcessId());
    do {
        count++;
        EXPECT(entry.modBaseSize >= 0x1000 && entry.szModule[0] != '\0');
        EXPECT(strstr(entry.szExePath, entry.szModule) != NULL);
    } while (Module32Next(snapshot, &entry));
    EXPECT_EQ(GetLastError(), ERROR_NO_MORE_FILES);
    EXPECT(count >= 1);
    EXPECT_OK(CloseHandle(snapshot));
}

TEST(toolhelp, a_snapshot_of_heaps, "D15.2d")
{
    HANDLE heap = HeapCreate(0, 0, 0), snapshot = must_take(TH32CS_SNAPHEAPLIST);
    HEAPLIST32 entry = {0};
    int defaults = 0, found = 0;

    entry.dwSize = sizeof entry;
    MUST(Heap32ListFirst(snapshot, &entry));
    do {
        EXPECT_EQ(entry.th32ProcessID, GetCurrentProcessId());
        defaults += (entry.dwFlags & HF32_DEFAULT) != 0;
        found += entry.th32HeapID == (ULONG_PTR)heap;
    } while (Heap32ListNext(snapshot, &entry));
    EXPECT_EQ(defaults, 1);
    EXPECT_EQ(found, 1);
    EXPECT_OK(CloseHandle(snapshot));
    EXPECT_OK(HeapDestroy(heap));
}

TEST(toolhelp, a_snapshot_has_what_was_asked_for, "D15.2e")
{
    HANDLE snapshot = must_take(TH32CS_SNAPTHREAD);
    PROCESSENTRY32 entry = {0};

    entry.dwSize = sizeof entry;
    EXPECT_FAIL(ERROR_NO_MORE_FILES, Process32First(snapshot, &entry));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, Process32First(NULL, &entry));
    EXPECT_OK(CloseHandle(snapshot));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, Process32First(snapshot, &entry));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, 0x7ffffffc) != INVALID_HANDLE_VALUE);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(toolhelp, what_is_wrong_is_refused, "L373")
{
    HANDLE snapshot = must_take(TH32CS_SNAPALL),
           section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 1, NULL);
    PROCESSENTRY32 entry = {0};
    DWORD needed;

    EXPECT_FAIL(ERROR_BAD_LENGTH, Process32First(snapshot, &entry));
    EXPECT_FAIL(ERROR_NOACCESS, Process32First(snapshot, NULL));
    entry.dwSize = sizeof entry;
    EXPECT_FAIL(ERROR_INVALID_HANDLE, Process32First(section, &entry));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, CreateToolhelp32Snapshot(0, 0) != INVALID_HANDLE_VALUE);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED,
                CreateToolhelp32Snapshot(TH32CS_SNAPHEAPLIST, 1) != INVALID_HANDLE_VALUE);
    EXPECT_FAIL(ERROR_NOACCESS, EnumProcesses(NULL, 40, &needed));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                EnumProcessModulesEx(GetCurrentProcess(), modules, sizeof modules, &needed, 9));
    EXPECT_OK(
        EnumProcessModulesEx(GetCurrentProcess(), modules, sizeof modules, &needed, LIST_MODULES_32BIT));
    EXPECT_EQ(needed, 0);
}

/* A process that does not use the library; its snapshot stays what it was. */
TEST(toolhelp, of_another_process, "L373")
{
    MODULEENTRY32 entry = {.dwSize = sizeof entry};
    pid_t parent = getpid(), pid = fork();
    HANDLE snapshot, process;
    HMODULE first = NULL;
    MODULEINFO info;
    char path[MAX_PATH];
    DWORD needed;

    if (pid == 0) {
        while (getppid() == parent)
            pause();
        _exit(0);
    }
    snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, (DWORD)pid);
    MUST(snapshot != INVALID_HANDLE_VALUE && Module32First(snapshot, &entry));
    EXPECT_EQ(entry.th32ProcessID, pid);
    EXPECT(entry.hModule == GetModuleHandleA(NULL)); /* it is a copy of this one */
    process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, (DWORD)pid);
    EXPECT_OK(EnumProcessModules(process, &first, sizeof first, &needed));
    EXPECT_OK(GetModuleInformation(process, first, &info, sizeof info));
    EXPECT(first == entry.hModule && info.SizeOfImage == entry.modBaseSize);
    EXPECT(GetModuleFileNameExA(process, NULL, path, sizeof path) > 0 && strcmp(path, entry.szExePath) == 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    EXPECT_OK(Module32First(snapshot, &entry));
}

#endif
