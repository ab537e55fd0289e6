/*
 * Every function from several threads at once: answers stay right, nothing deadlocks, and each
 * test is over in less than two seconds.
 */
#include "api.h"

#define THREADS 4

static int stop;

static void run_threads(void (*run)(void *), void *args, size_t arg_size)
{
    struct check_thread threads[THREADS];
    double start = check_seconds();
    int i;

    for (i = 0; i < THREADS; i++)
        thread_start(&threads[i], run, (char *)args + (size_t)i * arg_size);
    check_sleep(300);
    ATOMIC_SET(stop, 1);
    for (i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    EXPECT(check_seconds() - start < (getenv("CHECK_SECONDS") ? 20.0 : 2.0));
}

static void lives_on_its_own_memory(void *arg)
{
    unsigned *rounds = arg;

    while (!ATOMIC_GET(stop)) {
        BYTE *p = VirtualAlloc(NULL, 16 * PAGE, MEM_RESERVE, PAGE_NOACCESS);
        DWORD old = 0;

        if (p == NULL || VirtualAlloc(p, 4 * PAGE, MEM_COMMIT, PAGE_READWRITE) != p)
            break;
        EXPECT(p[0] == 0 && p[4 * PAGE - 1] == 0);
        p[0] = 1;
        EXPECT(VirtualProtect(p, PAGE, PAGE_READONLY, &old) && old == PAGE_READWRITE);
        EXPECT_EQ(check_protect(p), PAGE_READONLY);
        EXPECT(VirtualFree(p, 2 * PAGE, MEM_DECOMMIT));
        EXPECT_EQ(check_state(p), MEM_RESERVE);
        EXPECT_EQ(check_state(p + 2 * PAGE), MEM_COMMIT);
        EXPECT(VirtualFree(p, 0, MEM_RELEASE));
        (*rounds)++;
    }
}

TEST(threads, each_on_its_own_reservations, "S61 O67 L141")
{
    unsigned rounds[THREADS] = {0};
    int i;

    run_threads(lives_on_its_own_memory, rounds, sizeof rounds[0]);
    for (i = 0; i < THREADS; i++)
        EXPECT(rounds[i] > 0);
}

struct share {
    BYTE *page;
    unsigned rounds;
};

static void lives_on_its_page(void *arg)
{
    struct share *share = arg;

    while (!ATOMIC_GET(stop)) {
        EXPECT_EQ(VirtualAlloc(share->page, PAGE, MEM_COMMIT, PAGE_READWRITE), share->page);
        EXPECT(share->page[0] == 0);
        share->page[0] = 1;
        EXPECT(VirtualFree(share->page, PAGE, MEM_DECOMMIT));
        EXPECT_EQ(check_state(share->page), MEM_RESERVE);
        share->rounds++;
    }
}

TEST(threads, neighbouring_pages_of_one_reservation, "S64 O44")
{
    struct share shares[THREADS];
    BYTE *p = reserve(GRAIN);
    int i;

    for (i = 0; i < THREADS; i++) {
        shares[i].page = p + i * (int)PAGE;
        shares[i].rounds = 0;
    }
    run_threads(lives_on_its_page, shares, sizeof shares[0]);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE);
    for (i = 0; i < THREADS; i++)
        EXPECT(shares[i].rounds > 0);
}

static BYTE *contested;
static int winners, waiting;

static void wants_the_same_address(void *arg)
{
    (void)arg;
    ATOMIC_ADD(waiting, 1);
    while (ATOMIC_GET(waiting) <= THREADS) /* they and the one who frees the address */
        ;
    if (VirtualAlloc(contested, GRAIN, MEM_RESERVE, PAGE_NOACCESS) == contested)
        ATOMIC_ADD(winners, 1);
}

TEST(threads, one_of_many_gets_an_address, "S62 O15")
{
    int round;

    for (round = 0; round < 30; round++) {
        struct check_thread threads[THREADS];
        int i;

        contested = reserve(GRAIN); /* freed below: starting a thread takes addresses too */
        winners = waiting = 0;
        for (i = 0; i < THREADS; i++)
            thread_start(&threads[i], wants_the_same_address, NULL);
        while (ATOMIC_GET(waiting) < THREADS)
            check_sleep(1);
        release(contested);
        ATOMIC_ADD(waiting, 1);
        for (i = 0; i < THREADS; i++)
            thread_join(&threads[i]);
#ifdef CHECK_THREAD_SANITIZER
        if (winners == 0)
            continue; /* its run time took the address */
#endif
        EXPECT_EQ(winners, 1);
        release(contested);
    }
}

static void releases_the_same_memory(void *arg)
{
    (void)arg;
    ATOMIC_ADD(waiting, 1);
    while (ATOMIC_GET(waiting) < THREADS)
        check_yield();
    if (VirtualFree(contested, 0, MEM_RELEASE))
        ATOMIC_ADD(winners, 1);
}

TEST(threads, memory_is_released_once, "O51 O46")
{
    int round;

    for (round = 0; round < 30; round++) {
        struct check_thread threads[THREADS];
        int i;

        contested = commit(GRAIN, PAGE_READWRITE);
        winners = waiting = 0;
        for (i = 0; i < THREADS; i++)
            thread_start(&threads[i], releases_the_same_memory, NULL);
        for (i = 0; i < THREADS; i++)
            thread_join(&threads[i]);
        EXPECT_EQ(winners, 1);
    }
}

static void looks_while_others_change(void *arg)
{
    unsigned *rounds = arg;
    MEMORY_BASIC_INFORMATION mbi;

    while (!ATOMIC_GET(stop)) {
        BYTE *at = contested + (*rounds % 16) * PAGE;

        EXPECT_EQ(VirtualQuery(at, &mbi, sizeof mbi), sizeof mbi);
        EXPECT(mbi.BaseAddress == at && mbi.AllocationBase == contested);
        EXPECT(mbi.RegionSize && at + mbi.RegionSize <= contested + GRAIN);
        EXPECT(mbi.State == MEM_COMMIT ? mbi.Protect == PAGE_READWRITE || mbi.Protect == PAGE_READONLY
                                       : mbi.State == MEM_RESERVE && mbi.Protect == 0);
        (*rounds)++;
    }
}

static void changes_while_others_look(void *arg)
{
    unsigned i = 0;
    DWORD old;

    (void)arg;
    while (!ATOMIC_GET(stop)) {
        BYTE *at = contested + (i++ % 13) * PAGE;

        VirtualAlloc(at, 3 * PAGE, MEM_COMMIT, PAGE_READWRITE);
        VirtualProtect(at + PAGE, PAGE, PAGE_READONLY, &old);
        VirtualFree(at, 2 * PAGE, MEM_DECOMMIT);
    }
}

TEST(threads, queries_are_never_torn, "O67 O68")
{
    struct check_thread changer;
    unsigned rounds[THREADS] = {0};
    int i;

    contested = reserve(GRAIN);
    thread_start(&changer, changes_while_others_look, NULL);
    run_threads(looks_while_others_change, rounds, sizeof rounds[0]);
    thread_join(&changer);
    for (i = 0; i < THREADS; i++)
        EXPECT(rounds[i] > 0);
}

static HANDLE shared_section;

static void lives_on_views(void *arg)
{
    unsigned *rounds = arg;
    HANDLE self = GetCurrentProcess(), copy = NULL;

    while (!ATOMIC_GET(stop)) {
        BYTE *p = MapViewOfFile(shared_section, FILE_MAP_WRITE, 0, 0, 0);
        HANDLE own = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x1000, NULL);
        BYTE *q = MapViewOfFile(own, FILE_MAP_COPY, 0, 0, 0);

        EXPECT(p && own && q && p[8] == 88 && q[0] == 0);
        EXPECT(DuplicateHandle(self, own, self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS));
        EXPECT(CloseHandle(own));
        EXPECT(CloseHandle(copy));
        q[0] = 1;
        EXPECT(UnmapViewOfFile(q));
        EXPECT(UnmapViewOfFile(p));
        (*rounds)++;
    }
}

TEST(threads, sections_views_and_handles, "O183 O176")
{
    unsigned rounds[THREADS] = {0};
    int i;

    shared_section = section(GRAIN, PAGE_READWRITE);
    view(shared_section, FILE_MAP_WRITE)[8] = 88;
    run_threads(lives_on_views, rounds, sizeof rounds[0]);
    for (i = 0; i < THREADS; i++)
        EXPECT(rounds[i] > 0);
}

static void lives_on_placeholders(void *arg)
{
    unsigned *rounds = arg;

    while (!ATOMIC_GET(stop)) {
        BYTE *p =
            VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);

        EXPECT(p != NULL);
        EXPECT(split_placeholder(p, GRAIN / 2));
        EXPECT_EQ(replace_placeholder(p, GRAIN / 2, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), p);
        EXPECT_EQ(MapViewOfFile3(shared_section, NULL, p + GRAIN / 2, 0, GRAIN / 2, MEM_REPLACE_PLACEHOLDER,
                                 PAGE_READWRITE, NULL, 0),
                  p + GRAIN / 2);
        p[0] = 1;
        EXPECT_EQ(p[GRAIN / 2 + 8], 88);
        EXPECT(UnmapViewOfFile2(GetCurrentProcess(), p + GRAIN / 2, MEM_PRESERVE_PLACEHOLDER));
        EXPECT(split_placeholder(p, GRAIN / 2));
        EXPECT(VirtualFree(p, GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
        EXPECT(VirtualFree(p, 0, MEM_RELEASE));
        (*rounds)++;
    }
}

TEST(threads, placeholders, "O132 O143 O146 O148")
{
    unsigned rounds[THREADS] = {0};
    int i;

    release(reserve_placeholder(GRAIN));
    shared_section = section(GRAIN, PAGE_READWRITE);
    view(shared_section, FILE_MAP_WRITE)[8] = 88;
    run_threads(lives_on_placeholders, rounds, sizeof rounds[0]);
    for (i = 0; i < THREADS; i++)
        EXPECT(rounds[i] > 0);
}

static void touches_what_belongs_to_nobody(void *arg)
{
    unsigned *rounds = arg;
    SYSTEM_INFO info;
    HMODULE module;

    while (!ATOMIC_GET(stop)) {
        GetSystemInfo(&info);
        EXPECT_EQ(info.dwPageSize, PAGE);
        module = GetModuleHandleA("kernelbase.dll");
        EXPECT(module && GetProcAddress(module, "VirtualAlloc2"));
        EXPECT_EQ(check_state(rounds), MEM_COMMIT);
        SetLastError((DWORD)AT(rounds));
        EXPECT(FlushInstructionCache(GetCurrentProcess(), NULL, 0));
        EXPECT_EQ(GetLastError(), (DWORD)AT(rounds));
        (*rounds)++;
    }
}

TEST(threads, questions_about_the_system, "L141")
{
    unsigned rounds[THREADS] = {0};

    run_threads(touches_what_belongs_to_nobody, rounds, sizeof rounds[0]);
    EXPECT(rounds[0] > 0);
}

#ifdef WINMEM_VERSION_MAJOR

#include "../support/child.h"

#include <sched.h>

enum { CHILDREN = 150 };

static int waiting, ready_to_go;
static BYTE *taken[THREADS];

static void comes_first(void *arg)
{
    __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
    while (!ATOMIC_GET(ready_to_go))
        sched_yield();
    *(BYTE **)arg = VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

static void all_come_first(void)
{
    struct check_thread threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        thread_start(&threads[i], comes_first, &taken[i]);
    while (ATOMIC_GET(waiting) < THREADS)
        sched_yield();
    ATOMIC_SET(ready_to_go, 1);
    for (int i = 0; i < THREADS; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < THREADS; i++)
        EXPECT(taken[i] != NULL && check_state(taken[i]) == MEM_COMMIT &&
               VirtualFree(taken[i], 0, MEM_RELEASE));
}

/* Here nobody has called the library: so each child's threads make its book, where none is made when it is loaded. */
TEST(threads, those_who_come_first_have_one_book, "L141")
{
    for (int i = 0; i < CHILDREN; i++)
        EXPECT_EQ(end_of(all_come_first), 0);
}

#endif
