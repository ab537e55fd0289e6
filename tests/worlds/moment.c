/*
 * moment.c: a world that begins late. Loaded before a test program, it uses the library first, so that each mechanism was
 * found to be there, and then lets the test run where it is forbidden: from then on, in a child, or in one thread only.
 *
 * WORLD_MOMENT says which: late, child or thread. check.h calls check_moment with the test.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/wait.h>

#include "../support/check_moment.h"
#include "../support/filter.h"

enum {
    GRAIN = 0x10000,
    PAGE = 0x1000,
    COMMIT_AND_RESERVE = 0x3000,
    WATCH = 0x200000,
    READ_WRITE = 4,
    ALL_ACCESS = 0xf001f
};

/* Windows' headers do not belong into every program that this is loaded into, and neither does the library. */
extern int WinmemFeature(const char *name) __attribute__((weak));
extern void *VirtualAlloc(void *base, size_t size, unsigned type, unsigned protection) __attribute__((weak));
extern unsigned GetWriteWatch(unsigned flags, void *base, size_t size, void **pages, size_t *count,
                              unsigned *granularity) __attribute__((weak));
extern int VirtualFree(void *base, size_t size, unsigned type) __attribute__((weak));
extern void *CreateFileMappingA(void *file, void *security, unsigned protection, unsigned high, unsigned low,
                                const char *name) __attribute__((weak));
extern void *MapViewOfFile(void *section, unsigned access, unsigned high, unsigned low, size_t bytes)
    __attribute__((weak));
extern int UnmapViewOfFile(const void *view) __attribute__((weak));
extern int CloseHandle(void *handle) __attribute__((weak));

static void ask_for_all_features(void)
{
    static const char *const names[] = {
#define FEATURE(upper, name, how, needs) #name,
#include "kern/features.def"
#undef FEATURE
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        WinmemFeature(names[i]);
}

/* What keeps a descriptor, or remembers what the kernel said, has it and remembers it now. */
static void use_memory(void)
{
    char *p = VirtualAlloc(NULL, GRAIN, COMMIT_AND_RESERVE | WATCH, READ_WRITE);
    void *section = CreateFileMappingA((void *)(intptr_t)-1, NULL, READ_WRITE, 0, GRAIN, NULL), *view,
         *written[GRAIN / PAGE];
    unsigned granularity;
    size_t count = GRAIN / PAGE;

    if (p == NULL || section == NULL)
        return; /* a test that has begun this program in a world of its own */
    *p = 1;
    GetWriteWatch(1, p, GRAIN, written, &count, &granularity);
    VirtualFree(p, 0, 0x8000);
    view = MapViewOfFile(section, ALL_ACCESS, 0, 0, 0);
    UnmapViewOfFile(view);
    CloseHandle(section);
}

static void begin(void)
{
    const char *which = getenv("WORLD_FILTER");
    bool old = which != NULL && strcmp(which, "old") == 0;
    int result = old ? filter_calls(old_engine_rows, sizeof old_engine_rows / sizeof old_engine_rows[0], 0)
                     : filter_calls(engine_rows, sizeof engine_rows / sizeof engine_rows[0], 0);

    if (result != 0) {
        puts("skipped: no seccomp here");
        exit(CHECK_MOMENT_SKIPPED);
    }
}

static void *run_filtered(void *run)
{
    begin();
    (*(void (**)(void))run)();
    return NULL;
}

static void in_a_thread(void (*run)(void))
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, run_filtered, &run) != 0 || pthread_join(thread, NULL) != 0)
        exit(1);
}

/* What the child's test found is its exit code; the test ends here. */
static void in_a_child(void (*run)(void), int (*failures)(void))
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        begin();
        run();
        fflush(stdout);
        _exit(failures() != 0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(1);
    if (WIFSIGNALED(status))
        printf("the child ended by signal %d\n", WTERMSIG(status));
    fflush(stdout);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

void check_moment(void (*run)(void), int (*failures)(void))
{
    const char *when = getenv("WORLD_MOMENT");

    if (when == NULL || WinmemFeature == NULL) {
        run();
        return;
    }
    ask_for_all_features();
    use_memory();
    if (strcmp(when, "thread") == 0)
        in_a_thread(run);
    else if (strcmp(when, "child") == 0)
        in_a_child(run, failures);
    else {
        begin();
        run();
    }
}
