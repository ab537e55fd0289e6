/*
 * order_target.c: a process that others allocate memory in, and that says what it knows of it. It uses the library when it
 * is told to, and not before.
 *
 *   linked (ORDER_LINKED)   with the library, which it has not called yet
 *   not                     it loads the library (argv[1]) when it is asked to; until then it has none
 */
#include "order.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <signal.h>
#include <unistd.h>

static char **arguments;

static SIZE_T(WINAPI *query)(LPCVOID, MEMORY_BASIC_INFORMATION *, SIZE_T);
static LPVOID(WINAPI *allocate)(LPVOID, SIZE_T, DWORD, DWORD);
static BOOL(WINAPI *release)(LPVOID, SIZE_T, DWORD);
static BOOL(WINAPI *unmap)(LPCVOID);
static DWORD(WINAPI *last_error)(void);

#ifdef ORDER_LINKED
static int load(void)
{
    query = VirtualQuery;
    allocate = VirtualAlloc;
    release = VirtualFree;
    unmap = UnmapViewOfFile;
    last_error = GetLastError;
    return 1;
}
#elif defined(ORDER_BARE)
static int load(void)
{
    return 0;
}
#else
static int load(void)
{
    void *library = arguments[1] != NULL ? dlopen(arguments[1], RTLD_NOW) : NULL;

    if (library == NULL)
        return 0;
    *(void **)&query = dlsym(library, "VirtualQuery");
    *(void **)&allocate = dlsym(library, "VirtualAlloc");
    *(void **)&release = dlsym(library, "VirtualFree");
    *(void **)&unmap = dlsym(library, "UnmapViewOfFile");
    *(void **)&last_error = dlsym(library, "GetLastError");
    return 1;
}
#endif

static void say(const void *what, size_t bytes)
{
    if (write(STDOUT_FILENO, what, bytes) != (ssize_t)bytes)
        _exit(2);
}

static uintptr_t go_on_as_a_child(void)
{
    pid_t parent = getpid(), child = fork();

    if (child != 0)
        for (;;)
            pause();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(3);
    return (uintptr_t)getpid();
}

static uintptr_t obey(const struct order_question *q, struct order_answer *a)
{
    switch (q->order) {
    case ORDER_QUERY: return query(q->at, &a->mbi, sizeof a->mbi);
    case ORDER_ALLOC: return (uintptr_t)allocate(NULL, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    case ORDER_FREE: return (uintptr_t)release(q->at, 0, MEM_RELEASE);
    case ORDER_UNMAP: return (uintptr_t)unmap(q->at);
    case ORDER_LOAD: return (uintptr_t)load();
    case ORDER_FORK: return go_on_as_a_child();
    case ORDER_EXEC: execv("/proc/self/exe", arguments); _exit(4);
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct order_question q;

    (void)argc;
    arguments = argv;
    alarm(120);
    say("r", 1);
    while (read(STDIN_FILENO, &q, sizeof q) == (ssize_t)sizeof q) {
        struct order_answer a = {0};

        a.value = obey(&q, &a);
        a.error = last_error != NULL ? last_error() : 0;
        say(&a, sizeof a);
    }
    return 0;
}
