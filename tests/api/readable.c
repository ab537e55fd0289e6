/*
 * readable.c: a program that looks through its memory, or another's, by VirtualQuery reads what is told as readable.
 * The kernel's list calls more than that readable; and regions end where something that is told changes, not before.
 */
#include "api.h"

#ifdef WINMEM_VERSION_MAJOR

#include <fcntl.h>
#include <link.h>
#include <psapi.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { FILE_BYTES = 5000, MAPPED = 4 }; /* two pages of four */

#define END (64 * PAGE)

/* In the program, which is an image: data from the file, and .bss. */
static char image_data[16 * 4096] __attribute__((aligned(4096))) = {1};
static char image_bss[16 * 4096] __attribute__((aligned(4096)));

__attribute__((noinline, aligned(4096), section(".text.readable"))) static int image_code(void)
{
    __asm__ volatile(".skip 8192, 0x90");
    return 1;
}

static BYTE *code_page(void)
{
    return (BYTE *)(uintptr_t)image_code + PAGE;
}

static BYTE *map_short(int fd, int flags)
{
    void *p;

    MUST(fd >= 0 && ftruncate(fd, FILE_BYTES) == 0);
    p = mmap(NULL, MAPPED * PAGE, PROT_READ, flags, fd, 0);
    MUST(p != MAP_FAILED);
    close(fd);
    return p;
}

static bool is_readable(const MEMORY_BASIC_INFORMATION *mbi)
{
    return mbi->State == MEM_COMMIT && !(mbi->Protect & (PAGE_NOACCESS | PAGE_GUARD)) &&
           mbi->Protect != PAGE_EXECUTE;
}

static BYTE *map_short_file(int flags)
{
    char name[] = "/tmp/winmem-readable-XXXXXX";
    int fd = mkstemp(name);

    unlink(name);
    return map_short(fd, flags);
}

static BYTE *map_short_memory(int flags)
{
    return map_short(memfd_create("readable", 0), flags);
}

/* What touching tells; the library's own answers are not asked. */
static bool touches(const BYTE *p)
{
    int ends[2];
    bool ok;

    MUST(pipe(ends) == 0);
    ok = syscall(SYS_write, ends[1], p, 1) == 1; /* the sanitizers look at what write is given */
    close(ends[0]);
    close(ends[1]);
    return ok;
}

static void look_at(HANDLE process, const BYTE *page, bool own)
{
    SIZE_T got = 0;
    BYTE byte;

    if (!ReadProcessMemory(process, page, &byte, 1, &got) || got != 1)
        check_fail(__FILE__, __LINE__, "%p is told as readable, and ReadProcessMemory fails",
                   (const void *)page);
    if (own && !touches(page))
        check_fail(__FILE__, __LINE__, "%p is told as readable, and cannot be read", (const void *)page);
}

/* Of long regions the ends, which are where files end and the kernel's own begins. */
static int walk(HANDLE process, bool own)
{
    MEMORY_BASIC_INFORMATION mbi, last = {0};
    int readable_pages = 0;

    for (BYTE *at = (BYTE *)GRAIN; at < (BYTE *)0x7FFFFFFF0000 && !check_failures; at += mbi.RegionSize) {
        MUST(VirtualQueryEx(process, at, &mbi, sizeof mbi) == sizeof mbi);
        EXPECT(mbi.BaseAddress == at);
        if (mbi.State == last.State && mbi.Protect == last.Protect && mbi.Type == last.Type &&
            mbi.AllocationBase == last.AllocationBase && mbi.AllocationProtect == last.AllocationProtect)
            check_fail(__FILE__, __LINE__, "%p and %p are told alike, as two regions", last.BaseAddress,
                       (void *)at);
        last = mbi;
        if (!is_readable(&mbi))
            continue;
        for (SIZE_T i = 0; i < mbi.RegionSize; i += PAGE) {
            if (i == END && mbi.RegionSize > 2 * END) /* a sanitizer's shadow has terabytes */
                i = mbi.RegionSize - END;
            look_at(process, at + i, own);
            readable_pages++;
        }
    }
    return readable_pages;
}

/* Of others, only files that lie in memory or on a device with a number are looked at. */
static void make_much(void)
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL);
    BYTE *view = MapViewOfFile(handle, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    DWORD old;

    MUST(view != NULL && VirtualProtect(view + 4 * PAGE, 4 * PAGE, PAGE_WRITECOPY, &old));
    view[4 * PAGE] = view[5 * PAGE] = view[7 * PAGE] = 1;
    image_data[PAGE] = image_data[15 * PAGE] = 1;
    image_bss[0] = image_bss[PAGE] = 1;
    map_short_memory(MAP_SHARED);
    map_short_memory(MAP_PRIVATE);
}

TEST(readable, what_is_told_as_readable_can_be_read, "L14")
{
    make_much();
    map_short_file(MAP_SHARED);
    map_short_file(MAP_PRIVATE);
    EXPECT(walk(GetCurrentProcess(), true) > 100);
}

static pid_t start_other(void)
{
    pid_t parent = getpid(), pid = fork();

    MUST(pid >= 0);
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    alarm(60);
    for (;;)
        pause();
}

TEST(readable, what_is_told_of_another_process_can_be_read, "L14 O204")
{
    HANDLE process;
    pid_t pid;

    make_much();
    pid = start_other();
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    MUST(process != NULL);
    EXPECT(walk(process, false) > 100);
    EXPECT_OK(CloseHandle(process));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

TEST(readable, pages_behind_the_end_of_a_file_are_not, "L14")
{
    for (int memory = 0; memory < 2; memory++) {
        BYTE *p = memory ? map_short_memory(MAP_SHARED) : map_short_file(MAP_SHARED);

        EXPECT_REGION(p, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_READONLY, .type = MEM_MAPPED,
                      .base = AT(p));
        EXPECT_REGION(p + 2 * PAGE, .size = 2 * PAGE, .state = MEM_COMMIT, .protect = PAGE_NOACCESS,
                      .base = AT(p), .alloc_protect = PAGE_READONLY, .type = MEM_MAPPED);
        EXPECT_REGION(p + PAGE, .size = PAGE, .protect = PAGE_READONLY);
    }
}

TEST(readable, asking_touches_no_ordinary_memory, "L15")
{
    BYTE *p = mmap(NULL, 16 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char there[16];

    MUST(p != MAP_FAILED);
    EXPECT_REGION(p, .state = MEM_COMMIT, .protect = PAGE_READONLY);
    MUST(mincore(p, 16 * PAGE, there) == 0);
    for (int i = 0; i < 16; i++)
        EXPECT_EQ(there[i] & 1, 0);
}

/* --- written images --- */

TEST(readable, a_written_page_of_an_image_is_told_as_written, "O275 O196")
{
    BYTE *page = (BYTE *)image_data + 4 * PAGE;
    MEMORY_BASIC_INFORMATION mbi;
    DWORD old = 0;

    EXPECT_REGION(page, .state = MEM_COMMIT, .protect = PAGE_WRITECOPY, .type = MEM_IMAGE);
    page[0] = 1;
    EXPECT_REGION(page, .size = PAGE, .protect = PAGE_READWRITE, .alloc_protect = PAGE_EXECUTE_WRITECOPY,
                  .type = MEM_IMAGE);
    MUST(VirtualQuery(page + PAGE, &mbi, sizeof mbi));
    EXPECT_EQ(mbi.Protect, PAGE_WRITECOPY);
    EXPECT_OK(VirtualProtect(page, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_OK(VirtualProtect(page, PAGE, PAGE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_READONLY);
    EXPECT_REGION(page, .size = PAGE, .protect = PAGE_READWRITE);
    EXPECT_OK(VirtualProtect(page + PAGE, PAGE, PAGE_READONLY, &old));
    EXPECT_EQ(old, PAGE_WRITECOPY);
}

/* Not by a store that the thread sanitizer sees: of code it has no shadow. */
static void patch(BYTE *at, BYTE value)
{
    __asm__ volatile("movb %1, %0" : "=m"(*at) : "q"(value));
}

TEST(readable, patched_code_is_told_as_written, "O275 O196")
{
    DWORD old = 0;

    EXPECT_OK(VirtualProtect(code_page(), PAGE, PAGE_EXECUTE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_EXECUTE_READ);
    EXPECT_REGION(code_page(), .size = PAGE, .protect = PAGE_EXECUTE_WRITECOPY);
    patch(code_page() + 100, 0x90);
    EXPECT_REGION(code_page(), .size = PAGE, .protect = PAGE_EXECUTE_READWRITE);
    EXPECT_OK(VirtualProtect(code_page(), PAGE, PAGE_EXECUTE_READ, &old));
    EXPECT_EQ(old, PAGE_EXECUTE_READWRITE);
    EXPECT_EQ(image_code(), 1);
}

TEST(readable, written_pages_of_another_image_are_told, "O275 O205")
{
    BYTE *page = (BYTE *)image_data + 4 * PAGE;
    MEMORY_BASIC_INFORMATION mbi;
    HANDLE process;
    pid_t pid;

    page[0] = 1;
    pid = start_other();
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)pid);
    MUST(VirtualQueryEx(process, page, &mbi, sizeof mbi) == sizeof mbi);
    EXPECT(mbi.Protect == PAGE_READWRITE && mbi.RegionSize == PAGE && mbi.Type == MEM_IMAGE);
    MUST(VirtualQueryEx(process, page + PAGE, &mbi, sizeof mbi) == sizeof mbi);
    EXPECT_EQ(mbi.Protect, PAGE_WRITECOPY);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* --- runs that look alike --- */

TEST(readable, written_copies_and_writable_pages_are_one_region, "L16 O68 O196")
{
    HANDLE handle = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 6 * PAGE, NULL);
    BYTE *p = MapViewOfFile(handle, FILE_MAP_WRITE, 0, 0, 0);
    DWORD old;

    MUST(p != NULL && VirtualProtect(p + 2 * PAGE, 2 * PAGE, PAGE_WRITECOPY, &old));
    EXPECT_REGION(p, .size = 2 * PAGE, .protect = PAGE_READWRITE);
    p[2 * PAGE] = 1;
    EXPECT_REGION(p, .size = 3 * PAGE, .protect = PAGE_READWRITE);
    EXPECT_REGION(p + 3 * PAGE, .size = PAGE, .protect = PAGE_WRITECOPY);
    p[3 * PAGE] = 1;
    EXPECT_REGION(p, .size = 6 * PAGE, .protect = PAGE_READWRITE);
    EXPECT_REGION(p + 2 * PAGE, .size = 4 * PAGE, .protect = PAGE_READWRITE);
}

TEST(readable, offered_pages_do_not_end_a_region, "L16 O68")
{
    BYTE *p = commit(6 * PAGE, PAGE_READWRITE);

    memset(p, 'x', 6 * PAGE);
    EXPECT_EQ(OfferVirtualMemory(p + 2 * PAGE, PAGE, VmOfferPriorityLow), 0);
    EXPECT_REGION(p, .size = 6 * PAGE, .protect = PAGE_READWRITE);
    EXPECT(!IsBadReadPtr(p, 2 * PAGE) && !IsBadWritePtr(p, 2 * PAGE));
    EXPECT(IsBadReadPtr(p, 2 * PAGE + 1) && IsBadWritePtr(p, 2 * PAGE + 1) && IsBadReadPtr(p, 6 * PAGE));
    EXPECT(IsBadReadPtr(p + 2 * PAGE, 1) && !IsBadReadPtr(p + 3 * PAGE, 3 * PAGE));
    EXPECT(IsBadStringPtrA((char *)p, 3 * PAGE) && !IsBadStringPtrA((char *)p, 2 * PAGE));
}

/* --- the program's own headers --- */

#if defined __SANITIZE_ADDRESS__ || defined CHECK_THREAD_SANITIZER
#define NOT_SANITIZED SKIP("the sanitizer reads the program's headers itself")
#else
#define NOT_SANITIZED (void)0
#endif

TEST(readable, the_programs_own_headers_need_not_be_readable, "O280")
{
    BYTE *header = (BYTE *)(getauxval(AT_PHDR) & ~(uintptr_t)(PAGE - 1));
    PSAPI_WORKING_SET_EX_INFORMATION page = {.VirtualAddress = header};
    char name[300] = "";
    DWORD old = 0;
    void *base;

    MEMORY_BASIC_INFORMATION mbi;

    NOT_SANITIZED;
    MUST(VirtualQuery(image_data, &mbi, sizeof mbi));
    base = mbi.AllocationBase;
    EXPECT_OK(VirtualProtect(header, PAGE, PAGE_NOACCESS, &old));
    EXPECT_REGION(header, .state = MEM_COMMIT, .protect = PAGE_NOACCESS, .type = MEM_IMAGE, .base = AT(base));
    EXPECT_REGION(image_data, .protect = PAGE_WRITECOPY, .type = MEM_IMAGE, .base = AT(base));
    EXPECT_OK(QueryWorkingSetEx(GetCurrentProcess(), &page, sizeof page));
    EXPECT_EQ(page.VirtualAttributes.Valid, 0);
    EXPECT(GetMappedFileNameA(GetCurrentProcess(), image_data, name, sizeof name) > 0 && name[0] == '/');
    EXPECT_OK(VirtualProtect(header, PAGE, old, &old));
    EXPECT_EQ(old, PAGE_NOACCESS);
}

/* Also when nobody has asked before: the first question comes too late. */
TEST(readable, the_first_question_may_come_late, "O280")
{
    BYTE *header = (BYTE *)(getauxval(AT_PHDR) & ~(uintptr_t)(PAGE - 1));

    NOT_SANITIZED;
    MUST(mprotect(header, PAGE, PROT_NONE) == 0);
    EXPECT_REGION(image_data, .protect = PAGE_WRITECOPY, .type = MEM_IMAGE);
    MUST(mprotect(header, PAGE, PROT_READ) == 0);
}

#endif
