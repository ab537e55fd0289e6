/*
 * workers.h: threads that work on one heap until time is up or somebody has seen what may not be, and others that look on.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include "heap.h"

#include <pthread.h>
#include <sched.h>

#include "base/atomic.h"

enum { THREADS = 3 };

static const double duration = 2;

static HANDLE heap;
static bool stop;
static const char *wrong; /* what was seen that may not be */

static inline bool holds(const char *what, bool condition)
{
    if (!condition)
        WM_STORE(wrong, what);
    return condition;
}

static inline bool goes_on(void)
{
    return !WM_LOAD(stop) && WM_LOAD(wrong) == NULL;
}

struct worker {
    pthread_t thread;
    struct dice dice;
    unsigned long rounds;
};

static inline void run_workers(struct worker *workers, unsigned count, void *(*run)(void *))
{
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){.dice = {i}};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, run, &workers[i]), 0);
    }
}

static inline unsigned long join_workers(const struct worker *workers, unsigned count)
{
    unsigned long rounds = 0;

    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        rounds += workers[i].rounds;
    }
    if (wrong != NULL)
        fail_msg("%s", wrong);
    return rounds;
}

static inline void end_after(double time)
{
    double end = seconds() + time;

    while (goes_on() && seconds() < end)
        usleep(10000);
    WM_STORE(stop, true);
}

/* --- those who look on --- */

static unsigned long walked;

static inline void walk(void)
{
    PROCESS_HEAP_ENTRY entry = {0};
    uintptr_t last = 0;

    while (HeapWalk(heap, &entry)) {
        __atomic_add_fetch(&walked, 1, __ATOMIC_RELAXED);
        if (!(entry.wFlags & PROCESS_HEAP_ENTRY_BUSY))
            continue;
        holds("blocks out of order", (uintptr_t)entry.lpData > last);
        last = (uintptr_t)entry.lpData;
    }
    holds("another end of a walk", GetLastError() == ERROR_NO_MORE_ITEMS);
}

static inline void *look_on(void *argument)
{
    HEAP_SUMMARY sums = {.cb = sizeof sums};
    struct worker *w = argument;

    for (; goes_on(); w->rounds++) {
        walk();
        for (int i = 0; i < 20; i++) {
            holds("a heap that is not valid", HeapValidate(heap, 0, NULL));
            holds("no sum", HeapSummary(heap, 0, &sums));
            holds("a sum that cannot be", sums.cbAllocated <= 1024 * (size_t)MiB);
        }
    }
    return NULL;
}

static inline void expect_live(size_t blocks, size_t bytes)
{
    HEAP_SUMMARY sums = {.cb = sizeof sums};
    PROCESS_HEAP_ENTRY entry = {0};
    size_t found = 0;

    while (HeapWalk(heap, &entry))
        found += (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) != 0;
    assert_int_equal(found, blocks);
    assert_true(HeapSummary(heap, 0, &sums));
    assert_int_equal(sums.cbAllocated, bytes);
}

#endif
