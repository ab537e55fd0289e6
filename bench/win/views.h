/* views.h: sections and views through the Win32 API. */
#ifndef BENCH_VIEWS_H
#define BENCH_VIEWS_H

#include <windows.h>

#ifndef MEM_RESERVE_PLACEHOLDER
#define MEM_REPLACE_PLACEHOLDER 0x00004000
#define MEM_RESERVE_PLACEHOLDER 0x00040000
#endif
#ifndef MEM_PRESERVE_PLACEHOLDER
#define MEM_PRESERVE_PLACEHOLDER 0x00000002
#endif

typedef PVOID WINAPI alloc2_function(HANDLE, PVOID, SIZE_T, ULONG, ULONG, void *, ULONG);
typedef PVOID WINAPI map3_function(HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG, void *, ULONG);

static alloc2_function *alloc2;
static map3_function *map3;

/* By name, as most programs do: import libraries may lack them. */
static inline uintptr_t newer(const char *name)
{
    HMODULE module = GetModuleHandleA("kernelbase.dll");

    return module == NULL ? 0 : (uintptr_t)GetProcAddress(module, name);
}

static inline bool have_placeholders(void)
{
    alloc2 = (alloc2_function *)newer("VirtualAlloc2");
    map3 = (map3_function *)newer("MapViewOfFile3");
    return alloc2 != NULL && map3 != NULL;
}

static inline char *reserve_halves(void)
{
    ULONG type = MEM_RESERVE | MEM_RESERVE_PLACEHOLDER;
    char *p = alloc2(NULL, NULL, 2 * SMALL, type, PAGE_NOACCESS, NULL, 0);

    return p != NULL && VirtualFree(p, SMALL, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER) ? p : NULL;
}

static inline bool map_over(bench_section section, char *half)
{
    return map3(section, NULL, half, 0, SMALL, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == half;
}

static inline bool unmap_view(char *p)
{
    return UnmapViewOfFile(p) != 0;
}

static inline bool unmap_half(char *half)
{
    return unmap_view(half);
}

static inline bool make_section(bench_section *out)
{
    *out = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SMALL, NULL);
    return *out != NULL;
}

static inline bool close_section(bench_section section)
{
    return CloseHandle(section) != 0;
}

static inline bool make_named(bench_section *out)
{
    *out = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SMALL, "winmem-bench");
    return *out != NULL;
}

static inline bool open_named(bench_section *out)
{
    *out = OpenFileMappingA(FILE_MAP_WRITE, FALSE, "winmem-bench");
    return *out != NULL;
}

static inline bool drop_named(bench_section first)
{
    return close_section(first);
}

static inline char *map_view(bench_section section)
{
    return MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, SMALL);
}

#endif
