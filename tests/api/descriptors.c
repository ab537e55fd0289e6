/*
 * descriptors.c: a program without standard descriptors still writes to them. None of the library's may be one of
 * the three, or its lines would go into sections and into memory.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <errno.h>
#include <fcntl.h>
#include <psapi.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { STANDARD = 3, SAVED = 200 };

/* --- everything that opens something --- */

static void resets(void)
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD old;

    if (p == NULL)
        return;
    p[0] = 1;
    VirtualAlloc(p, GRAIN, MEM_RESET, PAGE_READWRITE);
    VirtualAlloc(p, GRAIN, MEM_RESET_UNDO, PAGE_READWRITE);
    VirtualProtect(p, GRAIN, PAGE_READONLY, &old);
    VirtualAlloc(p, GRAIN, MEM_RESET, PAGE_READWRITE);
    VirtualAlloc(p, GRAIN, MEM_RESET_UNDO, PAGE_READWRITE);
    OfferVirtualMemory(p, GRAIN, VmOfferPriorityLow);
    ReclaimVirtualMemory(p, GRAIN);
    VirtualFree(p, 0, MEM_RELEASE);
}

static void watches(void)
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD granularity;

    GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, GRAIN, pages, &count, &granularity);
    VirtualFree(p, 0, MEM_RELEASE);
}

#define NAME_OF_TEST "winmem-test-descriptors"

/* The sections stay: they are what may not be written to. */
static void shares(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL);
    HANDLE reserved =
        CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, GRAIN, NULL);
    BYTE *view = section == NULL ? NULL : MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    BYTE *copy = section == NULL ? NULL : MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    HANDLE named = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NAME_OF_TEST),
           found = OpenFileMappingA(FILE_MAP_READ, FALSE, NAME_OF_TEST), other_one = NULL;
    DWORD old;

    CloseHandle(found);
    CloseHandle(named);
    DuplicateHandle(GetCurrentProcess(), section, GetCurrentProcess(), &other_one, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    if (copy != NULL)
        copy[0] = 1;
    VirtualProtect(copy, PAGE, PAGE_READONLY, &old);
    VirtualAlloc(view, PAGE, MEM_COMMIT, PAGE_READWRITE);
    (void)reserved;
}

/* Memory that is not the library's, also of a forked child. */
#define CODE ((PVOID)(uintptr_t)asks)

/* A sanitizer's shadow has terabytes: entry by entry that takes minutes. */
#if defined(CHECK_THREAD_SANITIZER) || defined(__SANITIZE_ADDRESS__)
#define IN_A_SMALL_SPACE false
#else
#define IN_A_SMALL_SPACE true
#endif

static void asks(void)
{
    MEMORY_BASIC_INFORMATION mbi;
    PSAPI_WORKING_SET_EX_INFORMATION page = {.VirtualAddress = CODE};
    BYTE buffer[4096];
    char name[300];
    SIZE_T got;

    VirtualQuery(CODE, &mbi, sizeof mbi);
    VirtualQuery(&mbi, &mbi, sizeof mbi);
    GetMappedFileNameA(GetCurrentProcess(), CODE, name, sizeof name);
    QueryWorkingSetEx(GetCurrentProcess(), &page, sizeof page);
    if (IN_A_SMALL_SPACE || WinmemFeature("pagemap_scan"))
        QueryWorkingSet(GetCurrentProcess(), buffer, sizeof buffer);
    IsBadReadPtr(CODE, 100);
    ReadProcessMemory(GetCurrentProcess(), CODE, name, 100, &got);
    WriteProcessMemory(GetCurrentProcess(), name, CODE, 100, &got);
}

static void counts(void)
{
    MEMORYSTATUSEX status = {.dwLength = sizeof status};
    PROCESS_MEMORY_COUNTERS counters;
    HANDLE low = CreateMemoryResourceNotification(LowMemoryResourceNotification);
    ULONGLONG amount;
    SIZE_T least, most;
    ULONG node;
    BOOL state;

    GlobalMemoryStatusEx(&status);
    GetPhysicallyInstalledSystemMemory(&amount);
    GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters);
    GetProcessWorkingSetSize(GetCurrentProcess(), &least, &most);
    GetNumaHighestNodeNumber(&node);
    GetNumaAvailableMemoryNodeEx(0, &amount);
    GetLargePageMinimum();
    QueryMemoryResourceNotification(low, &state);
    CloseHandle(low);
}

static void locks(void)
{
    static char own[2 * 4096];
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    VirtualLock(p, PAGE);
    VirtualUnlock(p, PAGE);
    VirtualLock(own, PAGE);
    VirtualUnlock(own, PAGE);
    VirtualFree(p, 0, MEM_RELEASE);
}

static void takes_physical_pages(void)
{
    ULONG_PTR pages[4], count = 4;
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);

    if (!AllocateUserPhysicalPages(GetCurrentProcess(), &count, pages))
        return;
    MapUserPhysicalPages(p, 4, pages);
    MapUserPhysicalPages(p, 4, NULL);
    FreeUserPhysicalPages(GetCurrentProcess(), &count, pages);
}

static void takes_large_pages(void)
{
    VirtualFree(VirtualAlloc(NULL, 2 * MiB, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE), 0,
                MEM_RELEASE);
}

static int other; /* which lives as this process does */

static void works_elsewhere(void)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL);
    MEMORY_BASIC_INFORMATION mbi;
    BYTE *p = VirtualAllocEx(process, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    char name[300];
    SIZE_T got;
    DWORD code;

    VirtualQueryEx(process, p, &mbi, sizeof mbi);
    VirtualQueryEx(process, CODE, &mbi, sizeof mbi);
    GetMappedFileNameA(process, CODE, name, sizeof name);
    ReadProcessMemory(process, CODE, name, 100, &got);
    WriteProcessMemory(process, p, name, 100, &got);
    MapViewOfFile2(section, process, 0, NULL, 0, 0, PAGE_READWRITE);
    GetExitCodeProcess(process, &code);
    WaitForSingleObject(process, 1);
    VirtualFreeEx(process, p, 0, MEM_RELEASE);
    CloseHandle(process);
}

static const struct {
    const char *name;
    void (*run)(void);
} users[] = {
    {"resets", resets},
    {"watches", watches},
    {"shares", shares},
    {"asks", asks},
    {"counts", counts},
    {"locks", locks},
    {"takes_physical_pages", takes_physical_pages},
    {"takes_large_pages", takes_large_pages},
    {"works_elsewhere", works_elsewhere},
};

enum { USERS = sizeof users / sizeof users[0] };

/* --- without the three --- */

static void close_standard(void)
{
    for (int fd = 0; fd < STANDARD; fd++) {
        MUST(fcntl(fd, F_DUPFD, SAVED) >= 0);
        close(fd);
    }
}

static void open_standard(void)
{
    for (int fd = 0; fd < STANDARD; fd++)
        dup2(SAVED + fd, fd);
}

static unsigned standard_in(pid_t pid)
{
    unsigned found = 0;
    char path[40];
    struct stat st;

    for (int fd = 0; fd < STANDARD; fd++) {
        snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
        found |= lstat(path, &st) == 0 ? 1u << fd : 0;
    }
    return found;
}

static void use_all(unsigned *found, unsigned *found_there)
{
    for (size_t i = 0; i < USERS; i++) {
        users[i].run();
        found[i] = standard_in(getpid());
        found_there[i] = other == 0 ? 0 : standard_in(other);
    }
}

static void expect_none(const unsigned *found, const unsigned *found_there)
{
    for (size_t i = 0; i < USERS; i++) {
        if (found[i] != 0)
            check_fail(__FILE__, __LINE__, "%s leaves standard descriptors open: 0x%x", users[i].name,
                       found[i]);
        if (found_there[i] != 0)
            check_fail(__FILE__, __LINE__, "%s leaves standard descriptors open elsewhere: 0x%x",
                       users[i].name, found_there[i]);
    }
}

static pid_t start_other(bool knows_the_library)
{
    pid_t parent = getpid(), pid = fork();

    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    alarm(30);
    for (int fd = 0; fd < STANDARD; fd++)
        close(fd);
    if (knows_the_library)
        VirtualAlloc(NULL, PAGE, MEM_RESERVE, PAGE_NOACCESS);
    for (;;)
        check_sleep(10);
}

static void live_without(bool knows_the_library)
{
    unsigned found[USERS], found_there[USERS];

    other = start_other(knows_the_library);
    for (int i = 0; i < 10000 && standard_in(other) != 0; i++)
        check_sleep(1);
    close_standard();
    use_all(found, found_there);
    open_standard();
    expect_none(found, found_there);
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
}

TEST(descriptors, none_is_a_standard_one, "L142")
{
    live_without(true);
}

TEST(descriptors, none_is_a_standard_one_of_a_stranger, "L142")
{
    live_without(false);
}

TEST(descriptors, a_line_of_a_log_goes_into_no_section, "L142")
{
    HANDLE section;
    char *view;

    close_standard();
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, PAGE, NULL);
    view = section == NULL ? NULL : MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    for (int fd = 0; fd < STANDARD; fd++)
        (void)!write(fd, "a line of a log\n", 16);
    open_standard();
    MUST(view != NULL);
    EXPECT(all_zero(view, PAGE));
}

/* Nothing but the three can be had: what needs a descriptor fails or does without, and they stay free. */
TEST(descriptors, nothing_but_standard_ones_is_left, "L142")
{
    unsigned found[USERS] = {0}, found_there[USERS] = {0};
    struct rlimit limit;
    BYTE *p;

    close_standard();
    MUST(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit.rlim_cur = STANDARD;
    MUST(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    for (size_t i = 0; i < USERS; i++) {
        users[i].run();
        for (int fd = 0; fd < STANDARD; fd++)
            found[i] |= fcntl(fd, F_GETFD) >= 0 ? 1u << fd : 0;
    }
    limit.rlim_cur = limit.rlim_max < 1024 ? limit.rlim_max : 1024;
    setrlimit(RLIMIT_NOFILE, &limit);
    open_standard();
    expect_none(found, found_there);
    EXPECT(p != NULL && writable(p));
}

#endif
