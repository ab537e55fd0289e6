/*
 * IsBadReadPtr, IsBadWritePtr, IsBadCodePtr, IsBadStringPtr: would an access fault?
 */
#include "api.h"

/* The answer is exactly this, and the last error stays. */
#define EXPECT_ANSWER(want, call)                                                                            \
    do {                                                                                                     \
        SetLastError(CHECK_SENTINEL);                                                                        \
        EXPECT_EQ(!!(call), (want));                                                                         \
        EXPECT_EQ(GetLastError(), CHECK_SENTINEL);                                                           \
    } while (0)

#define EXPECT_GOOD(call) EXPECT_ANSWER(FALSE, call)
#define EXPECT_BAD(call) EXPECT_ANSWER(TRUE, call)

TEST(badpointers, no_bytes_are_always_good, "O109")
{
    BYTE *p = free_space(GRAIN);

    EXPECT_GOOD(IsBadReadPtr(NULL, 0));
    EXPECT_GOOD(IsBadWritePtr(NULL, 0));
    EXPECT_GOOD(IsBadReadPtr(p, 0));
    EXPECT_GOOD(IsBadWritePtr(p, 0));
    EXPECT_GOOD(IsBadHugeReadPtr(NULL, 0));
    EXPECT_GOOD(IsBadHugeWritePtr(NULL, 0));
    EXPECT_GOOD(IsBadStringPtrA(NULL, 0));
    EXPECT_GOOD(IsBadStringPtrW(NULL, 0));
}

TEST(badpointers, one_byte, "O109")
{
    BYTE *p = free_space(GRAIN);
    int local = 5;

    EXPECT_BAD(IsBadReadPtr(NULL, 1));
    EXPECT_BAD(IsBadWritePtr(NULL, 1));
    EXPECT_BAD(IsBadReadPtr(p, 1));
    EXPECT_BAD(IsBadWritePtr(p, 1));
    EXPECT_BAD(IsBadHugeReadPtr(p, 1));
    EXPECT_BAD(IsBadHugeWritePtr(p, 1));
    EXPECT_GOOD(IsBadReadPtr(&local, 1));
    EXPECT_GOOD(IsBadWritePtr(&local, 1));
    EXPECT_GOOD(IsBadHugeReadPtr(&local, sizeof local));
    EXPECT_GOOD(IsBadHugeWritePtr(&local, sizeof local));
    EXPECT_EQ(local, 5);
}

TEST(badpointers, code_is_good_when_it_can_be_read, "O109")
{
    FARPROC data, code = GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualQuery");
    int local = 0, *address = &local;

    memcpy(&data, &address, sizeof data);
    EXPECT_BAD(IsBadCodePtr(NULL));
    EXPECT_GOOD(IsBadCodePtr(data));
    EXPECT_GOOD(IsBadCodePtr(code));
    address = (int *)free_space(GRAIN);
    memcpy(&data, &address, sizeof data);
    EXPECT_BAD(IsBadCodePtr(data));
}

TEST(badpointers, reserved_memory_is_bad_again_and_again, "O110")
{
    BYTE *p = reserve(GRAIN);

    EXPECT_BAD(IsBadReadPtr(p, 1));
    EXPECT_BAD(IsBadReadPtr(p, 1));
    EXPECT_BAD(IsBadWritePtr(p, 1));
    EXPECT_EQ(check_state(p), MEM_RESERVE);
}

TEST(badpointers, a_view_is_good_while_it_is_mapped, "O111")
{
    BYTE *p = anonymous_view(16 * PAGE, PAGE_READWRITE, FILE_MAP_WRITE);

    EXPECT_GOOD(IsBadReadPtr(p, 16 * PAGE));
    EXPECT_GOOD(IsBadWritePtr(p, 16 * PAGE));
    MUST(UnmapViewOfFile(p));
    EXPECT_BAD(IsBadReadPtr(p, 16 * PAGE));
    EXPECT_BAD(IsBadReadPtr(p, 1));
}

TEST(badpointers, protections_decide, "D9.11a")
{
    static const struct {
        DWORD protect;
        BOOL read, write;
    } rules[] = {{PAGE_NOACCESS, TRUE, TRUE},
                 {PAGE_READONLY, FALSE, TRUE},
                 {PAGE_READWRITE, FALSE, FALSE},
                 {PAGE_EXECUTE_READ, FALSE, TRUE},
                 {PAGE_EXECUTE_READWRITE, FALSE, FALSE}};
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    size_t i;

    for (i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        protect(p, PAGE, rules[i].protect);
        EXPECT_ANSWER(rules[i].read, IsBadReadPtr(p + 100, 8));
        EXPECT_ANSWER(rules[i].write, IsBadWritePtr(p + 100, 8));
    }
}

TEST(badpointers, a_guard_page_is_met_once, "O109 O100")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    protect(p, PAGE, PAGE_READWRITE | PAGE_GUARD);
    EXPECT(IsBadReadPtr(p, 1));
    EXPECT_REGION(p, .size = GRAIN, .protect = PAGE_READWRITE);
    EXPECT(!IsBadReadPtr(p, 1));
}

TEST(badpointers, copy_on_write_can_be_written, "D9.11a")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_COPY);
    BYTE *r = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_READ);

    EXPECT_GOOD(IsBadWritePtr(p, GRAIN));
    EXPECT_BAD(IsBadWritePtr(r, 1));
    EXPECT_GOOD(IsBadReadPtr(r, GRAIN));
}

TEST(badpointers, every_byte_counts, "O109")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    protect(p + 8 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_GOOD(IsBadReadPtr(p, 8 * PAGE));
    EXPECT_BAD(IsBadReadPtr(p, 8 * PAGE + 1));
    EXPECT_BAD(IsBadReadPtr(p, GRAIN));
    EXPECT_GOOD(IsBadReadPtr(p + 9 * PAGE, 7 * PAGE));
    EXPECT_BAD(IsBadReadPtr(p + 9 * PAGE - 1, 1));
    EXPECT_BAD(IsBadWritePtr(p, 9 * PAGE));
    EXPECT_GOOD(IsBadWritePtr(p + 8 * PAGE - 1, 1));
    EXPECT_BAD(IsBadWritePtr(p + 8 * PAGE - 1, 2));
    protect(p + 8 * PAGE, PAGE, PAGE_READONLY);
    EXPECT_GOOD(IsBadReadPtr(p, GRAIN));
    EXPECT_BAD(IsBadWritePtr(p, GRAIN));
}

TEST(badpointers, neighbouring_allocations_are_one_range, "O109 L7")
{
    BYTE *p = free_space(2 * GRAIN);

    MUST(VirtualAlloc(p, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) == p);
    EXPECT_BAD(IsBadReadPtr(p, 2 * GRAIN));
    MUST(VirtualAlloc(p + GRAIN, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY) == p + GRAIN);
    EXPECT_GOOD(IsBadReadPtr(p, 2 * GRAIN));
    EXPECT_BAD(IsBadWritePtr(p, 2 * GRAIN));
}

TEST(badpointers, ranges_that_cannot_be_are_bad, "O109 L7")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_BAD(IsBadReadPtr(p, ~(UINT_PTR)0));
    EXPECT_BAD(IsBadWritePtr(p, ~(UINT_PTR)0));
    EXPECT_BAD(IsBadReadPtr((void *)~(uintptr_t)0, 1));
    EXPECT_BAD(IsBadReadPtr((void *)(uintptr_t)0xFFFF800000000000, 8));
    EXPECT_BAD(IsBadReadPtr((void *)(uintptr_t)0x8000000000000000, 8));
}

TEST(badpointers, asking_to_write_changes_nothing, "O109 L5")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    SIZE_T i, wrong = 0;

    for (i = 0; i < GRAIN; i++)
        p[i] = (BYTE)(i * 7 + i / PAGE);
    for (i = 0; i < 40; i++)
        EXPECT_GOOD(IsBadWritePtr(p + i, GRAIN - i));
    for (i = 0; i < GRAIN; i++)
        wrong += p[i] != (BYTE)(i * 7 + i / PAGE);
    EXPECT_EQ(wrong, 0);
}

/* ---- strings ------------------------------------------------------------------------------- */

TEST(badpointers, a_string_ends_at_its_terminator, "D9.11b")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    char *end = (char *)p + PAGE;

    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    memcpy(end - 4, "abc", 4);
    EXPECT_GOOD(IsBadStringPtrA(end - 4, 4));
    EXPECT_GOOD(IsBadStringPtrA(end - 4, 1000));
    EXPECT_GOOD(IsBadStringPtrA(end - 4, ~(UINT_PTR)0));
    end[-1] = 'd';
    EXPECT_GOOD(IsBadStringPtrA(end - 4, 4));
    EXPECT_BAD(IsBadStringPtrA(end - 4, 5));
    EXPECT_BAD(IsBadStringPtrA(end, 1));
    EXPECT_BAD(IsBadStringPtrA(NULL, 1));
}

TEST(badpointers, a_wide_string_too, "D9.11b")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    WCHAR *end = (WCHAR *)(p + PAGE);

    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    end[-3] = end[-2] = 0x0101;
    end[-1] = 0;
    EXPECT_GOOD(IsBadStringPtrW(end - 3, 3));
    EXPECT_GOOD(IsBadStringPtrW(end - 3, 1000));
    end[-1] = 0x100;
    EXPECT_GOOD(IsBadStringPtrW(end - 3, 3));
    EXPECT_BAD(IsBadStringPtrW(end - 3, 4));
    EXPECT_BAD(IsBadStringPtrW((WCHAR *)((BYTE *)end - 1), 1));
    EXPECT_BAD(IsBadStringPtrW(NULL, 1));
}

TEST(badpointers, a_long_string_over_many_pages, "D9.11b")
{
    char *p = (char *)commit(GRAIN, PAGE_READWRITE);

    memset(p, 'x', GRAIN - 1);
    EXPECT_GOOD(IsBadStringPtrA(p, 10 * GRAIN));
    protect((BYTE *)p + 5 * PAGE, PAGE, PAGE_NOACCESS);
    EXPECT_BAD(IsBadStringPtrA(p, 10 * GRAIN));
    EXPECT_GOOD(IsBadStringPtrA(p, 5 * PAGE));
    EXPECT_GOOD(IsBadStringPtrA("literal", 100));
}

#ifndef _WIN32

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

static BYTE *foreign(SIZE_T size, int prot)
{
    BYTE *p = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED);
    return p;
}

static void asks_about_foreign_memory(void)
{
    BYTE *p = foreign(8 * PAGE, PROT_READ | PROT_WRITE);

    MUST(mprotect(p + 4 * PAGE, PAGE, PROT_READ) == 0);
    p[0] = 7;
    EXPECT_GOOD(IsBadReadPtr(p, 8 * PAGE));
    EXPECT_BAD(IsBadWritePtr(p, 8 * PAGE));
    EXPECT_GOOD(IsBadWritePtr(p, 4 * PAGE));
    EXPECT_BAD(IsBadWritePtr(p + 4 * PAGE, 1));
    EXPECT_GOOD(IsBadWritePtr(p + 5 * PAGE + 3, 1));
    EXPECT_GOOD(IsBadStringPtrA((char *)p + 1, 5));
    MUST(mprotect(p + 6 * PAGE, PAGE, PROT_NONE) == 0);
    EXPECT_BAD(IsBadReadPtr(p, 8 * PAGE));
    MUST(munmap(p + 6 * PAGE, PAGE) == 0);
    EXPECT_BAD(IsBadReadPtr(p, 8 * PAGE));
    EXPECT_EQ(p[0], 7);
}

/* What programs with a 16-bit WCHAR call. */
BOOL IsBadStringPtrW_utf16(const uint16_t *text, UINT_PTR max);

TEST(badpointers, a_string_in_utf16, "D9.11b L137")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    uint16_t *end = (uint16_t *)(p + PAGE);

    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    end[-2] = 0x100;
    EXPECT_GOOD(IsBadStringPtrW_utf16(end - 2, 1000));
    end[-1] = 0x100;
    EXPECT_GOOD(IsBadStringPtrW_utf16(end - 2, 2));
    EXPECT_BAD(IsBadStringPtrW_utf16(end - 2, 3));
}

TEST(badpointers, memory_of_others, "O109 L11")
{
    asks_about_foreign_memory();
}

/* Without /proc/self/maps each page is asked about. */
TEST(badpointers, without_descriptors, "O109 L144")
{
    struct rlimit all, none;

    reserve(GRAIN);
    MUST(getrlimit(RLIMIT_NOFILE, &all) == 0);
    none = (struct rlimit){0, all.rlim_max};
    MUST(setrlimit(RLIMIT_NOFILE, &none) == 0);
    asks_about_foreign_memory();
    EXPECT_BAD(IsBadReadPtr(reserve(GRAIN), 1));
    setrlimit(RLIMIT_NOFILE, &all); /* sanitizers want descriptors for their last words */
}

/* Behind the end of a file its mapping raises SIGBUS. */
TEST(badpointers, behind_the_end_of_a_file, "L14")
{
    char path[] = "/tmp/winmem-XXXXXX";
    int fd = mkstemp(path);
    BYTE *p;

    MUST(fd >= 0 && unlink(path) == 0 && ftruncate(fd, (off_t)(2 * PAGE)) == 0);
    p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    MUST(p != MAP_FAILED);
    EXPECT_GOOD(IsBadReadPtr(p, 2 * PAGE));
    EXPECT_GOOD(IsBadWritePtr(p, 2 * PAGE));
    EXPECT_BAD(IsBadReadPtr(p, 2 * PAGE + 1));
    EXPECT_BAD(IsBadWritePtr(p, 8 * PAGE));
    EXPECT_BAD(IsBadReadPtr(p + 2 * PAGE, 1));
    close(fd);
}

static volatile int handled;

static void on_fault(int number)
{
    (void)number;
    handled++;
}

TEST(badpointers, no_handler_of_the_program_runs, "L5")
{
    BYTE *p = reserve(GRAIN);

    signal(SIGSEGV, on_fault);
    signal(SIGBUS, on_fault);
    EXPECT_BAD(IsBadReadPtr(p, 1));
    EXPECT_BAD(IsBadReadPtr(NULL, 1));
    EXPECT_BAD(IsBadWritePtr((void *)(uintptr_t) "constant", 1));
    EXPECT_EQ(handled, 0);
}

/* Asking about 64 GiB of committed memory looks at no page of it. */
TEST(badpointers, a_large_range_is_answered_by_the_book, "L6")
{
    SIZE_T size = (SIZE_T)64 << 30;
    BYTE *p = reserve(size);

    if (!VirtualAlloc(p, size, MEM_COMMIT, PAGE_READONLY))
        SKIP("64 GiB of read-only memory are refused");
    EXPECT_GOOD(IsBadReadPtr(p, size));
    EXPECT_BAD(IsBadReadPtr(p, size + 1));
    EXPECT_BAD(IsBadWritePtr(p, size));
}

static int stop;

static void counts(void *arg)
{
    volatile unsigned *value = arg;

    while (!ATOMIC_GET(stop))
        __atomic_add_fetch(value, 1, __ATOMIC_RELAXED);
}

/* Another thread's stores are not undone. */
TEST(badpointers, asking_to_write_loses_no_stores, "O109 L5")
{
    unsigned *value = (unsigned *)(void *)foreign(PAGE, PROT_READ | PROT_WRITE), before = 0, i, back = 0;
    struct check_thread thread;

    thread_start(&thread, counts, value);
    for (i = 0; i < 20000; i++) {
        unsigned now = __atomic_load_n(value, __ATOMIC_RELAXED);

        back += now < before;
        before = now;
        if (IsBadWritePtr(value, sizeof *value))
            back++;
    }
    ATOMIC_SET(stop, 1);
    thread_join(&thread);
    EXPECT_EQ(back, 0);
}

TEST(badpointers, errno_is_left_alone, "L130")
{
    errno = 4711;
    IsBadWritePtr(foreign(PAGE, PROT_READ), 1);
    IsBadReadPtr(NULL, 1);
    EXPECT_EQ(errno, 4711);
}

#endif
