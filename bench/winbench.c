/*
 * winbench.c: the cases through the Win32 API, and nothing else: the same source is measured on Linux with
 * winmem and, built by mingw-w64, on Windows or under Wine. rawbench.c is its twin.
 */
#include <windows.h>

#include "heap.h"
#include "remote.h"

#ifndef MEM_RESERVE_PLACEHOLDER
#define MEM_REPLACE_PLACEHOLDER 0x00004000
#define MEM_RESERVE_PLACEHOLDER 0x00040000
#endif
#ifndef MEM_PRESERVE_PLACEHOLDER
#define MEM_PRESERVE_PLACEHOLDER 0x00000002
#endif

#define ALLOCATE (MEM_RESERVE | MEM_COMMIT)

static char *crowd[BENCH_CROWD];

/* --- reserving, committing --- */

static bool release(void *p)
{
    return VirtualFree(p, 0, MEM_RELEASE) != 0;
}

static bool reserve_bytes(struct bench *b, size_t bytes)
{
    bool ok = true;

    MEASURE(b, 1000)
    ok &= release(VirtualAlloc(NULL, bytes, MEM_RESERVE, PAGE_NOACCESS));
    return ok;
}

static bool reserve_64k(struct bench *b)
{
    return reserve_bytes(b, SMALL);
}

static bool reserve_16t(struct bench *b)
{
    void *p = VirtualAlloc(NULL, 16 * TIB, MEM_RESERVE, PAGE_NOACCESS);

    return p != NULL && release(p) && reserve_bytes(b, 16 * TIB);
}

static void allocate_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++)
        release(VirtualAlloc(NULL, SMALL, ALLOCATE, PAGE_READWRITE));
}

static bool alloc_64k(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 500)
    ok &= release(VirtualAlloc(NULL, SMALL, ALLOCATE, PAGE_READWRITE));
    return ok;
}

static bool alloc_64k_touched(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 50)
    {
        volatile char *p = VirtualAlloc(NULL, SMALL, ALLOCATE, PAGE_READWRITE);

        for (size_t at = 0; p != NULL && at < SMALL; at += PAGE)
            p[at] = 1;
        ok &= release((void *)p);
    }
    return ok;
}

static bool cycle(char *p, size_t bytes)
{
    return VirtualAlloc(p, bytes, MEM_COMMIT, PAGE_READWRITE) != NULL && VirtualFree(p, bytes, MEM_DECOMMIT);
}

static bool commit_inside(struct bench *b, size_t bytes)
{
    char *p = VirtualAlloc(NULL, GIB, MEM_RESERVE, PAGE_NOACCESS);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 300)
    ok &= cycle(p + GIB / 2, bytes);
    return release(p) && ok;
}

static bool commit_64k(struct bench *b)
{
    return commit_inside(b, SMALL);
}

static bool commit_4k(struct bench *b)
{
    return commit_inside(b, PAGE);
}

static bool recommit_bytes(struct bench *b, size_t bytes)
{
    char *p = VirtualAlloc(NULL, bytes, ALLOCATE, PAGE_READWRITE);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= VirtualAlloc(p, bytes, MEM_COMMIT, PAGE_READWRITE) == p;
    return release(p) && ok;
}

static bool recommit_64k(struct bench *b)
{
    return recommit_bytes(b, SMALL);
}

static bool recommit_1g(struct bench *b)
{
    return recommit_bytes(b, GIB);
}

/* --- protecting --- */

static char *touched(void)
{
    char *p = VirtualAlloc(NULL, SMALL, ALLOCATE, PAGE_READWRITE);

    for (size_t at = 0; p != NULL && at < SMALL; at += PAGE)
        p[at] = 1;
    return p;
}

static bool protect_flip(struct bench *b)
{
    char *p = touched();
    bool ok = p != NULL;
    DWORD old;

    if (!ok)
        return false;
    MEASURE(b, 300)
    ok &= VirtualProtect(p + 5 * PAGE, PAGE, PAGE_READONLY, &old) &&
          VirtualProtect(p + 5 * PAGE, PAGE, PAGE_READWRITE, &old);
    return release(p) && ok;
}

static bool protect_same(struct bench *b)
{
    char *p = touched();
    bool ok = p != NULL;
    DWORD old;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= VirtualProtect(p + 5 * PAGE, PAGE, PAGE_READWRITE, &old) != 0;
    return release(p) && ok;
}

/* --- asking --- */

static bool ask(const void *p)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(p, &info, sizeof info) == sizeof info;
}

/* Reserved and committed ones in turn. */
static bool fill_crowd(size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((crowd[i] = VirtualAlloc(NULL, SMALL, i % 2 ? ALLOCATE : MEM_RESERVE, PAGE_READWRITE)) == NULL)
            return false;
    return true;
}

static bool empty_crowd(size_t count)
{
    bool ok = true;

    for (size_t i = 0; i < count; i++)
        ok &= release(crowd[i]);
    return ok;
}

static bool query_of(struct bench *b, size_t count)
{
    bool ok = fill_crowd(count);
    size_t at = 0;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    {
        at = (at + 7919) % count;
        ok &= ask(crowd[at] + PAGE);
    }
    return empty_crowd(count) && ok;
}

static bool query_of_10(struct bench *b)
{
    return query_of(b, 10);
}

static bool query_of_1000(struct bench *b)
{
    return query_of(b, 1000);
}

static bool query_of_30000(struct bench *b)
{
    return query_of(b, BENCH_CROWD);
}

static bool query_at(struct bench *b, const void *p)
{
    bool ok = true;

    MEASURE(b, 1000)
    ok &= ask(p);
    return ok;
}

static bool query_inside(struct bench *b, size_t bytes, DWORD type)
{
    char *p = VirtualAlloc(NULL, bytes, type, PAGE_READWRITE);
    bool ok = p != NULL && query_at(b, p + bytes / 2);

    return ok && release(p);
}

static bool query_committed_1g(struct bench *b)
{
    return query_inside(b, GIB, ALLOCATE);
}

static bool query_reserved_64g(struct bench *b)
{
    return query_inside(b, 64 * GIB, MEM_RESERVE);
}

static bool query_reserved_64k(struct bench *b)
{
    return query_inside(b, SMALL, MEM_RESERVE);
}

/* The answer goes to memory that is not the stack. */
static bool query_static_buffer(struct bench *b)
{
    static MEMORY_BASIC_INFORMATION info;
    char *p = VirtualAlloc(NULL, SMALL, MEM_RESERVE, PAGE_READWRITE);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= VirtualQuery(p, &info, sizeof info) == sizeof info;
    return release(p) && ok;
}

static bool query_stack(struct bench *b)
{
    char local = 0;

    return query_at(b, &local);
}

static bool query_library(struct bench *b)
{
    return query_at(
        b, (const void *)(uintptr_t)GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualAlloc"));
}

/* The first free stretch of at least a gibibyte, whoever is behind it. */
static bool query_free(struct bench *b)
{
    MEMORY_BASIC_INFORMATION info;

    for (char *p = (char *)0x10000; VirtualQuery(p, &info, sizeof info);
         p = (char *)info.BaseAddress + info.RegionSize)
        if (info.State == MEM_FREE && info.RegionSize >= GIB)
            return query_at(b, info.BaseAddress);
    return false;
}

/* Free space between two reservations. */
static bool query_hole(struct bench *b)
{
    bool ok = fill_crowd(99) && release(crowd[48]) && query_at(b, crowd[48]);

    crowd[48] = VirtualAlloc(NULL, SMALL, MEM_RESERVE, PAGE_READWRITE);
    return empty_crowd(99) && ok;
}

static size_t walk(const char *from, const char *to)
{
    MEMORY_BASIC_INFORMATION info;
    size_t regions = 0;

    for (; from < to && VirtualQuery(from, &info, sizeof info);
         from = (char *)info.BaseAddress + info.RegionSize)
        regions++;
    return regions;
}

static bool measure_walk(struct bench *b, const char *from, const char *to)
{
    size_t regions = walk(from, to), seen = 0;

    while (bench_next(b, regions))
        seen = walk(from, to);
    return seen == regions;
}

/* A thousand reservations, which the library may put side by side or not. */
static bool walk_allocations(struct bench *b)
{
    enum { COUNT = 1000 };
    char *low, *high;

    for (size_t i = 0; i < COUNT; i++)
        crowd[i] = VirtualAlloc(NULL, SMALL, MEM_RESERVE, PAGE_READWRITE);
    low = high = crowd[0];
    for (size_t i = 0; i < COUNT; i++) {
        low = crowd[i] < low ? crowd[i] : low;
        high = crowd[i] > high ? crowd[i] : high;
    }
    return measure_walk(b, low, high + SMALL) && empty_crowd(COUNT);
}

/* A thousand stretches of committed and reserved pages within one reservation. */
static bool walk_runs(struct bench *b)
{
    enum { COUNT = 1000 };
    char *p = VirtualAlloc(NULL, COUNT * SMALL, MEM_RESERVE, PAGE_READWRITE);
    bool ok = p != NULL;

    for (size_t i = 0; ok && i < COUNT; i += 2)
        ok = VirtualAlloc(p + i * SMALL, SMALL, MEM_COMMIT, PAGE_READWRITE) != NULL;
    return ok && measure_walk(b, p, p + COUNT * SMALL) && release(p);
}

/* --- two threads --- */

static bool threads_alloc(struct bench *b)
{
    return bench_pair(b, 1000, allocate_often, NULL, NULL);
}

static void cycle_often(void *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cycle(p, SMALL);
}

static bool threads_commit(struct bench *b)
{
    char *mine = VirtualAlloc(NULL, GIB, MEM_RESERVE, PAGE_NOACCESS);
    char *its = VirtualAlloc(NULL, GIB, MEM_RESERVE, PAGE_NOACCESS);
    bool ok = mine != NULL && its != NULL && bench_pair(b, 1000, cycle_often, mine + GIB / 2, its + GIB / 2);

    return ok && release(mine) && release(its);
}

static bool query_beside_alloc(struct bench *b)
{
    bool ok = bench_background(allocate_often, NULL, 100);

    if (!ok)
        return false;
    ok = query_inside(b, SMALL, MEM_RESERVE);
    bench_background_stop();
    return ok;
}

/* --- sections --- */

typedef PVOID WINAPI alloc2_function(HANDLE, PVOID, SIZE_T, ULONG, ULONG, void *, ULONG);
typedef PVOID WINAPI map3_function(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG, void *, ULONG);

/* By name, as most programs do: import libraries may lack them. */
static uintptr_t newer(const char *name)
{
    HMODULE module = GetModuleHandleA("kernelbase.dll");

    return module == NULL ? 0 : (uintptr_t)GetProcAddress(module, name);
}

static bool map_over(map3_function *map3, HANDLE section, char *at)
{
    return map3(section, NULL, at, 0, SMALL, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == at;
}

static bool make_ring(alloc2_function *alloc2, map3_function *map3, HANDLE section)
{
    char *p = alloc2(NULL, NULL, 2 * SMALL, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);

    return p != NULL && VirtualFree(p, SMALL, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) &&
           map_over(map3, section, p) && map_over(map3, section, p + SMALL) && UnmapViewOfFile(p) &&
           UnmapViewOfFile(p + SMALL);
}

static HANDLE make_section(void)
{
    return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SMALL, NULL);
}

static bool ring_buffer(struct bench *b)
{
    alloc2_function *alloc2 = (alloc2_function *)newer("VirtualAlloc2");
    map3_function *map3 = (map3_function *)newer("MapViewOfFile3");
    HANDLE section = make_section();
    bool ok = alloc2 != NULL && map3 != NULL && section != NULL && make_ring(alloc2, map3, section);

    if (!ok)
        return false;
    MEASURE(b, 100)
    ok &= make_ring(alloc2, map3, section);
    return CloseHandle(section) && ok;
}

static bool view_64k(struct bench *b)
{
    HANDLE section = make_section();
    bool ok = section != NULL;

    if (!ok)
        return false;
    MEASURE(b, 200)
    ok &= UnmapViewOfFile(MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, SMALL)) != 0;
    return CloseHandle(section) && ok;
}

/* --- write watch, guard pages --- */

static char *watched(size_t bytes, size_t committed)
{
    char *p = VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);

    return p != NULL && VirtualAlloc(p, committed, MEM_COMMIT, PAGE_READWRITE) == p ? p : NULL;
}

static void write_each(char *p, size_t step)
{
    for (size_t page = 0; step > 0 && page < WATCH_PAGES; page += step)
        ((volatile char *)p)[page * PAGE]++;
}

static bool watch_first_write(struct bench *b)
{
    char *p = watched(WATCH_PAGES * PAGE, WATCH_PAGES * PAGE);

    if (p == NULL)
        return false;
    write_each(p, 1);
    MEASURE(b, WATCH_PAGES)
    {
        if (turn == 0)
            UNTIMED(b) ResetWriteWatch(p, WATCH_PAGES * PAGE);
        ((volatile char *)p)[turn * PAGE]++;
    }
    return release(p);
}

static bool get_written(struct bench *b, char *p, size_t bytes, size_t step, size_t wanted)
{
    static void *pages[WATCH_PAGES];
    ULONG_PTR count;
    DWORD granularity;
    bool ok = p != NULL;

    MEASURE(b, 5)
    {
        UNTIMED(b) write_each(p, step);
        count = WATCH_PAGES;
        ok = ok && GetWriteWatch(WRITE_WATCH_FLAG_RESET, p, bytes, pages, &count, &granularity) == 0 &&
             count == wanted;
    }
    return release(p) && ok;
}

static bool get_each(struct bench *b, size_t bytes, size_t step)
{
    char *p = watched(bytes, WATCH_PAGES * PAGE);

    if (p == NULL)
        return false;
    write_each(p, 1);
    ResetWriteWatch(p, bytes);
    return get_written(b, p, bytes, step, step == 0 ? 0 : (WATCH_PAGES + step - 1) / step);
}

static bool watch_get_1(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 100);
}

static bool watch_get_10(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 10);
}

static bool watch_get_100(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 1);
}

static bool watch_get_clean(struct bench *b)
{
    return get_each(b, WATCH_PAGES * PAGE, 0);
}

static bool watch_clean_64g(struct bench *b)
{
    return get_each(b, 64 * GIB, 0);
}

static LONG WINAPI go_on(EXCEPTION_POINTERS *info)
{
    return info->ExceptionRecord->ExceptionCode == STATUS_GUARD_PAGE_VIOLATION ? EXCEPTION_CONTINUE_EXECUTION
                                                                               : EXCEPTION_CONTINUE_SEARCH;
}

static bool guard_hit(struct bench *b)
{
    char *p = VirtualAlloc(NULL, SMALL, ALLOCATE, PAGE_READWRITE);
    void *handler = AddVectoredExceptionHandler(1, go_on);
    bool ok = p != NULL && handler != NULL;
    DWORD old;

    if (!ok)
        return false;
    MEASURE(b, 200)
    {
        ok &= VirtualProtect(p, PAGE, PAGE_READWRITE | PAGE_GUARD, &old) != 0;
        *(volatile char *)p = 1;
    }
    RemoveVectoredExceptionHandler(handler);
    return release(p) && ok;
}

/* --- contents that may go --- */

#ifndef MEM_RESET_UNDO
#define MEM_RESET_UNDO 0x01000000
#endif

static void touch(volatile char *p, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PAGE)
        p[at] = 1;
}

static bool reset_1m(struct bench *b)
{
    char *p = VirtualAlloc(NULL, MIB, ALLOCATE, PAGE_READWRITE);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 20)
    {
        touch(p, MIB);
        ok &= VirtualAlloc(p, MIB, MEM_RESET, PAGE_READWRITE) == p;
    }
    return release(p) && ok;
}

static bool reset_undo_1m(struct bench *b)
{
    char *p = VirtualAlloc(NULL, MIB, ALLOCATE, PAGE_READWRITE);
    bool ok = p != NULL;

    if (!ok)
        return false;
    touch(p, MIB);
    MEASURE(b, 20)
    ok &= VirtualAlloc(p, MIB, MEM_RESET, PAGE_READWRITE) == p &&
          VirtualAlloc(p, MIB, MEM_RESET_UNDO, PAGE_READWRITE) == p;
    return release(p) && ok;
}

/* --- physical pages --- */

static ULONG_PTR frames[BENCH_FRAMES];
static PVOID pages[BENCH_FRAMES];

static bool in_and_out(void)
{
    return MapUserPhysicalPagesScatter(pages, BENCH_FRAMES, frames) &&
           MapUserPhysicalPagesScatter(pages, BENCH_FRAMES, NULL);
}

static bool move_frames(struct bench *b, bool scattered)
{
    char *window = VirtualAlloc(NULL, BENCH_FRAMES * PAGE, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);
    ULONG_PTR count = BENCH_FRAMES;
    bool ok = window != NULL && AllocateUserPhysicalPages(GetCurrentProcess(), &count, frames);

    if (!ok || count != BENCH_FRAMES)
        return false;
    for (size_t i = 0; i < BENCH_FRAMES; i++)
        pages[i] = window + (scattered ? bench_scattered(i) : i) * PAGE;
    while (bench_next(b, BENCH_FRAMES))
        ok &= in_and_out();
    return FreeUserPhysicalPages(GetCurrentProcess(), &count, frames) && release(window) && ok;
}

static bool physical_scatter(struct bench *b)
{
    return move_frames(b, true);
}

static bool physical_run(struct bench *b)
{
    return move_frames(b, false);
}

BENCH_PROGRAM
