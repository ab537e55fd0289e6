/*
 * fls.c: which slots are in use, and calling the functions of those who allocated them (fls.h).
 *
 *   a value is taken out of its slot in one step by whoever calls the function with it: so that is called once for each,
 *   although a thread ends while another one frees the index
 *   no lock is held while the program's function runs. It may do anything, also free the index; values that it sets are
 *   taken out in the next round of the thread's last acts
 *   who frees an index waits until no thread is in that function any more: what it is in may be unloaded then
 *   of a thread that had no last acts (a bare system call) the values are forgotten, as on Windows after TerminateThread
 */
#include "vm/threads/fls.h"

#include "base/atomic.h"
#include "kern/clock.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "vm/threads/ends.h"
#include "vm/threads/records.h"

enum { MORE_BYTES = WM_FLS_ALL * sizeof(void *), FIRST_INDEX = 1 };

#define PAUSE_NANOSECONDS ((uint64_t)50000)

static struct wm_lock fls_lock;
static wm_fls_fn *functions[WM_FLS_ALL];
static uint64_t used[(WM_FLS_ALL + 63) / 64];
static uint32_t highest; /* index + 1 of the highest that was ever in use */

static void no_function(void *value)
{
    (void)value;
}

static bool is_used(uint32_t index)
{
    return (WM_LOAD(used[index / 64]) >> index % 64 & 1) != 0;
}

static void set_used(uint32_t index, bool now)
{
    uint64_t bit = (uint64_t)1 << index % 64;

    WM_STORE(used[index / 64], now ? used[index / 64] | bit : used[index / 64] & ~bit);
}

/* NULL: the set has none. */
static void **slot_of(struct wm_fls_set *set, uint32_t index)
{
    void **more = WM_LOAD(set->more);

    if (index < WM_FLS_WITHIN)
        return &set->within[index];
    return more == NULL ? NULL : &more[index];
}

/* What the thread's functions see: that of the fiber it is on. */
static struct wm_fls_set *set_of(struct wm_thread *thread)
{
    return thread->fiber_fls == NULL ? &thread->own_fls : thread->fiber_fls;
}

/* --- calling --- */

static void call_with_value(struct wm_fls_set *set, uint32_t index, struct wm_thread *self)
{
    void **slot = slot_of(set, index), *value;
    uint32_t outer = self == NULL ? 0 : self->in_fls;

    if (slot == NULL || WM_LOAD(*slot) == NULL)
        return;
    if (self != NULL)
        __atomic_store_n(&self->in_fls, index, __ATOMIC_SEQ_CST);
    value = __atomic_exchange_n(slot, NULL, __ATOMIC_SEQ_CST);
    if (value != NULL)
        WM_LOAD(functions[index])(value);
    if (self != NULL)
        WM_STORE(self->in_fls, outer);
}

static void call_with_all(struct wm_fls_set *set, struct wm_thread *self)
{
    for (uint32_t index = FIRST_INDEX; index < WM_LOAD(highest); index++)
        if (is_used(index))
            call_with_value(set, index, self);
}

/* Of both, where it ends on a fiber that is not its own. */
static void act(struct wm_thread *self)
{
    call_with_all(set_of(self), self);
    call_with_all(&self->own_fls, self);
}

/* --- sets of fibers --- */

static struct wm_fls_set *fibers; /* in no order; guarded by the lock */

bool wm_fls_begin(struct wm_fls_set *set)
{
    if (!wm_lock_take(&fls_lock))
        return false;
    *set = (struct wm_fls_set){.next = fibers};
    if (fibers != NULL)
        fibers->previous = set;
    fibers = set;
    wm_lock_drop(&fls_lock);
    return true;
}

/* Nobody comes upon it any more, and then its values are called with: so each is, once. */
bool wm_fls_end(struct wm_fls_set *set)
{
    if (!wm_lock_take(&fls_lock))
        return false;
    if (set->next != NULL)
        set->next->previous = set->previous;
    *(set->previous != NULL ? &set->previous->next : &fibers) = set->next;
    wm_lock_drop(&fls_lock);
    call_with_all(set, wm_thread_self());
    if (set->more != NULL)
        wm_kern_unmap(wm_range_of((uintptr_t)set->more, MORE_BYTES));
    return true;
}

/* A value that some fiber has there, taken out; NULL: none has one. */
static void *take_of_fibers(uint32_t index)
{
    void *value = NULL;

    if (!wm_lock_take(&fls_lock))
        return NULL;
    for (struct wm_fls_set *set = fibers; set != NULL && value == NULL; set = set->next) {
        void **slot = slot_of(set, index);

        if (slot != NULL)
            value = __atomic_exchange_n(slot, NULL, __ATOMIC_SEQ_CST);
    }
    wm_lock_drop(&fls_lock);
    return value;
}

static void call_with_those_of_fibers(uint32_t index, struct wm_thread *self)
{
    uint32_t outer = self == NULL ? 0 : self->in_fls;
    void *value;

    if (self != NULL)
        __atomic_store_n(&self->in_fls, index, __ATOMIC_SEQ_CST);
    while ((value = take_of_fibers(index)) != NULL)
        WM_LOAD(functions[index])(value);
    if (self != NULL)
        WM_STORE(self->in_fls, outer);
}

/* --- allocating and freeing --- */

static void forget(struct wm_fls_set *set, uint32_t index)
{
    void **slot = slot_of(set, index);

    if (slot != NULL && WM_LOAD(*slot) != NULL)
        WM_STORE(*slot, NULL);
}

static void forget_everywhere(uint32_t index)
{
    for (struct wm_thread *thread = NULL; (thread = wm_thread_next(thread)) != NULL;)
        forget(&thread->own_fls, index);
    for (struct wm_fls_set *set = fibers; set != NULL; set = set->next)
        forget(set, index);
}

static wm_status take_one(wm_fls_fn *callback, uint32_t *index)
{
    for (uint32_t i = FIRST_INDEX; i < WM_FLS_ALL; i++) {
        if (is_used(i))
            continue;
        forget_everywhere(i);
        WM_STORE(functions[i], callback == NULL ? no_function : callback);
        set_used(i, true);
        if (i >= highest)
            WM_STORE(highest, i + 1);
        *index = i;
        return WM_OK;
    }
    return WM_FLS_FULL;
}

wm_status wm_fls_alloc(wm_fls_fn *callback, uint32_t *index)
{
    wm_status st;

    if (!wm_lock_take(&fls_lock))
        return WM_REENTERED;
    st = take_one(callback, index);
    wm_lock_drop(&fls_lock);
    return st;
}

static bool runs_elsewhere(uint32_t index)
{
    for (struct wm_thread *thread = NULL; (thread = wm_thread_next(thread)) != NULL;)
        if (thread != wm_thread_mine && WM_LOAD(thread->in_fls) == index && !wm_thread_is_gone(thread))
            return true;
    return false;
}

/* It is freed for others when its values are gone, so that nobody's new values are taken for the old ones. */
wm_status wm_fls_free(uint32_t index)
{
    struct wm_thread *self = wm_thread_self();

    if (index < FIRST_INDEX || index >= WM_FLS_ALL || !is_used(index))
        return WM_FLS_INDEX;
    for (struct wm_thread *thread = NULL; (thread = wm_thread_next(thread)) != NULL;)
        call_with_value(&thread->own_fls, index, self);
    call_with_those_of_fibers(index, self);
    while (runs_elsewhere(index))
        wm_clock_sleep(wm_clock_after(PAUSE_NANOSECONDS));
    if (!wm_lock_take(&fls_lock))
        return WM_REENTERED;
    set_used(index, false);
    wm_lock_drop(&fls_lock);
    return WM_OK;
}

/* --- values --- */

wm_status wm_fls_get(uint32_t index, void **value)
{
    void **slot;

    if (index < FIRST_INDEX || index >= WM_FLS_ALL)
        return WM_FLS_INDEX;
    slot = wm_thread_mine == NULL ? NULL : slot_of(set_of(wm_thread_mine), index);
    *value = slot == NULL ? NULL : *slot;
    return WM_OK;
}

static bool make_more(struct wm_fls_set *set)
{
    uintptr_t start;

    if (set->more == NULL && wm_kern_map_sparse(MORE_BYTES, &start) == 0)
        WM_STORE(set->more, (void **)start);
    return set->more != NULL;
}

wm_status wm_fls_set(uint32_t index, void *value)
{
    struct wm_thread *self;

    if (index < FIRST_INDEX || index >= WM_FLS_ALL)
        return WM_FLS_INDEX;
    self = wm_thread_self();
    if (self == NULL)
        return value == NULL ? WM_OK : WM_THREAD_MEMORY;
    if (index >= WM_FLS_WITHIN && !make_more(set_of(self)))
        return WM_THREAD_MEMORY;
    WM_STORE(*slot_of(set_of(self), index), value);
    return WM_OK;
}

static void reap(struct wm_thread *gone)
{
    wm_thread_empty_more(gone->own_fls.more, MORE_BYTES);
}

const struct wm_thread_ending wm_ending_fls = {.act = act, .reap = reap};
const struct wm_renewal wm_renewed_fls = {.lock = &fls_lock};
