/*
 * watchstress.c: no write is missed, whoever writes, while two watched allocations are asked about at random.
 *
 * A thread writes, another has the kernel write (read), and another process does (process_vm_writev, where it may). A page that
 * is not told must hold what it held when it was last told and reset.
 *
 * Most of what can go wrong happens to pages that are clean when a question begins. So every other stretch of time the writers
 * are slow, and write here and there, at any moment of a question.
 *
 * WINMEM_TEST_SECONDS: how long; else a moment.
 */
#include "api.h"

#ifndef _WIN32

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ALLOCATIONS = 2, PAGES = 64, FORK_EVERY = 64, SLOW_EVERY = 4, SLOW_WRITES = 4 };
enum { BY_THREAD, BY_KERNEL, BY_PROCESS, WRITERS }; /* each has a word of its own in every page */

typedef uint64_t words[WRITERS];

static struct {
    BYTE *memory[ALLOCATIONS];
    words seen[ALLOCATIONS][PAGES], now[ALLOCATIONS][PAGES];
    int stop, pipe[2];
    unsigned long missed, rounds;
} s;

/* Seen by all writers: by the other process as well. */
static struct shared {
    uint64_t written[WRITERS];
    uint32_t rounds, pause; /* microseconds, of a slow writer */
    uint32_t calls;         /* odd while the other process is in one */
} * shared;

static uint64_t next(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return *random >> 33;
}

static volatile uint64_t *word_of(int allocation, int page, int writer)
{
    return (volatile uint64_t *)(s.memory[allocation] + page * PAGE) + writer;
}

static uint64_t value_of(int allocation, int page, int writer)
{
    return __atomic_load_n(word_of(allocation, page, writer), __ATOMIC_RELAXED);
}

static void store_one(uint64_t *random, int writer)
{
    volatile uint64_t *word = word_of((int)(next(random) % ALLOCATIONS), (int)(next(random) % PAGES), writer);
    uint64_t value = *random;
    struct iovec from = {&value, sizeof value}, to = {(void *)word, sizeof value};

    if (writer == BY_THREAD)
        __atomic_store_n(word, value, __ATOMIC_RELAXED);
    else if (writer == BY_KERNEL)
        MUST(write(s.pipe[1], &value, sizeof value) == sizeof value &&
             syscall(SYS_read, s.pipe[0], word, sizeof value) == sizeof value);
    else {
        bool done;

        __atomic_add_fetch(&shared->calls, 1, __ATOMIC_SEQ_CST);
        done = process_vm_writev(getppid(), &from, 1, &to, 1, 0) == sizeof value;
        __atomic_add_fetch(&shared->calls, 1, __ATOMIC_SEQ_CST);
        if (!done)
            _exit(0); /* not allowed, or its end */
    }
    shared->written[writer]++;
}

static bool is_slow_time(void)
{
    return __atomic_load_n(&shared->rounds, __ATOMIC_RELAXED) / SLOW_EVERY % 2 != 0;
}

static void write_on(void *writer)
{
    uint64_t random = (uintptr_t)writer + 1;

    while (!__atomic_load_n(&s.stop, __ATOMIC_ACQUIRE)) {
        store_one(&random, (int)(uintptr_t)writer);
        if (is_slow_time())
            usleep((useconds_t)(next(&random) % (1 + __atomic_load_n(&shared->pause, __ATOMIC_RELAXED))));
    }
}

static pid_t start_process(void)
{
    pid_t child = fork();

    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        write_on((void *)BY_PROCESS);
    }
    MUST(child > 0);
    return child;
}

static void look(words (*out)[PAGES])
{
    for (int a = 0; a < ALLOCATIONS; a++)
        for (int page = 0; page < PAGES; page++)
            for (int w = 0; w < WRITERS; w++)
                out[a][page][w] = value_of(a, page, w);
}

/* A bit for each page of the part. */
static uint64_t ask(BYTE *p, int pages, BOOL reset)
{
    PVOID told[PAGES];
    ULONG_PTR count = PAGES;
    DWORD granularity;
    uint64_t bits = 0;

    MUST(GetWriteWatch(reset ? WRITE_WATCH_FLAG_RESET : 0, p, (SIZE_T)pages * PAGE, told, &count,
                       &granularity) == 0);
    for (ULONG_PTR i = 0; i < count; i++)
        bits |= (uint64_t)1 << ((BYTE *)told[i] - p) / PAGE;
    return bits;
}

/*
 * The kernel looks a page of another process up, and writes to it then, whatever has become of the page meanwhile: what a
 * reset comes between may not be told (docs/design/watch.md). So such a write is waited for before it counts as seen.
 */
static void await_call_under_way(void)
{
    uint32_t calls = __atomic_load_n(&shared->calls, __ATOMIC_SEQ_CST);

    for (int i = 0; i < 5000 && calls % 2 != 0 && __atomic_load_n(&shared->calls, __ATOMIC_SEQ_CST) == calls;
         i++)
        usleep(100);
}

static void ask_and_compare(uint64_t *random)
{
    int a = (int)(next(random) % ALLOCATIONS), first = (int)(next(random) % PAGES);
    int pages = 1 + (int)(next(random) % (uint64_t)(PAGES - first));
    BOOL reset = next(random) % 4 != 0;
    double began;
    uint64_t told;

    look(s.now);
    began = check_seconds();
    told = ask(s.memory[a] + first * PAGE, pages, reset);
    __atomic_store_n(&shared->pause, (uint32_t)((check_seconds() - began) * 1e6 / SLOW_WRITES),
                     __ATOMIC_RELAXED);
    if (reset)
        await_call_under_way();
    for (int page = first; page < first + pages; page++)
        for (int w = 0; w < WRITERS; w++) {
            if ((told >> (page - first) & 1) == 0)
                s.missed += s.now[a][page][w] != s.seen[a][page][w];
            else if (reset)
                s.seen[a][page][w] = value_of(a, page, w);
        }
}

static void fork_once(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    MUST(child > 0 && waitpid(child, NULL, 0) == child);
}

static double how_long(void)
{
    const char *text = getenv("WINMEM_TEST_SECONDS");

    return text != NULL ? atof(text) : 0.4;
}

static void end(const struct check_thread *threads, pid_t process)
{
    __atomic_store_n(&s.stop, 1, __ATOMIC_RELEASE);
    for (int w = BY_THREAD; w <= BY_KERNEL; w++)
        thread_join((struct check_thread *)&threads[w]);
    kill(process, SIGKILL);
    MUST(waitpid(process, NULL, 0) == process);
}

TEST(watchstress, no_write_is_missed, "L19 L621 L622")
{
    struct check_thread threads[WRITERS];
    uint64_t random = 99;
    double until;
    pid_t process;

    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int a = 0; a < ALLOCATIONS; a++)
        s.memory[a] =
            VirtualAlloc(NULL, PAGES * PAGE, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE);
    MUST(shared != MAP_FAILED && s.memory[0] != NULL && s.memory[1] != NULL && pipe(s.pipe) == 0);
    process = start_process();
    thread_start(&threads[BY_THREAD], write_on, (void *)BY_THREAD);
    thread_start(&threads[BY_KERNEL], write_on, (void *)BY_KERNEL);
    for (until = check_seconds() + how_long(); check_seconds() < until; s.rounds++) {
        ask_and_compare(&random);
        __atomic_add_fetch(&shared->rounds, 1, __ATOMIC_RELAXED);
        if (s.rounds % FORK_EVERY == FORK_EVERY - 1)
            fork_once();
    }
    end(threads, process);
    ask_and_compare(&random);
    EXPECT_EQ(s.missed, 0);
    if (getenv("WINMEM_TEST_SECONDS") != NULL)
        printf("%lu questions, %llu writes, %llu of the kernel, %llu of a process, %lu missed\n", s.rounds,
               (unsigned long long)shared->written[BY_THREAD], (unsigned long long)shared->written[BY_KERNEL],
               (unsigned long long)shared->written[BY_PROCESS], s.missed);
}

#endif
