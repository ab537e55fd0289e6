/* winremote.c: other processes through the Win32 API. The other process is a child that waits. */
#include "remote.h"

#ifdef _WIN32

#define CANNOT(name)                                                                                         \
    bool name(struct bench *b)                                                                               \
    {                                                                                                        \
        (void)b;                                                                                             \
        return false;                                                                                        \
    }
REMOTE_CASES(CANNOT)

#else

#include <windows.h>

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { USES_LIBRARY, FOREIGN };

static struct {
    pid_t pid;
    HANDLE handle;
    char *memory; /* 1 MiB in both processes */
    volatile int *ready;
} other;

static void live(enum kind kind)
{
    MEMORY_BASIC_INFORMATION info;

    if (kind != FOREIGN)
        VirtualQuery(other.memory, &info, sizeof info);
    *other.ready = 1;
    for (;;)
        pause();
}

/* A child of a process that has never called the library does not use it. */
static bool begin(enum kind kind)
{
    other.memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    other.ready = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(other.memory, 1, MIB);
    other.pid = fork();
    if (other.pid == 0)
        live(kind);
    while (!*other.ready)
        usleep(100);
    usleep(1000);
    other.handle = OpenProcess(PROCESS_ALL_ACCESS, FALSE, (DWORD)other.pid);
    return other.handle != NULL;
}

static bool end(bool ok)
{
    kill(other.pid, SIGKILL);
    waitpid(other.pid, NULL, 0);
    return CloseHandle(other.handle) && ok;
}

static bool alloc_in(struct bench *b, enum kind kind)
{
    bool ok = begin(kind);

    MEASURE(b, 50)
    {
        void *p = VirtualAllocEx(other.handle, NULL, SMALL, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        ok &= p != NULL && VirtualFreeEx(other.handle, p, 0, MEM_RELEASE);
    }
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

bool remote_query(struct bench *b)
{
    MEMORY_BASIC_INFORMATION info;
    bool ok = begin(USES_LIBRARY);
    char *p = VirtualAllocEx(other.handle, NULL, SMALL, MEM_RESERVE, PAGE_NOACCESS);

    MEASURE(b, 1000)
    ok &= VirtualQueryEx(other.handle, p, &info, sizeof info) == sizeof info;
    return end(ok && p != NULL);
}

/* Every other page is committed, so each is a region. */
static bool make_regions(char *p)
{
    bool ok = p != NULL;

    for (size_t i = 0; i < REMOTE_REGIONS; i += 2)
        ok &= VirtualAlloc(p + i * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) != NULL;
    return ok;
}

/* The child has them from before the fork. */
bool remote_walk(struct bench *b)
{
    MEMORY_BASIC_INFORMATION info;
    char *p = VirtualAlloc(NULL, REMOTE_REGIONS * PAGE, MEM_RESERVE, PAGE_NOACCESS);
    bool ok = make_regions(p) && begin(USES_LIBRARY);

    while (bench_next(b, REMOTE_REGIONS))
        for (char *at = p; at < p + REMOTE_REGIONS * PAGE; at += info.RegionSize)
            ok &= VirtualQueryEx(other.handle, at, &info, sizeof info) == sizeof info &&
                  info.RegionSize == PAGE;
    return end(ok);
}

static char buffer[MIB];

static bool read_bytes(struct bench *b, size_t bytes, size_t count)
{
    bool ok = begin(USES_LIBRARY);

    MEASURE(b, count)
    ok &= ReadProcessMemory(other.handle, other.memory, buffer, bytes, NULL) != 0;
    return end(ok);
}

static bool write_bytes(struct bench *b, size_t bytes, size_t count)
{
    bool ok = begin(USES_LIBRARY);

    MEASURE(b, count)
    ok &= WriteProcessMemory(other.handle, other.memory, buffer, bytes, NULL) != 0;
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

#endif
