/*
 * policy.c: a seccomp filter forbids a system call, as containers do it. What fails says so: not that some page is
 * taken, nor that there is no memory. What does without the call goes on.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <psapi.h>
#include <stdbool.h>
#include <unistd.h>

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

static void forbid_it(unsigned number)
{
#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
    SKIP("the sanitizer needs these calls itself");
#endif
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
    EXPECT_REASON(VirtualProtect(small, PAGE, PAGE_READONLY, &old));
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
    char local = 0, name[8];
    DWORD old;
    BYTE *p;

    pretend_empty("/proc");
    EXPECT_PROC_LACKS(VirtualQuery(&local, &mbi, sizeof mbi));
    EXPECT_PROC_LACKS(VirtualProtect(&old, 1, PAGE_READONLY, &old));
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

/* The outer namespace's /proc: there, our numbers are others'. */
TEST(policy, a_proc_of_another_namespace_is_not_believed, "L79")
{
    int status = 0;
    pid_t child;

#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
    SKIP("the leak checker does not work in a pid namespace of its own");
#endif
    if (unshare(CLONE_NEWPID) != 0)
        SKIP("no pid namespace can be made here");
    child = fork();
    if (child == 0) {
        pid_t other = fork();

        if (other == 0)
            pause();
        EXPECT_CAUSE(ERROR_NO_SYSTEM_RESOURCES, "pid namespace",
                     OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other));
        check_end(check_failures != 0); /* it was the first one: the other ends with it */
    }
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
}

#endif
