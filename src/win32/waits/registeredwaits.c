/*
 * registeredwaits.c: RegisterWaitForSingleObject's threads and what they wait for.
 *
 * Registrations stand in a table, in groups of 63. A thread waits for all of one group, and for an event by which it is told
 * that the group has changed: it is made with the group's first registration and stays. Callbacks run on other threads
 * (waitworkers.c), since they may take long.
 *
 *   a registration is waited for while it is IN USE, its callback is not on its way, and it has not ended (once)
 *   the thread waits by handles of its own to the objects: so the program may close its handles
 *   a handle of a registration is the number of its place and how often that was used, and a bit that no other handle has
 *   one lock guards the table; no callback runs under it, and nobody waits with it
 *
 * A forked child has none of the threads: its first call here finds that it is another process, and forgets all.
 */
#include "win32/waits/registeredwaits.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "kern/clock.h"
#include "vm/ops.h"
#include "vm/waits/waitable.h"
#include "win32/waits/waitworkers.h"

enum { PLACES = WM_WAITS_MOST - 1, GROUPS = 256, PLACE_BITS = 16, PAUSE = 10000 };

#define MARK ((uintptr_t)1 << 47)

struct place {
    struct wm_work work; /* its callback, on its way */
    struct wm_registration wanted;
    uint64_t due;
    uintptr_t completion; /* once its callback has run: an event of the library's own, or 0 */
    uint32_t uses;
    bool in_use, ended, called, timed_out, unregistered;
    pthread_t caller; /* the thread in the callback */
};

struct group {
    uintptr_t changed; /* an event; 0: there is no such group yet */
    struct place places[PLACES];
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t returned; /* some callback has */
    pid_t process;
    struct group *groups[GROUPS];
} all = {.lock = PTHREAD_MUTEX_INITIALIZER, .returned = PTHREAD_COND_INITIALIZER};

/* What the parent had the child has copies of: they are left lying. */
static void forget(void)
{
    pthread_mutex_init(&all.lock, NULL);
    pthread_cond_init(&all.returned, NULL);
    memset(all.groups, 0, sizeof all.groups);
    wm_workers_forget();
}

/* Whoever comes first in a process says that it is that one now; who comes meanwhile waits for him. */
static void know_process(void)
{
    enum { BUSY = -1 };
    pid_t process = getpid(), known = __atomic_load_n(&all.process, __ATOMIC_ACQUIRE);

    while (known != process) {
        if (known != BUSY && __atomic_compare_exchange_n(&all.process, &known, BUSY, false, __ATOMIC_ACQ_REL,
                                                         __ATOMIC_ACQUIRE)) {
            if (known != 0)
                forget();
            __atomic_store_n(&all.process, process, __ATOMIC_RELEASE);
            return;
        }
        sched_yield();
        known = __atomic_load_n(&all.process, __ATOMIC_ACQUIRE);
    }
}

static void lock_all(void)
{
    know_process();
    pthread_mutex_lock(&all.lock);
}

static void unlock_all(void)
{
    pthread_mutex_unlock(&all.lock);
}

/* --- places --- */

static uintptr_t handle_of(unsigned group, const struct place *place)
{
    size_t number = group * (size_t)PLACES + (size_t)(place - all.groups[group]->places);

    return MARK | (uintptr_t)(place->uses & 0x7fff) << (PLACE_BITS + 2) | number << 2;
}

static struct place *place_at(uintptr_t handle, unsigned *group)
{
    size_t number = handle >> 2 & ((1u << PLACE_BITS) - 1);
    struct place *place;

    *group = (unsigned)(number / PLACES);
    if (*group >= GROUPS || all.groups[*group] == NULL)
        return NULL;
    place = &all.groups[*group]->places[number % PLACES];
    return place->in_use && !place->unregistered && handle_of(*group, place) == handle ? place : NULL;
}

static void tell_group(const struct group *group)
{
    wm_op_set_event(group->changed);
}

/* Nobody calls or waits for it any more. */
static void clear(struct place *place)
{
    wm_op_close(place->wanted.object);
    if (place->completion != 0) {
        wm_op_set_event(place->completion);
        wm_op_close(place->completion);
    }
    *place = (struct place){.uses = place->uses + 1};
}

/* --- callbacks --- */

static void begin_wait(struct place *place)
{
    place->due = wm_clock_after(place->wanted.nanoseconds);
}

static struct group *group_of(const struct place *place)
{
    for (unsigned i = 0; i < GROUPS && all.groups[i] != NULL; i++)
        if (place >= all.groups[i]->places && place < all.groups[i]->places + PLACES)
            return all.groups[i];
    return NULL;
}

static void call(struct wm_work *work)
{
    struct place *place = (struct place *)work;

    lock_all();
    place->caller = pthread_self();
    unlock_all();
    place->wanted.callback(place->wanted.context, place->timed_out);
    lock_all();
    place->called = false;
    begin_wait(place);
    tell_group(group_of(place));
    if (place->unregistered)
        clear(place);
    pthread_cond_broadcast(&all.returned);
    unlock_all();
}

/* With the lock, which is dropped for a callback that runs here. */
static void dispatch(struct place *place, bool timed_out)
{
    place->called = true;
    place->timed_out = timed_out;
    place->ended = place->wanted.once;
    place->work.run = call;
    place->caller = pthread_self();
    if (!place->wanted.here && wm_workers_do(&place->work))
        return;
    unlock_all();
    call(&place->work);
    lock_all();
}

/* --- the thread that waits --- */

struct round {
    uintptr_t handles[WM_WAITS_MOST];
    struct place *places[WM_WAITS_MOST];
    uint32_t uses[WM_WAITS_MOST];
    uint32_t count;
    uint64_t until;
};

static bool is_awaited(const struct place *place)
{
    return place->in_use && !place->ended && !place->called && !place->unregistered;
}

static void gather(struct group *group, struct round *round)
{
    round->handles[0] = group->changed;
    round->count = 1;
    round->until = UINT64_MAX;
    for (struct place *place = group->places; place < group->places + PLACES; place++) {
        if (!is_awaited(place))
            continue;
        round->handles[round->count] = place->wanted.object;
        round->places[round->count] = place;
        round->uses[round->count++] = place->uses;
        round->until = place->due < round->until ? place->due : round->until;
    }
}

static uint64_t left_of(const struct round *round)
{
    uint64_t now = wm_clock_now();

    if (round->until == UINT64_MAX)
        return UINT64_MAX;
    return round->until > now ? round->until - now : 0;
}

/* The one that was signalled, and those whose time has come. A handle that was closed behind our back ends its wait. */
static void follow(const struct round *round, wm_status st, uint32_t signalled)
{
    uint64_t now = wm_clock_now();

    for (uint32_t i = 1; i < round->count; i++) {
        struct place *place = round->places[i];

        if (place->uses != round->uses[i] || !is_awaited(place))
            continue;
        if (i == signalled)
            dispatch(place, false);
        else if (!wm_ok(st) && !wm_ok(wm_op_may_wait(place->wanted.object)))
            place->ended = true;
        else if (place->due <= now)
            dispatch(place, true);
    }
}

static void *wait_for_group(void *argument)
{
    struct group *group = argument;
    struct round round;

    for (;;) {
        struct wm_wait_req req = {.handles = round.handles};
        enum wm_signal signal = WM_NOT_SIGNALLED;
        wm_status st;

        lock_all();
        gather(group, &round);
        unlock_all();
        req.count = round.count;
        req.nanoseconds = left_of(&round);
        st = wm_op_wait_for(&req, &signal);
        if (!wm_ok(st)) /* perhaps the program has closed our event: it is not asked again and again */
            usleep(PAUSE);
        lock_all();
        follow(&round, st, wm_ok(st) && signal != WM_NOT_SIGNALLED ? req.index : 0);
        unlock_all();
    }
    return NULL;
}

/* --- beginning --- */

static wm_status make_group(unsigned i)
{
    struct wm_waitable_req event = {.type = WM_HANDLE_EVENT, .rights = EVENT_ALL_ACCESS};
    struct group *group = calloc(1, sizeof *group);
    wm_status st = group == NULL ? WM_BOOK_MEMORY : wm_op_create_waitable(&event);

    if (!wm_ok(st)) {
        free(group);
        return st;
    }
    group->changed = event.result;
    if (!wm_library_thread(wait_for_group, group)) {
        wm_op_close(group->changed);
        free(group);
        return WM_BOOK_MEMORY;
    }
    all.groups[i] = group;
    return WM_OK;
}

static struct place *free_place(unsigned group)
{
    for (int i = 0; i < PLACES; i++)
        if (!all.groups[group]->places[i].in_use)
            return &all.groups[group]->places[i];
    return NULL;
}

static wm_status find_place(struct place **out, unsigned *group)
{
    wm_status st = WM_OK;

    for (*group = 0; wm_ok(st) && *group < GROUPS; ++*group) {
        if (all.groups[*group] == NULL)
            st = make_group(*group);
        *out = wm_ok(st) ? free_place(*group) : NULL;
        if (*out != NULL)
            return WM_OK;
    }
    return wm_ok(st) ? WM_WAITS_FULL : st;
}

wm_status wm_registered_begin(const struct wm_registration *wanted, uintptr_t *handle)
{
    struct place *place;
    uintptr_t own;
    unsigned group;
    wm_status st = wm_op_may_wait(wanted->object);

    if (wm_ok(st))
        st = wm_op_duplicate(wanted->object, 0, WM_SAME_RIGHTS, &own);
    if (!wm_ok(st))
        return st;
    lock_all();
    st = find_place(&place, &group);
    if (wm_ok(st)) {
        place->wanted = *wanted;
        place->wanted.object = own;
        place->in_use = true;
        begin_wait(place);
        *handle = handle_of(group, place);
        tell_group(all.groups[group]);
    }
    unlock_all();
    if (!wm_ok(st))
        wm_op_close(own);
    return st;
}

/* --- ending --- */

/* A callback that ends its own registration does not wait for itself. */
static wm_status end_called(struct place *place, uintptr_t completion)
{
    uint32_t uses = place->uses;

    if (completion != UINTPTR_MAX || pthread_equal(place->caller, pthread_self())) {
        if (completion != UINTPTR_MAX)
            place->completion = completion;
        return WM_WAIT_CALLED;
    }
    while (place->uses == uses)
        pthread_cond_wait(&all.returned, &all.lock);
    return WM_OK;
}

static wm_status end_place(struct place *place, struct group *group, uintptr_t completion)
{
    place->unregistered = true;
    tell_group(group);
    if (place->called)
        return end_called(place, completion);
    place->completion = completion == UINTPTR_MAX ? 0 : completion;
    clear(place);
    return WM_OK;
}

/* By a handle of our own, which is good as long as it is needed. */
static wm_status own_event(uintptr_t *completion)
{
    if (*completion == 0 || *completion == UINTPTR_MAX)
        return WM_OK;
    return wm_op_duplicate(*completion, 0, WM_SAME_RIGHTS, completion);
}

wm_status wm_registered_end(uintptr_t handle, uintptr_t completion)
{
    struct place *place;
    unsigned group;
    wm_status st = own_event(&completion);

    if (!wm_ok(st))
        return st;
    lock_all();
    place = place_at(handle, &group);
    st = place == NULL ? WM_HANDLE : end_place(place, all.groups[group], completion);
    unlock_all();
    if (place == NULL && completion != 0 && completion != UINTPTR_MAX)
        wm_op_close(completion);
    return st;
}
