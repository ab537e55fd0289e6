#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>

#include <psapi.h>
#else
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#endif

/* Of what takes long, fewer: there are rounds as well. */
enum { LEAST_BATCHES = 5, ENOUGH_NS = 10 * 1000 * 1000, LONG_NS = 300 * 1000 * 1000 };

/* --- what differs between the systems: the clock, and what memory is in use --- */

#ifdef _WIN32

uint64_t bench_now(void)
{
    LARGE_INTEGER ticks, frequency;

    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&frequency);
    return (uint64_t)((double)ticks.QuadPart * 1e9 / (double)frequency.QuadPart);
}

size_t bench_resident(void)
{
    PROCESS_MEMORY_COUNTERS now;

    return K32GetProcessMemoryInfo(GetCurrentProcess(), &now, sizeof now) ? now.WorkingSetSize : 0;
}

void bench_warm(size_t bytes)
{
    (void)bytes;
}

static void wait_forever(void)
{
    Sleep(INFINITE);
}

static void map_page(int unused)
{
    (void)unused;
}

#else

uint64_t bench_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Not statm, which is some pages late. */
size_t bench_resident(void)
{
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    char line[128];
    size_t kib = 0;

    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        if (sscanf(line, "Rss: %zu kB", &kib) == 1)
            break;
    if (f != NULL)
        fclose(f);
    return kib * KIB;
}

void bench_warm(size_t bytes)
{
    char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return;
    madvise(p, bytes, MADV_HUGEPAGE);
    bench_touch(p, bytes);
    munmap(p, bytes);
}

static void wait_forever(void)
{
    pause();
}

/* Neighbours differ, or they would be one mapping. */
static void map_page(int number)
{
    mmap(NULL, PAGE, number % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

#endif

/* --- batches --- */

static bool enough(const struct bench *b, uint64_t ns)
{
    return b->batches == BENCH_BATCHES || (b->batches >= LEAST_BATCHES && ns > ENOUGH_NS) || ns > LONG_NS;
}

bool bench_next(struct bench *b, size_t count)
{
    uint64_t now = bench_now();

    if (b->began == 0)
        b->first = now;
    else
        b->each[b->batches++] = (double)(now - b->began) / (double)count;
    if (b->batches != 0 && enough(b, now - b->first))
        return false;
    b->began = bench_now();
    return true;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void print(struct bench *b)
{
    qsort(b->each, b->batches, sizeof b->each[0], by_value);
    printf("%s %.2f %.2f\n", b->name, b->each[0], b->each[b->batches / 2]);
}

/* --- the program --- */

static void run(const struct bench_case *c)
{
    static struct bench b;

    b = (struct bench){.name = c->name};
    if (c->run(&b) && b.batches != 0)
        print(&b);
    else
        printf("%s - -\n", c->name); /* cannot run here */
    fflush(stdout);
}

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc == 0;
}

static void map_pages(int count)
{
    for (int i = 0; i < count; i++)
        map_page(i);
}

int bench_main(int argc, char **argv, const struct bench_case *cases)
{
    argc--, argv++;
    while (argc > 0 && strcmp(argv[0], BENCH_WAIT) == 0)
        wait_forever();
    if (argc > 0 && argv[0][0] == '+') {
        map_pages(atoi(argv[0]));
        argc--, argv++;
    }
    for (; cases->name != NULL; cases++)
        if (wanted(cases->name, argc, argv))
            run(cases);
    return 0;
}
