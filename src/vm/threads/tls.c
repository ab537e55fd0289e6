/*
 * tls.c: which slots are in use, and emptying one in all threads (tls.h).
 *
 *   a slot that is not in use is NULL in all threads but those that set it regardless, so handing one out empties it again
 *   slots of other threads are stored to without a lock: whoever frees an index has seen to it that nobody uses it
 */
#include "vm/threads/tls.h"

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "vm/threads/ends.h"
#include "vm/threads/records.h"

enum { WORDS = WM_TLS_ALL / 64, MORE_BYTES = WM_TLS_BEHIND * sizeof(void *) };

_Static_assert(WM_TLS_ALL % 64 == 0, "whole words");

static struct wm_lock tls_lock;
static uint64_t used[WORDS];

static uint64_t bit_of(uint32_t index)
{
    return (uint64_t)1 << index % 64;
}

static void **slot_of(struct wm_thread *thread, uint32_t index)
{
    void **more = WM_LOAD(thread->teb.more_slots);

    if (index < WM_TLS_WITHIN)
        return &thread->teb.slots[index];
    return more == NULL ? NULL : &more[index - WM_TLS_WITHIN];
}

static void empty_everywhere(uint32_t index)
{
    for (struct wm_thread *thread = NULL; (thread = wm_thread_next(thread)) != NULL;) {
        void **slot = slot_of(thread, index);

        if (slot != NULL && WM_LOAD(*slot) != NULL)
            WM_STORE(*slot, NULL);
    }
}

static bool take_one(uint32_t *index)
{
    for (uint32_t word = 0; word < WORDS; word++) {
        if (used[word] == UINT64_MAX)
            continue;
        *index = word * 64 + (uint32_t)__builtin_ctzll(~used[word]);
        used[word] |= bit_of(*index);
        return true;
    }
    return false;
}

wm_status wm_tls_alloc(uint32_t *index)
{
    bool taken;

    if (!wm_lock_take(&tls_lock))
        return WM_REENTERED;
    taken = take_one(index);
    if (taken)
        empty_everywhere(*index);
    wm_lock_drop(&tls_lock);
    return taken ? WM_OK : WM_TLS_FULL;
}

wm_status wm_tls_free(uint32_t index)
{
    bool was = false;

    if (index >= WM_TLS_ALL)
        return WM_TLS_INDEX;
    if (!wm_lock_take(&tls_lock))
        return WM_REENTERED;
    was = (used[index / 64] & bit_of(index)) != 0;
    used[index / 64] &= ~bit_of(index);
    if (was)
        empty_everywhere(index);
    wm_lock_drop(&tls_lock);
    return was ? WM_OK : WM_TLS_INDEX;
}

static bool make_more(struct wm_thread *self)
{
    uintptr_t start;

    if (self->teb.more_slots == NULL && wm_kern_map_sparse(MORE_BYTES, &start) == 0)
        WM_STORE(self->teb.more_slots, (void **)start);
    return self->teb.more_slots != NULL;
}

wm_status wm_tls_set(uint32_t index, void *value)
{
    struct wm_thread *self;

    if (index >= WM_TLS_ALL)
        return WM_TLS_INDEX;
    if (value == NULL && wm_tls_get(index) == NULL)
        return WM_OK;
    self = wm_thread_self();
    if (self == NULL || (index >= WM_TLS_WITHIN && !make_more(self)))
        return WM_THREAD_MEMORY;
    WM_STORE(*slot_of(self, index), value);
    return WM_OK;
}

static void reap(struct wm_thread *gone)
{
    wm_thread_empty_more(gone->teb.more_slots, MORE_BYTES);
}

const struct wm_thread_ending wm_ending_tls = {.reap = reap};
const struct wm_renewal wm_renewed_tls = {.lock = &tls_lock};
