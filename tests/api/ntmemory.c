/*
 * The native functions of memory, found as programs find them: by name, in ntdll.dll, with types of their own.
 */
#include "api.h"

#include <stddef.h>
#include <winternl.h>

#ifdef WINMEM_VERSION_MAJOR
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

/* clang-format off */
typedef NTSTATUS(NTAPI *alloc_fn)(HANDLE, PVOID *, ULONG_PTR, PSIZE_T, ULONG, ULONG);
typedef NTSTATUS(NTAPI *alloc_ex_fn)(HANDLE, PVOID *, PSIZE_T, ULONG, ULONG, PVOID, ULONG);
typedef NTSTATUS(NTAPI *free_fn)(HANDLE, PVOID *, PSIZE_T, ULONG);
typedef NTSTATUS(NTAPI *protect_fn)(HANDLE, PVOID *, PSIZE_T, ULONG, PULONG);
typedef NTSTATUS(NTAPI *query_fn)(HANDLE, PVOID, int, PVOID, SIZE_T, PSIZE_T);
typedef NTSTATUS(NTAPI *copy_fn)(HANDLE, PVOID, PVOID, SIZE_T, PSIZE_T);
typedef NTSTATUS(NTAPI *lock_fn)(HANDLE, PVOID *, PSIZE_T, ULONG);
typedef NTSTATUS(NTAPI *flush_fn)(HANDLE, PVOID *, PSIZE_T, IO_STATUS_BLOCK *);
/* clang-format on */

static FARPROC find(const char *name)
{
    FARPROC found = GetProcAddress(GetModuleHandleA("ntdll.dll"), name);

    if (found == NULL)
        SKIP("this ntdll.dll lacks the function");
    return found;
}

#define NT(type, name) ((type)(void (*)(void))find(name))
#define SELF GetCurrentProcess()

#define SUCCESS 0u
#define BUFFER_OVERFLOW 0x80000005u
#define PARTIAL_COPY 0x8000000Du
#define INVALID_INFO_CLASS 0xC0000003u
#define INFO_LENGTH_MISMATCH 0xC0000004u
#define ACCESS_VIOLATION 0xC0000005u
#define INVALID_HANDLE 0xC0000008u
#define INVALID_PARAMETER 0xC000000Du
#define CONFLICTING_ADDRESSES 0xC0000018u
#define UNABLE_TO_FREE_VM 0xC000001Au
#define UNABLE_TO_DELETE_SECTION 0xC000001Bu
#define NOT_LOCKED 0xC000002Au
#define NOT_COMMITTED 0xC000002Du
#define INVALID_PAGE_PROTECTION 0xC0000045u
#define PRIVILEGE_NOT_HELD 0xC0000061u
#define FREE_VM_NOT_AT_BASE 0xC000009Fu
#define MEMORY_NOT_ALLOCATED 0xC00000A0u
#define PARAMETER_3 0xC00000F1u
#define PARAMETER_4 0xC00000F2u

/* What came in, and what is to come out. */
#define EXPECT_PLACE(at, bytes)                                                                              \
    do {                                                                                                     \
        EXPECT_EQ(base, at);                                                                                 \
        EXPECT_EQ(size, bytes);                                                                              \
    } while (0)

static NTSTATUS allocate(PVOID *base, SIZE_T *size, ULONG type, ULONG protection)
{
    return NT(alloc_fn, "NtAllocateVirtualMemory")(SELF, base, 0, size, type, protection);
}

static NTSTATUS let_go(PVOID *base, SIZE_T *size, ULONG type)
{
    return NT(free_fn, "NtFreeVirtualMemory")(SELF, base, size, type);
}

/* --- allocating --- */

TEST(ntmemory, base_and_size_come_out_rounded, "L470")
{
    PVOID base = NULL;
    SIZE_T size = 0x1001;
    BYTE *p;

    EXPECT_NT(SUCCESS, allocate(&base, &size, MEM_RESERVE, PAGE_READWRITE));
    p = base;
    EXPECT_EQ(AT(p) % GRAIN, 0);
    EXPECT_EQ(size, 2 * PAGE);
    base = p + 0x123;
    size = 1;
    EXPECT_NT(SUCCESS, allocate(&base, &size, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_PLACE(p, PAGE);
    p[0] = 1;
    EXPECT_REGION(p, .size = PAGE, .state = MEM_COMMIT, .base = AT(p));
    release(p);
    base = p + 0x1234;
    size = PAGE;
    EXPECT_NT(SUCCESS, allocate(&base, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_PLACE(p, 3 * PAGE);
    release(p);
}

TEST(ntmemory, the_status_itself, "L470 O29")
{
    BYTE *p = reserve(GRAIN);
    PVOID base = p;
    SIZE_T size = PAGE;

    EXPECT_NT(CONFLICTING_ADDRESSES, allocate(&base, &size, MEM_RESERVE, PAGE_READWRITE));
    EXPECT_NT(INVALID_PAGE_PROTECTION, allocate(&base, &size, MEM_COMMIT, 0x333));
    EXPECT_NT(INVALID_HANDLE,
              NT(alloc_fn, "NtAllocateVirtualMemory")(NULL, &base, 0, &size, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_NT(ACCESS_VIOLATION, allocate(NULL, &size, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_NT(ACCESS_VIOLATION, allocate(&base, NULL, MEM_COMMIT, PAGE_READWRITE));
    EXPECT_PLACE(p, PAGE);
    release(p);
}

TEST(ntmemory, zero_bits, "O33 O34 O251")
{
    alloc_fn nt_allocate = NT(alloc_fn, "NtAllocateVirtualMemory");
    static const ULONG_PTR counts[] = {1, 4, 8, 0x1aaaaaaa};

    for (int i = 0; i < 4; i++) {
        uintptr_t below = counts[i] > 31 ? 0x20000000 : (uintptr_t)1 << (32 - counts[i]);
        PVOID base = NULL;
        SIZE_T size = PAGE;
        ULONG status =
            (ULONG)nt_allocate(SELF, &base, counts[i], &size, MEM_RESERVE | MEM_TOP_DOWN, PAGE_NOACCESS);

        EXPECT(status == SUCCESS || status == 0xC0000017u);
        if (status != SUCCESS)
            continue;
        EXPECT(AT(base) < below);
        release(base);
    }
    for (ULONG_PTR count = 22; count <= 24; count++) {
        PVOID base = NULL;
        SIZE_T size = PAGE;
        ULONG status = (ULONG)nt_allocate(SELF, &base, count, &size, MEM_RESERVE, PAGE_NOACCESS);

        EXPECT(status == PARAMETER_3 || status == INVALID_PARAMETER);
    }
}

TEST(ntmemory, zero_bits_and_a_base, "O35 O251")
{
    BYTE *p = reserve(GRAIN);
    PVOID base = p;
    SIZE_T size = PAGE;

    EXPECT_NT(CONFLICTING_ADDRESSES, NT(alloc_fn, "NtAllocateVirtualMemory")(
                                         SELF, &base, ~(ULONG_PTR)0 >> 1, &size, MEM_RESERVE, PAGE_NOACCESS));
    release(p);
}

TEST(ntmemory, the_ex_form_takes_placeholders, "O29 L470")
{
    alloc_ex_fn nt_allocate = NT(alloc_ex_fn, "NtAllocateVirtualMemoryEx");
    PVOID base = NULL;
    SIZE_T size = 2 * GRAIN;
    BYTE *p;

    EXPECT_NT(SUCCESS,
              nt_allocate(SELF, &base, &size, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0));
    p = base;
    EXPECT_PLACE(p, 2 * GRAIN);
    size = GRAIN;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    EXPECT_PLACE(p, GRAIN);
    EXPECT_NT(SUCCESS, nt_allocate(SELF, &base, &size, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER,
                                   PAGE_READWRITE, NULL, 0));
    EXPECT_PLACE(p, GRAIN);
    EXPECT_NT(INVALID_HANDLE, nt_allocate(NULL, &base, &size, MEM_COMMIT, PAGE_READWRITE, NULL, 0));
    release(p);
    release(p + GRAIN);
}

/* --- freeing --- */

TEST(ntmemory, a_decommit_is_rounded, "O44 O45")
{
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE);
    PVOID base = p + 0x1fff;
    SIZE_T size = 2;

    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_DECOMMIT));
    EXPECT_PLACE(p + PAGE, 2 * PAGE);
    EXPECT_EQ(check_state(p), MEM_COMMIT);
    EXPECT_EQ(check_state(p + 2 * PAGE), MEM_RESERVE);
    base = p + 0x1001;
    size = 0;
    EXPECT_NT(FREE_VM_NOT_AT_BASE, let_go(&base, &size, MEM_DECOMMIT));
    EXPECT_PLACE(p + 0x1001, 0);
    base = p + 0xffe;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_DECOMMIT));
    EXPECT_EQ(base, p);
    EXPECT(size == 0 || size == 4 * PAGE); /* before Windows 10 1709 */
    EXPECT_EQ(check_state(p), MEM_RESERVE);
    release(p);
}

TEST(ntmemory, a_release_tells_what_it_was, "O46 O51")
{
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE);
    PVOID base = p + 0x1000;
    SIZE_T size = 0;

    EXPECT_NT(FREE_VM_NOT_AT_BASE, let_go(&base, &size, MEM_RELEASE));
    EXPECT_PLACE(p + 0x1000, 0);
    base = p + 0xfff;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    EXPECT_PLACE(p, 4 * PAGE);
    EXPECT_EQ(check_state(p), MEM_FREE);
    size = 0;
    EXPECT_NT(MEMORY_NOT_ALLOCATED, let_go(&base, &size, MEM_RELEASE));
    EXPECT_NT(INVALID_HANDLE, NT(free_fn, "NtFreeVirtualMemory")(NULL, &base, &size, MEM_RELEASE));
    EXPECT_NT(PARAMETER_4, let_go(&base, &size, 0x10000));
}

TEST(ntmemory, a_part_is_released_alone, "O47 O48")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    PVOID base = p + 0x1001;
    SIZE_T size = 0xfff;

    memset(p, 7, GRAIN);
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    EXPECT_PLACE(p + PAGE, PAGE);
    EXPECT_EQ(check_state(p + PAGE), MEM_FREE);
    EXPECT(p[0] == 7 && p[2 * PAGE] == 7 && p[GRAIN - 1] == 7);
    EXPECT_REGION(p, .base = AT(p), .size = PAGE, .state = MEM_COMMIT, .protect = PAGE_READWRITE);
    EXPECT_REGION(p + 2 * PAGE, .base = AT(p + 2 * PAGE), .size = GRAIN - 2 * PAGE, .state = MEM_COMMIT);
    EXPECT_OK(VirtualFree(p + 2 * PAGE, 0, MEM_RELEASE));
    EXPECT_EQ(check_state(p + 2 * PAGE), MEM_FREE);
    EXPECT_EQ(check_state(p), MEM_COMMIT);
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
}

TEST(ntmemory, the_first_page_can_be_had_again, "O47 O52")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    PVOID base = p + 1;
    SIZE_T size = 0xfff;

    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    EXPECT_PLACE(p, PAGE);
    size = PAGE;
    EXPECT_NT(SUCCESS, allocate(&base, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    EXPECT_PLACE(p, PAGE);
    EXPECT(p[0] == 0);
    p[0] = 1;
    EXPECT_OK(VirtualFree(p, 0, MEM_RELEASE));
    EXPECT_OK(VirtualFree(p + PAGE, 0, MEM_RELEASE));
    EXPECT_EQ(check_state(p), MEM_FREE);
}

TEST(ntmemory, a_part_that_leaves_its_allocation, "O49 O50")
{
    BYTE *p = commit(GRAIN, PAGE_READWRITE);
    PVOID base = p;
    SIZE_T size = GRAIN + PAGE;

    EXPECT_NO_CHANGE(p, GRAIN, EXPECT_NT(UNABLE_TO_FREE_VM, let_go(&base, &size, MEM_RELEASE)));
    EXPECT_PLACE(p, GRAIN + PAGE);
    base = p + 0x1001;
    size = 0xffff;
    EXPECT_NT(UNABLE_TO_FREE_VM, let_go(&base, &size, MEM_RELEASE));
    base = p + PAGE;
    size = GRAIN - PAGE;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    base = p;
    size = GRAIN;
    EXPECT_NT(UNABLE_TO_FREE_VM, let_go(&base, &size, MEM_RELEASE));
    EXPECT_NT(UNABLE_TO_FREE_VM, let_go(&base, &size, MEM_DECOMMIT));
    size = PAGE;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    EXPECT_EQ(check_state(p), MEM_FREE);
}

/* Reserved and committed pages of all kinds, in parts of all sizes, until nothing is left. */
TEST(ntmemory, an_allocation_is_released_piece_by_piece, "O47 O48 L471")
{
    enum { PAGES = 48 };
    unsigned seed = 12345;

    for (int round = 0; round < 40; round++) {
        BYTE *p = reserve(PAGES * PAGE);
        char gone[PAGES] = {0};
        int left = PAGES;

        for (int i = 0; i < PAGES; i += 3)
            commit_part(p + i * PAGE, PAGE, i % 2 ? PAGE_READONLY : PAGE_READWRITE);
        while (left > 0) {
            int first, count = 0;
            PVOID base;
            SIZE_T size;

            seed = seed * 1664525u + 1013904223u;
            for (first = (int)(seed >> 16) % PAGES; gone[first]; first = (first + 1) % PAGES)
                ;
            while (count < (int)(seed >> 8) % 7 + 1 && first + count < PAGES && !gone[first + count])
                gone[first + count++] = 1;
            base = p + first * PAGE;
            size = (SIZE_T)count * PAGE;
            EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
            left -= count;
            for (int i = 0; i < PAGES; i++)
                EXPECT_EQ(check_state(p + i * PAGE), gone[i] ? MEM_FREE : i % 3 ? MEM_RESERVE : MEM_COMMIT);
        }
    }
}

TEST(ntmemory, views_are_not_released, "O53")
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)GRAIN, NULL);
    PVOID base = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    SIZE_T size = PAGE;

    MUST(base != NULL);
    EXPECT_NT(UNABLE_TO_DELETE_SECTION, let_go(&base, &size, MEM_RELEASE));
    EXPECT_NT(UNABLE_TO_DELETE_SECTION, let_go(&base, &size, MEM_DECOMMIT));
    EXPECT_OK(UnmapViewOfFile(base));
    EXPECT_OK(CloseHandle(section));
}

/* --- protecting --- */

TEST(ntmemory, protections_are_changed_in_whole_pages, "O59 O55 O56 O60")
{
    protect_fn nt_protect = NT(protect_fn, "NtProtectVirtualMemory");
    BYTE *p = reserve(GRAIN);
    PVOID base = p + 0x333;
    SIZE_T size = 17;
    ULONG old = 0;

    commit_part(p, 2 * PAGE, PAGE_READWRITE);
    EXPECT_NT(SUCCESS, nt_protect(SELF, &base, &size, PAGE_READONLY, &old));
    EXPECT_PLACE(p, PAGE);
    EXPECT_EQ(old, PAGE_READWRITE);
    EXPECT_EQ(check_protect(p), PAGE_READONLY);
    EXPECT_EQ(check_protect(p + PAGE), PAGE_READWRITE);
    size = 3 * PAGE;
    EXPECT_NT(NOT_COMMITTED, nt_protect(SELF, &base, &size, PAGE_READWRITE, &old));
    EXPECT_PLACE(p, 3 * PAGE);
    EXPECT_EQ(old, PAGE_NOACCESS);
    EXPECT_NT(INVALID_PAGE_PROTECTION, nt_protect(SELF, &base, &size, 0, &old));
    EXPECT_NT(INVALID_HANDLE, nt_protect(NULL, &base, &size, PAGE_READWRITE, &old));
    EXPECT_NT(ACCESS_VIOLATION, nt_protect(SELF, &base, &size, PAGE_READWRITE, NULL));
    release(p);
}

/* --- asking --- */

enum { BASIC = 0, NAME = 2, REGION = 3, WORKING_SET_EX = 4 };

struct region {
    PVOID base;
    ULONG protect, type;
    SIZE_T size, committed;
};

TEST(ntmemory, basic_and_region, "L472 O74 O80")
{
    query_fn nt_query = NT(query_fn, "NtQueryVirtualMemory");
    BYTE *p = reserve(GRAIN);
    MEMORY_BASIC_INFORMATION info;
    struct region region;
    SIZE_T length = 77;

    commit_part(p, PAGE, PAGE_READWRITE);
    EXPECT_NT(SUCCESS, nt_query(SELF, p + 0x10, BASIC, &info, sizeof info, &length));
    EXPECT_EQ(length, sizeof info);
    EXPECT_EQ(info.BaseAddress, p);
    EXPECT_EQ(info.RegionSize, PAGE);
    EXPECT_EQ(info.State, MEM_COMMIT);
    length = 77;
    EXPECT_NT(INFO_LENGTH_MISMATCH, nt_query(SELF, p, BASIC, &info, sizeof info - 1, NULL));
    EXPECT_NT(INVALID_INFO_CLASS, nt_query(SELF, p, 0x1000, &info, sizeof info, NULL));
    EXPECT_NT(INVALID_HANDLE, nt_query(NULL, p, BASIC, &info, sizeof info, NULL));
    EXPECT_NT(ACCESS_VIOLATION, nt_query(SELF, p, BASIC, NULL, sizeof info, NULL));
    EXPECT_NT(SUCCESS, nt_query(SELF, p + 3 * PAGE, REGION, &region, sizeof region, &length));
    EXPECT_EQ(length, sizeof region);
    EXPECT_EQ(region.base, p);
    EXPECT_EQ(region.size, GRAIN);
    EXPECT_EQ(region.committed, PAGE);
    release(p);
}

#ifdef WINMEM_VERSION_MAJOR

static ULONG region_type(HANDLE process, const void *address)
{
    struct region region = {.type = 77};
    SIZE_T length = 0, room = offsetof(struct region, committed);

    EXPECT_NT(SUCCESS,
              NT(query_fn, "NtQueryVirtualMemory")(process, (PVOID)address, REGION, &region, room, &length));
    EXPECT_EQ(length, room);
    return region.type;
}

/* A child of a fork has no windows. */
static void expect_types(HANDLE process, BYTE *const *pieces, int count)
{
    static const ULONG types[] = {0, 0x100, 0x100, 0x400, 0x210};

    for (int i = 0; i < count; i++)
        EXPECT_EQ(region_type(process, pieces[i] + PAGE), types[i]);
}

TEST(ntmemory, what_an_allocation_was_made_for, "L660")
{
    DWORD placeholder = MEM_RESERVE | MEM_RESERVE_PLACEHOLDER;
    BYTE *split = VirtualAlloc2(NULL, NULL, 2 * GRAIN, placeholder, PAGE_NOACCESS, NULL, 0);
    BYTE *pieces[] = {reserve(GRAIN), split, split + GRAIN,
                      VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE),
                      VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE)};
    HANDLE self = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());
    pid_t child;

    MUST(split != NULL && pieces[3] != NULL && pieces[4] != NULL);
    EXPECT_OK(VirtualFree(split, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    expect_types(SELF, pieces, 5);
    expect_types(self, pieces, 5);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    MUST(child > 0);
    self = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, (DWORD)child);
    expect_types(self, pieces, 4);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    EXPECT(VirtualAlloc2(NULL, split, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER,
                         PAGE_READWRITE, NULL, 0) == split);
    EXPECT_EQ(region_type(SELF, split), 0);
    EXPECT_EQ(region_type(SELF, split + GRAIN), 0x100);
}

TEST(ntmemory, bits_that_are_not_documented, "L660 O81")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);
    WIN32_MEMORY_REGION_INFORMATION info = {.Flags = 77};

    EXPECT_OK(QueryVirtualMemoryInformation(SELF, p, MemoryRegionInfo, &info, sizeof info, NULL));
    EXPECT_EQ(info.Flags, 0);
    release(p);
}

#endif

TEST(ntmemory, pages_of_the_working_set, "L472")
{
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    struct {
        PVOID address;
        ULONG_PTR attributes;
    } pages[2] = {{p, 0}, {p + PAGE, 0}};
    SIZE_T length = 0;

    p[0] = 1;
    EXPECT_NT(SUCCESS,
              NT(query_fn, "NtQueryVirtualMemory")(SELF, NULL, WORKING_SET_EX, pages, sizeof pages, &length));
    EXPECT_EQ(length, sizeof pages);
    EXPECT(pages[0].attributes & 1);
    release(p);
}

#ifdef WINMEM_VERSION_MAJOR

TEST(ntmemory, names_of_files, "O92 L473")
{
    query_fn nt_query = NT(query_fn, "NtQueryVirtualMemory");
    BYTE *mine = commit(PAGE, PAGE_READWRITE);
    static char room[8192];
    UNICODE_STRING *name = (UNICODE_STRING *)room;
    char expected[4096];
    SIZE_T needed = 0, length = 0;
    void *code = (void *)(uintptr_t)&find;
    ssize_t got = readlink("/proc/self/exe", expected, sizeof expected - 1);

    MUST(got > 0);
    EXPECT_NT(INFO_LENGTH_MISMATCH, nt_query(SELF, code, NAME, room, sizeof *name - 1, &needed));
    EXPECT_EQ(needed, sizeof *name + ((size_t)got + 1) * sizeof(WCHAR));
    name->Length = 77;
    EXPECT_NT(BUFFER_OVERFLOW, nt_query(SELF, code, NAME, room, needed - 1, &length));
    EXPECT(length == needed && name->Length == 77);
    EXPECT_NT(SUCCESS, nt_query(SELF, code, NAME, room, needed, &length));
    EXPECT_EQ(length, needed);
    EXPECT_EQ(name->Length, (size_t)got * sizeof(WCHAR));
    EXPECT_EQ(name->MaximumLength, name->Length + sizeof(WCHAR));
    EXPECT((char *)name->Buffer == room + sizeof *name);
    for (ssize_t i = 0; i < got; i++)
        EXPECT_EQ(name->Buffer[i], (unsigned char)expected[i]);
    EXPECT_EQ(name->Buffer[got], 0);
    EXPECT_NT(ACCESS_VIOLATION, nt_query(SELF, code, NAME, NULL, sizeof room, &length));
    length = 5;
    EXPECT_NT(INVALID_HANDLE, nt_query(NULL, code, NAME, room, sizeof room, &length));
    EXPECT_EQ(length, 5);
    EXPECT_NT(0xC0000141u, nt_query(SELF, mine, NAME, room, 0, &length));
    release(mine);
}

#endif

/* --- copying --- */

TEST(ntmemory, reading_and_writing, "O206 O211 O212 O213")
{
    copy_fn nt_read = NT(copy_fn, "NtReadVirtualMemory"), nt_write = NT(copy_fn, "NtWriteVirtualMemory");
    BYTE *p = commit(4 * PAGE, PAGE_READWRITE), text[4 * 4096];
    SIZE_T count = 99;

    memset(text, 5, sizeof text);
    EXPECT_NT(SUCCESS, nt_write(SELF, p, text, PAGE, &count));
    EXPECT(count == PAGE && p[PAGE - 1] == 5);
    EXPECT_NT(SUCCESS, nt_read(SELF, p, text, PAGE, NULL));
    protect(p + 2 * PAGE, 2 * PAGE, PAGE_READONLY);
    EXPECT_NT(PARTIAL_COPY, nt_write(SELF, p, text, 4 * PAGE, &count));
    EXPECT_EQ(count, 2 * PAGE);
    EXPECT_NT(PARTIAL_COPY, nt_write(SELF, p + 2 * PAGE, text, 1, &count));
    EXPECT_EQ(count, 0);
    protect(p + 2 * PAGE, 2 * PAGE, PAGE_EXECUTE_READ);
    EXPECT_NT(PARTIAL_COPY, nt_write(SELF, p + 2 * PAGE, text, 1, &count));
    EXPECT_EQ(count, 0);
    protect(p, PAGE, PAGE_NOACCESS);
    count = 99;
    EXPECT_NT(PARTIAL_COPY, nt_read(SELF, p, text, 1, &count));
    EXPECT_EQ(count, 0);
    EXPECT_NT(INVALID_HANDLE, nt_read(NULL, p, text, 1, &count));
    release(p);
}

/* --- locking and flushing --- */

TEST(ntmemory, locks, "L474")
{
    lock_fn nt_lock = NT(lock_fn, "NtLockVirtualMemory"), nt_unlock = NT(lock_fn, "NtUnlockVirtualMemory");
    BYTE *p = commit(2 * PAGE, PAGE_READWRITE);
    PVOID base = p + 1;
    SIZE_T size = PAGE;
    ULONG status;

    status = (ULONG)nt_lock(SELF, &base, &size, 1);
    EXPECT(status == SUCCESS || status == 0x40000019u); /* some of it was locked already */
    EXPECT_PLACE(p, 2 * PAGE);
    EXPECT_NT(SUCCESS, nt_unlock(SELF, &base, &size, 1));
    EXPECT_NT(NOT_LOCKED, nt_unlock(SELF, &base, &size, 1));
    EXPECT_NT(INVALID_PARAMETER, nt_lock(SELF, &base, &size, 0));
    EXPECT_NT(INVALID_PARAMETER, nt_lock(SELF, &base, &size, 4));
    EXPECT_NT(INVALID_HANDLE, nt_lock(NULL, &base, &size, 1));
    release(p);
}

TEST(ntmemory, flushing, "L475")
{
    flush_fn nt_flush = NT(flush_fn, "NtFlushVirtualMemory");
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * 4096, NULL);
    BYTE *p = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    PVOID base = p + PAGE + 1;
    SIZE_T size = 1;
    IO_STATUS_BLOCK io;

    MUST(p != NULL);
    EXPECT_NT(SUCCESS, nt_flush(SELF, &base, &size, &io));
    EXPECT_PLACE(p + PAGE, PAGE);
    EXPECT_EQ((ULONG)io.Status, SUCCESS);
    size = 0;
    EXPECT_NT(SUCCESS, nt_flush(SELF, &base, &size, &io));
    EXPECT_PLACE(p + PAGE, 3 * PAGE);
    EXPECT_NT(INVALID_HANDLE, nt_flush(NULL, &base, &size, &io));
    EXPECT_OK(UnmapViewOfFile(p));
    EXPECT_OK(CloseHandle(section));
}

#ifdef WINMEM_VERSION_MAJOR

#include "remote.h"

/* Another process, with the library and without. */
static void part_there(struct target *t)
{
    PVOID base = NULL;
    SIZE_T size = GRAIN;
    BYTE *p, byte = 9;

    EXPECT_NT(SUCCESS, NT(alloc_fn, "NtAllocateVirtualMemory")(t->handle, &base, 0, &size,
                                                               MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    p = base;
    EXPECT_NT(SUCCESS, NT(copy_fn, "NtWriteVirtualMemory")(t->handle, p, &byte, 1, NULL));
    base = p + PAGE;
    size = 2 * PAGE;
    EXPECT_NT(SUCCESS, NT(free_fn, "NtFreeVirtualMemory")(t->handle, &base, &size, MEM_RELEASE));
    EXPECT_PLACE(p + PAGE, 2 * PAGE);
    EXPECT_EQ(look_at(t, p + PAGE).State, MEM_FREE);
    EXPECT_EQ(AT(look_at(t, p + 3 * PAGE).AllocationBase), AT(p + 3 * PAGE));
    byte = 0;
    EXPECT_NT(SUCCESS, NT(copy_fn, "NtReadVirtualMemory")(t->handle, p, &byte, 1, NULL));
    EXPECT_EQ(byte, 9);
    size = 0;
    base = p + 3 * PAGE + 5;
    EXPECT_NT(SUCCESS, NT(free_fn, "NtFreeVirtualMemory")(t->handle, &base, &size, MEM_RELEASE));
    EXPECT_PLACE(p + 3 * PAGE, GRAIN - 3 * PAGE);
    EXPECT_OK(VirtualFreeEx(t->handle, p, 0, MEM_RELEASE));
}

TEST(ntmemory, in_another_process, "L470 O47")
{
    in_both_kinds(part_there);
}

TEST(ntmemory, large_pages_and_windows_are_released_whole, "L471")
{
    BYTE *window = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    PVOID base = window;
    SIZE_T size = PAGE;

    MUST(window != NULL);
    EXPECT_NT(UNABLE_TO_FREE_VM, let_go(&base, &size, MEM_RELEASE));
    size = GRAIN;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    EXPECT_EQ(check_state(window), MEM_FREE);
}

/* What is left is watched as before. */
TEST(ntmemory, a_watched_allocation_in_parts, "L471")
{
    BYTE *p = VirtualAlloc(NULL, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    PVOID base = p + 4 * PAGE, written[16];
    SIZE_T size = PAGE;
    ULONG_PTR count = 16;
    ULONG granularity;

    MUST(p != NULL);
    p[PAGE] = p[8 * PAGE] = 1;
    EXPECT_NT(SUCCESS, let_go(&base, &size, MEM_RELEASE));
    EXPECT_EQ(GetWriteWatch(0, p, 4 * PAGE, written, &count, &granularity), 0);
    EXPECT(count >= 1 && count <= 4);
    count = 16;
    EXPECT_EQ(GetWriteWatch(0, p + 5 * PAGE, GRAIN - 5 * PAGE, written, &count, &granularity), 0);
    EXPECT(count >= 1);
    EXPECT(GetWriteWatch(0, p, GRAIN, written, &count, &granularity) != 0);
    release(p);
    release(p + 5 * PAGE);
}

#endif
