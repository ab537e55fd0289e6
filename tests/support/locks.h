/*
 * locks.h: what the tests of locks without handles say again and again: threads that all do one thing, each with a number.
 */
#ifndef LOCKS_H
#define LOCKS_H

#include "check.h"

enum { MANY = 64, A_FEW = 4 };

#ifdef CHECK_THREAD_SANITIZER
/* Children that have threads of their own. */
const char *__tsan_default_options(void);

const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}
#endif

struct worker {
    struct check_thread thread;
    void (*work)(int number);
    int number;
};

static inline void worker_main(void *arg)
{
    struct worker *worker = arg;

    worker->work(worker->number);
}

/* All of them, until each has returned. */
static inline void work_with(int threads, void (*work)(int number))
{
    static struct worker workers[MANY];

    for (int i = 0; i < threads; i++) {
        workers[i].work = work;
        workers[i].number = i;
        thread_start(&workers[i].thread, worker_main, &workers[i]);
    }
    for (int i = 0; i < threads; i++)
        thread_join(&workers[i].thread);
}

/* Waits for another thread, at most two seconds. */
#define UNTIL(condition)                                                                                     \
    do {                                                                                                     \
        double until_ = check_seconds() + 2 * (SANITIZED ? 10 : 1);                                          \
        while (!(condition) && check_seconds() < until_)                                                     \
            check_sleep(1);                                                                                  \
        EXPECT(condition);                                                                                   \
    } while (0)

#endif
