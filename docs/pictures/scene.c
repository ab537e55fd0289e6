/*
 * scene.c: a process to take a picture of (maps.py): a program with a collector, whose memory has reservations that are
 * committed in part, placeholders with views between them, guards, pages that are locked or large, and gaps.
 *
 * It says that it is ready, and waits until its input ends. "later" has it go on for a while, for a picture of what changed.
 */
#include <windows.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)
#define PAGE (4 * KIB)

static unsigned seed = 17;

static size_t below(size_t most)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % most;
}

static char *must(void *at)
{
    if (at == NULL) {
        fprintf(stderr, "scene: error %lu\n", (unsigned long)GetLastError());
        exit(1);
    }
    return at;
}

static char *take(uintptr_t where, size_t bytes, DWORD how, DWORD protect)
{
    return must(VirtualAlloc((void *)where, bytes, how, protect));
}

static void touch(char *at, size_t pages)
{
    for (size_t i = 0; i < pages; i++)
        at[i * PAGE] = 1;
}

/* Segments of a collector's heap: the first ones full, the later ones with holes, the rest not committed yet. */
static char *collector_heap(uintptr_t where, size_t bytes)
{
    char *heap = take(where, bytes, MEM_RESERVE | MEM_WRITE_WATCH, PAGE_READWRITE);
    size_t at = 0;

    while (at < bytes * 3 / 4) {
        size_t length = (1 + below(at < bytes / 4 ? 60 : 24)) * PAGE;

        must(VirtualAlloc(heap + at, length, MEM_COMMIT, PAGE_READWRITE));
        touch(heap + at, (length / PAGE) * (2 + below(3)) / 4);
        at += length + (at < bytes / 4 ? 0 : (1 + below(20)) * PAGE);
    }
    return heap;
}

/* Machine code: written here, executed there; and pages nobody may touch around them. */
static void compiled_code(uintptr_t where)
{
    char *code = take(where, 2 * MIB, MEM_RESERVE, PAGE_NOACCESS);
    DWORD before;

    for (size_t at = 64 * KIB; at < MIB; at += 192 * KIB) {
        must(VirtualAlloc(code + at, 128 * KIB, MEM_COMMIT, PAGE_READWRITE));
        touch(code + at, 8 + below(24));
        VirtualProtect(code + at, 96 * KIB, PAGE_EXECUTE_READ, &before);
    }
}

/* A ring: the same memory twice, side by side, in the middle of a placeholder. */
static void ring_buffer(uintptr_t where)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 256 * KIB, NULL);
    char *room = must(VirtualAlloc2(NULL, (void *)where, MIB, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER,
                                    PAGE_NOACCESS, NULL, 0));

    for (size_t at = 256 * KIB; at < 768 * KIB; at += 256 * KIB) {
        VirtualFree(room + at, 256 * KIB, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER);
        touch(must(MapViewOfFile3(section, NULL, room + at, 0, 256 * KIB, MEM_REPLACE_PLACEHOLDER,
                                  PAGE_READWRITE, NULL, 0)),
              20);
    }
}

/* A stack that grows: committed from above, a guard below. */
static void growing_stack(uintptr_t where)
{
    char *stack = take(where, MIB, MEM_RESERVE, PAGE_READWRITE);

    must(VirtualAlloc(stack + MIB - 96 * KIB, 96 * KIB, MEM_COMMIT, PAGE_READWRITE));
    touch(stack + MIB - 64 * KIB, 16);
    must(VirtualAlloc(stack + MIB - 96 * KIB - PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD));
}

static void small_things(uintptr_t where)
{
    char *kept = take(where, 64 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    touch(kept, 16);
    VirtualLock(kept, 8 * PAGE);
    touch(take(where + MIB, 20 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 3);
    take(where + 2 * MIB, 300 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    touch(take(where + 5 * MIB, 700 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 60);
}

static void go_on(char *heap)
{
    DWORD before;

    VirtualFree(heap + 5 * MIB, 512 * KIB, MEM_DECOMMIT);
    touch(must(VirtualAlloc(heap + 13 * MIB, MIB, MEM_COMMIT, PAGE_READWRITE)), 200);
    touch(take(0x220000000000, 3 * MIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 300);
    VirtualFree((void *)0x200001500000, 0, MEM_RELEASE);
    VirtualProtect((void *)0x200001000000, 64 * KIB, PAGE_READONLY, &before);
}

int main(void)
{
    char line[16], *heap = collector_heap(0x100000000000, 16 * MIB);

    take(0x100001000000, 256 * GIB, MEM_RESERVE, PAGE_NOACCESS);
    compiled_code(0x200000000000);
    ring_buffer(0x200000400000);
    growing_stack(0x200000800000);
    small_things(0x200001000000);
    memset(must(HeapAlloc(GetProcessHeap(), 0, 100 * KIB)), 1, 100 * KIB);
    puts("ready");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "later\n") == 0)
            go_on(heap);
        puts("ready");
        fflush(stdout);
    }
    return 0;
}
