/*
 * One process has one book, in whatever order things happen: a program that was linked with the library and has not
 * called it, one that was met by others before it loaded the library, before it began at all, before exec. What others allocated
 * there its own calls know, and what it says is what others are told.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include "support/order.h"

#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>

/* --- targets --- */

struct target {
    pid_t pid;
    int in, out; /* our ends */
    HANDLE handle;
};

static rlim_t few_addresses; /* 0: no limit */

static void limit_addresses(void)
{
    struct rlimit limit = {few_addresses, few_addresses};

    if (few_addresses != 0 && setrlimit(RLIMIT_AS, &limit) != 0)
        _exit(4);
}

static void be_target(const char *program, int in, int out, pid_t parent, bool stop)
{
    char *argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)ORDER_LIBRARY, NULL};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent || dup2(in, 0) < 0 || dup2(out, 1) < 0)
        _exit(1);
    if (stop && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(2);
    limit_addresses();
    execv(program, argv);
    _exit(3);
}

static struct target begin(const char *program, bool stop)
{
    struct target t = {.handle = NULL};
    int to[2], from[2];
    pid_t parent = getpid();

    MUST(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
    fflush(NULL);
    t.pid = fork();
    MUST(t.pid >= 0);
    if (t.pid == 0)
        be_target(program, to[0], from[1], parent, stop);
    close(to[0]);
    close(from[1]);
    t.in = to[1];
    t.out = from[0];
    return t;
}

static void must_be_ready(const struct target *t)
{
    char byte = 0;

    MUST(read(t->out, &byte, 1) == 1 && byte == 'r');
}

static void open_target(struct target *t)
{
    t->handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)t->pid);
    MUST(t->handle != NULL);
}

static struct target start(const char *program)
{
    struct target t = begin(program, false);

    must_be_ready(&t);
    open_target(&t);
    return t;
}

/* Before its first instruction, or some later: the kernel has just made the program, or the dynamic loader is at work. */
static struct target start_stopped(const char *program, int instructions)
{
    struct target t = begin(program, true);
    int status;

    MUST(waitpid(t.pid, &status, 0) == t.pid && WIFSTOPPED(status));
    for (int i = 0; i < instructions; i++)
        MUST(ptrace(PTRACE_SINGLESTEP, t.pid, NULL, NULL) == 0 && waitpid(t.pid, &status, 0) == t.pid &&
             WIFSTOPPED(status));
    kill(t.pid, SIGSTOP);
    MUST(ptrace(PTRACE_DETACH, t.pid, NULL, (void *)SIGSTOP) == 0);
    open_target(&t);
    return t;
}

static void expect_alive(const struct target *t)
{
    int status = 0;

    if (waitpid(t->pid, &status, WNOHANG) == t->pid)
        check_fail(__FILE__, __LINE__, "the target has ended: status 0x%x", (unsigned)status);
}

static void end(struct target *t)
{
    expect_alive(t);
    EXPECT_OK(CloseHandle(t->handle));
    close(t->in);
    close(t->out);
    kill(t->pid, SIGKILL);
    waitpid(t->pid, NULL, 0);
}

static struct order_answer ask(const struct target *t, enum order order, const void *at)
{
    struct order_question q = {order, (void *)(uintptr_t)at};
    struct order_answer a = {0};

    MUST(write(t->in, &q, sizeof q) == (ssize_t)sizeof q && read(t->out, &a, sizeof a) == (ssize_t)sizeof a);
    return a;
}

/* Anything that a sanitizer has to have in the process before the program begins would meet what is allocated there. */
static void only_without_sanitizers(void)
{
#ifdef CHECK_THREAD_SANITIZER
    SKIP("a sanitizer begins in the loader, too");
#endif
}

/* --- what was allocated there --- */

struct goods {
    BYTE *plain;       /* 16 pages: two committed, then a read-only one, the rest reserved */
    BYTE *placeholder; /* two granules, in two halves */
    BYTE *view;        /* of one granule */
};

static void leave_goods(const struct target *t, struct goods *g)
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    DWORD old;

    EXPECT_OK(g->plain = VirtualAllocEx(t->handle, NULL, 16 * PAGE, MEM_RESERVE, PAGE_READWRITE));
    EXPECT_OK(VirtualAllocEx(t->handle, g->plain, 3 * PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_OK(VirtualProtectEx(t->handle, g->plain + 2 * PAGE, PAGE, PAGE_READONLY, &old));
    EXPECT_OK(g->placeholder = VirtualAlloc2(t->handle, NULL, 2 * GRAIN,
                                             MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0));
    EXPECT_OK(VirtualFreeEx(t->handle, g->placeholder, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_OK(g->view = MapViewOfFile3(handle, t->handle, NULL, 0, 0, 0, PAGE_READWRITE, NULL, 0));
    EXPECT_OK(CloseHandle(handle));
    MUST(check_failures == 0);
}

static MEMORY_BASIC_INFORMATION seen_by_us(const struct target *t, const void *at)
{
    MEMORY_BASIC_INFORMATION mbi;

    memset(&mbi, 0xEE, sizeof mbi);
    EXPECT_RETURNS(sizeof mbi, VirtualQueryEx(t->handle, at, &mbi, sizeof mbi));
    return mbi;
}

static MEMORY_BASIC_INFORMATION seen_by_itself(const struct target *t, const void *at)
{
    struct order_answer a = ask(t, ORDER_QUERY, at);

    EXPECT_EQ(a.value, sizeof a.mbi);
    return a.mbi;
}

static void expect_both_see(int line, const struct target *t, const BYTE *at, struct check_region want)
{
    MEMORY_BASIC_INFORMATION ours = seen_by_us(t, at), its = seen_by_itself(t, at);

    check_region_is(__FILE__, line, "by us", &ours, want);
    check_region_is(__FILE__, line, "by itself", &its, want);
    if (ours.AllocationBase != its.AllocationBase || ours.AllocationProtect != its.AllocationProtect ||
        ours.RegionSize != its.RegionSize)
        check_fail(__FILE__, line, "%p: it sees base %p size 0x%zx; we %p size 0x%zx", (const void *)at,
                   its.AllocationBase, (size_t)its.RegionSize, ours.AllocationBase, (size_t)ours.RegionSize);
}

#define EXPECT_BOTH(target, at, ...)                                                                         \
    expect_both_see(__LINE__, (target), (at), CHECK_REGION_AT(at, __VA_ARGS__))

static void expect_goods(const struct target *t, const struct goods *g)
{
    EXPECT_BOTH(t, g->plain, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                .type = MEM_PRIVATE);
    EXPECT_BOTH(t, g->plain + 2 * PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    EXPECT_BOTH(t, g->plain + 3 * PAGE, .size = 13 * PAGE, .state = MEM_RESERVE, .type = MEM_PRIVATE);
    EXPECT_BOTH(t, g->placeholder, .size = GRAIN, .state = MEM_RESERVE, .base = AT(g->placeholder));
    EXPECT_BOTH(t, g->placeholder + GRAIN, .size = GRAIN, .state = MEM_RESERVE,
                .base = AT(g->placeholder + GRAIN));
    EXPECT_BOTH(t, g->view, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE,
                .type = MEM_MAPPED);
}

static void expect_freed_by_itself(const struct target *t, const struct goods *g)
{
    EXPECT_EQ(ask(t, ORDER_FREE, g->plain).value, TRUE);
    EXPECT_EQ(ask(t, ORDER_FREE, g->placeholder).value, TRUE);
    EXPECT_EQ(ask(t, ORDER_FREE, g->placeholder + GRAIN).value, TRUE);
    EXPECT_EQ(ask(t, ORDER_UNMAP, g->view).value, TRUE);
    EXPECT_EQ(seen_by_us(t, g->plain).State, MEM_FREE);
    EXPECT_EQ(seen_by_us(t, g->placeholder).State, MEM_FREE);
    EXPECT_EQ(seen_by_us(t, g->view).State, MEM_FREE);
    EXPECT_EQ(seen_by_itself(t, g->plain).State, MEM_FREE);
    EXPECT_EQ(ask(t, ORDER_FREE, g->plain).value, FALSE);
}

static int anchors_of(const struct target *t)
{
    char path[64], line[1000];
    int count = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)t->pid);
    file = fopen(path, "r");
    MUST(file != NULL);
    while (fgets(line, sizeof line, file))
        count += strstr(line, "/memfd:winmem (deleted)") != NULL;
    fclose(file);
    return count;
}

/* Its own calls, and ours through whatever agent there is now, are about one book. */
static void expect_one_book(const struct target *t)
{
    struct order_answer a = ask(t, ORDER_ALLOC, NULL);
    BYTE *p;

    MUST(a.value != 0);
    EXPECT_BOTH(t, (BYTE *)a.value, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_OK(VirtualFreeEx(t->handle, (void *)a.value, 0, MEM_RELEASE));
    EXPECT_EQ(seen_by_itself(t, (void *)a.value).State, MEM_FREE);
    EXPECT_OK(p = VirtualAllocEx(t->handle, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY));
    EXPECT_BOTH(t, p, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    EXPECT_EQ(ask(t, ORDER_FREE, p).value, TRUE);
    if (WinmemFeature("anchor"))
        EXPECT_EQ(anchors_of(t), 1);
}

static void check_goods(const struct target *t, const struct goods *g)
{
    expect_goods(t, g);
    expect_freed_by_itself(t, g);
    expect_one_book(t);
}

/* --- the orders --- */

static void called_when_idle(const char *program)
{
    struct target t = start(program);
    struct goods g;

    leave_goods(&t, &g);
    EXPECT_EQ(ask(&t, ORDER_LOAD, NULL).value, 1);
    check_goods(&t, &g);
    end(&t);
}

TEST(remoteorder, linked_and_idle, "L86")
{
    called_when_idle(ORDER_DIR "/order-linked");
}

/* Nobody had to plant anything: a planted agent refuses guard pages. */
TEST(remoteorder, linked_and_idle_is_no_stranger, "L86")
{
    static const char *const idle[] = {ORDER_DIR "/order-linked", ORDER_DIR "/order-static"};
    const char *off = getenv("WINMEM_DISABLE");

    if (off != NULL && (strstr(off, "at_load") != NULL || strcmp(off, "all") == 0))
        SKIP("there is no book before the first call");
    for (int i = 0; i < 2; i++) {
        struct target t = start(idle[i]);

        if (WinmemFeature("anchor"))
            EXPECT_EQ(anchors_of(&t), 1);
        EXPECT_OK(VirtualAllocEx(t.handle, NULL, PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD));
        end(&t);
    }
}

TEST(remoteorder, linked_statically_and_idle, "L86")
{
    called_when_idle(ORDER_DIR "/order-static");
}

/* Where there are not enough addresses the book is smaller; and still there. */
TEST(remoteorder, linked_and_idle_with_few_addresses, "L86 L145")
{
#if defined(CHECK_THREAD_SANITIZER) || defined(__SANITIZE_ADDRESS__)
    SKIP("a sanitizer needs address space of its own");
#endif
    few_addresses = 512 * MiB;
    called_when_idle(ORDER_DIR "/order-linked");
    called_when_idle(ORDER_DIR "/order-foreign");
}

TEST(remoteorder, planted_then_loaded, "L86")
{
    called_when_idle(ORDER_DIR "/order-foreign");
}

/* What one thread was asked and the book that it was asked about go together: before, meanwhile and afterwards. */
TEST(remoteorder, loaded_while_others_call, "L86")
{
    struct order_question q = {ORDER_LOAD, NULL};
    struct order_answer a = {0};
    BYTE *kept[200];
    int count = 0;

#ifdef CHECK_THREAD_SANITIZER
    SKIP("the thread that is borrowed may be inside the sanitizer"); /* it is loading, not waiting for us */
#endif
    for (int round = 0; round < 10; round++) {
        struct target t = start(ORDER_DIR "/order-foreign");

        for (count = 0; count < 200; count++) {
            if (count == 1 + round)
                MUST(write(t.in, &q, sizeof q) == (ssize_t)sizeof q);
            MUST(kept[count] = VirtualAllocEx(t.handle, NULL, PAGE, MEM_COMMIT, PAGE_READWRITE));
        }
        MUST(read(t.out, &a, sizeof a) == (ssize_t)sizeof a && a.value == 1);
        for (int i = 0; i < count; i++)
            EXPECT_EQ(ask(&t, ORDER_FREE, kept[i]).value, TRUE);
        expect_one_book(&t);
        end(&t);
    }
}

static void forked(const char *program, bool before)
{
    struct target t = start(program), child = t;
    struct goods g;

    if (before)
        leave_goods(&t, &g);
    child.pid = (pid_t)ask(&t, ORDER_FORK, NULL).value;
    open_target(&child);
    if (!before)
        leave_goods(&child, &g);
    EXPECT_EQ(ask(&child, ORDER_LOAD, NULL).value, 1);
    check_goods(&child, &g);
    EXPECT_OK(CloseHandle(child.handle));
    if (before) /* the parent has its own */
        EXPECT_EQ(seen_by_us(&t, g.view).State, MEM_COMMIT);
    end(&t);
}

TEST(remoteorder, forked_and_idle, "L86")
{
    forked(ORDER_DIR "/order-linked", false);
    forked(ORDER_DIR "/order-static", false);
}

TEST(remoteorder, planted_then_forked_then_loaded, "L86")
{
    forked(ORDER_DIR "/order-foreign", true);
    forked(ORDER_DIR "/order-foreign", false);
}

TEST(remoteorder, called_then_forked, "L86")
{
    forked(ORDER_DIR "/order-linked", true);
}

static void called_in_the_loader(const char *program, int instructions)
{
    struct target t = start_stopped(program, instructions);
    struct goods g;

    leave_goods(&t, &g);
    kill(t.pid, SIGCONT);
    must_be_ready(&t);
    EXPECT_EQ(ask(&t, ORDER_LOAD, NULL).value, 1);
    check_goods(&t, &g);
    end(&t);
}

TEST(remoteorder, planted_before_the_library_began, "L86 L88")
{
    static const int instructions[] = {0, 1, 100, 3000};

    only_without_sanitizers();
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        called_in_the_loader(ORDER_DIR "/order-linked", instructions[i]);
        called_in_the_loader(ORDER_DIR "/order-static", instructions[i]);
    }
}

static void executed(const char *program)
{
    struct target t = start(program);
    struct goods g;

    leave_goods(&t, &g);
    struct order_question q = {ORDER_EXEC, NULL};
    MUST(write(t.in, &q, sizeof q) == (ssize_t)sizeof q);
    must_be_ready(&t);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFreeEx(t.handle, g.plain, 0, MEM_RELEASE));
    leave_goods(&t, &g);
    EXPECT_EQ(ask(&t, ORDER_LOAD, NULL).value, 1);
    check_goods(&t, &g);
    end(&t);
}

TEST(remoteorder, planted_then_another_program, "L81 L86")
{
    executed(ORDER_DIR "/order-foreign");
    executed(ORDER_DIR "/order-linked");
}

/* --- two versions --- */

/* What versions agree on (vm/agent/estate.h): behind the vDSO 96 bytes of code, then two words; the second leads here. */
struct estate {
    uint64_t magic;
    uint32_t version, state;
};

static uintptr_t vdso_of(const struct target *t)
{
    Elf64_auxv_t entry;
    char path[64];
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/auxv", (int)t->pid);
    file = fopen(path, "r");
    MUST(file != NULL);
    do
        MUST(fread(&entry, sizeof entry, 1, file) == 1);
    while (entry.a_type != AT_SYSINFO_EHDR);
    fclose(file);
    return entry.a_un.a_val;
}

static void must_read(const struct target *t, uintptr_t from, void *to, size_t bytes)
{
    MUST(ReadProcessMemory(t->handle, (void *)from, to, bytes, NULL));
}

static uintptr_t estate_of(const struct target *t, struct estate *estate)
{
    uintptr_t base = vdso_of(t), end;
    uint64_t brand[2];
    Elf64_Ehdr header;

    must_read(t, base, &header, sizeof header);
    end = base + header.e_shoff + (uintptr_t)header.e_shnum * header.e_shentsize;
    must_read(t, ((end + 15) & ~(uintptr_t)15) + 96, brand, sizeof brand);
    EXPECT_EQ(brand[0], 0x3164726d6e6977u);
    must_read(t, brand[1], estate, sizeof *estate);
    return brand[1];
}

/*
 * The library cannot read the book that it finds. It closes it: what is in it stays where it is, and is memory of somebody
 * else's, to both of them.
 */
TEST(remoteorder, planted_by_another_version, "L87")
{
    struct target t = start(ORDER_DIR "/order-foreign");
    struct estate estate;
    struct goods g;
    uintptr_t at;

    leave_goods(&t, &g);
    at = estate_of(&t, &estate);
    EXPECT_EQ(estate.state, 1);
    estate.version++;
    MUST(WriteProcessMemory(t.handle, (void *)at, &estate, sizeof estate, NULL));
    EXPECT_EQ(ask(&t, ORDER_LOAD, NULL).value, 1);
    EXPECT_EQ(ask(&t, ORDER_FREE, g.plain).value, FALSE);
    EXPECT_BOTH(&t, g.plain, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_BOTH(&t, g.view, .size = GRAIN, .state = MEM_COMMIT, .type = MEM_MAPPED);
    EXPECT_EQ(ask(&t, ORDER_FREE, g.plain).error, ERROR_INVALID_ADDRESS);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualFreeEx(t.handle, g.plain, 0, MEM_RELEASE));
    EXPECT(
        VirtualQueryEx(t.handle, g.plain, &(MEMORY_BASIC_INFORMATION){0}, sizeof(MEMORY_BASIC_INFORMATION)));
    expect_one_book(&t);
    estate_of(&t, &estate);
    EXPECT_EQ(estate.state, 2);
    end(&t);
}

/* --- just begun --- */

/* The dynamic loader has some hundred thousand instructions to go. */
static void allocated_while_stopped(const char *program, int instructions)
{
    struct target t = start_stopped(program, instructions);
    BYTE *p = VirtualAllocEx(t.handle, NULL, PAGE, MEM_COMMIT, PAGE_READWRITE);

    if (p == NULL)
        check_fail(__FILE__, __LINE__, "%s, %d instructions: error %u: %s", program, instructions,
                   (unsigned)GetLastError(), WinmemLastCause());
    else
        EXPECT_OK(VirtualFreeEx(t.handle, p, 0, MEM_RELEASE));
    kill(t.pid, SIGCONT);
    must_be_ready(&t);
    end(&t);
}

static const char *const programs[] = {ORDER_DIR "/order-foreign", ORDER_DIR "/order-linked",
                                       ORDER_DIR "/order-fixed", ORDER_DIR "/order-bare",
                                       ORDER_DIR "/order-bare-pie"};

enum { PROGRAMS = sizeof programs / sizeof programs[0] };

static bool is_built(const char *program)
{
    return access(program, X_OK) == 0;
}

TEST(remoteorder, stopped_before_its_first_instruction, "L88")
{
    only_without_sanitizers();
    for (int i = 0; i < PROGRAMS; i++)
        if (is_built(programs[i])) {
            allocated_while_stopped(programs[i], 0);
            allocated_while_stopped(programs[i], 1);
            allocated_while_stopped(programs[i], 2000);
        }
}

/* Whatever it is doing: the kernel is still making the program, the loader is at work, or it has begun. */
TEST(remoteorder, just_started, "L88")
{
    only_without_sanitizers();
    for (int i = 0; i < 40 * PROGRAMS; i++) {
        const char *program = programs[i % PROGRAMS];
        struct target t;

        if (!is_built(program))
            continue;
        t = begin(program, false);
        for (volatile int spins = i * 500; spins > 0; spins--)
            ;
        open_target(&t);
        if (i % 3 == 0)
            kill(t.pid, SIGSTOP);
        if (VirtualAllocEx(t.handle, NULL, PAGE, MEM_COMMIT, PAGE_READWRITE) == NULL)
            check_fail(__FILE__, __LINE__, "%s: error %u: %s", program, (unsigned)GetLastError(),
                       WinmemLastCause());
        kill(t.pid, SIGCONT);
        must_be_ready(&t);
        end(&t);
    }
}

#endif
