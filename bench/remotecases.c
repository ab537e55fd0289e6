/* remotecases.c: the cases that have another process in them. */
#include "otherprocess.h"

#ifdef _WIN32
#include <stdio.h>
#else
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

/* --- the other process --- */

#ifdef _WIN32

/* This program once more. There is no process without the library. */
static bool begin(enum bench_kind kind)
{
    STARTUPINFOA how = {.cb = sizeof how};
    PROCESS_INFORMATION started;
    char name[MAX_PATH], command[MAX_PATH + 16];

    GetModuleFileNameA(NULL, name, sizeof name);
    snprintf(command, sizeof command, "\"%s\" " BENCH_WAIT, name);
    if (kind == FOREIGN || !CreateProcessA(name, command, NULL, NULL, FALSE, 0, NULL, NULL, &how, &started))
        return false;
    other.pid = (pid_t)started.dwProcessId;
    CloseHandle(started.hThread);
    CloseHandle(started.hProcess);
    if (!open_other())
        return false;
    other.memory = VirtualAllocEx(there, NULL, MIB, ALLOCATE, PAGE_READWRITE);
    return other.memory != NULL;
}

static bool end(bool ok)
{
    return there != NULL && TerminateProcess(there, 0) && close_other() && ok;
}

static bool begin_with_regions(char **p)
{
    bool ok = begin(USES_LIBRARY);

    *p = ok ? VirtualAllocEx(there, NULL, BENCH_REGIONS * PAGE, MEM_RESERVE, PAGE_NOACCESS) : NULL;
    ok = *p != NULL;
    for (size_t i = 0; ok && i < BENCH_REGIONS; i += 2)
        ok = VirtualAllocEx(there, *p + i * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL;
    return ok;
}

#else

/* A child of a process that has never called the library does not use it. */
static bool begin(enum bench_kind kind)
{
    other.memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    other.ready = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(other.memory, 1, MIB);
    other.pid = fork();
    if (other.pid == 0) {
        be_of_kind(kind);
        for (*other.ready = 1;;)
            pause();
    }
    while (!*other.ready)
        usleep(100);
    usleep(1000);
    return open_other();
}

static bool end(bool ok)
{
    kill(other.pid, SIGKILL);
    waitpid(other.pid, NULL, 0);
    return close_other() && ok;
}

/* The child has them from before the fork. */
static bool begin_with_regions(char **p)
{
    bool ok = (*p = reserve(BENCH_REGIONS * PAGE)) != NULL;

    for (size_t i = 0; ok && i < BENCH_REGIONS; i += 2)
        ok = commit(*p + i * PAGE, PAGE);
    return ok && begin(USES_LIBRARY);
}

#endif

/* --- allocating --- */

static bool alloc_in(struct bench *b, enum bench_kind kind)
{
    bool ok = begin(kind);

    MEASURE(b, 50)
    ok &= allocate_there();
    return end(ok);
}

bool remote_alloc(struct bench *b)
{
    return alloc_in(b, USES_LIBRARY);
}

bool remote_alloc_foreign(struct bench *b)
{
    return alloc_in(b, FOREIGN);
}

/* --- looking --- */

bool remote_query(struct bench *b)
{
    bool ok = begin(USES_LIBRARY) && prepare_to_ask_there();

    MEASURE(b, 1000)
    ok &= ask_there();
    return end(ok);
}

/* Every other page is committed, so each is a region. */
bool remote_walk(struct bench *b)
{
    char *p, *end_of_all;
    bool ok = begin_with_regions(&p);

    end_of_all = p + BENCH_REGIONS * PAGE;
    while (ok && bench_next(b, BENCH_REGIONS))
        for (char *at = p, *next; ok && at < end_of_all; at = next) {
            next = end_of_region_there(at);
            ok = next == at + PAGE;
        }
    return end(ok);
}

/* --- copying --- */

static char buffer[MIB];

static bool read_bytes(struct bench *b, size_t bytes, size_t count)
{
    bool ok = begin(USES_LIBRARY);

    MEASURE(b, count)
    ok &= read_there(buffer, bytes);
    return end(ok);
}

static bool write_bytes(struct bench *b, size_t bytes, size_t count)
{
    bool ok = begin(USES_LIBRARY);

    MEASURE(b, count)
    ok &= write_there(buffer, bytes);
    return end(ok);
}

bool remote_read_64(struct bench *b)
{
    return read_bytes(b, 64, 1000);
}

bool remote_read_4k(struct bench *b)
{
    return read_bytes(b, PAGE, 1000);
}

bool remote_read_1m(struct bench *b)
{
    return read_bytes(b, MIB, 10);
}

bool remote_write_64(struct bench *b)
{
    return write_bytes(b, 64, 1000);
}

bool remote_write_4k(struct bench *b)
{
    return write_bytes(b, PAGE, 1000);
}

bool remote_write_1m(struct bench *b)
{
    return write_bytes(b, MIB, 10);
}
