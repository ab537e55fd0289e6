/* writewatch.c: MEM_WRITE_WATCH, GetWriteWatch, ResetWriteWatch. */
#include "api.h"

#ifndef _WIN32
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../support/oldlibc.h"
#include "../support/seccomp.h"
#endif

#define PAGES 16
#define SIZE (PAGES * PAGE)
#define NOTHING ((UINT)-1)

/* Without either way every page that is there counts as written: too much is told, never too little. */
static int exact(void)
{
#ifdef _WIN32
    return 1;
#else
    return (WinmemFeature("userfaultfd") && WinmemFeature("pagemap_scan")) ||
           (WinmemFeature("soft_dirty") && WinmemFeature("zero_page"));
#endif
}

static BYTE *watched(SIZE_T size, DWORD type, DWORD protection)
{
    BYTE *p = VirtualAlloc(NULL, size, MEM_RESERVE | MEM_WRITE_WATCH | type, protection);

    MUST(p != NULL);
    return p;
}

/* Which pages of [p, p+size) are reported: a bit for each, the first PAGES of them. */
static unsigned ask(BYTE *p, SIZE_T size, DWORD flags)
{
    PVOID pages[64];
    ULONG_PTR count = 64, i;
    DWORD granularity = 0;
    unsigned bits = 0;

    SetLastError(CHECK_SENTINEL);
    MUST(GetWriteWatch(flags, p, size, pages, &count, &granularity) == 0);
    EXPECT_EQ(GetLastError(), CHECK_SENTINEL);
    EXPECT_EQ(granularity, PAGE);
    MUST(count <= 64);
    for (i = 0; i < count; i++) {
        SIZE_T page = (SIZE_T)((BYTE *)pages[i] - p) / PAGE;

        EXPECT((BYTE *)pages[i] >= p && AT(pages[i]) % PAGE == 0 && page <= size / PAGE);
        EXPECT(i == 0 || pages[i] > pages[i - 1]);
        bits |= 1u << page;
    }
    return bits;
}

static void check_bits(int line, unsigned got, unsigned want)
{
    if (exact() ? got != want : (got & want) != want)
        check_fail(__FILE__, line, "pages 0x%x were reported, 0x%x were written", got, want);
}

#define EXPECT_WRITTEN(p, size, flags, want) check_bits(__LINE__, ask(p, size, flags), want)

static void write_page(BYTE *p, int page)
{
    ((volatile BYTE *)p)[page * PAGE + 12]++;
}

/* Nothing is reported: only if nothing was touched, where the kernel does not tell. */
static void expect_clean(int line, BYTE *p, SIZE_T size)
{
    if (exact())
        check_bits(line, ask(p, size, 0), 0);
}

#define EXPECT_CLEAN(p, size) expect_clean(__LINE__, p, size)

TEST(writewatch, needs_reserve, "O114 S94")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_FAIL(ERROR_INVALID_PARAMETER, VirtualAlloc(NULL, GRAIN, MEM_WRITE_WATCH, PAGE_READWRITE));
    EXPECT_FAIL(ERROR_INVALID_PARAMETER,
                VirtualAlloc(p, GRAIN, MEM_WRITE_WATCH | MEM_COMMIT, PAGE_READWRITE));
}

TEST(writewatch, is_not_visible_to_a_query, "O114")
{
    static const DWORD protections[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE, PAGE_EXECUTE_READWRITE};
    size_t i;

    for (i = 0; i < sizeof protections / sizeof protections[0]; i++) {
        BYTE *p = watched(SIZE, 0, protections[i]);
        BYTE *q = watched(SIZE, MEM_COMMIT, protections[i]);

        EXPECT_REGION(p, .base = AT(p), .size = SIZE, .state = MEM_RESERVE, .protect = 0,
                      .alloc_protect = protections[i], .type = MEM_PRIVATE);
        EXPECT_REGION(q, .base = AT(q), .size = SIZE, .state = MEM_COMMIT, .protect = protections[i],
                      .alloc_protect = protections[i], .type = MEM_PRIVATE);
        release(p);
        release(q);
    }
}

TEST(writewatch, fresh_memory_is_clean, "O117 O120")
{
    BYTE *p = watched(SIZE, 0, PAGE_READWRITE), *q = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    PVOID pages[2] = {(PVOID)1, (PVOID)2};
    ULONG_PTR count = 2;
    DWORD granularity;

    EXPECT_EQ(ask(p, SIZE, 0), 0);
    EXPECT_EQ(ask(q, SIZE, 0), 0);
    EXPECT_EQ(ResetWriteWatch(p, SIZE), 0);
    EXPECT_EQ(ResetWriteWatch(q, SIZE), 0);
    EXPECT_EQ(GetWriteWatch(0, q, SIZE, pages, &count, &granularity), 0);
    EXPECT_EQ(count, 0);
    EXPECT(pages[0] == (PVOID)1 && pages[1] == (PVOID)2);
}

TEST(writewatch, one_write_marks_one_page, "O115 O118 S93 S95")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    DWORD value = 0x01020304;

    EXPECT(p[5 * PAGE] == 0);
    EXPECT_CLEAN(p, SIZE);
    p[4 * PAGE] = 1;
    EXPECT_WRITTEN(p, SIZE, 0, 0x10);
    memcpy(p + 8 * PAGE - 2, &value, sizeof value);
    EXPECT_WRITTEN(p, SIZE, 0, 0x190);
    EXPECT_WRITTEN(p + 7 * PAGE, PAGE, 0, 1);
    EXPECT_WRITTEN(p + 5 * PAGE, 2 * PAGE + 1, 0, 4);
}

TEST(writewatch, pages_committed_later_are_watched, "O117 O118")
{
    BYTE *p = watched(SIZE, 0, PAGE_READWRITE);

    commit_part(p + 2 * PAGE, 4 * PAGE, PAGE_READWRITE);
    EXPECT_EQ(ask(p, SIZE, 0), 0);
    write_page(p, 3);
    EXPECT_WRITTEN(p, SIZE, 0, 8);
    commit_part(p, SIZE, PAGE_READWRITE);
    EXPECT_WRITTEN(p, SIZE, 0, 8);
    write_page(p, 9);
    EXPECT_WRITTEN(p, SIZE, 0, 0x208);
}

TEST(writewatch, resetting_happens_page_by_page, "O119 O121 S96")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    PVOID page;
    ULONG_PTR count = 1;
    DWORD granularity;

    write_page(p, 1);
    write_page(p, 2);
    write_page(p, 7);
    EXPECT_WRITTEN(p, SIZE, 0, 0x86);
    EXPECT_EQ(GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, SIZE, &page, &count, &granularity), 0);
    EXPECT_EQ(count, 1);
    EXPECT_EQ(page, p + PAGE);
    EXPECT_WRITTEN(p, SIZE, 0, 0x84);
    EXPECT_EQ(ResetWriteWatch(p, 4 * PAGE), 0);
    EXPECT_WRITTEN(p, SIZE, 0, 0x80);
    EXPECT_WRITTEN(p, SIZE, WRITE_WATCH_FLAG_RESET, 0x80);
    EXPECT_CLEAN(p, SIZE);
    write_page(p, 2);
    EXPECT_WRITTEN(p, SIZE, 0, 4);
}

TEST(writewatch, protections_neither_set_nor_clear, "O122")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);

    write_page(p, 3);
    protect(p, SIZE, PAGE_READONLY);
    EXPECT_WRITTEN(p, SIZE, 0, 8);
    protect(p + 4 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_WRITTEN(p, SIZE, 0, 8);
    EXPECT_REGION(p + 4 * PAGE, .size = PAGE, .protect = PAGE_NOACCESS);
    protect(p, SIZE, PAGE_READWRITE);
    EXPECT_WRITTEN(p, SIZE, WRITE_WATCH_FLAG_RESET, 8);
    EXPECT_CLEAN(p, SIZE);
    write_page(p, 4);
    EXPECT_WRITTEN(p, SIZE, 0, 0x10);
}

TEST(writewatch, decommit_clears, "O123")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);

    write_page(p, 3);
    write_page(p, 5);
    MUST(VirtualFree(p, SIZE, MEM_DECOMMIT));
    EXPECT_EQ(ask(p, SIZE, 0), 0);
    commit_part(p, SIZE, PAGE_READWRITE);
    EXPECT_EQ(ask(p, SIZE, 0), 0);
    write_page(p, 2);
    EXPECT_WRITTEN(p, SIZE, 0, 4);
}

TEST(writewatch, what_was_dirty_at_a_protection_stays, "O124 O125")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);

    write_page(p, 3);
    protect(p, 6 * PAGE, PAGE_READWRITE);
    write_page(p, 5);
    MUST(VirtualFree(p, SIZE, MEM_DECOMMIT));
    EXPECT_EQ(ask(p, SIZE, 0), 8);
    commit_part(p, SIZE, PAGE_READWRITE);
    EXPECT_EQ(ask(p, SIZE, 0), 8);
    write_page(p, 2);
    write_page(p, 4);
    write_page(p, 6);
    EXPECT_WRITTEN(p, SIZE, 0, 0x5c);
    EXPECT_EQ(ResetWriteWatch(p, SIZE), 0);
    EXPECT_CLEAN(p, SIZE);
}

TEST(writewatch, a_latched_page_goes_with_its_reset, "O124 O125")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);

    write_page(p, 5);
    write_page(p, 7);
    protect(p, SIZE, PAGE_NOACCESS);
    MUST(VirtualFree(p + 4 * PAGE, 4 * PAGE, MEM_DECOMMIT));
    EXPECT_WRITTEN(p, SIZE, 0, 0xa0);
    EXPECT_EQ(ResetWriteWatch(p + 5 * PAGE, PAGE), 0);
    EXPECT_EQ(ask(p, SIZE, 0), 0x80);
    EXPECT_EQ(ask(p, SIZE, WRITE_WATCH_FLAG_RESET), 0x80);
    EXPECT_EQ(ask(p, SIZE, 0), 0);
}

TEST(writewatch, holes_do_no_harm, "O125 S97")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);

    write_page(p, 1);
    write_page(p, 8);
    write_page(p, 15);
    MUST(VirtualFree(p + 6 * PAGE, 4 * PAGE, MEM_DECOMMIT));
    EXPECT_WRITTEN(p, SIZE, 0, 0x8002);
    EXPECT_EQ(ResetWriteWatch(p, SIZE), 0);
    EXPECT_CLEAN(p, SIZE);
}

TEST(writewatch, large_regions, "O126")
{
    enum { MANY = 2048 };
    static PVOID pages[MANY];
    BYTE *p = watched(MANY * PAGE, MEM_COMMIT, PAGE_READWRITE);
    ULONG_PTR count, i;
    DWORD granularity;
    int flags;

    for (i = 0; i < MANY; i += 2)
        p[i * PAGE] = 1;
    protect(p, MANY / 2 * PAGE, PAGE_READONLY);
    for (flags = 0; flags <= WRITE_WATCH_FLAG_RESET; flags++) {
        count = MANY;
        EXPECT_EQ(GetWriteWatch((DWORD)flags, p, MANY * PAGE, pages, &count, &granularity), 0);
        EXPECT_EQ(count, MANY / 2);
        for (i = 0; i < count && i < MANY / 2; i++)
            EXPECT_EQ(pages[i], p + 2 * i * PAGE);
    }
    count = MANY;
    EXPECT_EQ(GetWriteWatch(0, p, MANY * PAGE, pages, &count, &granularity), 0);
    EXPECT(!exact() || count == 0);
}

#define EXPECT_REFUSED(error, call)                                                                          \
    do {                                                                                                     \
        SetLastError(CHECK_SENTINEL);                                                                        \
        EXPECT_EQ((call), NOTHING);                                                                          \
        EXPECT_EQ(GetLastError(), error);                                                                    \
    } while (0)

TEST(writewatch, get_checks_its_arguments, "O116 O127")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE), *plain = commit(SIZE, PAGE_READWRITE);
    PVOID pages[64];
    ULONG_PTR count = 64, none = 0;
    DWORD g = 7;

    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, NULL, SIZE, pages, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, plain, SIZE, pages, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER,
                   GetWriteWatch(0, (PVOID)&check_failures, PAGE, pages, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, p, SIZE, pages, &none, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, p, SIZE, NULL, &none, &g));
    EXPECT_REFUSED(ERROR_NOACCESS, GetWriteWatch(0, p, SIZE, pages, NULL, &g));
    EXPECT_REFUSED(ERROR_NOACCESS, GetWriteWatch(0, p, SIZE, pages, &count, NULL));
    EXPECT_REFUSED(ERROR_NOACCESS, GetWriteWatch(0, p, SIZE, NULL, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0xdeadbeef, p, SIZE, pages, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, p, 0, pages, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, p, 2 * SIZE, pages, &count, &g));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, GetWriteWatch(0, p + SIZE - PAGE, PAGE + 1, pages, &count, &g));
    EXPECT_EQ(count, 64);
    EXPECT_EQ(g, 7);
}

TEST(writewatch, reset_checks_its_arguments, "O116 O128")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE), *plain = commit(SIZE, PAGE_READWRITE);

    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, ResetWriteWatch(p, 0));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, ResetWriteWatch(plain, SIZE));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, ResetWriteWatch(NULL, SIZE));
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, ResetWriteWatch(p, 2 * SIZE));
}

TEST(writewatch, goes_with_placeholders, "O129")
{
    BYTE *p = reserve_placeholder(SIZE);

    EXPECT_EQ(replace_placeholder(p, SIZE, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE), p);
    commit_part(p, SIZE, PAGE_READWRITE);
    EXPECT_EQ(ask(p, SIZE, 0), 0);
    write_page(p, 1);
    EXPECT_WRITTEN(p, SIZE, 0, 2);
    MUST(VirtualFree(p, SIZE, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_EQ(replace_placeholder(p, SIZE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE), p);
    EXPECT_EQ(ask(p, SIZE, 0), 0);
}

TEST(writewatch, a_new_allocation_at_an_old_address_is_not_watched, "O127")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    BYTE *q;

    write_page(p, 1);
    release(p);
    q = VirtualAlloc(p, SIZE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    MUST(q == p);
    EXPECT_REFUSED(ERROR_INVALID_PARAMETER, ResetWriteWatch(q, SIZE));
    release(q);
    q = VirtualAlloc(p, SIZE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    MUST(q == p);
    EXPECT_EQ(ask(q, SIZE, 0), 0);
}

/* --- no write is lost between a question and its reset --- */

static struct {
    BYTE *p;
    volatile LONG round[PAGES], stop;
} race;

static void write_all_the_time(void *unused)
{
    unsigned next = 1;

    (void)unused;
    while (!__atomic_load_n(&race.stop, __ATOMIC_ACQUIRE)) {
        unsigned page = (next = next * 1103515245u + 12345u) >> 16 & (PAGES - 1);

        __atomic_add_fetch((LONG *)(race.p + page * PAGE), 1, __ATOMIC_ACQ_REL);
    }
}

TEST(writewatch, nothing_is_lost_between_threads, "O119")
{
    LONG seen[PAGES] = {0};
    struct check_thread thread;
    double end = check_seconds() + 0.3;
    int i;

    race.p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    thread_start(&thread, write_all_the_time, NULL);
    while (check_seconds() < end) {
        unsigned bits = ask(race.p, SIZE, WRITE_WATCH_FLAG_RESET);

        for (i = 0; i < PAGES; i++)
            if (bits >> i & 1)
                seen[i] = __atomic_load_n((LONG *)(race.p + i * PAGE), __ATOMIC_ACQUIRE);
    }
    __atomic_store_n(&race.stop, 1, __ATOMIC_RELEASE);
    thread_join(&thread);
    {
        unsigned bits = ask(race.p, SIZE, WRITE_WATCH_FLAG_RESET);

        for (i = 0; i < PAGES; i++) /* what changed since it was last seen must be told now */
            EXPECT(seen[i] == *(LONG *)(race.p + i * PAGE) || (bits >> i & 1));
    }
}

#ifndef _WIN32

TEST(writewatch, writes_of_the_kernel_count, "L19")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    int fds[2], sockets[2];
    char text[16] = "written";

    MUST(pipe(fds) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
    MUST(write(fds[1], text, sizeof text) == sizeof text &&
         write(sockets[1], text, sizeof text) == sizeof text);
    EXPECT_EQ(read(fds[0], p + 2 * PAGE, sizeof text), sizeof text);
    EXPECT_EQ(recv(sockets[0], p + 6 * PAGE, sizeof text, 0), sizeof text);
    EXPECT_WRITTEN(p, SIZE, WRITE_WATCH_FLAG_RESET, 0x44);
    EXPECT_CLEAN(p, SIZE);
    MUST(write(fds[1], text, sizeof text) == sizeof text);
    EXPECT_EQ(read(fds[0], p + 2 * PAGE, sizeof text), sizeof text);
    EXPECT_WRITTEN(p, SIZE, 0, 4);
}

TEST(writewatch, closing_all_descriptors_loses_nothing, "L20")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    unsigned bits;

    write_page(p, 3);
    EXPECT_WRITTEN(p, SIZE, WRITE_WATCH_FLAG_RESET, 8);
    write_page(p, 4);
    MUST(syscall(SYS_close_range, 3u, ~0u, 0) == 0);
    MUST(open("/dev/null", O_RDONLY) >= 0 && open("/dev/null", O_RDONLY) >= 0); /* take the numbers */
    write_page(p, 9);
    bits = ask(p, SIZE, WRITE_WATCH_FLAG_RESET);
    EXPECT_EQ(bits & 0x210, 0x210);
    EXPECT_EQ(bits & ~0x218u, 0); /* untouched pages are not there */
    EXPECT_CLEAN(p, SIZE);
    write_page(p, 12);
    EXPECT_WRITTEN(p, SIZE, 0, 0x1000);
    EXPECT_EQ(write(3, "", 0), -1); /* the program's own descriptors are as they were */
}

TEST(writewatch, a_forked_child_watches_its_own_memory, "L20 L138")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    int status;
    pid_t child;

    write_page(p, 3);
    EXPECT_WRITTEN(p, SIZE, WRITE_WATCH_FLAG_RESET, 8);
    write_page(p, 4);
    child = fork();
    if (child == 0) {
        write_page(p, 9);
        EXPECT_EQ(ask(p, SIZE, WRITE_WATCH_FLAG_RESET) & 0x210, 0x210);
        EXPECT_CLEAN(p, SIZE);
        write_page(p, 10);
        EXPECT_WRITTEN(p, SIZE, 0, 0x400);
        check_end(check_failures != 0);
    }
    MUST(child > 0 && waitpid(child, &status, 0) == child);
    EXPECT_EQ(status, 0);
    EXPECT_WRITTEN(p, SIZE, 0, 0x10);
}

TEST(writewatch, without_descriptors_too_much_is_told, "L21")
{
    struct rlimit before, none;
    BYTE *p;

    MUST(getrlimit(RLIMIT_NOFILE, &before) == 0);
    none = (struct rlimit){0, before.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    write_page(p, 3);
    EXPECT_EQ(ask(p, SIZE, WRITE_WATCH_FLAG_RESET) & 8, 8);
    EXPECT_EQ(ask(p, SIZE, 0) & 8, 8);
    MUST(setrlimit(RLIMIT_NOFILE, &before) == 0); /* sanitizers want descriptors at the end */
}

TEST(writewatch, an_array_that_cannot_be_written_loses_nothing, "O127")
{
    BYTE *p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE), *q = commit(SIZE, PAGE_READONLY);
    ULONG_PTR count = PAGES;
    DWORD granularity;

    write_page(p, 3);
    EXPECT_REFUSED(ERROR_NOACCESS,
                   GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, SIZE, (PVOID *)q, &count, &granularity));
    EXPECT_WRITTEN(p, SIZE, 0, 8);
}

TEST(writewatch, a_container_that_forbids_userfaultfd, "L21")
{
    BYTE *p;

    if (!forbid(SYS_userfaultfd))
        SKIP("no seccomp");
    p = watched(SIZE, MEM_COMMIT, PAGE_READWRITE);
    write_page(p, 3);
    EXPECT_EQ(ask(p, SIZE, WRITE_WATCH_FLAG_RESET) & 8, 8);
    write_page(p, 3);
    write_page(p, 5);
    EXPECT_EQ(ask(p, SIZE, 0) & 0x28, 0x28);
}

#endif
