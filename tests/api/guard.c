/* guard.c: PAGE_GUARD, seen by those who touch it. */
#include "api.h"

#ifndef _WIN32
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

#define RW PAGE_READWRITE
#define GUARDED 0x80000001

/* --- what the last exceptions were --- */

static struct {
    LONG count;
    DWORD code, parameters;
    ULONG_PTR how, where;
    int write_inside; /* the handler itself writes the page */
} hit;

static LONG WINAPI note(EXCEPTION_POINTERS *info)
{
    const EXCEPTION_RECORD *record = info->ExceptionRecord;

    if (record->ExceptionCode != GUARDED)
        return EXCEPTION_CONTINUE_SEARCH;
    hit.code = record->ExceptionCode;
    hit.parameters = record->NumberParameters;
    hit.how = record->ExceptionInformation[0];
    hit.where = record->ExceptionInformation[1];
    if (hit.write_inside)
        *(volatile BYTE *)record->ExceptionInformation[1] = 9;
    __atomic_add_fetch(&hit.count, 1, __ATOMIC_SEQ_CST);
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void catch_guards(void)
{
    MUST(AddVectoredExceptionHandler(1, note) != NULL);
}

TEST(guard, a_hit_tells_how_and_where_and_disarms, "O98 O99 O100 S154")
{
    BYTE *p = commit(GRAIN, RW | PAGE_GUARD);

    catch_guards();
    EXPECT_REGION(p, .size = GRAIN, .protect = RW | PAGE_GUARD, .alloc_protect = RW | PAGE_GUARD);
    *(volatile BYTE *)(p + PAGE + 0x123) = 5;
    EXPECT_EQ(hit.count, 1);
    EXPECT_EQ(hit.code, GUARDED);
    EXPECT_EQ(hit.parameters, 2);
    EXPECT_EQ(hit.how, 1);
    EXPECT_EQ(hit.where, p + PAGE + 0x123);
    EXPECT_EQ(p[PAGE + 0x123], 5);
    EXPECT_EQ(hit.count, 1);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = RW, .alloc_protect = RW | PAGE_GUARD);
    EXPECT_REGION(p, .size = PAGE, .protect = RW | PAGE_GUARD);
    EXPECT_REGION(p + 2 * PAGE, .size = GRAIN - 2 * PAGE, .protect = RW | PAGE_GUARD);
}

TEST(guard, a_read_disarms_as_well, "O98 O100")
{
    BYTE *p = commit(GRAIN, RW);

    catch_guards();
    p[7] = 42;
    protect(p, PAGE, RW | PAGE_GUARD);
    EXPECT_EQ(*(volatile BYTE *)(p + 7), 42);
    EXPECT_EQ(hit.count, 1);
    EXPECT_EQ(hit.how, 0);
    EXPECT_EQ(hit.where, p + 7);
    EXPECT_REGION(p, .size = GRAIN, .protect = RW);
}

TEST(guard, arming_and_disarming_report_the_guard, "O62 O58 S155")
{
    BYTE *p = commit(GRAIN, RW);
    DWORD old = 0;

    EXPECT_OK(VirtualProtect(p, PAGE, RW | PAGE_GUARD, &old));
    EXPECT_EQ(old, RW);
    EXPECT_OK(VirtualProtect(p, PAGE, RW, &old));
    EXPECT_EQ(old, RW | PAGE_GUARD);
    p[0] = 1;
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_GUARD, &old));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualProtect(p, PAGE, PAGE_NOACCESS | PAGE_GUARD, &old));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, PAGE, MEM_COMMIT, PAGE_NOACCESS | PAGE_GUARD));
}

TEST(guard, an_execution_is_told_as_one, "O98")
{
    BYTE *p = commit(GRAIN, PAGE_EXECUTE_READWRITE);
    DWORD old;

#if defined(__aarch64__)
    *(volatile DWORD *)p = 0xd65f03c0;
#else
    p[0] = 0xc3;
#endif
    FlushInstructionCache(GetCurrentProcess(), p, sizeof(DWORD)); /* it is a return */
    catch_guards();
    MUST(VirtualProtect(p, PAGE, PAGE_EXECUTE_READ | PAGE_GUARD, &old));
    ((void (*)(void))(ULONG_PTR)p)();
    EXPECT_EQ(hit.count, 1);
    EXPECT_EQ(hit.how, 8);
    EXPECT_EQ(hit.where, p);
}

TEST(guard, afterwards_the_protection_below_applies, "O99 S154")
{
    BYTE *p = commit(GRAIN, RW);

    catch_guards();
    p[0] = 3;
    protect(p, PAGE, PAGE_READONLY | PAGE_GUARD);
    EXPECT_EQ(*(volatile BYTE *)p, 3);
    EXPECT_EQ(hit.count, 1);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READONLY);
    EXPECT(readable(p) && !writable(p));
}

TEST(guard, committing_with_a_guard, "O100")
{
    BYTE *p = reserve(GRAIN);

    catch_guards();
    commit_part(p + PAGE, 2 * PAGE, RW | PAGE_GUARD);
    EXPECT_REGION(p + PAGE, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = RW | PAGE_GUARD);
    EXPECT_EQ(*(volatile BYTE *)(p + 2 * PAGE), 0);
    EXPECT_EQ(hit.count, 1);
    EXPECT_REGION(p + PAGE, .size = PAGE, .protect = RW | PAGE_GUARD);
    MUST(VirtualFree(p, GRAIN, MEM_DECOMMIT));
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE);
}

/* That nothing is there comes before what could be done to it. */
TEST(guard, free_memory_has_none, "O55")
{
    BYTE *p = commit(4 * GRAIN, PAGE_READONLY);
    DWORD old;

    release(p);
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, RW, &old));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualProtect(p, PAGE, RW | PAGE_GUARD, &old));
}

TEST(guard, pages_of_views, "O64 O99")
{
    BYTE *p = anonymous_view(GRAIN, RW, FILE_MAP_WRITE), *q = anonymous_view(GRAIN, RW, FILE_MAP_COPY);
    DWORD old;

    catch_guards();
    p[0] = q[0] = 4;
    EXPECT_OK(VirtualProtect(p, PAGE, RW | PAGE_GUARD, &old));
    EXPECT_REGION(p, .size = PAGE, .protect = RW | PAGE_GUARD, .type = MEM_MAPPED);
    EXPECT_EQ(*(volatile BYTE *)p, 4);
    EXPECT_EQ(hit.count, 1);
    p[0] = 5;
    EXPECT_OK(VirtualProtect(q, PAGE, PAGE_WRITECOPY | PAGE_GUARD, &old));
    *(volatile BYTE *)q = 6;
    EXPECT_EQ(hit.count, 2);
    EXPECT_EQ(q[0], 6);
}

TEST(guard, a_write_to_a_watched_page_is_recorded_after_the_exception, "O106")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, RW);
    PVOID pages[16];
    ULONG_PTR count = 16;
    DWORD granularity;

    MUST(p != NULL);
    catch_guards();
    protect(p, 2 * PAGE, RW | PAGE_GUARD);
    *(volatile BYTE *)p = 1;
    EXPECT_EQ(hit.count, 1);
    MUST(GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, GRAIN, pages, &count, &granularity) == 0);
    EXPECT_EQ(count, 1);
    EXPECT_EQ(pages[0], p);
    hit.write_inside = 1;
    EXPECT_EQ(*(volatile BYTE *)(p + PAGE), 9);
    count = 16;
    MUST(GetWriteWatch(0, p, GRAIN, pages, &count, &granularity) == 0);
    EXPECT(count >= 1 && pages[count - 1] == p + PAGE);
}

/* --- threads --- */

enum { THREADS = 8, ROUNDS = 200 };

static struct {
    BYTE *p;
    LONG round, arrived;
} start;

static void touch_every_round(void *unused)
{
    LONG round;

    (void)unused;
    for (round = 1; round <= ROUNDS; round++) {
        while (__atomic_load_n(&start.round, __ATOMIC_ACQUIRE) < round)
            check_yield();
        (void)*(volatile BYTE *)start.p;
        __atomic_add_fetch(&start.arrived, 1, __ATOMIC_ACQ_REL);
    }
}

TEST(guard, one_thread_wins, "O99")
{
    struct check_thread threads[THREADS];
    LONG round;
    int i;

    catch_guards();
    start.p = commit(GRAIN, RW);
    for (i = 0; i < THREADS; i++)
        thread_start(&threads[i], touch_every_round, NULL);
    for (round = 1; round <= ROUNDS; round++) {
        __atomic_store_n(&start.arrived, 0, __ATOMIC_RELEASE);
        protect(start.p, PAGE, RW | PAGE_GUARD);
        __atomic_store_n(&start.round, round, __ATOMIC_RELEASE);
        while (__atomic_load_n(&start.arrived, __ATOMIC_ACQUIRE) < THREADS)
            check_yield();
        if (__atomic_load_n(&hit.count, __ATOMIC_ACQUIRE) != round)
            check_fail(__FILE__, __LINE__, "round %d: %d exceptions", (int)round, (int)hit.count);
        if (check_failures > 3)
            check_end(1);
    }
    for (i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
}

#ifndef _WIN32

TEST(guard, system_calls_fail_and_do_not_raise, "D6.6b")
{
    BYTE *p = commit(GRAIN, RW);
    int zero = open("/dev/zero", O_RDONLY);

    MUST(zero >= 0);
    catch_guards();
    protect(p, PAGE, RW | PAGE_GUARD);
    EXPECT_EQ(read(zero, p, 16), -1);
    EXPECT_EQ(errno, EFAULT);
    EXPECT_EQ(hit.count, 0);
    EXPECT_REGION(p, .size = PAGE, .protect = RW | PAGE_GUARD);
    EXPECT_EQ(*(volatile BYTE *)p, 0);
    EXPECT_EQ(hit.count, 1);
}

TEST(guard, memory_of_others_cannot_be_guarded, "L3")
{
    BYTE *p = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    DWORD old;

    MUST(p != MAP_FAILED);
    EXPECT_FAIL(ERROR_NOT_SUPPORTED, VirtualProtect(p, PAGE, RW | PAGE_GUARD, &old));
    EXPECT(writable(p));
}

#endif
