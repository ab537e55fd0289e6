/*
 * target.c: a process to be looked at. It allocates memory of each kind, prints what VirtualQuery says of all of it, in the
 * words of winmem regions, and ends by SIGABRT: a debugger stops there, and without one there is a core file.
 */
#include <windows.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { GRANULE = 65536, SMALL_PAGE = 4096, CALLS = 400, MOST = 16 };

static void *bases[MOST];
static int count;

static BYTE *kept(void *base)
{
    if (base == NULL)
        exit(2);
    bases[count++] = base;
    return base;
}

static void commit(BYTE *at, DWORD protect)
{
    if (VirtualAlloc(at, SMALL_PAGE, MEM_COMMIT, protect) == NULL)
        exit(3);
}

static void make_all(void)
{
    BYTE *p = kept(VirtualAlloc(NULL, 16 * GRANULE, MEM_RESERVE, PAGE_NOACCESS));
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * GRANULE, NULL);

    commit(p, PAGE_READWRITE);
    commit(p + 5 * SMALL_PAGE, PAGE_READWRITE | PAGE_GUARD);
    commit(p + 7 * SMALL_PAGE, PAGE_READONLY);
    commit(p + 8 * SMALL_PAGE, PAGE_EXECUTE_READ);
    kept(VirtualAlloc(NULL, 3 * SMALL_PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
    kept(VirtualAlloc(NULL, GRANULE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE));
    kept(VirtualAlloc2(NULL, NULL, 2 * GRANULE, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL,
                       0));
    kept(MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0));
}

/* As winmem regions has them: placeholders are what MEM_RESERVE is for VirtualQuery. */
static void tell(void *base)
{
    MEMORY_BASIC_INFORMATION mbi;

    for (BYTE *at = base; VirtualQuery(at, &mbi, sizeof mbi) != 0 && mbi.AllocationBase == base;
         at += mbi.RegionSize)
        printf("EXPECT %lx %lx %s %x %s %lx\n", (unsigned long)at, (unsigned long)(at + mbi.RegionSize),
               mbi.State == MEM_COMMIT ? "commit" : "reserve", (unsigned)mbi.Protect,
               mbi.Type == MEM_MAPPED ? "mapped" : "private", (unsigned long)base);
}

/* In this frame the test prints its variables. */
static void stop(void)
{
    MEMORY_BASIC_INFORMATION mbi, *of = &mbi;
    WIN32_MEMORY_REGION_INFORMATION whole;
    WIN32_MEMORY_RANGE_ENTRY entry = {bases[0], SMALL_PAGE};
    SIZE_T bytes;

    VirtualQuery(bases[0], of, sizeof mbi);
    QueryVirtualMemoryInformation(GetCurrentProcess(), entry.VirtualAddress, MemoryRegionInfo, &whole,
                                  sizeof whole, &bytes);
    fflush(stdout);
    raise(SIGABRT);
}

int main(void)
{
    make_all();
    for (int i = 0; i < count; i++)
        tell(bases[i]);
    VirtualFree((BYTE *)bases[0] + SMALL_PAGE, 0, MEM_RELEASE); /* not its base: 487, and a probe tells */
    for (int i = 0; i < CALLS; i++)
        VirtualFree(bases[0], 4711, MEM_RELEASE);
    stop();
    return 0;
}
