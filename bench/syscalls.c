/*
 * syscalls.c: each operation a few times, announced by a write to no file; syscalls.py runs it under strace
 * and tells which system calls each operation makes.
 */
#include <windows.h>

#include <unistd.h>

#include "bench.h"

enum { TIMES = 10 };

static MEMORY_BASIC_INFORMATION global;
static char *p, *q;
static HANDLE section;
static DWORD old;

static void announce(const char *name)
{
    size_t length = 0;

    while (name[length] != '\0')
        length++;
    if (write(-1, name, length) != -1)
        _exit(1);
}

/* The first time may open or grow something: it is not counted. */
#define STEPS(name, prepare, step, undo)                                                                     \
    for (int i = 0; i < TIMES; i++) {                                                                        \
        announce("-");                                                                                       \
        prepare;                                                                                             \
        announce(i == 0 ? "-" : name);                                                                       \
        step;                                                                                                \
        announce("-");                                                                                       \
        undo;                                                                                                \
    }

static void *allocate(void *at, size_t bytes, DWORD type)
{
    return VirtualAlloc(at, bytes, type, PAGE_READWRITE);
}

static void release(void *at)
{
    VirtualFree(at, 0, MEM_RELEASE);
}

static void ask(const void *at)
{
    MEMORY_BASIC_INFORMATION info;

    VirtualQuery(at, &info, sizeof info);
}

static void *low(size_t bytes)
{
    MEM_ADDRESS_REQUIREMENTS bounds = {.HighestEndingAddress = (PVOID)(uintptr_t)0x7fffffff};
    MEM_EXTENDED_PARAMETER parameter = {0};

    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &bounds;
    return VirtualAlloc2(NULL, NULL, bytes, MEM_RESERVE, PAGE_NOACCESS, &parameter, 1);
}

static void *placeholder(size_t bytes)
{
    return VirtualAlloc2(NULL, NULL, bytes, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
}

static void *replace(void *at)
{
    return MapViewOfFile3(section, NULL, at, 0, SMALL, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0);
}

static void allocations(void)
{
    STEPS("reserve 64 KiB", , p = allocate(NULL, SMALL, MEM_RESERVE), release(p))
    STEPS("release, never committed", p = allocate(NULL, SMALL, MEM_RESERVE), release(p), )
    STEPS("reserve 16 TiB", , p = allocate(NULL, 16 * TIB, MEM_RESERVE), release(p))
    STEPS("release 16 TiB", p = allocate(NULL, 16 * TIB, MEM_RESERVE), release(p), )
    STEPS("reserve top down", , p = allocate(NULL, SMALL, MEM_RESERVE | MEM_TOP_DOWN), release(p))
    STEPS("reserve below 2 GiB", , p = low(SMALL), release(p))
    STEPS("reserve at an address", p = allocate(NULL, SMALL, MEM_RESERVE);
          release(p), q = allocate(p, SMALL, MEM_RESERVE), release(q))
    STEPS("reserve + commit 64 KiB", , p = allocate(NULL, SMALL, MEM_RESERVE | MEM_COMMIT), release(p))
    STEPS("release, committed at once", p = allocate(NULL, SMALL, MEM_RESERVE | MEM_COMMIT), release(p), )
    STEPS("release, committed later", p = allocate(NULL, SMALL, MEM_RESERVE);
          allocate(p, PAGE, MEM_COMMIT), release(p), )
}

static void pages(void)
{
    p = allocate(NULL, GIB, MEM_RESERVE);
    STEPS("commit 64 KiB", , allocate(p, SMALL, MEM_COMMIT), VirtualFree(p, SMALL, MEM_DECOMMIT))
    STEPS("decommit 64 KiB", allocate(p, SMALL, MEM_COMMIT), VirtualFree(p, SMALL, MEM_DECOMMIT), )
    STEPS("decommit what is reserved", , VirtualFree(p, SMALL, MEM_DECOMMIT), )
    allocate(p, SMALL, MEM_COMMIT);
    STEPS("commit what is committed", , allocate(p, SMALL, MEM_COMMIT), )
    STEPS("protect", , VirtualProtect(p, PAGE, PAGE_READONLY, &old),
          VirtualProtect(p, PAGE, PAGE_READWRITE, &old))
    STEPS("protect, as it is", , VirtualProtect(p, PAGE, PAGE_READWRITE, &old), )
    STEPS("protect, old to the stack", DWORD before, VirtualProtect(p, PAGE, PAGE_READWRITE, &before), )
    release(p);
}

static void questions(void)
{
    p = allocate(NULL, SMALL, MEM_RESERVE);
    STEPS("query, own", , ask(p), )
    STEPS("query, own, answer not to the stack", , VirtualQuery(p, &global, sizeof global), )
    STEPS("query, stack", , ask(&i), )
    STEPS("query, library", , ask((const void *)(uintptr_t)&write), )
    STEPS("query, the program", , ask(&global), )
    STEPS("query, free", , ask((const void *)0x10000), )
    release(p);
    STEPS("query, free inside an arena", , ask(p), )
}

static void sections(void)
{
    STEPS("create section", ,
          section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SMALL, NULL),
          CloseHandle(section))
    section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SMALL, NULL);
    STEPS("map view", , p = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, SMALL), UnmapViewOfFile(p))
    STEPS("unmap view", p = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, SMALL), UnmapViewOfFile(p), )
    STEPS("reserve placeholder", , p = placeholder(SMALL), release(p))
    STEPS("split placeholder", p = placeholder(2 * SMALL),
          VirtualFree(p, SMALL, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER), release(p);
          release(p + SMALL))
    STEPS("replace placeholder by view", p = placeholder(SMALL), replace(p), UnmapViewOfFile(p))
    STEPS("unmap that view", p = placeholder(SMALL); replace(p), UnmapViewOfFile(p), )
    STEPS("unmap it, keep placeholder", p = placeholder(SMALL);
          replace(p), UnmapViewOfFileEx(p, MEM_PRESERVE_PLACEHOLDER), release(p))
    STEPS("close section",
          HANDLE h = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SMALL, NULL),
          CloseHandle(h), )
}

int main(void)
{
    allocations();
    pages();
    questions();
    sections();
    announce("-");
    return 0;
}
