/*
 * store.h: spare slots that a thread keeps for itself.
 *
 * The blocks of the process's heap, and its movable memory, have slots in one table each. Threads take them from there and
 * give them back in batches; in between each has its own, and to allocate or to free a block needs no instruction that
 * keeps other processors out, but the one that decides who frees a block.
 *
 *   a slot in a store says spare, and is in no list of its table
 *   a store is changed by its own thread alone, and only while that is inside (kern/busy.h): a signal handler that
 *   interrupts it there is refused, and does without
 *   the first `bytes` bytes of its slots are the store's; so these get less before a slot is used, and more after one was
 *   entered: whoever finds the store of a thread that vanished may use all that is in it
 *   a store outlives its thread, with the slots that are in it, and is the next thread's
 */
#ifndef WM_HEAP_STORE_H
#define WM_HEAP_STORE_H

#include "heap/slots.h"
#include "kern/busy.h"

enum wm_store_kind { WM_STORE_FIXED, WM_STORE_MOVABLE, WM_STORE_KINDS };

enum { WM_STORE_MOST = 32, WM_STORE_BATCH = 16 };

/* How many there are is counted in bytes: so the one on top is found without a multiplication. */
struct wm_spare_slots {
    uint64_t bytes;
    struct wm_spare_slot slots[WM_STORE_MOST];
};

struct wm_store {
    struct wm_spare_slots of[WM_STORE_KINDS];
    struct wm_store *next;      /* of all */
    struct wm_store *next_free; /* of those that no thread has */
};

/* The calling thread's. NULL: none yet, or no more. */
static inline struct wm_store *wm_store_mine(void)
{
    return wm_busy.store;
}

/* --- inside --- */

static inline bool wm_store_has_some(const struct wm_store *mine, enum wm_store_kind kind)
{
    return mine != NULL && mine->of[kind].bytes != 0;
}

static inline bool wm_store_has_room(const struct wm_store *mine, enum wm_store_kind kind)
{
    return mine != NULL && mine->of[kind].bytes != sizeof mine->of[kind].slots;
}

static inline struct wm_spare_slot *wm_store_at(struct wm_spare_slots *spare, uint64_t bytes)
{
    return (struct wm_spare_slot *)((char *)spare->slots + bytes);
}

static inline struct wm_spare_slot wm_store_pop(struct wm_store *mine, enum wm_store_kind kind)
{
    struct wm_spare_slots *spare = &mine->of[kind];
    uint64_t bytes = spare->bytes - sizeof *spare->slots;

    WM_STORE(spare->bytes, bytes);
    return *wm_store_at(spare, bytes);
}

static inline void wm_store_push(struct wm_store *mine, enum wm_store_kind kind, struct wm_spare_slot slot)
{
    struct wm_spare_slots *spare = &mine->of[kind];
    uint64_t bytes = spare->bytes;

    *wm_store_at(spare, bytes) = slot;
    WM_STORE(spare->bytes, bytes + sizeof slot);
}

/* --- not inside --- */

/* From the store, which is filled from the kind's table if it is empty. NULL: no memory. */
uint64_t *wm_store_take(enum wm_store_kind kind, struct wm_slots *table, uint32_t *index);

/* To the store, of which a batch goes to the kind's table if it is full. The slot says spare. */
void wm_store_give(enum wm_store_kind kind, struct wm_slots *table, struct wm_spare_slot slot);

#endif
