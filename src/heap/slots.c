#include "heap/slots.h"

#include <errno.h>
#include <stdlib.h>

#include "base/atomic.h"

enum { NEXT_SHIFT = 20 };

#define CHANGE ((uint64_t)1 << 32)

_Static_assert(WM_SLOT_META >> NEXT_SHIFT == 0 && WM_SLOT_FIRST == 1 << 6, "the fields lie side by side");

/* --- the list of spare slots --- */

static bool swap_spare(struct wm_slots *slots, uint64_t *head, uint32_t first)
{
    uint64_t changed = ((*head + CHANGE) & ~(CHANGE - 1)) | first;

    return __atomic_compare_exchange_n(&slots->spare, head, changed, true, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE);
}

/* A slot that another thread takes first may say anything by now; then the head has changed, and is not swapped. */
static uint64_t *take_spare(struct wm_slots *slots, uint32_t *index)
{
    uint64_t head = WM_LOAD(slots->spare), *slot;

    do {
        if ((uint32_t)head == 0)
            return NULL;
        *index = (uint32_t)head - 1;
        slot = wm_slots_at(slots, *index);
    } while (!swap_spare(slots, &head, (uint32_t)(WM_LOAD(*slot) >> NEXT_SHIFT)));
    return slot;
}

void wm_slots_give(struct wm_slots *slots, uint32_t index, uint64_t kept)
{
    uint64_t *slot = wm_slots_at(slots, index), head = WM_LOAD(slots->spare);

    do
        WM_STORE(*slot, (uint64_t)(uint32_t)head << NEXT_SHIFT | kept | WM_SLOT_SPARE);
    while (!swap_spare(slots, &head, index + 1));
}

/* --- more of them --- */

static uint64_t *make_chunk(struct wm_slots *slots, unsigned number)
{
    int saved = errno;
    uint64_t *chunk = calloc((size_t)WM_SLOT_FIRST << number, sizeof *chunk), *other = NULL;

    errno = saved;
    if (chunk == NULL || __atomic_compare_exchange_n(&slots->chunks[number], &other, chunk, false,
                                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return chunk;
    free(chunk); /* somebody was faster */
    return other;
}

static bool has_chunk_for(struct wm_slots *slots, uint32_t index)
{
    unsigned number = 57 - (unsigned)__builtin_clzll((uint64_t)index + WM_SLOT_FIRST);

    return number < WM_SLOT_CHUNKS &&
           (WM_LOAD(slots->chunks[number]) != NULL || make_chunk(slots, number) != NULL);
}

static uint64_t *take_new(struct wm_slots *slots, uint32_t *index)
{
    uint64_t *slot;

    *index = WM_LOAD(slots->made);
    do
        if (!has_chunk_for(slots, *index))
            return NULL;
    while (!__atomic_compare_exchange_n(&slots->made, index, *index + 1, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE));
    slot = wm_slots_at(slots, *index);
    WM_STORE(*slot, WM_SLOT_SPARE);
    return slot;
}

uint64_t *wm_slots_take(struct wm_slots *slots, uint32_t *index)
{
    uint64_t *slot = take_spare(slots, index);

    return slot != NULL ? slot : take_new(slots, index);
}

void wm_slots_end(struct wm_slots *slots)
{
    for (unsigned i = 0; i < WM_SLOT_CHUNKS; i++)
        free(slots->chunks[i]);
    *slots = (struct wm_slots){0};
}
