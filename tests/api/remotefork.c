/*
 * remotefork.c: processes that were forked a moment ago, and processes that fork while somebody works on them. None is
 * harmed, and each call is carried out once or not at all.
 *
 * WINMEM_TEST_ROUNDS: how many forks in each test; a thousand take a minute.
 */
#include "api.h"

#ifndef _WIN32

#include "remotestate.h"

enum { LINGER = 2 }; /* milliseconds */

static int rounds(void)
{
    const char *text = getenv("WINMEM_TEST_ROUNDS");

    return text != NULL ? atoi(text) : 100;
}

static double in_a_moment(void)
{
    return check_seconds() + LINGER / 1000.0;
}

/* --- children that take their time --- */

static bool children_linger;

static void linger(void)
{
    double until = in_a_moment();

    while (children_linger && check_seconds() < until)
        ;
}

/*
 * Handlers run in the order in which they were set: before this one nobody has told the library that there was a fork.
 * What of a program runs before the constructors of its libraries is in this section.
 */
static void linger_before_the_library(void)
{
    pthread_atfork(NULL, NULL, linger);
}

__attribute__((section(".preinit_array"), used)) static void (*before_all)(void) = linger_before_the_library;

/* --- making children --- */

static void wait_for_orders(void)
{
    for (;;)
        pause();
}

static pid_t ordinary_child(void)
{
    pid_t parent = getpid(), child = fork();

    if (child == 0) {
        go_with_the_parent(parent);
        wait_for_orders();
    }
    return child;
}

/* Nobody tells it: no handler runs. */
static pid_t unnoticed_child(void)
{
    pid_t child = (pid_t)syscall(SYS_fork);

    if (child == 0)
        for (;;)
            syscall(SYS_pause);
    return child;
}

static pid_t child_with_another_program(void)
{
    pid_t parent = getpid(), child = fork();

    if (child == 0) {
        go_with_the_parent(parent);
        execl("/bin/sleep", "sleep", "60", (char *)NULL);
        _exit(1);
    }
    return child;
}

/* --- calling them --- */

struct tally {
    bool moves_on; /* to another program, which knows nothing of what was done in this one */
    int carried_out, refused;
};

/* Is there what the call said there is? */
static void look(HANDLE process, BYTE *p)
{
    MEMORY_BASIC_INFORMATION mbi = {0};
    BYTE byte = 0x5A, back = 0;
    SIZE_T count = 0;

    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(process, p, &mbi, sizeof mbi));
    EXPECT_EQ(mbi.State, MEM_COMMIT);
    EXPECT_OK(WriteProcessMemory(process, p, &byte, 1, &count));
    EXPECT_OK(ReadProcessMemory(process, p, &back, 1, &count));
    EXPECT_EQ(back, 0x5A);
}

/* Free in all of them, also in other programs: far from where the kernel puts things. */
static BYTE *const at = (BYTE *)0x200000000000;

/* The address is given, so what was carried out once cannot be carried out again. */
static BYTE *allocate(HANDLE process)
{
    BYTE *p = VirtualAllocEx(process, at, GRAIN, MEM_RESERVE | MEM_COMMIT, RW);

    EXPECT(p == at || p == NULL);
    return p;
}

static void call(pid_t child, struct tally *tally)
{
    HANDLE process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)child);
    BYTE *p;

    if (process == NULL) {
        tally->refused++;
        return;
    }
    p = allocate(process);
    if (p == NULL && GetLastError() == ERROR_INVALID_ADDRESS)
        check_fail(__FILE__, __LINE__, "%p: it was carried out, and asked for again: %s", (void *)at,
                   WinmemLastCause());
    if (p != NULL && !tally->moves_on)
        look(process, p);
    tally->carried_out += p != NULL;
    tally->refused += p == NULL;
    EXPECT_OK(CloseHandle(process));
}

static void end_unharmed(pid_t child)
{
    int status = 0;

    check_sleep(1);
    if (waitpid(child, &status, WNOHANG) != 0) {
        check_fail(__FILE__, __LINE__, "the child has ended: status 0x%x", (unsigned)status);
        return;
    }
    kill(child, SIGKILL);
    MUST(waitpid(child, &status, 0) == child);
}

/* From then on children have a book, a copy. */
static void use_the_library(void)
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE, RW);

    MUST(p != NULL && VirtualFree(p, 0, MEM_RELEASE));
}

static struct tally call_children(pid_t (*make)(void))
{
    struct tally tally = {make == child_with_another_program, 0, 0};

    for (int i = 0; i < rounds() && check_failures == 0; i++) {
        pid_t child = make();

        MUST(child > 0);
        call(child, &tally);
        end_unharmed(child);
    }
    return tally;
}

TEST(remotefork, the_first_millisecond, "L83 L88 S122")
{
    struct tally tally;

    NOT_UNDER_TSAN;
    use_the_library();
    tally = call_children(ordinary_child);
    EXPECT_EQ(tally.refused, 0);
}

/* Their own thread holds the library's lock until the handlers are through. */
TEST(remotefork, in_the_handlers_of_the_fork, "L83 S122")
{
    struct tally tally;

    NOT_UNDER_TSAN;
    use_the_library();
    children_linger = true;
    tally = call_children(ordinary_child);
    EXPECT_EQ(tally.refused, 0);
}

TEST(remotefork, a_child_that_nobody_has_told, "L83 S122")
{
    const char *off = getenv("WINMEM_DISABLE");
    struct tally tally;

    NOT_UNDER_TSAN;
    if (off != NULL && (strstr(off, "wipe_on_fork") != NULL || strcmp(off, "all") == 0))
        SKIP("without pages that forks wipe such a child must not use the library");
    use_the_library();
    tally = call_children(unnoticed_child);
    EXPECT_EQ(tally.refused, 0);
}

/* The one program or the other answers, or none. */
TEST(remotefork, on_the_way_to_another_program, "L83 L81 S122")
{
    NOT_UNDER_TSAN;
    use_the_library();
    call_children(child_with_another_program);
}

TEST(remotefork, parents_that_have_not_used_the_library, "L83 S122")
{
    struct tally tally;

    NOT_UNDER_TSAN;
    tally = call_children(ordinary_child);
    EXPECT_EQ(tally.refused, 0);
}

/* --- a target that forks all the time --- */

/* number[0]: the newest child; number[1]: of which the caller is done; number[2]: ended, as it should not. */
static void live_giving_birth(struct witness *w)
{
    ATOMIC_SET(w->ready, 1);
    for (;;) {
        pid_t child = ordinary_child();
        int status = 0;

        ATOMIC_SET(w->number[0], (uint64_t)child);
        while (ATOMIC_GET(w->number[1]) != (uint64_t)child)
            check_yield();
        if (waitpid(child, &status, WNOHANG) != 0)
            complain(w, "a child has ended: status %x", (unsigned)status);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        ATOMIC_ADD(w->rounds, 1);
    }
}

static struct {
    struct target *target;
    int stop, calls, failed;
} second_caller;

static void *call_the_parent(void *arg)
{
    while (!ATOMIC_GET(second_caller.stop)) {
        second_caller.failed += !one_round(second_caller.target->handle);
        second_caller.calls++;
    }
    return arg;
}

static void call_children_of(struct target *t, struct tally *tally)
{
    uint64_t last = 0;

    for (int i = 0; i < rounds() && check_failures == 0; i++) {
        AWAIT(10, ATOMIC_GET(t->w->number[0]) != last);
        MUST(ATOMIC_GET(t->w->number[0]) != last);
        last = ATOMIC_GET(t->w->number[0]);
        call((pid_t)last, tally);
        ATOMIC_SET(t->w->number[1], last);
    }
}

static void call_both(struct target *t)
{
    struct tally tally = {false, 0, 0};
    pthread_t thread;

    second_caller.target = t;
    second_caller.stop = 0;
    MUST(pthread_create(&thread, NULL, call_the_parent, NULL) == 0);
    call_children_of(t, &tally);
    ATOMIC_SET(second_caller.stop, 1);
    MUST(pthread_join(thread, NULL) == 0);
    EXPECT_EQ(second_caller.failed, 0);
    EXPECT_EQ(tally.refused, 0);
    expect_undisturbed(t);
}

TEST(remotefork, parents_that_are_worked_on, "L83 S122 S124 S126")
{
    in_library(live_giving_birth, call_both);
}

#endif
