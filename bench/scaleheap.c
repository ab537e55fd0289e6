/*
 * scaleheap.c: a million blocks of 64 bytes: what one more costs, and what each takes beside its bytes.
 *
 * Each kind has a process of its own, as malloc gives nothing back: what is resident there is of this kind alone.
 */
#include <windows.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "scale.h"

enum { LEVELS = 3, PAIRS = 1000, BATCHES = 50, BYTES = 64 };

struct kind {
    const char *name;
    void *(*take)(void);
    void (*drop)(void *block);
    void *(*use)(void *block); /* find its memory */
};

/* --- kinds --- */

static void *take_malloc(void)
{
    return malloc(BYTES);
}

static void drop_malloc(void *block)
{
    free(block);
}

static void *use_malloc(void *block)
{
    return block;
}

static void *take_fixed(void)
{
    return GlobalAlloc(GMEM_FIXED, BYTES);
}

static void *take_movable(void)
{
    return GlobalAlloc(GMEM_MOVEABLE, BYTES);
}

static void drop_global(void *block)
{
    GlobalFree(block);
}

static void *use_global(void *block)
{
    void *p = GlobalLock(block);

    GlobalUnlock(block);
    return p;
}

static const struct kind kinds[] = {
    {"malloc", take_malloc, drop_malloc, use_malloc},
    {"fixed", take_fixed, drop_global, use_global},
    {"movable", take_movable, drop_global, use_global},
};

/* --- times --- */

static void one_more(const struct kind *kind, void **live, size_t count)
{
    (void)live, (void)count;
    kind->drop(kind->take());
}

static void any_instead(const struct kind *kind, void **live, size_t count)
{
    size_t at = any_below(count);

    kind->drop(live[at]);
    live[at] = kind->take();
}

static void use_any(const struct kind *kind, void **live, size_t count)
{
    *(volatile char *)kind->use(live[any_below(count)]) = 1;
}

typedef void step(const struct kind *kind, void **live, size_t count);

/* The cheapest of some batches, each. */
static double timed(step *once, const struct kind *kind, void **live, size_t count)
{
    double best = 1e18;

    for (int batch = 0; batch < BATCHES; batch++) {
        uint64_t began = bench_now();
        double ns;

        for (int i = 0; i < PAIRS; i++)
            once(kind, live, count);
        ns = (double)(bench_now() - began) / PAIRS;
        best = ns < best ? ns : best;
    }
    return best;
}

/* --- one kind --- */

static size_t grow(const struct kind *kind, void **live, size_t from, size_t to)
{
    while (from < to && (live[from] = kind->take()) != NULL)
        from++;
    return from;
}

static double drop_all(const struct kind *kind, void **live, size_t count)
{
    uint64_t began = bench_now();

    for (size_t i = 0; i < count; i++)
        kind->drop(live[i]);
    return (double)(bench_now() - began) / (double)count;
}

static void print_level(const struct kind *kind, void **live, size_t from, size_t to, size_t before,
                        uint64_t took)
{
    double grown = (double)(resident_bytes() - before) / (double)to;

    printf("  %-8s %9zu %10.1f %10.1f %12.1f %10.1f", kind->name, to, (double)took / (double)(to - from),
           timed(one_more, kind, live, to), timed(any_instead, kind, live, to),
           timed(use_any, kind, live, to));
    printf(" %12.1f\n", grown);
}

/* At the last level: bytes that each block takes. */
static double measure(const struct kind *kind, void **live, size_t count)
{
    const size_t levels[LEVELS] = {1000, 100000 < count ? 100000 : count, count};
    size_t from = 0, before;

    kind->drop(kind->take()); /* what there is only once is there before we look */
    before = resident_bytes();
    for (int level = 0; level < LEVELS && from < levels[level]; from = levels[level++]) {
        uint64_t began = bench_now();

        if (grow(kind, live, from, levels[level]) != levels[level])
            exit(1);
        print_level(kind, live, from, levels[level], before, bench_now() - began);
    }
    return (double)(resident_bytes() - before) / (double)count;
}

static void be_the_child(const struct kind *kind, double *each, size_t count)
{
    void **live = malloc(count * sizeof *live);

    for (size_t i = 0; live != NULL && i < count; i++)
        live[i] = (void *)1; /* the array's memory is there before we look */
    if (live == NULL)
        exit(1);
    *each = measure(kind, live, count);
    printf("  %-8s free: %.1f ns each\n", kind->name, drop_all(kind, live, count));
    exit(0);
}

static bool in_a_child(const struct kind *kind, double *each, size_t count)
{
    int status;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0)
        be_the_child(kind, each, count);
    return waitpid(child, &status, 0) == child && status == 0;
}

void many_blocks(size_t count)
{
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    double *each = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bool ok = each != MAP_FAILED;

    printf("blocks of %d bytes, ns each\n", BYTES);
    printf("  kind          live      alloc   one more  any instead    use any   bytes/live\n");
    for (int i = 0; ok && i < KINDS; i++)
        ok = in_a_child(&kinds[i], &each[i], count);
    for (int i = 1; ok && i < KINDS; i++)
        printf("  %s: %.1f bytes each beyond malloc's (wanted: at most 24)\n", kinds[i].name,
               each[i] - each[0]);
    if (!ok)
        printf("  stopped: no memory\n");
}
