/*
 * bench.h: the cases, and how one is timed.
 *
 * Each case is written once, in verbs (verbs.h, otherprocess.h, heap.h), and compiled into two programs: winbench
 * does it through the Win32 API, rawbench does the same memory work by bare system calls. The list below is the only
 * one: a case that is missing does not link.
 *
 * A case prepares, measures, cleans up, and returns false when it cannot run here. It measures in batches; what is
 * printed is the cheapest batch and the median one, per operation.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BENCH_CASES(CASE)                                                                                    \
    CASE(reserve_64k)                                                                                        \
    CASE(reserve_16t)                                                                                        \
    CASE(alloc_64k)                                                                                          \
    CASE(alloc_64k_touched)                                                                                  \
    CASE(commit_64k)                                                                                         \
    CASE(commit_4k)                                                                                          \
    CASE(commit_around)                                                                                      \
    CASE(recommit_64k)                                                                                       \
    CASE(recommit_1g)                                                                                        \
    CASE(protect_flip)                                                                                       \
    CASE(protect_same)                                                                                       \
    CASE(query_of_10)                                                                                        \
    CASE(query_of_1000)                                                                                      \
    CASE(query_of_30000)                                                                                     \
    CASE(query_committed_1g)                                                                                 \
    CASE(query_reserved_64g)                                                                                 \
    CASE(query_reserved_64k)                                                                                 \
    CASE(query_static_buffer)                                                                                \
    CASE(query_stack)                                                                                        \
    CASE(query_library)                                                                                      \
    CASE(query_free)                                                                                         \
    CASE(query_hole)                                                                                         \
    CASE(walk_allocations)                                                                                   \
    CASE(walk_runs)                                                                                          \
    CASE(threads_alloc)                                                                                      \
    CASE(threads_commit)                                                                                     \
    CASE(query_beside_alloc)                                                                                 \
    CASE(ring_buffer)                                                                                        \
    CASE(view_64k)                                                                                           \
    CASE(named_open)                                                                                         \
    CASE(watch_first_write)                                                                                  \
    CASE(watch_get_1)                                                                                        \
    CASE(watch_get_10)                                                                                       \
    CASE(watch_get_100)                                                                                      \
    CASE(watch_get_clean)                                                                                    \
    CASE(watch_clean_64g)                                                                                    \
    CASE(guard_hit)                                                                                          \
    CASE(reset_1m)                                                                                           \
    CASE(reset_undo_1m)                                                                                      \
    CASE(physical_scatter)                                                                                   \
    CASE(physical_run)                                                                                       \
    CASE(remote_alloc)                                                                                       \
    CASE(remote_alloc_foreign)                                                                               \
    CASE(remote_query)                                                                                       \
    CASE(remote_walk)                                                                                        \
    CASE(remote_read_64)                                                                                     \
    CASE(remote_read_4k)                                                                                     \
    CASE(remote_read_1m)                                                                                     \
    CASE(remote_write_64)                                                                                    \
    CASE(remote_write_4k)                                                                                    \
    CASE(remote_write_1m)                                                                                    \
    CASE(heap_mix)                                                                                           \
    CASE(heap_small)                                                                                         \
    CASE(global_mix)                                                                                         \
    CASE(local_mix)                                                                                          \
    CASE(private_mix)                                                                                        \
    CASE(heap_threads)                                                                                       \
    CASE(heap_passed)                                                                                        \
    CASE(heap_64)                                                                                            \
    CASE(movable)                                                                                            \
    CASE(section_alone)                                                                                      \
    CASE(slim_alone)                                                                                         \
    CASE(shared_alone)                                                                                       \
    CASE(exclusive_alone)                                                                                    \
    CASE(wake_nobody)                                                                                        \
    CASE(once_done)                                                                                          \
    CASE(section_2)                                                                                          \
    CASE(section_4)                                                                                          \
    CASE(slim_2)                                                                                             \
    CASE(slim_4)                                                                                             \
    CASE(shared_2)                                                                                           \
    CASE(shared_4)                                                                                           \
    CASE(mixed_2)                                                                                            \
    CASE(mixed_4)                                                                                            \
    CASE(condition_pass)                                                                                     \
    CASE(address_pass)                                                                                       \
    CASE(event_alone)                                                                                        \
    CASE(mutex_alone)                                                                                        \
    CASE(semaphore_alone)                                                                                    \
    CASE(event_pass)                                                                                         \
    CASE(touch_1g)                                                                                           \
    CASE(touch_1g_large)                                                                                     \
    CASE(touch_64m)                                                                                          \
    CASE(touch_64m_large)                                                                                    \
    CASE(life)                                                                                               \
    CASE(life_large)                                                                                         \
    CASE(sparse_resident)

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define GIB ((size_t)1 << 30)
#define TIB ((size_t)1 << 40)
#define SMALL (64 * KIB)
#define PAGE (4 * KIB)

enum {
    BENCH_BATCHES = 400,
    BENCH_CROWD = 30000,
    BENCH_WALKED = 1000,
    BENCH_REGIONS = 10000,
    BENCH_FRAMES = 4096,
    BENCH_TOGETHER = 8,
    WATCH_PAGES = 16384
};

struct bench {
    const char *name;
    uint64_t first, began; /* 0: not begun */
    size_t batches;
    double each[BENCH_BATCHES]; /* ns per operation, or what else the case counts */
};

struct bench_case {
    const char *name;
    bool (*run)(struct bench *b);
};

/* The frame that goes to page `i` of a window of BENCH_FRAMES, so that no two neighbours stay neighbours. */
static inline size_t bench_scattered(size_t i)
{
    return i * 1021 % BENCH_FRAMES;
}

/* Every page, if there are any. */
static inline void bench_touch(volatile char *p, size_t bytes)
{
    for (size_t at = 0; p != NULL && at < bytes; at += PAGE)
        p[at] = 1;
}

/* Nanoseconds since some point in the past. */
uint64_t bench_now(void);

/* Bytes of this process that are in memory. */
size_t bench_resident(void);

/*
 * So much memory is used, and free again, before it is measured. A virtual machine's host takes back what is free and may
 * ask ten times the price of a fault to give it again, of whoever comes first.
 */
void bench_warm(size_t bytes);

/* True: the next batch of `count` operations begins. False: that was enough. */
bool bench_next(struct bench *b, size_t count);

/* The statement that follows is not timed. */
#define UNTIMED(b)                                                                                           \
    for (uint64_t since_ = bench_now(); since_ != 0; (b)->began += bench_now() - since_, since_ = 0)

/* Does the statement that follows as often as it takes, `count` times a batch; `turn` counts them. */
#define MEASURE(b, count)                                                                                    \
    while (bench_next(b, count))                                                                             \
        for (size_t turn = 0; turn < (count); turn++)

/* Each batch: this thread and another one call work at the same moment, which does `count` operations. */
typedef void bench_work(void *context, size_t count);
bool bench_pair(struct bench *b, size_t count, bench_work *work, void *mine, void *its);

/* Another thread calls work, `count` operations at a time, until bench_background_stop. */
bool bench_background(bench_work *work, void *context, size_t count);
void bench_background_stop(void);

/* So many threads, BENCH_TOGETHER at most, each of which calls work with a context of its own; back when all ended. */
bool bench_together(size_t threads, bench_work *work, void *contexts, size_t each);

#define BENCH_WAIT "wait"

/*
 * Runs the cases named on the command line, or all. One line each: name minimum median.
 *
 * An argument +N maps N pages beforehand. The kernel keeps mappings in nodes of sixteen, and a change at the edge of
 * a full one costs up to twice as much: one layout alone would measure an accident.
 * BENCH_WAIT: waits until it is ended, for cases that want another process.
 */
int bench_main(int argc, char **argv, const struct bench_case *cases);

#define BENCH_PROTOTYPE(name) bool name(struct bench *b);
BENCH_CASES(BENCH_PROTOTYPE)

#endif
