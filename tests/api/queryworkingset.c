/*
 * QueryWorkingSetEx and QueryWorkingSet: which pages are in memory.
 */
#include "api.h"

#include <psapi.h>

typedef PSAPI_WORKING_SET_EX_INFORMATION entry;

static entry ask(const void *address)
{
    entry e;

    memset(&e, 0xEE, sizeof e);
    e.VirtualAddress = (PVOID)(uintptr_t)address;
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), &e, sizeof e));
    EXPECT_EQ(e.VirtualAddress, address);
    return e;
}

#define EXPECT_INVALID(address, is_shared)                                                                   \
    do {                                                                                                     \
        entry e_ = ask(address);                                                                             \
        EXPECT_EQ(e_.VirtualAttributes.Valid, 0);                                                            \
        EXPECT_EQ(e_.VirtualAttributes.Invalid.Shared, (is_shared));                                         \
        EXPECT_EQ(e_.VirtualAttributes.Flags & ~((ULONG_PTR)1 << 15), 0);                                    \
    } while (0)

#define EXPECT_PRIVATE(address, prot)                                                                        \
    do {                                                                                                     \
        entry e_ = ask(address);                                                                             \
        EXPECT_EQ(e_.VirtualAttributes.Valid, 1);                                                            \
        EXPECT_EQ(e_.VirtualAttributes.Win32Protection, (prot));                                             \
        EXPECT_EQ(e_.VirtualAttributes.Shared, 0);                                                           \
        EXPECT_EQ(e_.VirtualAttributes.ShareCount, 0);                                                       \
        EXPECT_EQ(e_.VirtualAttributes.LargePage, 0);                                                        \
    } while (0)

static void touch(const volatile BYTE *p)
{
    (void)*p;
}

TEST(queryworkingset, an_untouched_page_is_not_valid, "O95")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    EXPECT_EQ(sizeof(entry), 16);
    EXPECT_INVALID(p, 0);
    EXPECT_INVALID(p + GRAIN - 1, 0);
}

TEST(queryworkingset, a_page_that_was_read_is_valid, "O95 O97")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    touch(p + PAGE);
    EXPECT_INVALID(p, 0);
    EXPECT_PRIVATE(p + PAGE, PAGE_READWRITE);
    EXPECT_PRIVATE(p + PAGE + 77, PAGE_READWRITE);
    EXPECT_INVALID(p + 2 * PAGE, 0);
}

TEST(queryworkingset, a_page_that_was_written_is_valid, "O95")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 1;
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    protect(p, PAGE, PAGE_EXECUTE_READ);
    touch(p);
    EXPECT_PRIVATE(p, PAGE_EXECUTE_READ);
}

TEST(queryworkingset, without_access_a_page_is_not_valid, "O96")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);

    p[0] = 1;
    protect(p, PAGE, PAGE_NOACCESS);
    EXPECT_INVALID(p, 0);
    protect(p, PAGE, PAGE_READWRITE);
#ifdef _WIN32
    EXPECT_INVALID(p, 0);
#else
    EXPECT_PRIVATE(p, PAGE_READWRITE); /* the page never left memory: docs/support.md */
#endif
    touch(p);
    EXPECT_PRIVATE(p, PAGE_READWRITE);
}

TEST(queryworkingset, reserved_decommitted_and_freed_memory_is_not_valid, "O97 O94")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE), *q = reserve(GRAIN);

    p[0] = p[PAGE] = 1;
    EXPECT_INVALID(q, 0);
    MUST(VirtualFree(p, PAGE, MEM_DECOMMIT));
    EXPECT_INVALID(p, 0);
    EXPECT_PRIVATE(p + PAGE, PAGE_READWRITE);
    release(p);
    EXPECT_INVALID(p, 0);
    EXPECT_INVALID(p + PAGE, 0);
}

TEST(queryworkingset, addresses_that_cannot_be_are_not_valid, "O94")
{
    EXPECT_INVALID(NULL, 0);
    EXPECT_INVALID((void *)(uintptr_t)0x1234, 0);
#ifndef _WIN32
    EXPECT_INVALID((void *)(TOP + 1 + GRAIN), 0);
    EXPECT_INVALID((void *)~(uintptr_t)0, 0);
#endif
}

TEST(queryworkingset, entries_come_in_any_order_and_mixture, "O94")
{
    enum { COUNT = 1000 };
    static entry all[COUNT];
    BYTE *p = commit(256 * PAGE, PAGE_READWRITE), *q = reserve(GRAIN), *gone = free_space(GRAIN);
    unsigned wrong = 0, seed = 1;
    int i;

    for (i = 0; i < 256; i += 3)
        p[(SIZE_T)i * PAGE] = 1;
    for (i = 0; i < COUNT; i++) {
        seed = seed * 1103515245 + 12345;
        all[i].VirtualAddress = i % 7 == 5   ? q
                                : i % 7 == 6 ? gone
                                             : p + (SIZE_T)(seed >> 16) % 256 * PAGE + seed % PAGE;
    }
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), all, sizeof all));
    for (i = 0; i < COUNT; i++) {
        SIZE_T page = ((BYTE *)all[i].VirtualAddress - p) / PAGE;

        wrong += all[i].VirtualAttributes.Valid != (i % 7 < 5 && page % 3 == 0);
    }
    EXPECT_EQ(wrong, 0);
}

TEST(queryworkingset, ascending_entries_over_many_pages, "O94 O95")
{
    enum { COUNT = 500 }; /* less than a huge page, of which a touch would bring in all */
    static entry all[COUNT];
    BYTE *p = commit(COUNT * PAGE, PAGE_READWRITE);
    unsigned wrong = 0;
    int i;

    for (i = 0; i < COUNT; i++) {
        all[i].VirtualAddress = p + (SIZE_T)i * PAGE;
        if (i % 5 == 2)
            touch(p + (SIZE_T)i * PAGE);
    }
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), all, sizeof all));
    for (i = 0; i < COUNT; i++)
        wrong += all[i].VirtualAttributes.Valid != (i % 5 == 2);
    EXPECT_EQ(wrong, 0);
}

TEST(queryworkingset, locked_pages_are_told, "D9.8b")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    PSAPI_WORKING_SET_EX_INFORMATION info[2] = {{.VirtualAddress = p}, {.VirtualAddress = p + PAGE}};

    p[0] = p[PAGE] = 1;
    MUST(VirtualLock(p, PAGE));
    MUST(QueryWorkingSetEx(GetCurrentProcess(), info, sizeof info));
    EXPECT(info[0].VirtualAttributes.Valid && info[0].VirtualAttributes.Locked);
    EXPECT(info[1].VirtualAttributes.Valid && !info[1].VirtualAttributes.Locked);
}

TEST(queryworkingset, a_guard_page_is_not_valid, "O96")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    PSAPI_WORKING_SET_EX_INFORMATION info = {.VirtualAddress = p};

    p[0] = 1;
    protect(p, PAGE, PAGE_READWRITE | PAGE_GUARD);
    MUST(QueryWorkingSetEx(GetCurrentProcess(), &info, sizeof info));
    EXPECT(!info.VirtualAttributes.Valid);
    EXPECT_REGION(p, .size = PAGE, .protect = PAGE_READWRITE | PAGE_GUARD);
}

TEST(queryworkingset, sizes, "O93")
{
    entry two[2];
    BYTE *p = commit(PAGE, PAGE_READWRITE);

    p[0] = 1;
    memset(two, 0xEE, sizeof two);
    two[0].VirtualAddress = p;
    EXPECT_FAIL(ERROR_BAD_LENGTH, QueryWorkingSetEx(GetCurrentProcess(), two, 0));
    EXPECT_FAIL(ERROR_BAD_LENGTH, QueryWorkingSetEx(GetCurrentProcess(), two, sizeof two[0] - 1));
    EXPECT_EQ(two[0].VirtualAttributes.Flags, ~(ULONG_PTR)0 / 0xFF * 0xEE);
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), two, sizeof two[0] * 3 / 2));
    EXPECT_EQ(two[0].VirtualAttributes.Valid, 1);
    EXPECT_EQ(two[1].VirtualAttributes.Flags, ~(ULONG_PTR)0 / 0xFF * 0xEE);
}

TEST(queryworkingset, a_view_is_shared, "O97")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    entry e;

    EXPECT_INVALID(p, 1);
    p[0] = 1;
    e = ask(p);
    EXPECT_EQ(e.VirtualAttributes.Valid, 1);
    EXPECT_EQ(e.VirtualAttributes.Shared, 1);
    EXPECT_EQ(e.VirtualAttributes.Win32Protection, PAGE_READWRITE);
    EXPECT(e.VirtualAttributes.ShareCount > 0);
}

TEST(queryworkingset, a_copied_page_of_a_view_is_not_shared, "D9.8c O97")
{
    BYTE *p = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_COPY);
    entry e;

    EXPECT_INVALID(p, 1);
    touch(p);
    e = ask(p);
    EXPECT_EQ(e.VirtualAttributes.Valid, 1);
    EXPECT_EQ(e.VirtualAttributes.Shared, 1);
    EXPECT_EQ(e.VirtualAttributes.Win32Protection, PAGE_WRITECOPY);
    p[0] = 1;
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    e = ask(p + PAGE);
    EXPECT_EQ(e.VirtualAttributes.Shared, 1);
}

TEST(queryworkingset, an_image_is_shared, "O97")
{
    FARPROC function = GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualQuery");
    entry e;

    memset(&e, 0, sizeof e);
    memcpy(&e.VirtualAddress, &function, sizeof function);
    touch(e.VirtualAddress);
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), &e, sizeof e));
    EXPECT_EQ(e.VirtualAttributes.Valid, 1);
    EXPECT_EQ(e.VirtualAttributes.Shared, 1);
    EXPECT_EQ(e.VirtualAttributes.Win32Protection, PAGE_EXECUTE_READ);
    EXPECT(e.VirtualAttributes.ShareCount > 0);
}

TEST(queryworkingset, the_stack_is_private, "O95")
{
    volatile BYTE local = 1;

    EXPECT_PRIVATE((const void *)&local, PAGE_READWRITE);
}

TEST(queryworkingset, handles_and_their_rights, "D9.8a")
{
    entry e = {0};

    EXPECT_FAIL(ERROR_INVALID_HANDLE, QueryWorkingSetEx(NULL, &e, sizeof e));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, QueryWorkingSetEx(self_with(PROCESS_VM_OPERATION), &e, sizeof e));
    EXPECT_OK(QueryWorkingSetEx(self_with(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ), &e, sizeof e));
}

TEST(queryworkingset, a_bad_array_is_no_access, "O7")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    entry *e = (entry *)(p + PAGE - sizeof *e);

    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSetEx(GetCurrentProcess(), NULL, sizeof *e));
    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSetEx(GetCurrentProcess(), reserve(GRAIN), sizeof *e));
    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSetEx(GetCurrentProcess(), free_space(GRAIN), sizeof *e));
    protect(p + PAGE, PAGE, PAGE_NOACCESS);
    e->VirtualAddress = p;
    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSetEx(GetCurrentProcess(), e, 2 * sizeof *e));
    EXPECT_EQ(e->VirtualAddress, p);
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), e, sizeof *e));
    protect(p, PAGE, PAGE_READONLY);
    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSetEx(GetCurrentProcess(), e, sizeof *e));
}

/* ---- QueryWorkingSet ----------------------------------------------------------------------- */

/* Entry by entry the whole address space takes a while, and the sanitizer's shadow is a large part of it. */
static void need_a_small_space(void)
{
#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
    if (!WinmemFeature("pagemap_scan"))
        SKIP("the shadow of terabytes is read entry by entry");
#endif
}

static PSAPI_WORKING_SET_INFORMATION *all_pages(void)
{
    SIZE_T size = 64 * MiB;
    PSAPI_WORKING_SET_INFORMATION *all = (void *)commit(size, PAGE_READWRITE);

    need_a_small_space();
    EXPECT_OK(QueryWorkingSet(GetCurrentProcess(), all, (DWORD)size));
    return all;
}

static PSAPI_WORKING_SET_BLOCK block_at(const PSAPI_WORKING_SET_INFORMATION *all, const void *address)
{
    PSAPI_WORKING_SET_BLOCK none = {0};
    ULONG_PTR i;

    for (i = 0; i < all->NumberOfEntries; i++)
        if (all->WorkingSetInfo[i].VirtualPage == AT(address) / PAGE)
            return all->WorkingSetInfo[i];
    return none;
}

TEST(queryworkingset, all_pages_in_memory, "D9.8d")
{
    BYTE *p = commit(300 * PAGE, PAGE_READWRITE);
    BYTE *v = anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    PSAPI_WORKING_SET_INFORMATION *all;
    int i;

    v[0] = 1;
    for (i = 0; i < 300; i++)
        if (i != 150)
            p[(SIZE_T)i * PAGE] = 1;
    protect(p + PAGE, PAGE, PAGE_READONLY);
    protect(p + 2 * PAGE, PAGE, PAGE_NOACCESS);
    touch(p + PAGE);
    all = all_pages();
    EXPECT(all->NumberOfEntries > 300);
    EXPECT_EQ(block_at(all, p).Protection, 4);
    EXPECT_EQ(block_at(all, p).Shared, 0);
    EXPECT_EQ(block_at(all, p + PAGE).Protection, 1);
    EXPECT_EQ(block_at(all, p + 2 * PAGE).Flags, 0);
    EXPECT_EQ(block_at(all, p + 149 * PAGE).Protection, 4);
    EXPECT_EQ(block_at(all, p + 150 * PAGE).Flags, 0);
    EXPECT_EQ(block_at(all, p + 299 * PAGE).Protection, 4);
    EXPECT_EQ(block_at(all, v).Shared, 1);
    EXPECT(block_at(all, v).ShareCount > 0);
    EXPECT_EQ(block_at(all, v + PAGE).Flags, 0);
    EXPECT_EQ(block_at(all, &i).Protection, AT(&i) > TOP ? 0 : 4); /* what lies above is no part of it */
}

/* Of many windows of the list, by whoever touched them and however. */
enum { TOUCHED_PAGES = 3000, EVERY_FEW = 3 };
static BYTE *touched;

static void touch_a_share(void *how)
{
    SIZE_T page;

    for (page = (how != NULL); page < TOUCHED_PAGES; page += EVERY_FEW)
        if (how != NULL)
            touched[page * PAGE] = 1;
        else
            touch(touched + page * PAGE);
}

TEST(queryworkingset, no_page_that_was_touched_is_missing, "D9.8d")
{
    PSAPI_WORKING_SET_INFORMATION *all;
    struct check_thread thread;
    SIZE_T page, missing = 0;
    BYTE *found;
    ULONG_PTR i;

    touched = commit(TOUCHED_PAGES * PAGE, PAGE_READWRITE);
    found = commit(TOUCHED_PAGES, PAGE_READWRITE);
    thread_start(&thread, touch_a_share, touched);
    touch_a_share(NULL);
    thread_join(&thread);
    all = all_pages();
    for (i = 0; i < all->NumberOfEntries; i++) {
        page = all->WorkingSetInfo[i].VirtualPage - AT(touched) / PAGE;
        if (page < TOUCHED_PAGES)
            found[page] = 1;
    }
    for (page = 0; page < TOUCHED_PAGES; page++)
        missing += page % EVERY_FEW < 2 && !found[page];
    EXPECT_EQ(missing, 0);
}

#ifndef _WIN32
TEST(queryworkingset, addresses_ascend_and_come_once, "L8")
{
    PSAPI_WORKING_SET_INFORMATION *all = all_pages();
    unsigned wrong = 0;
    ULONG_PTR i;

    for (i = 1; i < all->NumberOfEntries; i++)
        wrong += all->WorkingSetInfo[i].VirtualPage <= all->WorkingSetInfo[i - 1].VirtualPage;
    EXPECT_EQ(wrong, 0);
}
#endif

TEST(queryworkingset, a_short_buffer_is_told_the_number, "D9.8e")
{
    ULONG_PTR buffer[3] = {0, 0xEE, 0xEE};

    need_a_small_space();
    EXPECT_FAIL(ERROR_BAD_LENGTH, QueryWorkingSet(GetCurrentProcess(), buffer, sizeof buffer));
    EXPECT(buffer[0] > 10 && buffer[0] < 100000000);
    EXPECT_EQ(buffer[1], 0xEE);
    EXPECT_FAIL(ERROR_BAD_LENGTH, QueryWorkingSet(GetCurrentProcess(), buffer, 0));
}

TEST(queryworkingset, querying_all_needs_a_good_buffer_and_handle, "D9.8a O7")
{
    ULONG_PTR buffer[3] = {0};

    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSet(GetCurrentProcess(), NULL, 4096));
    EXPECT_FAIL(ERROR_NOACCESS, QueryWorkingSet(GetCurrentProcess(), reserve(GRAIN), 4096));
    EXPECT_FAIL(ERROR_INVALID_HANDLE, QueryWorkingSet(NULL, buffer, sizeof buffer));
    EXPECT_FAIL(ERROR_ACCESS_DENIED, QueryWorkingSet(self_with(PROCESS_VM_OPERATION), buffer, sizeof buffer));
}

TEST(queryworkingset, both_names_are_there, "D9.8f")
{
#ifdef WINMEM_VERSION_MAJOR
    HMODULE module = GetModuleHandleA("psapi.dll");

    EXPECT(GetProcAddress(module, "QueryWorkingSetEx") != NULL);
    EXPECT(GetProcAddress(module, "QueryWorkingSet") != NULL);
#endif
    EXPECT(GetProcAddress(GetModuleHandleA("kernel32.dll"), "K32QueryWorkingSetEx") != NULL);
    EXPECT(GetProcAddress(GetModuleHandleA("kernel32.dll"), "K32QueryWorkingSet") != NULL);
}

#ifndef _WIN32

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "../support/oldlibc.h"
#include "../support/pretend.h"

/* Nothing but the page table knows whether committed memory is there. */
TEST(queryworkingset, without_descriptors_it_says_so, "L10 L144")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    entry e = {.VirtualAddress = p};
    rlim_t before;

    p[0] = 1;
    before = pretend_limit(RLIMIT_NOFILE, 0);
    EXPECT_FAIL(ERROR_NO_SYSTEM_RESOURCES, QueryWorkingSetEx(GetCurrentProcess(), &e, sizeof e));
    EXPECT(strlen(WinmemLastCause()) > 10);
    e.VirtualAddress = reserve(GRAIN);
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), &e, sizeof e));
    EXPECT_EQ(e.VirtualAttributes.Valid, 0);
    pretend_limit(RLIMIT_NOFILE, before);
}

/* The descriptor is kept: with none left to open, it goes on. */
TEST(queryworkingset, one_descriptor_serves_all_calls, "L10")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    rlim_t before;

    p[0] = 1;
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    before = pretend_limit(RLIMIT_NOFILE, 0);
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    EXPECT_INVALID(p + PAGE, 0);
    pretend_limit(RLIMIT_NOFILE, before);
}

TEST(queryworkingset, a_reused_descriptor_is_noticed, "L10 L143")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    int fds[20], i;

    p[0] = 1;
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    MUST(syscall(SYS_close_range, 3u, ~0u, 0) == 0);
    for (i = 0; i < 20; i++)
        MUST((fds[i] = open("/dev/zero", O_RDONLY)) >= 0);
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    EXPECT_INVALID(p + PAGE, 0);
    for (i = 0; i < 20; i++)
        EXPECT(fcntl(fds[i], F_GETFD) >= 0);
}

/* A descriptor of the parent would show the parent's pages. */
static int child_asks(BYTE *p)
{
    entry e[2] = {{.VirtualAddress = p}, {.VirtualAddress = p + PAGE}};

    if (!QueryWorkingSetEx(GetCurrentProcess(), e, sizeof e))
        return 1;
    if (e[0].VirtualAttributes.Valid != 1 || e[1].VirtualAttributes.Valid != 0)
        return 2;
    p[PAGE] = 1;
    if (!QueryWorkingSetEx(GetCurrentProcess(), e, sizeof e))
        return 3;
    return e[1].VirtualAttributes.Valid == 1 ? 0 : 4;
}

TEST(queryworkingset, a_forked_child_sees_its_own_pages, "L10 L138")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    int status = 0;
    pid_t pid;

    p[0] = 1;
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    fflush(NULL);
    pid = fork();
    MUST(pid >= 0);
    if (pid == 0) {
        alarm(10);
        _exit(child_asks(p));
    }
    MUST(waitpid(pid, &status, 0) == pid);
    EXPECT(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
    EXPECT_INVALID(p + PAGE, 0);
}

TEST(queryworkingset, memory_of_others, "L11 O97")
{
    BYTE *p = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    BYTE *s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    MUST(p != MAP_FAILED && s != MAP_FAILED);
    p[0] = s[0] = 1;
    EXPECT_PRIVATE(p, PAGE_READWRITE);
    EXPECT_INVALID(p + PAGE, 0);
    EXPECT_EQ(ask(s).VirtualAttributes.Shared, 1);
    EXPECT_EQ(ask(s).VirtualAttributes.ShareCount, 1);
}

/* Two views of one page: the kernel tells that there is more than one, not how many. */
TEST(queryworkingset, the_share_count_tells_alone_from_shared, "L9 O97")
{
    HANDLE handle = section(GRAIN, PAGE_READWRITE);
    BYTE *p = view(handle, FILE_MAP_WRITE), *q;

    p[0] = 1;
    EXPECT_EQ(ask(p).VirtualAttributes.ShareCount, 1);
    q = view(handle, FILE_MAP_WRITE);
    q[0] = 1;
    EXPECT_EQ(ask(p).VirtualAttributes.ShareCount, 2);
    EXPECT_EQ(ask(p + PAGE).VirtualAttributes.ShareCount, 0);
}

TEST(queryworkingset, errno_is_left_alone, "L130")
{
    ULONG_PTR buffer[2];

    need_a_small_space();
    errno = 4711;
    ask(reserve(GRAIN));
    QueryWorkingSet(GetCurrentProcess(), buffer, sizeof buffer);
    EXPECT_EQ(errno, 4711);
}

#endif
