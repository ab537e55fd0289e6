#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>
#endif

enum { LEAST_BATCHES = 5, ENOUGH_NS = 10 * 1000 * 1000 };

/* --- what differs between the systems: the clock and threads --- */

#ifdef _WIN32

uint64_t bench_now(void)
{
    LARGE_INTEGER ticks, frequency;

    QueryPerformanceCounter(&ticks);
    QueryPerformanceFrequency(&frequency);
    return (uint64_t)((double)ticks.QuadPart * 1e9 / (double)frequency.QuadPart);
}

typedef HANDLE thread;
#define THREAD_MAIN static DWORD WINAPI

static bool start(thread *t, DWORD WINAPI entry(LPVOID))
{
    *t = CreateThread(NULL, 0, entry, NULL, 0, NULL);
    return *t != NULL;
}

static void join(thread t)
{
    WaitForSingleObject(t, INFINITE);
    CloseHandle(t);
}

static void yield(void)
{
    SwitchToThread();
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

typedef pthread_t thread;
#define THREAD_MAIN static void *

static bool start(thread *t, void *entry(void *))
{
    return pthread_create(t, NULL, entry, NULL) == 0;
}

static void join(thread t)
{
    pthread_join(t, NULL);
}

static void yield(void)
{
    sched_yield();
}

/* Neighbours differ, or they would be one mapping. */
static void map_page(int number)
{
    mmap(NULL, PAGE, number % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

#endif

/* --- batches --- */

bool bench_next(struct bench *b, size_t count)
{
    uint64_t now = bench_now();

    if (b->began == 0)
        b->first = now;
    else
        b->ns[b->batches++] = (double)(now - b->began) / (double)count;
    if (b->batches == BENCH_BATCHES || (b->batches >= LEAST_BATCHES && now - b->first > ENOUGH_NS))
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
    qsort(b->ns, b->batches, sizeof b->ns[0], by_value);
    printf("%s %.2f %.2f\n", b->name, b->ns[0], b->ns[b->batches / 2]);
}

/* --- the other thread --- */

/* One at a time. It is there, spinning, before a batch begins: what it costs to start is not measured. */
static struct {
    thread thread;
    bench_work *work;
    void *context;
    size_t count;
    int ready, go, stop;
} other;

static void set(int *flag, int value)
{
    __atomic_store_n(flag, value, __ATOMIC_RELEASE);
}

static bool is_set(const int *flag)
{
    return __atomic_load_n(flag, __ATOMIC_ACQUIRE) != 0;
}

THREAD_MAIN other_once(void *unused)
{
    (void)unused;
    set(&other.ready, 1);
    while (!is_set(&other.go))
        ;
    other.work(other.context, other.count);
    set(&other.stop, 1);
    return 0;
}

THREAD_MAIN other_forever(void *unused)
{
    (void)unused;
    while (!is_set(&other.stop)) {
        other.work(other.context, other.count);
        set(&other.ready, 1);
    }
    return 0;
}

static void prepare_other(bench_work *work, void *context, size_t count)
{
    other.work = work;
    other.context = context;
    other.count = count;
    set(&other.ready, 0);
    set(&other.go, 0);
    set(&other.stop, 0);
}

static void wait_for(const int *flag)
{
    while (!is_set(flag))
        yield();
}

bool bench_pair(struct bench *b, size_t count, bench_work *work, void *mine, void *its)
{
    for (;;) {
        prepare_other(work, its, count);
        if (!start(&other.thread, other_once))
            return false;
        wait_for(&other.ready);
        b->began = bench_now();
        b->first = b->batches == 0 ? b->began : b->first;
        set(&other.go, 1);
        work(mine, count);
        wait_for(&other.stop);
        bool more = bench_next(b, count);
        join(other.thread);
        if (!more)
            return true;
    }
}

bool bench_background(bench_work *work, void *context, size_t count)
{
    prepare_other(work, context, count);
    if (!start(&other.thread, other_forever))
        return false;
    wait_for(&other.ready);
    return true;
}

void bench_background_stop(void)
{
    set(&other.stop, 1);
    join(other.thread);
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
    if (argc > 0 && argv[0][0] == '+') {
        map_pages(atoi(argv[0]));
        argc--, argv++;
    }
    for (; cases->name != NULL; cases++)
        if (wanted(cases->name, argc, argv))
            run(cases);
    return 0;
}
