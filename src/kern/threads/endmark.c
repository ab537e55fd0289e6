/*
 * endmark.c: a word that tells of a thread that it is gone (ownthreads.h).
 *
 * A thread can end without a word to anybody: by the bare system call, or in a library's hands. The kernel goes through the
 * robust mutexes that a thread still owns when it leaves its address space, and says in each that its owner has died. So
 * a mutex that is taken and never given back is a mark of the end, at the very moment from which on the thread's
 * stack is nobody's.
 *
 *   the word of a taken mark holds the number of its thread; only the kernel takes that away
 *   a waiter puts FUTEX_WAITERS beside it before he sleeps, or the kernel wakes nobody
 *   the kernel's waking is of the kind that processes share, and wakes one
 *
 * libc keeps the list of a thread's robust mutexes, so it is libc's function that takes the mark. A child of a fork begins
 * with an empty list.
 */
#include <errno.h>
#include <linux/futex.h>

#include "base/atomic.h"
#include "kern/sys.h"
#include "kern/threads/ownthreads.h"

_Static_assert(WM_MARK_GONE == FUTEX_OWNER_DIED, "what the kernel writes");

#ifdef __GLIBC__
#define LOCK_WORD __data.__lock
#else
#define LOCK_WORD __u.__i[1] /* musl */
#endif

static uint32_t *word_of(struct wm_end_mark *mark)
{
    return (uint32_t *)&mark->mutex.LOCK_WORD;
}

static uint32_t word(const struct wm_end_mark *mark)
{
    return (uint32_t)WM_LOAD(mark->mutex.LOCK_WORD);
}

#if defined(__SANITIZE_THREAD__)
#define ASKS_BY_NUMBER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define ASKS_BY_NUMBER 1
#endif
#endif

#ifdef ASKS_BY_NUMBER

/*
 * A thread sanitizer follows each mutex, and takes what the kernel does with this one for mistakes. With one the word is ours
 * alone, and whoever looks asks whether there is a thread of its number.
 */
void wm_end_mark_clear(struct wm_end_mark *mark)
{
    WM_STORE(mark->mutex.LOCK_WORD, 0);
}

void wm_end_mark_take(struct wm_end_mark *mark)
{
    WM_STORE(mark->mutex.LOCK_WORD, (int)wm_kern_thread_id());
}

bool wm_end_mark_is_taken(const struct wm_end_mark *mark)
{
    return word(mark) != 0;
}

bool wm_end_mark_is_gone(const struct wm_end_mark *mark)
{
    return word(mark) != 0 && !wm_kern_has_thread(word(mark));
}

const uint32_t *wm_end_mark_awaited(struct wm_end_mark *mark, uint32_t *value)
{
    (void)mark, (void)value;
    return NULL;
}

#else

void wm_end_mark_clear(struct wm_end_mark *mark)
{
    pthread_mutexattr_t robust;

    pthread_mutexattr_init(&robust);
    pthread_mutexattr_setrobust(&robust, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mark->mutex, &robust);
    pthread_mutexattr_destroy(&robust);
}

void wm_end_mark_take(struct wm_end_mark *mark)
{
    wm_end_mark_clear(mark);
    pthread_mutex_lock(&mark->mutex);
}

bool wm_end_mark_is_taken(const struct wm_end_mark *mark)
{
    return word(mark) != 0;
}

bool wm_end_mark_is_gone(const struct wm_end_mark *mark)
{
    return (word(mark) & FUTEX_OWNER_DIED) != 0;
}

const uint32_t *wm_end_mark_awaited(struct wm_end_mark *mark, uint32_t *value)
{
    uint32_t seen = word(mark);

    while (seen != 0 && !(seen & (FUTEX_OWNER_DIED | FUTEX_WAITERS)) &&
           !__atomic_compare_exchange_n(word_of(mark), &seen, seen | FUTEX_WAITERS, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
        ;
    if (seen == 0 || (seen & FUTEX_OWNER_DIED))
        return NULL;
    *value = seen | FUTEX_WAITERS;
    return word_of(mark);
}

#endif

void wm_end_mark_wake_others(struct wm_end_mark *mark)
{
    wm_sys3(SYS_futex, (long)word_of(mark), FUTEX_WAKE, INT32_MAX);
}
