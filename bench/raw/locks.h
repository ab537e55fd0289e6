/* locks.h: what libc has in their places. */
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../sleepers.h"

static pthread_mutex_t section_lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t slim_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t shared_lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static inline void enter_section(void)
{
    pthread_mutex_lock(&section_lock);
}

static inline void leave_section(void)
{
    pthread_mutex_unlock(&section_lock);
}

static inline void have_alone(void)
{
    pthread_mutex_lock(&slim_lock);
}

static inline void had_alone(void)
{
    pthread_mutex_unlock(&slim_lock);
}

static inline void read_begin(void)
{
    pthread_rwlock_rdlock(&shared_lock);
}

static inline void read_end(void)
{
    pthread_rwlock_unlock(&shared_lock);
}

static inline void write_begin(void)
{
    pthread_rwlock_wrlock(&shared_lock);
}

static inline void write_end(void)
{
    pthread_rwlock_unlock(&shared_lock);
}

static inline void sleep_for_turn(void)
{
    pthread_cond_wait(&passed, &slim_lock);
}

static inline void wake_for_turn(void)
{
    pthread_cond_broadcast(&passed);
}

static void do_nothing(void)
{
}

static inline void do_once(void)
{
    pthread_once(&once, do_nothing);
}

static inline void sleep_while(uint32_t *word, uint32_t value)
{
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static inline void wake_word(uint32_t *word)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
