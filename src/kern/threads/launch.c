/*
 * launch.c: a new thread (ownthreads.h).
 *
 * It is libc's, so that everything of libc works in it. It is made joinable and let go of at once: as long as it is joinable
 * libc answers for it, whether it has ended or not, and its number can be had without waiting for it (the clock of a thread
 * is named by it).
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <time.h>

#include "base/atomic.h"
#include "kern/threads/ownthreads.h"

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/* Beside what the program wants for itself: what libc keeps at the top of a stack, and a frame of a signal handler. */
enum { FOR_LIBC = 0x8000, LEAST = 0x10000 };

static int set_stack(pthread_attr_t *attr, size_t bytes)
{
    if (bytes == 0)
        return 0;
    if (bytes > SIZE_MAX / 2)
        return ENOMEM;
    return pthread_attr_setstacksize(attr, wm_up((bytes < LEAST ? LEAST : bytes) + FOR_LIBC, WM_PAGE));
}

/* ~number << 3, and which kind of clock: as the kernel has it (clock_getcpuclockid(3)). 0: it has ended already. */
static uint32_t number_of(pthread_t thread)
{
    clockid_t clock;

    return pthread_getcpuclockid(thread, &clock) == 0 ? ~((uint32_t)clock >> 3 | 0xE0000000u) : 0;
}

/*
 * The one that the program calls: our own stands in for libc's (kern/signals/newthread.c), and a sanitizer's, which has to hear
 * of each thread, in front of both.
 */
static int create(pthread_t *thread, const pthread_attr_t *attr, void *(*start)(void *), void *arg)
{
    static create_fn *everybodys;
    create_fn *found = WM_LOAD(everybodys);

    if (found == NULL) {
        found = (create_fn *)(uintptr_t)dlsym(RTLD_DEFAULT, "pthread_create");
        WM_STORE(everybodys, found != NULL ? found : pthread_create);
        found = WM_LOAD(everybodys);
    }
    return found(thread, attr, start, arg);
}

int wm_kern_launch(size_t stack_bytes, void *(*start)(void *), void *arg, uint32_t *id)
{
    pthread_attr_t attr;
    pthread_t thread;
    int error = pthread_attr_init(&attr);

    if (error != 0)
        return -error;
    error = set_stack(&attr, stack_bytes);
    if (error == 0)
        error = create(&thread, &attr, start, arg);
    pthread_attr_destroy(&attr);
    if (error != 0)
        return -error;
    *id = number_of(thread);
    pthread_detach(thread);
    return 0;
}

void wm_kern_end_thread(void)
{
    pthread_exit(NULL);
}
