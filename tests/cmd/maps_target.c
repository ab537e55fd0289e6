/*
 * maps_target.c: a process with memory of every kind, for those who look at it.
 *
 *   maps_target [file]        prints "name address bytes" for each piece, then "ready"; a file that is named is mapped
 *   maps_target many count    one reservation of so many regions: every second page is committed
 *
 * Then it does what it reads: "change" changes some of it and prints "changed", "exec" begins anew, "exit" and the end of its
 * input end it.
 */
#include <windows.h>

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KIB ((size_t)1 << 10)
#define MIB ((size_t)1 << 20)
#define TIB ((size_t)1 << 40)

enum { PAGE = 4096 };

static char *must(const char *name, void *at, size_t bytes)
{
    if (at == NULL || at == MAP_FAILED) {
        printf("%s: error %lu\n", name, (unsigned long)GetLastError());
        exit(3);
    }
    printf("%s %p %zu\n", name, at, bytes);
    return at;
}

static char *allocate(const char *name, size_t bytes, DWORD how, DWORD protect)
{
    return must(name, VirtualAlloc(NULL, bytes, how, protect), bytes);
}

static void touch(char *at, int pages)
{
    for (int i = 0; i < pages; i++)
        at[(size_t)i * PAGE] = 1;
}

/* --- the pieces --- */

static char *reserved, *partial, *code;

static void make_private(void)
{
    DWORD before;
    char *locked;

    reserved = allocate("reserved", MIB, MEM_RESERVE, PAGE_READWRITE);
    allocate("huge", TIB, MEM_RESERVE, PAGE_NOACCESS);
    partial = allocate("partial", MIB, MEM_RESERVE, PAGE_READWRITE);
    must("committed", VirtualAlloc(partial + 128 * KIB, 64 * KIB, MEM_COMMIT, PAGE_READWRITE), 64 * KIB);
    touch(partial + 128 * KIB + PAGE, 2);
    VirtualProtect(partial + 128 * KIB + 8 * PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &before);
    touch(allocate("watched", 64 * KIB, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE), 1);
    allocate("small", PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    allocate("forbidden", 64 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    code = allocate("code", 64 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    touch(code, 1);
    locked = allocate("locked", 64 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!VirtualLock(locked, 4 * PAGE))
        printf("not-locked %p 0\n", (void *)locked);
}

static void make_placeholder(void)
{
    DWORD how = MEM_RESERVE | MEM_RESERVE_PLACEHOLDER;

    must("placeholder", VirtualAlloc2(NULL, NULL, 256 * KIB, how, PAGE_NOACCESS, NULL, 0), 256 * KIB);
}

static void make_section(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 256 * KIB, NULL);

    touch(must("section", MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0), 256 * KIB), 3);
}

static void make_physical(void)
{
    ULONG_PTR frames[4], count = 4;
    char *window = allocate("window", 64 * KIB, MEM_RESERVE | MEM_PHYSICAL, PAGE_READWRITE);

    if (AllocateUserPhysicalPages(GetCurrentProcess(), &count, frames) &&
        MapUserPhysicalPages(window, count, frames))
        touch(window, 1);
}

/* Where the kernel does not free lazily, or at once, there is nothing to see. */
static void make_lazy(void)
{
    char *at = must("lazy", mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), MIB);

    madvise(at, MIB, MADV_NOHUGEPAGE);
    touch(at, 100);
    madvise(at, 40 * PAGE, MADV_FREE);
}

static void make_file(const char *path)
{
    int fd = open(path, O_RDONLY);

    must("file", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), PAGE);
    close(fd);
}

static sem_t told;
static pid_t sleeper;

static void *wait_in_thread(void *unused)
{
    char here;

    sleeper = (pid_t)syscall(SYS_gettid);

    must("thread", &here, 1);
    free(must("arena", malloc(100), 100));
    must("arena", malloc(1000), 1000);
    fflush(stdout);
    sem_post(&told);
    pause();
    return unused;
}

static bool sleeps(pid_t thread)
{
    char path[64], state = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%d/stat", (int)thread);
    file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        exit(3);
    fclose(file);
    return state == 'S';
}

/* Until it sleeps it does not tell where its stack is. */
static void make_thread(void)
{
    pthread_t thread;

    sem_init(&told, 0, 0);
    if (pthread_create(&thread, NULL, wait_in_thread, NULL) != 0)
        exit(3);
    while (sem_wait(&told) != 0 || !sleeps(sleeper))
        sem_post(&told);
}

static void make_all(const char *path)
{
    make_private();
    make_placeholder();
    make_section();
    make_physical();
    make_lazy();
    if (path != NULL)
        make_file(path);
    make_thread();
}

/* Two regions a turn: one page is committed, the next one is not. */
static void make_many(size_t count)
{
    char *at = allocate("many", count * PAGE, MEM_RESERVE, PAGE_READWRITE);

    for (size_t i = 0; i < count; i += 2)
        if (VirtualAlloc(at + i * PAGE, PAGE, MEM_COMMIT, PAGE_READWRITE) == NULL)
            exit(3);
}

/* --- what is asked for --- */

static void change(void)
{
    DWORD before;
    void *grown;

    VirtualAlloc(partial + 192 * KIB, 64 * KIB, MEM_COMMIT, PAGE_READWRITE);
    VirtualProtect(code, 64 * KIB, PAGE_EXECUTE_READ, &before);
    VirtualFree(reserved, 0, MEM_RELEASE);
    touch(allocate("new", 128 * KIB, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE), 5);
    grown = sbrk(256 * KIB); /* which musl refuses */
    if (grown != (void *)-1)
        must("grown", grown, 256 * KIB);
    puts("changed");
}

int main(int argc, char **argv)
{
    char line[64];

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 3 && strcmp(argv[1], "many") == 0)
        make_many(strtoull(argv[2], NULL, 10));
    else
        make_all(argv[1]);
    puts("ready");
    while (fgets(line, sizeof line, stdin) != NULL && strcmp(line, "exit\n") != 0) {
        if (strcmp(line, "change\n") == 0)
            change();
        if (strcmp(line, "exec\n") == 0)
            execl("/proc/self/exe", argv[0], argv[1], (char *)NULL);
    }
    return 0;
}
