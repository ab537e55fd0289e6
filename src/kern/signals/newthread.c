/*
 * newthread.c: the program's pthread_create, in the shared library only (libc.a has one that cannot be
 * stood in for).
 *
 * While faults are being caught a new thread begins with an alternate stack. What it is to run travels in
 * the mapping of that stack, above its top. Compiled without sanitizers: the first function of a thread
 * runs before theirs.
 *
 * A thread without one would die at the end of its stack without a word, where Windows raises an exception.
 * Later it gets one by its first call of ours; but a thread that never calls us can overflow as well.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

#include "base/atomic.h"
#include "kern/signals/altstack.h"
#include "kern/signals/signals.h"

typedef int create_fn(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

struct newborn {
    void *(*start)(void *);
    void *arg;
    struct wm_altstack altstack;
};

static create_fn *next_create(void)
{
    static create_fn *next;
    create_fn *found = WM_LOAD(next);

    if (found == NULL) {
        found = (create_fn *)(uintptr_t)dlsym(RTLD_NEXT, "pthread_create");
        WM_STORE(next, found);
    }
    return found;
}

/* A constructor of another library may create threads earlier. */
__attribute__((constructor)) static void look_at_load(void)
{
    next_create();
}

static void *begin(void *arg)
{
    struct newborn newborn = *(struct newborn *)arg;

    wm_altstack_adopt(&newborn.altstack);
    return newborn.start(newborn.arg);
}

static int create_with_stack(create_fn *create, pthread_t *thread, const pthread_attr_t *attr,
                             void *(*start)(void *), void *arg, const struct wm_altstack *altstack)
{
    struct newborn *newborn = (struct newborn *)altstack->stack.end;
    int result;

    *newborn = (struct newborn){start, arg, *altstack};
    result = create(thread, attr, begin, newborn);
    if (result != 0)
        wm_altstack_drop(altstack);
    return result;
}

__attribute__((visibility("default"))) int pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                                                          void *(*start)(void *), void *arg)
{
    create_fn *create = next_create();
    struct wm_altstack altstack;

    if (create == NULL)
        return ENOSYS;
    if (!wm_kern_catches_faults() || !wm_altstack_make(sizeof(struct newborn), &altstack))
        return create(thread, attr, start, arg);
    return create_with_stack(create, thread, attr, start, arg, &altstack);
}
