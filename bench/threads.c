/* threads.c: cases that are more than one thread. */
#include "bench.h"

#ifdef _WIN32
#include <windows.h>
#else
#include <pthread.h>
#include <sched.h>
#endif

/* --- what differs between the systems --- */

#ifdef _WIN32

typedef HANDLE thread;
#define THREAD_MAIN static DWORD WINAPI

static bool start(thread *t, DWORD WINAPI entry(LPVOID), void *context)
{
    *t = CreateThread(NULL, 0, entry, context, 0, NULL);
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

#else

typedef pthread_t thread;
#define THREAD_MAIN static void *

static bool start(thread *t, void *entry(void *), void *context)
{
    return pthread_create(t, NULL, entry, context) == 0;
}

static void join(thread t)
{
    pthread_join(t, NULL);
}

static void yield(void)
{
    sched_yield();
}

#endif

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
        if (!start(&other.thread, other_once, NULL))
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
    if (!start(&other.thread, other_forever, NULL))
        return false;
    wait_for(&other.ready);
    return true;
}

void bench_background_stop(void)
{
    set(&other.stop, 1);
    join(other.thread);
}

/* --- many --- */

struct member {
    thread thread;
    bench_work *work;
    void *context;
};

THREAD_MAIN be_member(void *p)
{
    struct member *me = p;

    me->work(me->context, 1);
    return 0;
}

bool bench_together(size_t threads, bench_work *work, void *contexts, size_t each)
{
    struct member members[BENCH_TOGETHER];
    size_t started = 0;

    for (; started < threads; started++) {
        struct member *next = &members[started];

        *next = (struct member){.work = work, .context = (char *)contexts + started * each};
        if (!start(&next->thread, be_member, next))
            break;
    }
    for (size_t i = 0; i < started; i++)
        join(members[i].thread);
    return started == threads;
}
