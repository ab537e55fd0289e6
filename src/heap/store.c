/*
 * store.c: filling and emptying stores, and whose they are (store.h).
 *
 * There are as many stores as there have been threads at the same time that used heaps: a thread that ends leaves its own to
 * the next one (ends.def), or, if it ended without a word, whoever finds it gone does. Nothing is given back then, so
 * nothing can fail, and what a thread took with it is never more than a store can hold.
 *
 * A thread that has no record, or a signal handler in the middle of all this, uses the tables themselves.
 */
#include "heap/store.h"

#include "heap/inside.h"
#include "kern/lock.h"
#include "kern/renew.h"
#include "vm/threads/ends.h"

static struct wm_store *all, *free_ones; /* each changes by one store, so a fork finds them whole */
static struct wm_lock lock;              /* of both */

/* --- whose they are --- */

static void leave_to_others(struct wm_store *store)
{
    if (!wm_lock_take(&lock))
        return; /* a handler that interrupted its thread in here: the store is nobody's from now on */
    store->next_free = free_ones;
    WM_STORE(free_ones, store);
    wm_lock_drop(&lock);
}

static struct wm_store *make(void)
{
    struct wm_store *store = wm_malloc(sizeof *store, true);

    if (store == NULL || !wm_lock_take(&lock)) {
        if (store != NULL)
            wm_mfree(store);
        return NULL;
    }
    store->next = all;
    WM_STORE(all, store);
    wm_lock_drop(&lock);
    return store;
}

static struct wm_store *find(void)
{
    struct wm_store *store;

    if (!wm_lock_take(&lock))
        return NULL;
    store = free_ones;
    if (store != NULL)
        WM_STORE(free_ones, store->next_free);
    wm_lock_drop(&lock);
    return store != NULL ? store : make();
}

/* A handler may have found one for this thread meanwhile. */
static void obtain(void)
{
    struct wm_thread *self = wm_thread_self();
    struct wm_store *store = self == NULL ? NULL : find(), *unused;

    if (store == NULL)
        return;
    wm_busy_inside_begin();
    unused = wm_store_mine() == NULL ? NULL : store;
    if (unused == NULL)
        WM_STORE(self->spare_slots, store);
    if (unused == NULL)
        wm_busy.store = store;
    wm_busy_inside_end();
    if (unused != NULL)
        leave_to_others(unused);
}

static void leave(struct wm_thread *self)
{
    struct wm_store *store = wm_store_mine();

    wm_busy.store = NULL;
    WM_STORE(self->spare_slots, NULL);
    if (store != NULL)
        leave_to_others(store);
}

static void reap(struct wm_thread *gone)
{
    if (gone->spare_slots != NULL)
        leave_to_others(gone->spare_slots);
}

const struct wm_thread_ending wm_ending_spare_slots = {.leave = leave, .reap = reap};
const struct wm_renewal wm_renewed_stores = {.lock = &lock};

/* --- filling and emptying --- */

static bool pop(enum wm_store_kind kind, struct wm_spare_slot *out)
{
    bool has_some;

    wm_busy_inside_begin();
    has_some = wm_store_has_some(wm_store_mine(), kind);
    if (has_some)
        *out = wm_store_pop(wm_store_mine(), kind);
    wm_busy_inside_end();
    return has_some;
}

/* From the last to the first, which so is the next to be taken. How many were left. */
static uint32_t push(enum wm_store_kind kind, const struct wm_spare_slot *some, uint32_t count)
{
    wm_busy_inside_begin();
    while (count > 0 && wm_store_has_room(wm_store_mine(), kind))
        wm_store_push(wm_store_mine(), kind, some[--count]);
    wm_busy_inside_end();
    return count;
}

/* The first is the caller's, and all others the store's. */
static uint64_t *fill(enum wm_store_kind kind, struct wm_slots *table, uint32_t *index)
{
    struct wm_spare_slot some[WM_STORE_BATCH];
    uint32_t count = wm_slots_take_some(table, some, WM_STORE_BATCH), left;

    if (count == 0)
        return NULL;
    left = push(kind, some + 1, count - 1);
    if (left != 0)
        wm_slots_give_some(table, some + 1, left);
    *index = some->index;
    return some->slot;
}

uint64_t *wm_store_take(enum wm_store_kind kind, struct wm_slots *table, uint32_t *index)
{
    struct wm_spare_slot spare;

    if (wm_busy_is_inside())
        return wm_slots_take(table, index);
    if (wm_store_mine() == NULL)
        obtain();
    if (wm_store_mine() == NULL)
        return wm_slots_take(table, index);
    if (!pop(kind, &spare))
        return fill(kind, table, index);
    *index = spare.index;
    return spare.slot;
}

static uint32_t pop_batch(enum wm_store_kind kind, struct wm_spare_slot *out)
{
    uint32_t count = 0;

    wm_busy_inside_begin();
    while (count < WM_STORE_BATCH && wm_store_has_some(wm_store_mine(), kind))
        out[count++] = wm_store_pop(wm_store_mine(), kind);
    wm_busy_inside_end();
    return count;
}

void wm_store_give(enum wm_store_kind kind, struct wm_slots *table, struct wm_spare_slot slot)
{
    struct wm_spare_slot some[WM_STORE_BATCH];
    uint32_t count;

    if (!wm_busy_is_inside() && push(kind, &slot, 1) == 0)
        return;
    wm_slots_give_some(table, &slot, 1);
    count = wm_busy_is_inside() ? 0 : pop_batch(kind, some);
    if (count != 0)
        wm_slots_give_some(table, some, count);
}
