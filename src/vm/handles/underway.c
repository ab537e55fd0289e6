/*
 * underway.c: who is at work on names, and what a child of fork does about it (underway.h).
 *
 *   nobody begins in a process that does not live yet, or in a child that has not renewed itself
 *   a thread is in the list from before it has such a descriptor until an object has it, or it is closed
 *   the kernel copies descriptors before it copies memory: a thread may have ended its work in between. So a fork() counts
 *   all who are at work since it began; and a child that nobody was told of looks, if names were ever used
 *   the child of a fork has one thread. If it was at work itself, because a handler of its own has forked, it goes on, and
 *   nobody's descriptors are looked at: they cannot be told from its own
 */
#include "vm/handles/underway.h"

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/lock.h"
#include "kern/names/names.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "vm/book/pulse.h"
#include "vm/handles/handles.h"

enum { THREADS = 64, AT_ONCE = 512 };

static uintptr_t threads[THREADS]; /* as wm_lock_self has them; 0: nobody */
static uint32_t more;              /* than have a place there */
static bool used;                  /* somebody has been */
static int32_t forking;            /* the process, while it is in a fork() */
static bool busy;                  /* somebody has been since that began */

static void note(void)
{
    if (!WM_LOAD(used))
        WM_STORE(used, true);
    if (__atomic_load_n(&forking, __ATOMIC_SEQ_CST) != 0)
        WM_STORE(busy, true);
}

static uint32_t take_place(void)
{
    for (uint32_t i = 0; i < THREADS; i++) {
        uintptr_t nobody = 0;

        if (WM_LOAD(threads[i]) == 0 &&
            __atomic_compare_exchange_n(&threads[i], &nobody, wm_lock_self(), false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED))
            return i;
    }
    __atomic_fetch_add(&more, 1, __ATOMIC_SEQ_CST);
    return THREADS;
}

/*
 * Alive first: by that the child of a fork knows that it is one. A name is a file before it is an object, so without it
 * the first call of all could be copied into a child that has nothing to renew. Where it fails, no name gets a handle.
 */
uint32_t wm_underway_begin(void)
{
    uint32_t place;

    (void)wm_home_ready();
    place = take_place();
    note();
    return place;
}

/* A child that was begun meanwhile knows nothing of those who had no place. */
void wm_underway_end(uint32_t which)
{
    if (which < THREADS)
        WM_STORE(threads[which], 0);
    else if (WM_LOAD(more) != 0)
        __atomic_fetch_sub(&more, 1, __ATOMIC_ACQ_REL);
}

bool wm_underway_is_nested(uint32_t which)
{
    for (uint32_t i = 0; i < THREADS; i++)
        if (i != which && WM_LOAD(threads[i]) == wm_lock_self())
            return true;
    return false;
}

/*
 * --- who shares a description ---
 *
 * A fork() is counted before and after: what is opened in between may be copied or not. Children that were made otherwise
 * nobody tells of; but as long as they live the kernel knows that there are children.
 */

static uint32_t forks = 1;

static void count_fork(void)
{
    __atomic_fetch_add(&forks, 1, __ATOMIC_SEQ_CST);
}

uint32_t wm_underway_alone(void)
{
    return __atomic_load_n(&forks, __ATOMIC_SEQ_CST);
}

bool wm_underway_is_shared(uint32_t alone)
{
    return alone == 0 || alone != __atomic_load_n(&forks, __ATOMIC_SEQ_CST) || wm_named_has_children();
}

/* --- forks --- */

static bool is_anybody(void)
{
    bool anybody = __atomic_load_n(&more, __ATOMIC_SEQ_CST) != 0;

    for (int i = 0; i < THREADS; i++)
        anybody |= __atomic_load_n(&threads[i], __ATOMIC_SEQ_CST) != 0;
    return anybody;
}

static void begin_fork(void)
{
    count_fork();
    WM_STORE(busy, false);
    __atomic_store_n(&forking, wm_sys_pid(), __ATOMIC_SEQ_CST);
    if (is_anybody())
        WM_STORE(busy, true);
}

/* The child has yet to see it. */
static void end_fork(void)
{
    count_fork();
    if (forking == wm_sys_pid())
        WM_STORE(forking, 0);
}

/* --- in a child --- */

/* Ascending descriptors, and which of them an object knows. */
struct list {
    int fds[AT_ONCE], count;
    bool known[AT_ONCE];
};

static void mark(struct list *list, int fd)
{
    int low = 0, high = list->count;

    while (low < high) {
        int middle = (low + high) / 2;

        if (list->fds[middle] < fd)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < list->count && list->fds[low] == fd)
        list->known[low] = true;
}

static void mark_known_of(struct list *list, unsigned type)
{
    const struct wm_pool *records = &wm_home.objects.records[type];

    for (uint32_t index = 1; records->items != NULL && index < records->used; index++) {
        const struct wm_object *object = wm_object_at(&wm_home.objects, type, index);
        int fds[WM_NAME_DESCRIPTORS];

        if (object->type != type)
            continue;
        wm_handle_type_of(type)->name_descriptors(index, fds);
        for (int i = 0; i < WM_NAME_DESCRIPTORS; i++)
            mark(list, fds[i]);
    }
}

static void mark_known(struct list *list)
{
    for (unsigned type = 1; type < WM_HANDLE_TYPES; type++)
        if (wm_handle_type_of(type)->name_descriptors != NULL)
            mark_known_of(list, type);
}

static void close_unknown(void)
{
    int from = 0;

    for (struct list list = {.count = AT_ONCE}; list.count == AT_ONCE;) {
        list = (struct list){.count = 0};
        list.count = (int)wm_named_open_here(from, list.fds, AT_ONCE);
        mark_known(&list);
        for (int i = 0; i < list.count; i++) {
            if (!list.known[i])
                wm_kern_close(list.fds[i]);
            from = list.fds[i] + 1;
        }
    }
}

static void renew(void)
{
    bool others = more != 0 || (forking != 0 ? busy : used), self = false;

    count_fork();
    forking = 0;
    more = 0;
    for (int i = 0; i < THREADS; i++) {
        if (threads[i] == 0)
            continue;
        if (wm_lock_outlives_fork(threads[i])) {
            self = true;
        } else {
            others = true;
            threads[i] = 0;
        }
    }
    if (others && !self)
        close_unknown();
}

const struct wm_renewal wm_renewed_underway = {.hold = begin_fork, .give_back = end_fork, .renew = renew};
