/*
 * waitcases.c: events, mutexes and semaphores that nobody else wants, and an event by which two threads take turns.
 */
#include "bench.h"
#include "waits.h"

enum { ALONE = 10000, PASSES = 4000 };

bool event_alone(struct bench *b)
{
    make_waits();
    MEASURE(b, ALONE)
    {
        set_event(0);
        wait_event(0);
    }
    return true;
}

bool mutex_alone(struct bench *b)
{
    make_waits();
    MEASURE(b, ALONE)
    {
        take_mutex();
        give_mutex();
    }
    return true;
}

bool semaphore_alone(struct bench *b)
{
    make_waits();
    MEASURE(b, ALONE)
    {
        give_one();
        take_one();
    }
    return true;
}

static void pass_by_event(void *mine, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (mine != NULL)
            wait_event(1);
        set_event(mine == NULL);
        if (mine == NULL)
            wait_event(0);
    }
}

bool event_pass(struct bench *b)
{
    static int there;

    make_waits();
    return bench_pair(b, PASSES, pass_by_event, NULL, &there);
}
