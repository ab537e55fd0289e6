/* reservedelsewhere.c: sections that are committed piece by piece, by several processes. */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <pthread.h>

#include "remote.h"

#include "names.h"
#include "turns.h"

#include "../support/mappedfiles.h"

/* --- two processes with one name --- */

static HANDLE named(const char *name, SIZE_T bytes)
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE,
                                       (DWORD)((ULONG64)bytes >> 32), (DWORD)bytes, name_of(name));

    MUST(handle != NULL);
    return handle;
}

static void commit_and_write(struct other *me)
{
    BYTE *p = view(named("reserved", 4 * GRAIN), FILE_MAP_WRITE);

    commit_part(p + PAGE, 2 * PAGE, PAGE_READWRITE);
    p[2 * PAGE] = 42;
    stop_here(me);
    EXPECT_EQ(p[GRAIN], 43);
    commit_part(p + 2 * GRAIN, GRAIN, PAGE_READONLY);
    commit_part(p + 3 * GRAIN + PAGE, 2 * PAGE, PAGE_READONLY);
    stop_here(me);
}

TEST(reservedelsewhere, what_one_process_commits_all_have, "O192 L335 O160")
{
    struct other other = begin(commit_and_write);
    BYTE *p = view(named("reserved", 4 * GRAIN), FILE_MAP_WRITE);

    EXPECT_REGION(p, .size = 4 * GRAIN, .state = MEM_RESERVE);
    let_go_on(&other);
    EXPECT_REGION(p, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_REGION(p + PAGE, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_EQ(p[2 * PAGE], 42);
    p[PAGE] = 1;
    commit_part(p + GRAIN, PAGE, PAGE_READWRITE);
    p[GRAIN] = 43;
    let_go_on(&other);
    EXPECT_REGION(p + 2 * GRAIN, .size = GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    end_other(&other);
}

TEST(reservedelsewhere, what_was_not_touched_yet_is_committed_all_the_same, "L335")
{
    struct other other = begin(commit_and_write);
    BYTE *p = view(named("reserved", 4 * GRAIN), FILE_MAP_WRITE), buffer[2] = {0, 0};
    SIZE_T done;
    DWORD old = 0;

    let_go_on(&other);
    EXPECT_OK(ReadProcessMemory(GetCurrentProcess(), p + 2 * PAGE, buffer, 2, &done));
    EXPECT_EQ(buffer[0], 42);
    EXPECT_FAIL(ERROR_PARTIAL_COPY, ReadProcessMemory(GetCurrentProcess(), p, buffer, 2, &done));
    EXPECT(!IsBadReadPtr(p + PAGE, 2 * PAGE) && IsBadReadPtr(p, 1) && IsBadReadPtr(p + 3 * PAGE, 1));
    commit_part(p + GRAIN, PAGE, PAGE_READWRITE);
    p[GRAIN] = 43;
    let_go_on(&other);
    EXPECT_OK(VirtualProtect(p + 2 * GRAIN, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_OK(WriteProcessMemory(GetCurrentProcess(), p + 2 * GRAIN + PAGE, buffer, 2, &done));
    EXPECT_EQ(p[2 * GRAIN + PAGE], 42);
    EXPECT_OK(VirtualLock(p + 3 * GRAIN + PAGE, 2 * PAGE));
    end_other(&other);
}

static void touch_too_early(void)
{
    volatile BYTE *p = view(named("early", 4 * GRAIN), FILE_MAP_WRITE);

    signal(SIGSEGV, SIG_DFL); /* a sanitizer has its own */
    p[PAGE] = 1;
}

TEST(reservedelsewhere, what_nobody_has_committed_is_the_signal, "L335")
{
    EXPECT_EQ(end_of(touch_too_early), -SIGSEGV);
}

static EXCEPTION_RECORD seen;
static BYTE *to_commit;

static LONG CALLBACK commit_it(EXCEPTION_POINTERS *info)
{
    seen = *info->ExceptionRecord;
    return VirtualAlloc(to_commit, PAGE, MEM_COMMIT, PAGE_READWRITE) ? EXCEPTION_CONTINUE_EXECUTION
                                                                     : EXCEPTION_CONTINUE_SEARCH;
}

TEST(reservedelsewhere, a_handler_may_commit_what_is_touched, "L335 O192")
{
    volatile BYTE *p = view(named("handled", 4 * GRAIN), FILE_MAP_WRITE);

    to_commit = (BYTE *)(uintptr_t)p + 3 * PAGE;
    AddVectoredExceptionHandler(1, commit_it);
    p[3 * PAGE + 5] = 8;
    EXPECT_EQ(seen.ExceptionCode, EXCEPTION_ACCESS_VIOLATION);
    EXPECT_EQ(seen.ExceptionInformation[0], 1);
    EXPECT_EQ(seen.ExceptionInformation[1], AT(p) + 3 * PAGE + 5);
    EXPECT_EQ(p[3 * PAGE + 5], 8);
}

TEST(reservedelsewhere, the_name_keeps_that_it_is_reserved, "O158 L337")
{
    HANDLE handle = named("kept", GRAIN), again = create("kept", 3 * GRAIN);
    BYTE *p;

    EXPECT_EQ(GetLastError(), ERROR_ALREADY_EXISTS);
    p = view(again, FILE_MAP_WRITE);
    EXPECT_REGION(p, .size = GRAIN, .state = MEM_RESERVE);
    MUST(CloseHandle(handle) && CloseHandle(again));
}

static void fill_the_room(void)
{
    BYTE *p = view(named("room", 64 * MiB), FILE_MAP_WRITE);

    EXPECT_REGION(p, .size = 64 * MiB, .state = MEM_RESERVE);
    commit_part(p, 64 * PAGE, PAGE_READWRITE);
    EXPECT_NO_CHANGE(p, 64 * MiB, {
        EXPECT_FAIL(ERROR_COMMITMENT_LIMIT, VirtualAlloc(p + MiB, 8 * MiB, MEM_COMMIT, PAGE_READWRITE));
    });
    memset(p, 1, 64 * PAGE);
}

static void mount_and_fill(void)
{
    pretend_alone();
    MUST(mount("winmem-test", "/dev/shm", "tmpfs", 0, "size=1m") == 0);
    fill_the_room();
    MUST(check_failures == 0);
}

TEST(reservedelsewhere, what_has_a_name_takes_its_memory_when_it_is_committed, "L337")
{
    int code = end_of(mount_and_fill);

    if (code == CHECK_SKIPPED)
        SKIP("nothing can be mounted here");
    EXPECT_EQ(code, 0);
}

/* --- forks --- */

TEST(reservedelsewhere, a_child_of_fork_commits_for_its_parent, "L343")
{
    BYTE *p = view(section(4 * GRAIN, PAGE_READWRITE | SEC_RESERVE), FILE_MAP_WRITE);
    pid_t child = fork_child();
    int status = 1;

    if (child == 0) {
        commit_part(p + 2 * PAGE, PAGE, PAGE_READWRITE);
        p[2 * PAGE] = 6;
        _exit(0);
    }
    MUST(waitpid(child, &status, 0) == child && status == 0);
    EXPECT_REGION(p + 2 * PAGE, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_EQ(p[2 * PAGE], 6);
}

/* --- threads --- */

enum { THREADS = 4, ROUNDS = 64 };

static BYTE *crowded;
static unsigned wrong;

/* Whatever a neighbour is doing to the same pages of the same view at this moment: each is committed by somebody. */
static void *meet_all(void *which)
{
    unsigned own = (unsigned)(ULONG_PTR)which;

    for (unsigned i = 0; i < ROUNDS; i++) {
        BYTE *p = crowded + (i * 7 + own * 16) % ROUNDS * PAGE;
        MEMORY_BASIC_INFORMATION mbi;

        if (VirtualQuery(p, &mbi, sizeof mbi) != sizeof mbi || mbi.State != MEM_COMMIT)
            ATOMIC_ADD(wrong, 1);
        (void)*(
            volatile BYTE *)(p +
                             100); /* a sanitizer's atomic operations are not to be interrupted by a fault */
        ATOMIC_ADD(p[own], 1);
        if (i % 4 == own && VirtualAlloc(p, PAGE, MEM_COMMIT, PAGE_READWRITE) != p)
            ATOMIC_ADD(wrong, 1);
    }
    return NULL;
}

TEST(reservedelsewhere, many_threads_meet_what_a_child_has_committed, "L335 L343")
{
    pthread_t threads[THREADS];
    int status = 1;
    pid_t child;

    crowded = view(section(ROUNDS * PAGE, PAGE_READWRITE | SEC_RESERVE), FILE_MAP_WRITE);
    child = fork_child();
    if (child == 0) {
        for (unsigned i = 0; i < ROUNDS; i++) /* in as many pieces as there are pages */
            commit_part(crowded + i * 7 % ROUNDS * PAGE, PAGE, PAGE_READWRITE);
        _exit(0);
    }
    MUST(waitpid(child, &status, 0) == child && status == 0);
    for (unsigned i = 0; i < THREADS; i++)
        MUST(pthread_create(&threads[i], NULL, meet_all, (void *)(ULONG_PTR)i) == 0);
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    EXPECT_EQ(ATOMIC_GET(wrong), 0);
    for (unsigned i = 0; i < ROUNDS; i++)
        for (unsigned own = 0; own < THREADS; own++)
            EXPECT_EQ(crowded[i * PAGE + own], 1);
}

/* --- views in other processes --- */

static HANDLE shared;
static const char *shared_name; /* NULL: none */

static HANDLE section_to_share(void)
{
    return shared_name != NULL ? named(shared_name, 4 * GRAIN)
                               : section(4 * GRAIN, PAGE_READWRITE | SEC_RESERVE);
}

static BYTE *map_there(const struct target *t, ULONG type)
{
    BYTE *p = MapViewOfFile2(shared, t->handle, 0, NULL, 0, type, PAGE_READWRITE);

    MUST(p != NULL);
    return p;
}

static void check_committing(struct target *t)
{
    BYTE *here, *there, byte = 0;
    SIZE_T done;

    shared = section_to_share();
    here = view(shared, FILE_MAP_WRITE);
    there = map_there(t, MEM_RESERVE);
    EXPECT_THERE(t, there, .size = 4 * GRAIN, .state = MEM_RESERVE, .alloc_protect = PAGE_READWRITE,
                 .type = MEM_MAPPED);
    commit_part(here + PAGE, 2 * PAGE, PAGE_READONLY);
    EXPECT_THERE(t, there + PAGE, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_THERE(t, there, .size = PAGE, .state = MEM_RESERVE);
    EXPECT_EQ(tell(t, POKE, there + PAGE, 7), 7);
    EXPECT_EQ(here[PAGE], 7);
    EXPECT_OK(VirtualAllocEx(t->handle, there + GRAIN, PAGE, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_REGION(here + GRAIN, .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    here[GRAIN] = 8;
    EXPECT_EQ(tell(t, PEEK, there + GRAIN, 0), 8);
    commit_part(here + 2 * GRAIN, GRAIN, PAGE_READWRITE);
    here[2 * GRAIN + 3 * PAGE] = 9;
    EXPECT_OK(ReadProcessMemory(t->handle, there + 2 * GRAIN + 3 * PAGE, &byte, 1, &done));
    EXPECT_EQ(byte, 9);
    MUST(UnmapViewOfFile(here) && CloseHandle(shared));
    EXPECT_OK(UnmapViewOfFile2(t->handle, there, 0));
}

TEST(reservedelsewhere, committed_here_and_there, "O192 L335 L338 O186")
{
    in_both_kinds(check_committing);
}

TEST(reservedelsewhere, committed_here_and_there_under_a_name, "O192 L337 L338 O186")
{
    shared_name = "there";
    in_both_kinds(check_committing);
}

static void check_touching(struct target *t)
{
    BYTE *here, *there;

    shared = section_to_share();
    here = view(shared, FILE_MAP_WRITE);
    there = map_there(t, 0);
    commit_part(here, 4 * GRAIN, PAGE_READWRITE);
    here[3 * GRAIN] = 77;
    EXPECT_EQ(tell(t, PEEK, there + 3 * GRAIN, 0), 77);
    EXPECT_EQ(tell(t, POKE, there + 2 * GRAIN, 5), 5);
    EXPECT_EQ(here[2 * GRAIN], 5);
    EXPECT_THERE(t, there, .size = 4 * GRAIN, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    MUST(UnmapViewOfFile(here) && CloseHandle(shared));
    EXPECT_OK(UnmapViewOfFile2(t->handle, there, 0));
}

TEST(reservedelsewhere, a_first_touch_there_finds_what_was_committed_here, "L335 L338")
{
    in_both_kinds(check_touching);
}

static void check_writing(struct target *t)
{
    BYTE *here, *there;
    char words[] = "written before anybody there has touched it";
    SIZE_T done = 0;

    shared = section_to_share();
    here = view(shared, FILE_MAP_WRITE);
    there = map_there(t, 0);
    commit_part(here, 2 * PAGE, PAGE_READWRITE);
    EXPECT_OK(WriteProcessMemory(t->handle, there + PAGE - 10, words, sizeof words, &done));
    EXPECT_EQ(done, sizeof words);
    EXPECT(memcmp(here + PAGE - 10, words, sizeof words) == 0);
    MUST(UnmapViewOfFile(here) && CloseHandle(shared));
    EXPECT_OK(UnmapViewOfFile2(t->handle, there, 0));
}

TEST(reservedelsewhere, writing_there_meets_what_was_committed_here, "L335")
{
    in_both_kinds(check_writing);
}

static void check_handle(struct target *t)
{
    HANDLE theirs = NULL, back = NULL;
    BYTE *p, *q;

    shared = section(4 * GRAIN, PAGE_READWRITE | SEC_RESERVE);
    p = view(shared, FILE_MAP_WRITE);
    if (t->kind != LIBRARY)
        return;
    EXPECT_OK(
        DuplicateHandle(GetCurrentProcess(), shared, t->handle, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    EXPECT_OK(
        DuplicateHandle(t->handle, theirs, GetCurrentProcess(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS));
    commit_part(p, PAGE, PAGE_READWRITE);
    p[0] = 4;
    EXPECT_EQ(tell(t, SHOW, theirs, 0), 4);
    q = view(back, FILE_MAP_WRITE);
    EXPECT_REGION(q, .size = PAGE, .state = MEM_COMMIT);
    commit_part(q + PAGE, PAGE, PAGE_READWRITE);
    p[PAGE] = 3;
    EXPECT_EQ(q[PAGE], 3);
}

TEST(reservedelsewhere, a_duplicate_is_the_same_section, "O192 D12.4a")
{
    in_both_kinds(check_handle);
}

#endif
