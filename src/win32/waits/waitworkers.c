/*
 * waitworkers.c: threads that are made when there is something to do and nobody idle, and end when there was nothing for a
 * while.
 *
 *   what is to be done stands in a list until a thread takes it; there is a thread idle, or about to become so, for each
 *   at most WORKERS threads are at work; what comes then waits until one of them has finished
 */
#include "win32/waits/waitworkers.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

enum { WORKERS = 500, PATIENCE = 5 }; /* as many as Windows has; seconds */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct wm_work *first, **last;
    unsigned threads, idle, waiting; /* waiting: how much stands in the list */
} workers = {.lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER, .last = &workers.first};

bool wm_library_thread(void *(*run)(void *), void *argument)
{
    sigset_t others, before;
    pthread_attr_t attributes;
    pthread_t thread;
    bool made;

    sigfillset(&others);
    sigdelset(&others, SIGSEGV);
    sigdelset(&others, SIGBUS);
    sigdelset(&others, SIGFPE);
    sigdelset(&others, SIGILL);
    sigdelset(&others, SIGTRAP);
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &others, &before);
    made = pthread_create(&thread, &attributes, run, argument) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return made;
}

static struct wm_work *take_first(void)
{
    struct wm_work *work = workers.first;

    workers.first = work->next;
    if (workers.first == NULL)
        workers.last = &workers.first;
    workers.waiting--;
    return work;
}

/* NULL: there was nothing for a while. */
static struct wm_work *await_work(void)
{
    struct timespec then;
    int result = 0;

    clock_gettime(CLOCK_REALTIME, &then);
    then.tv_sec += PATIENCE;
    workers.idle++;
    while (workers.first == NULL && result != ETIMEDOUT)
        result = pthread_cond_timedwait(&workers.more, &workers.lock, &then);
    workers.idle--;
    return workers.first == NULL ? NULL : take_first();
}

static void *be_a_worker(void *unused)
{
    struct wm_work *work;

    pthread_mutex_lock(&workers.lock);
    while ((work = await_work()) != NULL) {
        pthread_mutex_unlock(&workers.lock);
        work->run(work);
        pthread_mutex_lock(&workers.lock);
    }
    workers.threads--;
    pthread_mutex_unlock(&workers.lock);
    return unused;
}

/* One that is about to become idle has been counted already: so a burst makes no more threads than it needs. */
static bool make_another(void)
{
    if (workers.threads >= WORKERS)
        return true;
    if (!wm_library_thread(be_a_worker, NULL))
        return workers.threads != 0;
    workers.threads++;
    return true;
}

bool wm_workers_do(struct wm_work *work)
{
    bool done = true;

    pthread_mutex_lock(&workers.lock);
    if (workers.idle <= workers.waiting)
        done = make_another();
    if (done) {
        work->next = NULL;
        *workers.last = work;
        workers.last = &work->next;
        workers.waiting++;
        pthread_cond_signal(&workers.more);
    }
    pthread_mutex_unlock(&workers.lock);
    return done;
}

void wm_workers_forget(void)
{
    pthread_mutex_init(&workers.lock, NULL);
    pthread_cond_init(&workers.more, NULL);
    workers.first = NULL;
    workers.last = &workers.first;
    workers.threads = workers.idle = workers.waiting = 0;
}
