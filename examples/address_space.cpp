// The process's own address space as VirtualQuery tells it, from the lowest to the highest address a
// program can use: our allocations, and also what came from elsewhere (program, libraries, stacks).
//
//   g++ $(pkg-config --cflags winmem) address_space.cpp $(pkg-config --libs winmem)

#include <windows.h>
#include <winmem.h>

#include <stdio.h>

static const char *state_name(DWORD state)
{
    switch (state) {
    case MEM_COMMIT: return "commit";
    case MEM_RESERVE: return "reserve";
    default: return "?";
    }
}

static const char *type_name(DWORD type)
{
    switch (type) {
    case MEM_PRIVATE: return "private";
    case MEM_MAPPED: return "mapped";
    case MEM_IMAGE: return "image";
    default: return "";
    }
}

// The base protection; the attributes above it (guard, no cache, write combine) are left out.
static const char *protect_name(DWORD protect)
{
    switch (protect & 0xff) {
    case PAGE_NOACCESS: return "no access";
    case PAGE_READONLY: return "read";
    case PAGE_READWRITE: return "read-write";
    case PAGE_WRITECOPY: return "write-copy";
    case PAGE_EXECUTE: return "execute";
    case PAGE_EXECUTE_READ: return "exec-read";
    case PAGE_EXECUTE_READWRITE: return "exec-read-write";
    case PAGE_EXECUTE_WRITECOPY: return "exec-write-copy";
    default: return "";
    }
}

// 64 KiB, 3.5 MiB, 127 TiB: at most four digits.
static void print_size(SIZE_T bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes / 1024;
    int unit = 0;

    for (; size >= 1024 && unit < 3; unit++)
        size /= 1024;
    printf("%7.*f %s", size < 100 && unit > 0 ? 1 : 0, size, units[unit]);
}

static void print_row(const MEMORY_BASIC_INFORMATION &region)
{
    printf("%016zx ", (size_t)region.BaseAddress);
    print_size(region.RegionSize);
    if (region.State == MEM_FREE) {
        puts("  free");
        return;
    }
    printf("  %-8s %-8s %-16s %016zx\n", state_name(region.State), type_name(region.Type),
           region.State == MEM_COMMIT ? protect_name(region.Protect) : "", (size_t)region.AllocationBase);
}

static void print_total(const char *name, SIZE_T bytes, unsigned regions)
{
    printf("%-16s ", name);
    print_size(bytes);
    printf("  in %u region%s\n", regions, regions == 1 ? "" : "s");
}

struct Totals {
    SIZE_T bytes[3];
    unsigned regions[3];
};

static void add(Totals &totals, const MEMORY_BASIC_INFORMATION &region)
{
    const int kind = region.State == MEM_COMMIT ? 0 : region.State == MEM_RESERVE ? 1 : 2;

    totals.bytes[kind] += region.RegionSize;
    totals.regions[kind]++;
}

// Every region once; false if one does not begin where the last one ended.
static bool walk(ULONG_PTR at, ULONG_PTR last, Totals &totals)
{
    MEMORY_BASIC_INFORMATION region;

    while (at <= last) {
        if (VirtualQuery(reinterpret_cast<LPCVOID>(at), &region, sizeof(region)) != sizeof(region)) {
            printf("VirtualQuery: error %u (%s)\n", (unsigned)GetLastError(), WinmemLastCause());
            return false;
        }
        if (reinterpret_cast<ULONG_PTR>(region.BaseAddress) != at || region.RegionSize == 0) {
            printf("%#zx: the region here begins elsewhere or is empty\n", (size_t)at);
            return false;
        }
        print_row(region);
        add(totals, region);
        at += region.RegionSize;
    }
    return at == last + 1;
}

// What the kernel's table of mappings is used for: a region above may be many mappings, and many regions one.
static void print_mappings()
{
    WINMEM_MAPPING_USE use;

    if (!WinmemMappingUse(&use)) {
        printf("WinmemMappingUse: error %u (%s)\n", (unsigned)GetLastError(), WinmemLastCause());
        return;
    }
    printf("\n%zu mappings of %zu\n", (size_t)use.Mappings, (size_t)use.MostMappings);
    print_size(use.MarkedBytes);
    puts(" reserved under guard markers");
}

int main()
{
    SYSTEM_INFO system;
    Totals totals = {{0, 0, 0}, {0, 0, 0}};

    // Something of our own to see: 16 MiB reserved, of which 1 MiB in the middle is committed.
    char *own = static_cast<char *>(VirtualAlloc(nullptr, 16 << 20, MEM_RESERVE, PAGE_NOACCESS));
    if (!own || !VirtualAlloc(own + (4 << 20), 1 << 20, MEM_COMMIT, PAGE_READWRITE)) {
        printf("VirtualAlloc: error %u (%s)\n", (unsigned)GetLastError(), WinmemLastCause());
        return 1;
    }

    GetSystemInfo(&system);
    const ULONG_PTR first = reinterpret_cast<ULONG_PTR>(system.lpMinimumApplicationAddress);
    const ULONG_PTR last = reinterpret_cast<ULONG_PTR>(system.lpMaximumApplicationAddress);
    printf("%-16s %11s  %-8s %-8s %-16s %s\n", "base", "size", "state", "type", "protect", "allocation base");
    const bool complete = walk(first, last, totals);

    putchar('\n');
    print_total("committed", totals.bytes[0], totals.regions[0]);
    print_total("reserved", totals.bytes[1], totals.regions[1]);
    print_total("free", totals.bytes[2], totals.regions[2]);
    print_total("all", totals.bytes[0] + totals.bytes[1] + totals.bytes[2],
                totals.regions[0] + totals.regions[1] + totals.regions[2]);
    print_mappings();
    if (!complete || totals.bytes[0] + totals.bytes[1] + totals.bytes[2] != last - first + 1) {
        puts("The walk did not cover the address space exactly once");
        return 1;
    }
    return VirtualFree(own, 0, MEM_RELEASE) ? 0 : 1;
}
