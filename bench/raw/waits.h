/* waits.h: what libc has in their places: a mutex and a condition, a recursive mutex, a semaphore. */
#include <pthread.h>
#include <semaphore.h>

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int set;
} events[2] = {{PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0},
               {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0}};

static pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static sem_t semaphore;

static inline void make_waits(void)
{
    sem_init(&semaphore, 0, 0);
}

static inline void set_event(int there)
{
    pthread_mutex_lock(&events[there].lock);
    events[there].set = 1;
    pthread_cond_signal(&events[there].changed);
    pthread_mutex_unlock(&events[there].lock);
}

static inline void wait_event(int there)
{
    pthread_mutex_lock(&events[there].lock);
    while (!events[there].set)
        pthread_cond_wait(&events[there].changed, &events[there].lock);
    events[there].set = 0;
    pthread_mutex_unlock(&events[there].lock);
}

static inline void take_mutex(void)
{
    pthread_mutex_lock(&mutex);
}

static inline void give_mutex(void)
{
    pthread_mutex_unlock(&mutex);
}

static inline void take_one(void)
{
    sem_wait(&semaphore);
}

static inline void give_one(void)
{
    sem_post(&semaphore);
}
