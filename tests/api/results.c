/*
 * results.c: where a result cannot be stored it is an error and no fault, whatever was stored there before, whatever became
 * of the memory since, and whatever the program does with SIGSEGV.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "../support/child.h"
#include "../support/mappedfiles.h"

enum { FEW = 16, LOOK = 257, MANY = 600 };

static unsigned asked;

static LONG CALLBACK passes(EXCEPTION_POINTERS *info)
{
    (void)info;
    ATOMIC_ADD(asked, 1);
    return EXCEPTION_CONTINUE_SEARCH;
}

static SIZE_T told_at(void *to)
{
    return VirtualQuery(&asked, to, sizeof(MEMORY_BASIC_INFORMATION));
}

#define EXPECT_TOLD(to) EXPECT_EQ(told_at(to), sizeof(MEMORY_BASIC_INFORMATION))
#define EXPECT_NOT_TOLD(to) EXPECT_FAIL(ERROR_NOACCESS, told_at(to))

/* It has become the usual place. */
static void make_usual(void *to)
{
    for (int i = 0; i < MANY; i++)
        MUST(told_at(to) == sizeof(MEMORY_BASIC_INFORMATION));
}

static void *of_its_own(void)
{
    void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED);
    return p;
}

static void block_faults(void)
{
    sigset_t faults;

    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    sigaddset(&faults, SIGBUS);
    MUST(pthread_sigmask(SIG_BLOCK, &faults, NULL) == 0);
}

/* Where a fault would be the end: signals are blocked only after each place has become usual. */
static void memory_of_ours_changes(void)
{
    BYTE *p = commit(6 * PAGE, PAGE_READWRITE), *q = commit(PAGE, PAGE_READWRITE);

    for (int i = 0; i < 6; i++)
        make_usual(p + i * PAGE);
    make_usual(q);
    block_faults();
    for (int i = 0; i < 6; i++)
        MUST(told_at(p + i * PAGE));
    protect(p, PAGE, PAGE_READONLY);
    EXPECT_NOT_TOLD(p);
    EXPECT_TOLD(p + PAGE);
    protect(p + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT_NOT_TOLD(p + PAGE);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READWRITE | PAGE_GUARD);
    EXPECT_TOLD(p + 2 * PAGE);
    MUST(VirtualFree(p + 2 * PAGE, PAGE, MEM_DECOMMIT));
    EXPECT_NOT_TOLD(p + 2 * PAGE);
    EXPECT_TOLD(p + 3 * PAGE);
    MUST(OfferVirtualMemory(p + 3 * PAGE, PAGE, VmOfferPriorityNormal) == ERROR_SUCCESS);
    EXPECT_NOT_TOLD(p + 3 * PAGE);
    EXPECT_TOLD(p + 4 * PAGE);
    protect(p + 5 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_TOLD(p + 4 * PAGE);
    EXPECT_NOT_TOLD(p + 5 * PAGE);
    EXPECT_NOT_TOLD(p + 5 * PAGE - sizeof(DWORD)); /* its end is there */
    protect(p, PAGE, PAGE_READWRITE);
    EXPECT_TOLD(p);
    EXPECT_TOLD(q);
    release(q);
    EXPECT_NOT_TOLD(q);
}

TEST(results, memory_of_ours_may_change, "L615")
{
    EXPECT_EQ(end_of(memory_of_ours_changes), 0);
}

static void memory_becomes_ours(void)
{
    BYTE *whole = mmap(NULL, 2 * GRAIN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *p;

    MUST(whole != MAP_FAILED);
    p = (BYTE *)((AT(whole) + GRAIN - 1) & ~(GRAIN - 1));
    make_usual(p);
    release(reserve(GRAIN));
    EXPECT_TOLD(p);
    block_faults();
    MUST(munmap(whole, 2 * GRAIN) == 0);
    MUST(VirtualAlloc(p, PAGE, MEM_RESERVE, PAGE_NOACCESS) == p);
    EXPECT_NOT_TOLD(p);
    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_TOLD(p);
}

TEST(results, memory_of_the_program_may_become_ours, "L615")
{
    EXPECT_EQ(end_of(memory_becomes_ours), 0);
}

static void views_and_windows_go(void)
{
    int fd = new_file("/dev/shm", 2 * PAGE);
    BYTE *p = file_view(fd, PAGE_READWRITE, FILE_MAP_WRITE), *w;
    ULONG_PTR number, count = 1;

    make_usual(p + PAGE);
    w = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    MUST(w != NULL);
    if (AllocateUserPhysicalPages(GetCurrentProcess(), &count, &number)) {
        MUST(MapUserPhysicalPages(w, 1, &number));
        make_usual(w);
    }
    block_faults();
    MUST(MapUserPhysicalPages(w, 1, NULL));
    EXPECT_NOT_TOLD(w);
    EXPECT_TOLD(p + PAGE);
    MUST(ftruncate(fd, (off_t)PAGE) == 0);
    EXPECT_NOT_TOLD(p + PAGE);
    EXPECT_TOLD(p);
}

TEST(results, a_view_and_a_window_may_lose_their_pages, "L615")
{
    EXPECT_EQ(end_of(views_and_windows_go), 0);
}

static void blocked_and_wild(void)
{
    static MEMORY_BASIC_INFORMATION usual;
    BYTE *p = free_space(GRAIN), *q = commit(PAGE, PAGE_READONLY);

    make_usual(&usual);
    block_faults();
    for (int i = 0; i < MANY; i++) {
        EXPECT_NOT_TOLD(p);
        EXPECT_NOT_TOLD(q);
        EXPECT_NOT_TOLD((void *)~(uintptr_t)0xfff);
        EXPECT_NOT_TOLD((void *)(AT(&usual) | (uintptr_t)1 << 47));
        EXPECT_NOT_TOLD((void *)(AT(&usual) | (uintptr_t)1 << 62));
        EXPECT_TOLD(&usual);
    }
}

TEST(results, where_a_fault_would_be_the_end, "L615")
{
    EXPECT_EQ(end_of(blocked_and_wild), 0);
}

static volatile int interrupted;
static void *wild;

static void asks_in_a_handler(int number)
{
    (void)number;
    EXPECT_NOT_TOLD(wild);
    interrupted++;
}

static void in_a_handler(void)
{
    struct sigaction action = {.sa_handler = asks_in_a_handler};
    static MEMORY_BASIC_INFORMATION usual;

    wild = free_space(GRAIN);
    sigfillset(&action.sa_mask);
    MUST(sigaction(SIGUSR1, &action, NULL) == 0);
    for (int i = 0; i < MANY; i++) {
        EXPECT_TOLD(&usual);
        raise(SIGUSR1);
    }
    EXPECT_EQ(interrupted, MANY);
}

TEST(results, in_a_handler_that_blocks_everything, "L615")
{
    EXPECT_EQ(end_of(in_a_handler), 0);
}

/* The store is tried: nobody of the program's hears of it. */
TEST(results, memory_of_the_program_may_change, "L616")
{
    BYTE *p = of_its_own(), *q = of_its_own();

    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    make_usual(p);
    make_usual(q);
    MUST(mprotect(p, PAGE, PROT_READ) == 0);
    EXPECT_NOT_TOLD(p);
    EXPECT_NOT_TOLD(p);
    EXPECT_TOLD(q);
    MUST(munmap(q, PAGE) == 0);
    EXPECT_NOT_TOLD(q);
    MUST(mprotect(p, PAGE, PROT_READ | PROT_WRITE) == 0);
    EXPECT_TOLD(p);
    EXPECT_EQ(asked, 0);
}

/* --- buffers that are longer than a page --- */

enum { WATCHED = 2048, ARRAY = 4 }; /* pages; an address each */

static BYTE *watched;

static UINT tells_written(PVOID *array)
{
    ULONG_PTR count = WATCHED;
    DWORD granularity;

    return GetWriteWatch(WRITE_WATCH_FLAG_RESET, watched, WATCHED * PAGE, array, &count, &granularity) != 0
               ? 0
               : (UINT)count + 1;
}

static void make_usual_array(PVOID *array)
{
    watched = VirtualAlloc(NULL, WATCHED * PAGE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    MUST(watched != NULL);
    memset(array, 0x5a, ARRAY * PAGE);
    for (int i = 0; i < MANY; i++)
        MUST(tells_written(array) != 0);
    EXPECT(holds((BYTE *)array, ARRAY * PAGE, 0x5a));
}

TEST(results, an_array_of_the_program_may_change, "L616 O120")
{
    BYTE *p = mmap(NULL, ARRAY * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    PVOID *array = (PVOID *)p;

    MUST(p != MAP_FAILED);
    make_usual_array(array);
    MUST(AddVectoredExceptionHandler(1, passes) != NULL);
    for (int i = ARRAY - 1; i >= 0; i--) {
        EXPECT_EQ(tells_written(array), 1);
        MUST(mprotect(p + i * PAGE, PAGE, PROT_READ) == 0);
        EXPECT_FAIL(ERROR_NOACCESS, tells_written(array));
        MUST(mprotect(p + i * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
    }
    EXPECT(holds(p, ARRAY * PAGE, 0x5a));
    watched[7 * PAGE] = 1;
    EXPECT_EQ(tells_written(array), 2);
    EXPECT(array[0] == watched + 7 * PAGE);
    EXPECT(holds(p + sizeof *array, ARRAY * PAGE - sizeof *array, 0x5a));
    EXPECT_EQ(asked, 0);
}

static void an_array_of_ours_changes(void)
{
    BYTE *p = commit(ARRAY * PAGE + GRAIN, PAGE_READWRITE);
    PVOID *array = (PVOID *)p;

    make_usual_array(array);
    block_faults();
    protect(p + 2 * PAGE, PAGE, PAGE_READONLY);
    EXPECT_EQ(tells_written(array), 0);
    EXPECT_EQ(GetLastError(), ERROR_NOACCESS);
    protect(p + 2 * PAGE, PAGE, PAGE_READWRITE);
    EXPECT_EQ(tells_written(array), 1);
    MUST(VirtualFree(p + ARRAY * PAGE, PAGE, MEM_DECOMMIT));
    EXPECT_EQ(tells_written((PVOID *)(p + PAGE)), 0); /* behind what was asked about before */
    EXPECT_EQ(tells_written(array), 1);
}

TEST(results, an_array_of_ours_may_change, "L615")
{
    EXPECT_EQ(end_of(an_array_of_ours_changes), 0);
}

static void a_longer_array(void)
{
    BYTE *p = mmap(NULL, (ARRAY + 1) * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED);
    make_usual_array((PVOID *)p);
    MUST(munmap(p + ARRAY * PAGE, PAGE) == 0);
    block_faults();
    EXPECT_EQ(tells_written((PVOID *)p), 1);
    EXPECT_FAIL(ERROR_NOACCESS, tells_written((PVOID *)(p + PAGE)));
}

TEST(results, what_is_known_of_an_array_is_not_what_lies_behind, "L615")
{
    EXPECT_EQ(end_of(a_longer_array), 0);
}

static void no_bytes(void)
{
    static MEMORY_BASIC_INFORMATION usual;
    HANDLE *p;

    EXPECT(GetProcessHeap() != NULL);
    make_usual(&usual);
    p = (HANDLE *)free_space(GRAIN);
    block_faults();
    EXPECT(GetProcessHeaps(0, p) > 0);
    EXPECT_NOT_TOLD(p);
}

TEST(results, no_bytes_say_nothing, "L615")
{
    EXPECT_EQ(end_of(no_bytes), 0);
}

static volatile int theirs;

static void counts(int number)
{
    (void)number;
    theirs++;
    _exit(77);
}

/* As the kernel takes it; the restorer is not needed, nobody returns. */
struct kernel_action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static struct kernel_action action_now(void)
{
    struct kernel_action now;

    MUST(syscall(SYS_rt_sigaction, SIGSEGV, NULL, &now, 8) == 0);
    return now;
}

static void put_over_ours(void)
{
    struct kernel_action mine = {.handler = counts, .flags = 0};
    BYTE *p = of_its_own();

    make_usual(p);
    MUST(syscall(SYS_rt_sigaction, SIGSEGV, &mine, NULL, 8) == 0);
    for (int i = 0; i < LOOK; i++)
        EXPECT_TOLD(p);
    MUST(munmap(p, PAGE) == 0);
    for (int i = 0; i < MANY; i++)
        EXPECT_NOT_TOLD(p);
    EXPECT(action_now().handler == counts);
}

TEST(results, another_handler_is_not_asked_and_stays, "L616")
{
    EXPECT_EQ(end_of(put_over_ours), 0);
}

static void blocked_since(void)
{
    BYTE *p = of_its_own();

    make_usual(p);
    block_faults();
    for (int i = 0; i < LOOK; i++)
        EXPECT_TOLD(p);
    MUST(munmap(p, PAGE) == 0);
    EXPECT_NOT_TOLD(p);
}

TEST(results, what_is_blocked_is_noticed, "L616")
{
    EXPECT_EQ(end_of(blocked_since), 0);
}

TEST(results, few_of_them_set_no_handler, "L617")
{
    static MEMORY_BASIC_INFORMATION out;
    void (*before)(int) = action_now().handler; /* a sanitizer's */

    EXPECT_NOT_TOLD((void *)16); /* before anything was remembered */
    for (int i = 1; i < FEW; i++)
        EXPECT_TOLD(&out);
    EXPECT(action_now().handler == before);
}

#endif
