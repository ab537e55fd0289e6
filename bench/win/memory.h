/* memory.h: memory through the Win32 API, and nothing else: it can be measured under Windows or Wine as well. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <windows.h>

#define ALLOCATE (MEM_RESERVE | MEM_COMMIT)

static inline char *reserve(size_t bytes)
{
    return VirtualAlloc(NULL, bytes, MEM_RESERVE, PAGE_NOACCESS);
}

static inline char *allocate(size_t bytes)
{
    return VirtualAlloc(NULL, bytes, ALLOCATE, PAGE_READWRITE);
}

static inline bool release(void *p, size_t bytes)
{
    (void)bytes;
    return VirtualFree(p, 0, MEM_RELEASE) != 0;
}

static inline bool commit(char *p, size_t bytes)
{
    return VirtualAlloc(p, bytes, MEM_COMMIT, PAGE_READWRITE) == p;
}

static inline bool decommit(char *p, size_t bytes)
{
    return VirtualFree(p, bytes, MEM_DECOMMIT) != 0;
}

static inline bool make_read_only(char *p, size_t bytes)
{
    DWORD old;

    return VirtualProtect(p, bytes, PAGE_READONLY, &old) != 0;
}

static inline bool make_writable(char *p, size_t bytes)
{
    DWORD old;

    return VirtualProtect(p, bytes, PAGE_READWRITE, &old) != 0;
}

static inline char *one_of_a_crowd(size_t i, size_t bytes)
{
    return VirtualAlloc(NULL, bytes, i % 2 ? ALLOCATE : MEM_RESERVE, PAGE_READWRITE);
}

/* The library may put them side by side or not. */
static char *row[BENCH_WALKED];

static inline bool make_row(char **low, char **high)
{
    bool ok = true;

    *low = *high = NULL;
    for (size_t i = 0; i < BENCH_WALKED; i++) {
        row[i] = reserve(SMALL);
        ok &= row[i] != NULL;
        *low = i == 0 || row[i] < *low ? row[i] : *low;
        *high = i == 0 || row[i] + SMALL > *high ? row[i] + SMALL : *high;
    }
    return ok;
}

static inline bool drop_row(void)
{
    bool ok = true;

    for (size_t i = 0; i < BENCH_WALKED; i++)
        ok &= release(row[i], SMALL);
    return ok;
}

static inline bool ask(const void *p)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(p, &info, sizeof info) == sizeof info;
}

static inline bool ask_into_static(const void *p)
{
    static MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(p, &info, sizeof info) == sizeof info;
}

static inline const char *end_of_region(const char *p)
{
    MEMORY_BASIC_INFORMATION info;

    return VirtualQuery(p, &info, sizeof info) ? (char *)info.BaseAddress + info.RegionSize : NULL;
}

static inline const char *free_space(size_t least)
{
    MEMORY_BASIC_INFORMATION info;

    for (char *p = (char *)0x10000; VirtualQuery(p, &info, sizeof info);
         p = (char *)info.BaseAddress + info.RegionSize)
        if (info.State == MEM_FREE && info.RegionSize >= least)
            return info.BaseAddress;
    return NULL;
}

static inline const void *somewhere_in_a_library(void)
{
    return (const void *)(uintptr_t)GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualAlloc");
}

#endif
