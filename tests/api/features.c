/*
 * What WinmemFeature says of each mechanism: the same before anything has used it and afterwards, in a signal handler and
 * in a child just forked; and that it is off when it is switched off. Each answer comes from a process of its own, because
 * one question may have answered the next.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "../support/seccomp.h"

static const char *const names[] = {
    "arenas",       "procmap_query", "guard_markers", "wipe_on_fork", "uffd_move", "numa",
    "userfaultfd",  "huge_pages",    "huge_move",     "populate",     "mlock",     "process_vm",
    "pagemap_scan", "zero_page",     "at_load",       "anchor",       "pidfd",     "futex_waitv",
    "membarrier",   "huge_advice",   "find_object",   "soft_dirty",   "apart",     "uffd_protect"};

enum { NAMES = sizeof names / sizeof names[0], FOR_THE_HANDLER = SIGUSR1 };

/* --- using all of them --- */

static void use_watched_memory(void)
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    PVOID written[16];
    ULONG_PTR count = 16;
    ULONG granularity;

    MUST(p != NULL);
    p[PAGE] = 1;
    EXPECT_EQ(GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, GRAIN, written, &count, &granularity), 0);
    release(p);
}

static void use_contents_that_may_go(void)
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    memset(p, 1, GRAIN);
    EXPECT(VirtualAlloc(p, GRAIN, MEM_RESET, PAGE_READWRITE) != NULL);
    VirtualAlloc(p, GRAIN, MEM_RESET_UNDO, PAGE_READWRITE);
    MUST(VirtualFree(p + PAGE, PAGE, MEM_DECOMMIT));
    release(p);
}

/* Of large pages and of physical memory there may be none. */
static void use_memory_of_other_kinds(void)
{
    BYTE *window = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    void *large =
        VirtualAlloc(NULL, GetLargePageMinimum(), MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);
    ULONG_PTR count = 1, page;

    MUST(window != NULL);
    if (AllocateUserPhysicalPages(GetCurrentProcess(), &count, &page) && count == 1)
        EXPECT(MapUserPhysicalPages(window, 1, &page));
    if (large != NULL)
        release(large);
    release(
        VirtualAllocExNuma(GetCurrentProcess(), NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, 0));
}

static void use_another_process(void)
{
    static BYTE byte = 1;
    pid_t pid = fork();
    HANDLE other;
    BYTE copy = 0;

    MUST(pid >= 0);
    if (pid == 0) {
        release(reserve(GRAIN));
        pause();
        _exit(0);
    }
    other = OpenProcess(PROCESS_VM_READ | PROCESS_QUERY_INFORMATION, FALSE, (DWORD)pid);
    MUST(other != NULL);
    EXPECT(ReadProcessMemory(other, &byte, &copy, 1, NULL) && copy == 1);
    CloseHandle(other);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void use_all(void)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    EXPECT(VirtualQuery(&mbi, &mbi, sizeof mbi) == sizeof mbi);
    use_watched_memory();
    use_contents_that_may_go();
    use_memory_of_other_kinds();
    use_another_process();
}

/* --- asking, in a process of its own --- */

enum moment { AT_ONCE, AFTER_USE, IN_A_HANDLER, IN_A_CHILD, MOMENTS };

static const char *asked_for;
static volatile int answered;

static void ask(int signal)
{
    (void)signal;
    answered = WinmemFeature(asked_for);
}

static void ask_in_a_child(void)
{
    pid_t pid = fork();
    int status = 0;

    MUST(pid >= 0);
    if (pid == 0)
        _exit(WinmemFeature(asked_for));
    waitpid(pid, &status, 0);
    MUST(WIFEXITED(status));
    answered = WEXITSTATUS(status);
}

static void ask_at(enum moment moment)
{
    struct sigaction action = {.sa_handler = ask};

    if (moment == AFTER_USE)
        use_all();
    if (moment == IN_A_HANDLER) {
        sigaction(FOR_THE_HANDLER, &action, NULL);
        raise(FOR_THE_HANDLER);
    } else if (moment == IN_A_CHILD) {
        ask_in_a_child();
    } else {
        ask(0);
    }
}

/* What the others run: as a test of its own it asks for one name, after use. */
TEST(features, one_is_asked_for, "L134")
{
    const char *name = getenv("ASKED_FOR"), *moment = getenv("ASKED_AT");

    asked_for = name != NULL ? name : "arenas";
    ask_at(moment != NULL ? (enum moment)atoi(moment) : AFTER_USE);
    EXPECT(answered == TRUE || answered == FALSE);
    if (name != NULL && check_failures == 0)
        _exit(40 + answered);
}

static void begin_again(const char *name, enum moment moment, const char *off)
{
    char *argv[] = {(char *)"features", (char *)"features.one_is_asked_for", NULL};
    char number[2] = {(char)('0' + moment), '\0'};

    setenv("ASKED_FOR", name, 1);
    setenv("ASKED_AT", number, 1);
    if (off != NULL)
        setenv("WINMEM_DISABLE", off, 1);
    execv("/proc/self/exe", argv);
    _exit(99);
}

/* TRUE, FALSE, or -1: it did not come that far. */
static int answer(const char *name, enum moment moment, const char *off)
{
    int status = 0;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    MUST(pid >= 0);
    if (pid == 0)
        begin_again(name, moment, off);
    while (waitpid(pid, &status, 0) < 0)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) / 2 == 20 ? WEXITSTATUS(status) - 40 : -1;
}

static void expect_answer(const char *name, enum moment moment, int wanted)
{
    static const char *const when[MOMENTS] = {"at once", "after use", "in a handler", "in a child"};
    int got = answer(name, moment, NULL);

    if (got != wanted || got < 0)
        check_fail(__FILE__, __LINE__, "%s %s: %d instead of %d", name, when[moment], got, wanted);
}

TEST(features, each_is_told_the_same_before_use_and_after, "L156")
{
    for (int i = 0; i < NAMES; i++)
        expect_answer(names[i], AFTER_USE, answer(names[i], AT_ONCE, NULL));
}

TEST(features, each_is_told_the_same_in_a_handler_and_in_a_child, "L156")
{
    for (int i = 0; i < NAMES; i++) {
        int wanted = answer(names[i], AT_ONCE, NULL);

        expect_answer(names[i], IN_A_HANDLER, wanted);
        expect_answer(names[i], IN_A_CHILD, wanted);
    }
}

/* In a sandbox, which the processes that are asked inherit. */
TEST(features, what_a_sandbox_forbids_is_off_before_it_is_used, "L156")
{
    static const struct {
        const char *name;
        unsigned call;
    } needs[] = {{"process_vm", SYS_process_vm_readv},
                 {"pidfd", SYS_pidfd_open},
                 {"mlock", SYS_mlock2},
                 {"numa", SYS_mbind},
                 {"anchor", SYS_memfd_create}};

    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
        if (!forbid(needs[i].call))
            SKIP("this machine has no seccomp");
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        expect_answer(needs[i].name, AT_ONCE, FALSE);
        expect_answer(needs[i].name, AFTER_USE, FALSE);
    }
}

TEST(features, each_is_off_where_it_is_switched_off, "L134")
{
    for (int i = 0; i < NAMES; i++) {
        EXPECT_EQ(answer(names[i], AT_ONCE, names[i]), FALSE);
        EXPECT_EQ(answer(names[i], AT_ONCE, "all"), FALSE);
    }
}

#endif
