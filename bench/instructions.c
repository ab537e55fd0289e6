/*
 * instructions.c: how many instructions hot paths take, which are too short for a clock.
 *
 *   instructions            prints the table that stands in bench/instructions.txt
 *   instructions <table>    compares: a path that takes MARGIN percent more than there, or less, is an error (exit 1)
 *
 * Compared are the library's own instructions, its calls of others (libc, mostly) and the system calls. What libc does
 * inside is counted too, but not the same on every processor. Another compiler makes other code, so there is nothing to
 * compare then, nor is there where the kernel lacks what a path takes (exit 77).
 */
#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "steps.h"

/* Warm: what a thread finds out in its first calls, it knows then (vm/touch/result.c takes 16). */
enum { WARM = 50, COUNTED = 5, MARGIN = 3, SKIPPED = 77, BLOCK = 64 << 10, PAGE = 4 << 10, SMALL = 64 };

#ifdef __CET__
#define COMPILER __VERSION__ ", marked for control flow"
#else
#define COMPILER __VERSION__
#endif

/* --- the paths --- */

static HANDLE process, own;
static void *block, *own_block, *fixed, *locked, *spare;
static HGLOBAL handle;
static char *memory, *reserved, *inside, *watched;
static MEMORY_BASIC_INFORMATION elsewhere;

/* What calls answer into; most programs have it on the stack. */
struct answers {
    MEMORY_BASIC_INFORMATION info;
    DWORD old, unit;
    void *page[1];
    ULONG_PTR pages;
};

#define RESERVE() VirtualAlloc(NULL, BLOCK, MEM_RESERVE, PAGE_NOACCESS)
#define ALLOCATE() VirtualAlloc(NULL, BLOCK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE)
#define COMMIT(p) VirtualAlloc(p, BLOCK, MEM_COMMIT, PAGE_READWRITE)
#define WRITTEN(a) GetWriteWatch(WRITE_WATCH_FLAG_RESET, watched, BLOCK, (a)->page, &(a)->pages, &(a)->unit)
#define MARKS() WinmemFeature("guard_markers")
#define WATCHES() (WinmemFeature("userfaultfd") && WinmemFeature("pagemap_scan"))

/* A path: its name; whether the kernel has what it takes; what is done before; the call, which must be true. */
#define PATHS(PATH)                                                                                          \
    PATH("VirtualQuery, own memory", 1, , VirtualQuery(memory, &a->info, sizeof a->info) != 0)               \
    PATH("VirtualQuery, answer not to the stack", 1, ,                                                       \
         VirtualQuery(memory, &elsewhere, sizeof elsewhere) != 0)                                            \
    PATH("VirtualAlloc, reserve", 1, VirtualFree(reserved, 0, MEM_RELEASE), (reserved = RESERVE()) != NULL)  \
    PATH("VirtualFree, release", 1, reserved = RESERVE(), VirtualFree(reserved, 0, MEM_RELEASE))             \
    PATH("VirtualAlloc, reserve and commit", MARKS(), VirtualFree(reserved, 0, MEM_RELEASE),                 \
         (reserved = ALLOCATE()) != NULL)                                                                    \
    PATH("VirtualFree, release of committed", MARKS(), reserved = ALLOCATE(),                                \
         VirtualFree(reserved, 0, MEM_RELEASE))                                                              \
    PATH("VirtualAlloc, commit", MARKS(), VirtualFree(inside, BLOCK, MEM_DECOMMIT), COMMIT(inside) != NULL)  \
    PATH("VirtualFree, decommit", MARKS(), COMMIT(inside), VirtualFree(inside, BLOCK, MEM_DECOMMIT))         \
    PATH("VirtualAlloc, commit of committed", 1, , COMMIT(memory) != NULL)                                   \
    PATH("VirtualProtect to what it is", 1, , VirtualProtect(memory, PAGE, PAGE_READWRITE, &a->old))         \
    PATH("GetWriteWatch with reset, one page", WATCHES(), (*watched = 1, a->pages = 1), WRITTEN(a) == 0)     \
    PATH("HeapAlloc", 1, HeapFree(process, 0, spare), (spare = HeapAlloc(process, 0, SMALL)) != NULL)        \
    PATH("HeapFree", 1, spare = HeapAlloc(process, 0, SMALL), HeapFree(process, 0, spare))                   \
    PATH("GetProcessHeap", 1, , GetProcessHeap() != NULL)                                                    \
    PATH("HeapSize", 1, , HeapSize(process, 0, block) == SMALL)                                              \
    PATH("HeapSize, heap of its own", 1, , HeapSize(own, 0, own_block) == SMALL)                             \
    PATH("GlobalSize, fixed", 1, , GlobalSize(fixed) == SMALL)                                               \
    PATH("GlobalSize, movable", 1, , GlobalSize(handle) == SMALL)                                            \
    PATH("GlobalLock, fixed", 1, , GlobalLock(fixed) == fixed)                                               \
    PATH("GlobalLock, movable", 1, GlobalUnlock(handle), GlobalLock(handle) == locked)                       \
    PATH("GlobalUnlock, a lock remains", 1, GlobalLock(handle), GlobalUnlock(handle))                        \
    PATH("GlobalHandle, movable", 1, , GlobalHandle(locked) == handle)

/* --- the child --- */

static bool prepare(void)
{
    process = GetProcessHeap();
    own = HeapCreate(0, 0, 0);
    block = HeapAlloc(process, 0, SMALL);
    own_block = HeapAlloc(own, 0, SMALL);
    spare = HeapAlloc(process, 0, SMALL);
    fixed = GlobalAlloc(GMEM_FIXED, SMALL);
    handle = GlobalAlloc(GMEM_MOVEABLE, SMALL);
    locked = GlobalLock(handle);
    memory = VirtualAlloc(NULL, BLOCK, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    reserved = RESERVE();
    inside = VirtualAlloc(NULL, 1024 * BLOCK, MEM_RESERVE, PAGE_NOACCESS);
    watched = VirtualAlloc(NULL, BLOCK, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    return own && block && own_block && spare && fixed && handle && GlobalLock(handle) == locked && memory &&
           reserved && inside && (watched || !WATCHES());
}

#define RUN(name, can, before, call)                                                                         \
    for (int i = 0; (can) && i < WARM + COUNTED; i++) {                                                      \
        bool counted = i >= WARM, done;                                                                      \
                                                                                                             \
        before;                                                                                              \
        if (counted)                                                                                         \
            STEPS_BREAKPOINT();                                                                              \
        done = call;                                                                                         \
        if (counted)                                                                                         \
            STEPS_BREAKPOINT();                                                                              \
        if (!done)                                                                                           \
            _exit(1);                                                                                        \
    }

static _Noreturn void run_paths(void)
{
    struct answers answers, *a = &answers;

    if (!prepare())
        _exit(1);
    PATHS(RUN)
    _exit(0);
}

/* --- the table --- */

struct path {
    const char *name;
    bool can;
    struct steps steps;
};

#define ROW(name, can, before, call) {name, false, {0}},

static struct path paths[] = {PATHS(ROW)};

enum { PATH_COUNT = sizeof paths / sizeof paths[0], NAME_WIDTH = 40 };

/* The least of several: the first may have found something cold. */
static bool count_path(pid_t child, const struct code *code, struct steps *least)
{
    for (int i = 0; i < COUNTED; i++) {
        struct steps steps;

        if (!steps_count(child, code, &steps))
            return false;
        if (i == 0 || steps.own < least->own)
            *least = steps;
    }
    return true;
}

#define CAN(name, can_, before, call) p++->can = can_;

/* 0, 1, or SKIPPED */
static int count_all(void)
{
    FARPROC some = GetProcAddress(GetModuleHandleA("kernel32.dll"), "VirtualAlloc");
    struct code code = steps_code_of((const void *)(uintptr_t)some);
    struct path *p = paths;
    pid_t child;
    size_t i = 0;

    PATHS(CAN)
    child = steps_begin(run_paths);
    if (child == 0) {
        puts("skipped: no process can be traced here");
        return SKIPPED;
    }
    while (i < PATH_COUNT && (!paths[i].can || count_path(child, &code, &paths[i].steps)))
        i++;
    steps_end(child);
    if (i == PATH_COUNT)
        return 0;
    printf("%s: went wrong\n", paths[i].name);
    return 1;
}

static void print_table(void)
{
    printf(
        "# Instructions of hot paths: what counts is told in bench/instructions.c. Written by: ./dev count\n"
        "compiler %s\n\n%-*s %6s %6s %6s %6s\n",
        COMPILER, NAME_WIDTH, "path", "own", "calls", "system", "all");
    for (size_t i = 0; i < PATH_COUNT; i++) {
        const struct steps *s = &paths[i].steps;

        printf("%-*s %6ld %6ld %6ld %6ld\n", NAME_WIDTH, paths[i].name, s->own, s->out, s->kernel, s->all);
    }
}

/* --- comparing --- */

/* What stands in the table for a path. */
static bool find_row(FILE *table, const char *name, struct steps *out)
{
    char line[128], begin[NAME_WIDTH + 1];

    snprintf(begin, sizeof begin, "%-*s", NAME_WIDTH, name);
    rewind(table);
    while (fgets(line, sizeof line, table) != NULL)
        if (strncmp(line, begin, NAME_WIDTH) == 0 &&
            sscanf(line + NAME_WIDTH, "%ld %ld %ld %ld", &out->own, &out->out, &out->kernel, &out->all) == 4)
            return true;
    return false;
}

static bool same_compiler(FILE *table)
{
    char line[128], mine[128];

    snprintf(mine, sizeof mine, "compiler %s\n", COMPILER);
    while (fgets(line, sizeof line, table) != NULL)
        if (strcmp(line, mine) == 0)
            return true;
    printf("skipped: counted with another compiler than %s\n", COMPILER);
    return false;
}

static bool near(long now, long then)
{
    return labs(now - then) * 100 <= MARGIN * then;
}

/* 0, 1, or SKIPPED */
static int compare_path(FILE *table, const struct path *p)
{
    const struct steps *now = &p->steps;
    struct steps then;

    if (!p->can) {
        printf("skipped: %s: the kernel lacks what it takes\n", p->name);
        return SKIPPED;
    }
    if (!find_row(table, p->name, &then)) {
        printf("%s: not in the table\n", p->name);
        return 1;
    }
    if (near(now->own, then.own) && now->out == then.out && now->kernel == then.kernel)
        return 0;
    printf("%s: %ld instructions, %ld calls, %ld system calls; the table has %ld, %ld, %ld\n", p->name,
           now->own, now->out, now->kernel, then.own, then.out, then.kernel);
    return 1;
}

/* 0, 1, or SKIPPED if nothing differs but something could not be told */
static int compare_all(FILE *table)
{
    bool differs = false, skipped = false;

    for (size_t i = 0; i < PATH_COUNT; i++) {
        int result = compare_path(table, &paths[i]);

        differs |= result == 1;
        skipped |= result == SKIPPED;
    }
    if (differs) {
        printf("\nIf that is meant, bring the table up to date (./dev count):\n\n");
        print_table();
    }
    return differs ? 1 : skipped ? SKIPPED : 0;
}

int main(int argc, char **argv)
{
    FILE *table = argc > 1 ? fopen(argv[1], "r") : NULL;
    int result;

    if (argc > 1 && table == NULL) {
        perror(argv[1]);
        return 1;
    }
    if (table != NULL && !same_compiler(table))
        return SKIPPED;
    result = count_all();
    if (result == 0 && table != NULL)
        result = compare_all(table);
    else if (result == 0)
        print_table();
    return result;
}
