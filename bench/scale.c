/*
 * scale.c: how much the library holds, and whether one more costs more.
 *
 *   scale [count]     of reservations, and of blocks: at least 1,000; 1,000,000 unless told
 *
 * one more: reserve and release; any instead: release any one, reserve another; maps: lines in /proc/self/maps.
 *
 * Prints tables. A limit that is reached is not an error here: the program tells which and why.
 */
#include <windows.h>
#include <winmem.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "scale.h"

enum { LEVELS = 3, PAIRS = 100, BATCHES = 50, GIANTS = 1000, PAGES_WANTED = 200000 };

static uint32_t seed = 1;

size_t any_below(size_t count)
{
    seed = seed * 1664525u + 1013904223u;
    return (size_t)((uint64_t)seed * count >> 32);
}

/* --- what the kernel says of us --- */

size_t resident_bytes(void)
{
    unsigned long all = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (f == NULL || fscanf(f, "%lu %lu", &all, &resident) != 2)
        resident = 0;
    if (f != NULL)
        fclose(f);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static size_t map_lines(void)
{
    FILE *f = fopen("/proc/self/maps", "r");
    size_t lines = 0;

    for (int c = 0; f != NULL && (c = getc(f)) != EOF;)
        lines += c == '\n';
    if (f != NULL)
        fclose(f);
    return lines;
}

static void tell_refusal(size_t held, const char *what)
{
    printf("  stopped after %zu %s: error %u, %s\n", held, what, (unsigned)GetLastError(), WinmemLastCause());
}

/* --- a million small ones --- */

static char *reserve(void)
{
    return VirtualAlloc(NULL, SMALL, MEM_RESERVE, PAGE_NOACCESS);
}

static bool release(void *p)
{
    return VirtualFree(p, 0, MEM_RELEASE) != 0;
}

/* The cheapest of some batches: a new one, and the same again. */
static double one_more(void)
{
    double best = 1e18;

    for (int batch = 0; batch < BATCHES; batch++) {
        uint64_t began = bench_now();
        double ns;

        for (int i = 0; i < PAIRS; i++)
            release(reserve());
        ns = (double)(bench_now() - began) / PAIRS;
        best = ns < best ? ns : best;
    }
    return best;
}

/* Gives any one back and takes another, all over the place: caches do not help. */
static double any_one(char **live, size_t count)
{
    double best = 1e18;

    for (int batch = 0; batch < BATCHES; batch++) {
        uint64_t began = bench_now();
        double ns;

        for (int i = 0; i < PAIRS; i++) {
            size_t at = any_below(count);

            release(live[at]);
            live[at] = reserve();
        }
        ns = (double)(bench_now() - began) / PAIRS;
        best = ns < best ? ns : best;
    }
    return best;
}

static double ask_any(char **live, size_t count)
{
    double best = 1e18;

    for (int batch = 0; batch < BATCHES; batch++) {
        MEMORY_BASIC_INFORMATION info;
        uint64_t began = bench_now();
        double ns;

        for (int i = 0; i < PAIRS; i++)
            VirtualQuery(live[any_below(count)], &info, sizeof info);
        ns = (double)(bench_now() - began) / PAIRS;
        best = ns < best ? ns : best;
    }
    return best;
}

static bool grow(char **live, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if ((live[i] = reserve()) == NULL) {
            tell_refusal(i, "reservations");
            return false;
        }
    return true;
}

static void print_level(char **live, size_t from, size_t to, uint64_t took, size_t grown)
{
    printf("  %9zu %10.0f %12.0f %14.0f %12.0f %10.1f %6zu\n", to, (double)took / (double)(to - from),
           one_more(), any_one(live, to), ask_any(live, to), (double)grown / (double)to, map_lines());
}

static double release_every(char **live, size_t first, size_t step, size_t count)
{
    uint64_t began = bench_now();
    size_t released = 0;

    for (size_t i = first; i < count; i += step)
        released += release(live[i]);
    return (double)(bench_now() - began) / (double)(released + (released == 0));
}

static void let_go(char **live, size_t count, size_t before)
{
    printf("  release every second one: %.0f ns each\n", release_every(live, 0, 2, count));
    printf("  one more among the holes: %.0f ns\n", one_more());
    printf("  release the others:       %.0f ns each\n", release_every(live, 1, 2, count));
    printf("  still resident:           %zu KiB; %zu lines in maps\n", (resident_bytes() - before) / KIB,
           map_lines());
}

static void many_reservations(size_t count)
{
    size_t levels[LEVELS] = {count / 1000, count / 10, count}, from = 0;
    char **live = calloc(count, sizeof *live);
    size_t before;

    for (size_t i = 0; live != NULL && i < count; i++)
        live[i] = (char *)1; /* the array's memory is there before we look */
    release(reserve());
    before = resident_bytes();
    printf("64 KiB reservations, ns each\n");
    printf("       live    reserve     one more    any instead        query bytes/live   maps\n");
    for (int level = 0; level < LEVELS && live != NULL; from = levels[level++]) {
        uint64_t began = bench_now();

        if (!grow(live, from, levels[level]))
            break;
        print_level(live, from, levels[level], bench_now() - began, resident_bytes() - before);
    }
    let_go(live, from, before);
    free(live);
}

/* --- giants --- */

static void many_giants(void)
{
    static char *giant[GIANTS];
    size_t before = resident_bytes(), held = 0;
    uint64_t began = bench_now();

    while (held < GIANTS && (giant[held] = VirtualAlloc(NULL, 64 * GIB, MEM_RESERVE, PAGE_NOACCESS)) != NULL)
        held++;
    printf("64 GiB reservations\n");
    if (held < GIANTS)
        tell_refusal(held, "reservations");
    printf("  %zu held, %.0f ns each, %zu bytes each, %zu lines in maps\n", held,
           (double)(bench_now() - began) / (double)held, (resident_bytes() - before) / held, map_lines());
    began = bench_now();
    for (size_t i = 0; i < held; i++)
        release(giant[i]);
    printf("  release: %.0f ns each\n", (double)(bench_now() - began) / (double)held);
}

/* --- what needs a mapping each in the kernel --- */

static void alternating_pages(void)
{
    char *p = VirtualAlloc(NULL, PAGES_WANTED * PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    uint64_t began = bench_now();
    size_t pages = 0;
    DWORD old;

    printf("pages of alternating protection, %d wanted\n", PAGES_WANTED);
    while (p != NULL && pages < PAGES_WANTED && VirtualProtect(p + pages * PAGE, PAGE, PAGE_READONLY, &old))
        pages += 2;
    if (p == NULL || pages < PAGES_WANTED)
        tell_refusal(pages, "pages");
    printf("  %.0f ns each, %zu lines in maps\n", (double)(bench_now() - began) / (double)(pages / 2 + 1),
           map_lines());
    printf("  release: %s\n", release(p) ? "done" : WinmemLastCause());
}

/* Numbers below count, each once, in their order or in none. */
static size_t *numbers(size_t count, bool mixed)
{
    size_t *number = malloc(count * sizeof *number);

    for (size_t i = 0; number != NULL && i < count; i++) {
        size_t other = mixed ? any_below(i + 1) : i;

        number[i] = number[other];
        number[other] = i;
    }
    return number;
}

/* Kilobytes, of a line in /proc/self/status. */
static size_t status_kib(const char *name)
{
    FILE *f = fopen("/proc/self/status", "r");
    char line[128];
    unsigned long kib = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            sscanf(line + strlen(name), ": %lu", &kib);
    if (f != NULL)
        fclose(f);
    return kib;
}

static void tell_tenth(size_t done, size_t step, uint64_t ns)
{
    printf("  up to %7zu: %6.0f ns each, %6zu lines in maps, %7zu KiB of page tables\n", done,
           (double)ns / (double)step, map_lines(), status_kib("VmPTE"));
}

/* One page at any place in each stretch of so many pages; told are tenths. */
static size_t act_on(char *p, const size_t *stretch, size_t count, size_t pages, bool commits)
{
    uint64_t began = bench_now();
    size_t step = count / 10;

    for (size_t i = 0; i < count; i++) {
        char *page = p + (stretch[i] * pages + stretch[i] * 7919 % pages) * PAGE;

        if (commits ? VirtualAlloc(page, PAGE, MEM_COMMIT, PAGE_READWRITE) == NULL
                    : !VirtualFree(page, PAGE, MEM_DECOMMIT)) {
            tell_refusal(i, "pages");
            return i;
        }
        if (commits)
            *page = 1;
        if ((i + 1) % step == 0) {
            tell_tenth(i + 1, step, bench_now() - began);
            began = bench_now();
        }
    }
    return count;
}

/* Touched; and away again in another order. */
static void islands(size_t count, size_t bytes)
{
    size_t *there = numbers(count, true), *away = numbers(count, true), pages = bytes / PAGE / count, done;
    char *p = VirtualAlloc(NULL, bytes, MEM_RESERVE, PAGE_NOACCESS);

    printf("%zu pages in any order, in %zu GiB\n", count, bytes / GIB);
    if (p == NULL || there == NULL || away == NULL)
        return;
    done = act_on(p, there, count, pages, true);
    printf("  decommitted in another order\n");
    if (done == count)
        act_on(p, away, count, pages, false);
    printf("  release: %s\n", release(p) ? "done" : WinmemLastCause());
    free(there);
    free(away);
}

static void one_page_each(bool mixed)
{
    char **live = calloc(PAGES_WANTED, sizeof *live);
    size_t *order = numbers(PAGES_WANTED, mixed);
    uint64_t began;
    size_t held = 0, released = 0;

    printf("reservations with one committed page, %d wanted, %s\n", PAGES_WANTED,
           mixed ? "in any order" : "one after the other");
    for (size_t i = 0; live != NULL && i < PAGES_WANTED; i++)
        live[i] = reserve();
    began = bench_now();
    while (live != NULL && order != NULL && held < PAGES_WANTED &&
           VirtualAlloc(live[order[held]], PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL)
        *live[order[held++]] = 1;
    if (held < PAGES_WANTED)
        tell_refusal(held, "reservations");
    printf("  %.0f ns each, %zu lines in maps\n", (double)(bench_now() - began) / (double)(held + 1),
           map_lines());
    began = bench_now();
    for (size_t i = 0; live != NULL && order != NULL && i < PAGES_WANTED; i++)
        released += release(live[order[i]]);
    printf("  released %zu, %.0f ns each; then %zu lines in maps\n", released,
           (double)(bench_now() - began) / PAGES_WANTED, map_lines());
    free(live);
    free(order);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;

    count = count < 1000 ? 1000 : count;
    many_blocks(count); /* first, as it forks */
    many_reservations(count);
    many_giants();
    alternating_pages();
    one_page_each(false);
    one_page_each(true);
    islands(1000000, 64 * GIB);
    islands(PAGES_WANTED, 1024 * GIB);
    return 0;
}
