/*
 * policy.c: a seccomp filter forbids a system call, as containers do it. What fails says so: not that some page is
 * taken, nor that there is no memory. What does without the call goes on.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <psapi.h>
#include <stdbool.h>
#include <unistd.h>

#include "../support/filter.h"
#include "../support/namespace.h"
#include "../support/pretend.h"
#include "../support/seccomp.h"

static BYTE *small, *big;
static HANDLE sections;
static const char *forbidden;
static int told;

/* NULL or FALSE: then the true reason must stand in the error and in the sentence. */
static void expect_reason(int line, bool done)
{
    DWORD error = GetLastError();

    if (done)
        return;
    told++;
    if (error != ERROR_ACCESS_DENIED || strstr(WinmemLastCause(), forbidden) == NULL)
        check_fail(__FILE__, line, "%s is forbidden: error %lu, \"%s\"", forbidden, (unsigned long)error,
                   WinmemLastCause());
}

#define EXPECT_REASON(call) expect_reason(__LINE__, (call) != 0)

static void need_all_calls(void)
{
#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
    SKIP("the sanitizer needs these calls itself");
#endif
}

static void forbid_it(unsigned number)
{
    need_all_calls();
    if (!forbid(number))
        SKIP("no seccomp");
}

static void use_memory(void)
{
    DWORD old;

    EXPECT_REASON(VirtualAlloc(NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_REASON(VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REASON(VirtualAlloc(NULL, 64 * MiB, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE));
    EXPECT_REASON(VirtualAlloc(small + 8 * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REASON(VirtualProtect(small, PAGE, PAGE_EXECUTE_READ, &old));
    EXPECT_REASON(VirtualAlloc(small, PAGE, MEM_RESET, PAGE_READWRITE));
    EXPECT_REASON(VirtualFree(small, PAGE, MEM_DECOMMIT));
    EXPECT_REASON(VirtualFree(big, 0, MEM_RELEASE));
    EXPECT_REASON(VirtualFree(small, 0, MEM_RELEASE));
    EXPECT_REASON(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL));
    EXPECT_REASON(MapViewOfFile(sections, FILE_MAP_ALL_ACCESS, 0, 0, 0));
    EXPECT_REASON(HeapCreate(0, 0, 0));
}

static void forbid_one(const char *name, unsigned number)
{
    forbidden = name;
    small = reserve(GRAIN);
    commit_part(small, 2 * PAGE, PAGE_READWRITE);
    big = commit(64 * MiB, PAGE_READWRITE);
    sections = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL);
    MUST(sections != NULL);
    small[0] = 0x5a;
    forbid_it(number);
    use_memory();
}

TEST(policy, mmap_is_forbidden, "L146")
{
    forbid_one("mmap", SYS_mmap);
    EXPECT(told > 3);
}

TEST(policy, munmap_is_forbidden, "L146")
{
    forbid_one("munmap", SYS_munmap);
}

TEST(policy, mprotect_is_forbidden, "L146")
{
    forbid_one("mprotect", SYS_mprotect);
    EXPECT(told > 1);
}

TEST(policy, madvise_is_forbidden, "L146")
{
    forbid_one("madvise", SYS_madvise);
}

TEST(policy, memfd_create_is_forbidden, "L146")
{
    forbid_one("memfd_create", SYS_memfd_create);
    EXPECT_EQ(told, 1);
}

TEST(policy, ptrace_is_forbidden, "L648")
{
    pid_t child;
    HANDLE other;

    need_all_calls();
    child = fork();
    if (child == 0) {
        alarm(60);
        for (;;)
            pause();
    }
    MUST(child > 0);
    forbidden = "forbids ptrace";
    other = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child);
    MUST(other != NULL);
    forbid_it(SYS_ptrace);
    EXPECT_REASON(VirtualAllocEx(other, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_EQ(told, 1);
    kill(child, SIGKILL);
    MUST(waitpid(child, NULL, 0) == child);
}

/* --- from now on --- */

static BYTE *watched_before;

static BYTE *watched_and_written(BYTE *p)
{
    if (p == NULL)
        p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    MUST(p != NULL);
    p[3 * PAGE] = 1;
    return p;
}

static void expect_told(BYTE *p)
{
    PVOID pages[GRAIN / PAGE];
    ULONG_PTR count = GRAIN / PAGE, found = 0;
    DWORD granularity;

    EXPECT_EQ(GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, GRAIN, pages, &count, &granularity), 0);
    for (ULONG_PTR i = 0; i < count; i++)
        found += pages[i] == p + 3 * PAGE;
    EXPECT_EQ(found, 1);
}

static void use_without(void)
{
    ULONG_PTR frame = 0, one = 1;
    BYTE *window = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    char from = 5, to = 0;
    BYTE *p;

    watched_and_written(watched_before);
    expect_told(watched_before);
    expect_told(watched_and_written(NULL));
    EXPECT(AllocateUserPhysicalPages(GetCurrentProcess(), &one, &frame));
    EXPECT(MapUserPhysicalPages(window, 1, &frame));
    *window = 9;
    EXPECT(MapUserPhysicalPages(window, 1, NULL) && MapUserPhysicalPages(window + PAGE, 1, &frame));
    EXPECT_EQ(window[PAGE], 9);
    EXPECT(ReadProcessMemory(GetCurrentProcess(), &from, &to, 1, NULL) && to == 5);
    p = VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, 0);
    EXPECT(p != NULL && VirtualFree(p, 0, MEM_RELEASE));
    EXPECT(VirtualFree(window, 0, MEM_RELEASE));
}

/* userfaultfd, ptrace, process_vm, mbind and what came after 2018, all of which were there a moment ago. */
static void forbid_much(void)
{
    need_all_calls();
    if (filter_calls(old_engine_rows, sizeof old_engine_rows / sizeof old_engine_rows[0], 0) != 0)
        SKIP("no seccomp");
}

static void use_before(void)
{
    watched_before = watched_and_written(NULL);
    use_without();
}

static void *forbid_and_use(void *unused)
{
    forbid_much();
    use_without();
    return unused;
}

TEST(policy, what_was_used_before_is_done_without, "L650")
{
    use_before();
    forbid_and_use(NULL);
}

TEST(policy, in_one_thread_only, "L650")
{
    pthread_t thread;

    use_before();
    MUST(pthread_create(&thread, NULL, forbid_and_use, NULL) == 0 && pthread_join(thread, NULL) == 0);
    use_without();
}

TEST(policy, in_a_child_only, "L650")
{
    pid_t child;
    int status = 0;

    use_before();
    child = fork();
    if (child == 0) {
        watched_before = watched_and_written(NULL); /* AWE memory is not inherited, watched memory is */
        forbid_and_use(NULL);
        check_end(check_failures != 0);
    }
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == CHECK_SKIPPED));
    use_without();
}

/* From the start: the book itself cannot be made. */
TEST(policy, nothing_can_be_made, "L146")
{
    HANDLE other;

    forbidden = "mmap";
    forbid_it(SYS_mmap);
    EXPECT_REASON(VirtualAlloc(NULL, 64 * MiB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    other = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)getppid());
    EXPECT_REASON(other);
    if (other != NULL)
        EXPECT_REASON(VirtualAllocEx(other, NULL, GRAIN, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT(told > 0);
}

/* --- other processes --- */

static void expect_cause(int line, DWORD want, const char *words, HANDLE process)
{
    DWORD error = GetLastError();

    if (process != NULL || error != want || strstr(WinmemLastCause(), words) == NULL)
        check_fail(__FILE__, line, "%p, error %lu, \"%s\"", process, (unsigned long)error, WinmemLastCause());
}

#define EXPECT_CAUSE(error, words, call) expect_cause(__LINE__, error, words, call)

static pid_t a_kernel_thread(void)
{
    char path[40], file[8];
    FILE *name;

    snprintf(path, sizeof path, "/proc/%d/comm", 2);
    name = fopen(path, "r");
    if (name == NULL || fgets(file, sizeof file, name) == NULL || strcmp(file, "kthread") != 0)
        SKIP("no thread of the kernel can be seen here");
    fclose(name);
    return 2;
}

TEST(policy, a_thread_of_the_kernel_has_no_memory, "L76")
{
    HANDLE process;

    if (getuid() != 0)
        SKIP("only root may look at threads of the kernel");
    EXPECT_CAUSE(ERROR_ACCESS_DENIED, "kernel",
                 OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)a_kernel_thread()));
    process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, (DWORD)a_kernel_thread());
    EXPECT(process != NULL && WaitForSingleObject(process, 0) == WAIT_TIMEOUT);
}

TEST(policy, without_proc_others_cannot_be_opened, "L79")
{
    HANDLE process;

    pretend_empty("/proc");
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)getppid());
    EXPECT_CAUSE(ERROR_NO_SYSTEM_RESOURCES, "/proc", process);
    pretend_no_more("/proc");
}

static void expect_proc_lacks(int line, bool done)
{
    expect_cause(line, ERROR_NO_SYSTEM_RESOURCES, "/proc cannot be read", done ? GetCurrentProcess() : NULL);
}

#define EXPECT_PROC_LACKS(call) expect_proc_lacks(__LINE__, (call) != 0)

/* Hidden before the first question: that there is no list of mappings does not say that nothing is mapped. */
TEST(policy, without_proc_from_the_start_nothing_is_guessed, "L647")
{
    HANDLE section;
    MEMORY_BASIC_INFORMATION mbi;
    PSAPI_WORKING_SET_INFORMATION set;
    static const char in_the_image[] = "in the image";
    static char written;
    char local = 0, name[8];
    DWORD old;
    BYTE *p;

    pretend_empty("/proc");
    EXPECT_PROC_LACKS(VirtualQuery(&local, &mbi, sizeof mbi));
    EXPECT_PROC_LACKS(VirtualProtect(&written, 1, PAGE_READONLY, &old));
    EXPECT_PROC_LACKS(
        GetMappedFileNameA(GetCurrentProcess(), (void *)(uintptr_t)in_the_image, name, sizeof name));
    EXPECT_PROC_LACKS(QueryWorkingSet(GetCurrentProcess(), &set, sizeof set));
    EXPECT(!IsBadReadPtr(&local, 1) && !IsBadWritePtr(&local, 1) && IsBadReadPtr((void *)8, 1));
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL);
    p = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    MUST(p != NULL && VirtualProtect(p, PAGE, PAGE_WRITECOPY, &old));
    EXPECT_PROC_LACKS(VirtualProtect(p, GRAIN, PAGE_READWRITE, &old)); /* has the page been copied? */
    EXPECT_EQ(WinmemFeature("procmap_query"), FALSE);
    EXPECT_EQ(WinmemFeature("pagemap_scan"), FALSE);
    p = commit(GRAIN, PAGE_READWRITE);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT(VirtualFree(p, 0, MEM_RELEASE));
    pretend_no_more("/proc");
}

static void open_another(void)
{
    pid_t other = fork();

    if (other == 0)
        pause();
    EXPECT_CAUSE(ERROR_NO_SYSTEM_RESOURCES, "pid namespace",
                 OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other));
}

/* The outer namespace's /proc: there, our numbers are others'. */
TEST(policy, a_proc_of_another_namespace_is_not_believed, "L79")
{
    in_a_namespace(open_another); /* which is the first one there: the other ends with it */
}

#endif
