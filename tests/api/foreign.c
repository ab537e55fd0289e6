/*
 * Memory that is not ours: what VirtualQuery says of stacks, the program, libraries and malloc,
 * and that a walk over the whole address space sees every byte once and ends.
 */
#include "api.h"

static const char in_rodata[64] = "constant";
static char in_data[64] = "initialised";
static char in_bss[64 * 4096];

static uintptr_t in_text(void)
{
    uintptr_t address;
    uintptr_t (*function)(void) = in_text;

    memcpy(&address, &function, sizeof address);
    return address;
}

static void *base_of(const void *address)
{
    MEMORY_BASIC_INFORMATION mbi = {0};

    MUST(VirtualQuery(address, &mbi, sizeof mbi) == sizeof mbi);
    return mbi.AllocationBase;
}

static void on_another_stack(void *arg)
{
    int local = 0;

    (void)arg;
    EXPECT_REGION(&local, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .type = MEM_PRIVATE,
                  .alloc_protect = PAGE_READWRITE);
}

TEST(foreign, stacks_are_private_memory, "O77")
{
    struct check_thread thread;

    on_another_stack(NULL);
    thread_start(&thread, on_another_stack, NULL);
    thread_join(&thread);
}

TEST(foreign, the_stack_lies_in_one_allocation, "O77 O108")
{
    char here[3 * 4096];

    here[0] = 0;
    here[sizeof here - 1] = 0;
    EXPECT_EQ(base_of(here), base_of(here + sizeof here - 1));
    EXPECT(AT(base_of(here)) <= AT(here));
}

TEST(foreign, program_code_is_an_image, "O78")
{
    EXPECT_REGION((void *)in_text(), .state = MEM_COMMIT, .protect = PAGE_EXECUTE_READ,
                  .alloc_protect = PAGE_EXECUTE_WRITECOPY, .type = MEM_IMAGE);
}

TEST(foreign, program_data_is_an_image, "O78")
{
    DWORD prot;

    in_data[0] = 'I';
    EXPECT_REGION(in_data, .state = MEM_COMMIT, .alloc_protect = PAGE_EXECUTE_WRITECOPY, .type = MEM_IMAGE);
    prot = check_protect(in_data);
    EXPECT(prot == PAGE_READWRITE || prot == PAGE_WRITECOPY);
    EXPECT_REGION(in_rodata, .state = MEM_COMMIT, .protect = PAGE_READONLY, .type = MEM_IMAGE);
}

TEST(foreign, all_of_the_program_has_one_allocation_base, "O78")
{
    void *base = base_of((void *)in_text());

    EXPECT_EQ(base_of(in_rodata), base);
    EXPECT_EQ(base_of(in_data), base);
    EXPECT_EQ(base_of(in_bss), base);
    EXPECT_EQ(base_of(in_bss + sizeof in_bss / 2), base);
    EXPECT_EQ(base_of(in_bss + sizeof in_bss - 1), base);
    EXPECT_EQ(base_of(base), base);
    EXPECT_REGION(base, .base = AT(base), .protect = PAGE_READONLY, .type = MEM_IMAGE);
}

TEST(foreign, zero_initialised_data_belongs_to_the_image, "O78")
{
    DWORD prot;

    in_bss[sizeof in_bss / 2] = 1;
    EXPECT_REGION(in_bss + sizeof in_bss / 2, .state = MEM_COMMIT, .type = MEM_IMAGE,
                  .alloc_protect = PAGE_EXECUTE_WRITECOPY);
    prot = check_protect(in_bss + sizeof in_bss / 2);
    EXPECT(prot == PAGE_READWRITE || prot == PAGE_WRITECOPY);
}

TEST(foreign, library_code_is_an_image, "O78")
{
    FARPROC function = GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualQuery");
    uintptr_t code;

    memcpy(&code, &function, sizeof code);
    EXPECT_REGION((void *)code, .state = MEM_COMMIT, .protect = PAGE_EXECUTE_READ,
                  .alloc_protect = PAGE_EXECUTE_WRITECOPY, .type = MEM_IMAGE);
    EXPECT(base_of((void *)code) != NULL);
}

TEST(foreign, malloc_memory_is_private_memory, "O77")
{
    SIZE_T size;

    for (size = 16; size <= 64 * MiB; size *= 16) {
        BYTE *block = malloc(size);

        MUST(block != NULL);
        memset(block, 1, size);
        EXPECT_REGION(block + size - 1, .state = MEM_COMMIT, .protect = PAGE_READWRITE, .type = MEM_PRIVATE);
        free(block);
    }
}

/* ---- the walk ---------------------------------------------------------------------------- */

struct walk {
    int regions, gaps, two_free;
    SIZE_T bytes;
    int ended;
};

static struct walk walk_everything(void)
{
    struct walk walk = {0, 0, 0, 0, 0};
    SYSTEM_INFO info;
    BYTE *at, *end;
    DWORD last = 0;

    GetSystemInfo(&info);
    at = info.lpMinimumApplicationAddress;
    end = (BYTE *)info.lpMaximumApplicationAddress + 1;
    while (at < end && walk.regions < 2000000) {
        MEMORY_BASIC_INFORMATION mbi;

        if (VirtualQuery(at, &mbi, sizeof mbi) != sizeof mbi)
            return walk;
        if (mbi.BaseAddress != at || mbi.RegionSize == 0 || mbi.RegionSize % PAGE)
            walk.gaps++;
        walk.two_free += mbi.State == MEM_FREE && last == MEM_FREE;
        last = mbi.State;
        walk.bytes += mbi.RegionSize;
        walk.regions++;
        at = (BYTE *)mbi.BaseAddress + mbi.RegionSize;
    }
    walk.ended = at == end;
    return walk;
}

TEST(foreign, a_walk_covers_every_byte_once_and_ends, "O76 O70 O68")
{
    struct walk walk;

    reserve(GRAIN);
    commit(GRAIN, PAGE_READWRITE);
    anonymous_view(GRAIN, PAGE_READWRITE, FILE_MAP_WRITE);
    walk = walk_everything();
    EXPECT(walk.ended);
    EXPECT_EQ(walk.gaps, 0);
    EXPECT_EQ(walk.bytes, TOP + 1 - 0x10000);
    EXPECT_EQ(walk.two_free, 0); /* free space is told with its whole extent */
    EXPECT(walk.regions > 10);
}

TEST(foreign, a_walk_finds_our_own_memory, "O67 O68")
{
    BYTE *p = reserve(GRAIN);
    MEMORY_BASIC_INFORMATION mbi;
    BYTE *at = (BYTE *)0x10000;
    int seen = 0;

    commit_part(p + PAGE, PAGE, PAGE_READWRITE);
    while (AT(at) < TOP && VirtualQuery(at, &mbi, sizeof mbi) == sizeof mbi) {
        seen += mbi.AllocationBase == p;
        at = (BYTE *)mbi.BaseAddress + mbi.RegionSize;
    }
    EXPECT_EQ(seen, 3);
}

static int stop;

static void allocates_all_the_time(void *arg)
{
    unsigned i = 0;

    (void)arg;
    while (!ATOMIC_GET(stop)) {
        BYTE *p = VirtualAlloc(NULL, GRAIN * (1 + i++ % 7), MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
        void *block = malloc(200000 + i % 100000);

        if (p)
            p[0] = 1;
        free(block);
        VirtualFree(p, 0, MEM_RELEASE);
    }
}

TEST(foreign, a_walk_ends_while_others_allocate, "O76")
{
    struct check_thread threads[2];
    double start = check_seconds();
    int i;

    for (i = 0; i < 2; i++)
        thread_start(&threads[i], allocates_all_the_time, NULL);
    for (i = 0; i < 20 && check_seconds() - start < 1.0; i++) {
        struct walk walk = walk_everything();

        EXPECT(walk.ended);
        EXPECT_EQ(walk.gaps, 0);
        EXPECT_EQ(walk.bytes, TOP + 1 - 0x10000);
    }
    ATOMIC_SET(stop, 1);
    for (i = 0; i < 2; i++)
        thread_join(&threads[i]);
}

/* ---- changing it --------------------------------------------------------------------------- */

TEST(foreign, occupied_addresses_cannot_be_reserved, "S62 S65")
{
    int local = 0;

    EXPECT_FAIL(AT(&local) > TOP ? ERROR_INVALID_PARAMETER : ERROR_INVALID_ADDRESS,
                VirtualAlloc(&local, PAGE, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc(in_data, PAGE, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_FAIL(ERROR_INVALID_ADDRESS, VirtualAlloc((void *)in_text(), PAGE, MEM_RESERVE, PAGE_NOACCESS));
    EXPECT_EQ(in_data[1], 'n');
}

TEST(foreign, foreign_memory_is_no_view, "O190")
{
    int local = 0;

    EXPECT_FAIL(ERROR_INVALID_ADDRESS, UnmapViewOfFile(&local));
    EXPECT_EQ(local, 0);
}

TEST(foreign, program_memory_can_be_protected, "S125")
{
    BYTE *page = (BYTE *)((AT(in_bss) + 2 * PAGE) & ~(uintptr_t)(PAGE - 1));
    DWORD old = 0;

    page[0] = 5;
    EXPECT_OK(VirtualProtect(page, PAGE, PAGE_READONLY, &old));
    EXPECT(old == PAGE_READWRITE || old == PAGE_WRITECOPY);
    EXPECT(page[0] == 5 && !writable(page));
    EXPECT_OK(VirtualProtect(page, PAGE, PAGE_READWRITE, &old));
    EXPECT_EQ(old, PAGE_READONLY);
    EXPECT(writable(page));
}

#ifdef WINMEM_VERSION_MAJOR
#include <sys/mman.h>

static WIN32_MEMORY_REGION_INFORMATION region_info(const void *address)
{
    WIN32_MEMORY_REGION_INFORMATION info = {0};

    MUST(QueryVirtualMemoryInformation(GetCurrentProcess(), address, MemoryRegionInfo, &info, sizeof info,
                                       NULL));
    return info;
}

TEST(foreign, region_information_counts_what_is_private, "O82 O81 D4b")
{
    BYTE *p = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    BYTE *s = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    WIN32_MEMORY_REGION_INFORMATION image = region_info(in_bss);

    MUST(p != MAP_FAILED && s != MAP_FAILED);
    EXPECT(region_info(p).CommitSize >= 8 * PAGE);
    EXPECT_EQ(region_info(p).CommitSize, region_info(p).RegionSize);
    EXPECT_EQ(region_info(p).Flags, 0);
    EXPECT_EQ(region_info(s).CommitSize, 0);
    EXPECT_EQ(region_info(s).MappedDataFile, 1);
    EXPECT(image.CommitSize >= sizeof in_bss && image.CommitSize < image.RegionSize);
    EXPECT_EQ(image.MappedImage, 1);
}

/* Every segment of a library belongs to it, up to the last byte of its .bss. */
TEST(foreign, region_information_covers_a_whole_library, "O80")
{
    HMODULE module = GetModuleHandleA("kernel32.dll");
    BYTE *code = (BYTE *)(uintptr_t)GetProcAddress(module, "VirtualAlloc"), *end;
    WIN32_MEMORY_REGION_INFORMATION info = {0};
    MEMORY_BASIC_INFORMATION region;

    MUST(
        QueryVirtualMemoryInformation(GetCurrentProcess(), code, MemoryRegionInfo, &info, sizeof info, NULL));
    end = (BYTE *)info.AllocationBase + info.RegionSize;
    EXPECT_EQ(AT(info.AllocationBase), AT(module));
    EXPECT(code < end);
    EXPECT(VirtualQuery(end - 1, &region, sizeof region) && region.AllocationBase == (PVOID)module);
    EXPECT(VirtualQuery(end, &region, sizeof region) && region.AllocationBase != (PVOID)module);
}
#endif
