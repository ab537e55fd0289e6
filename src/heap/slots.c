/*
 * slots.c: how a table of slots grows (slots.h).
 *
 * Slots lie in chunks, each eight times as long as the one before, which are made when they are needed and
 * never move nor go before the table does. Two threads may make the same chunk: the first to enter it wins,
 * and the other gives its own back. A chunk's length is stored last, and until then no index leads into it.
 *
 * malloc is asked for the chunks, as for everything of a heap. errno stays as it was.
 */
#include "heap/slots.h"

#include <errno.h>

#include "heap/inside.h"

enum { FIRST_ORDER = 6, STEP_ORDER = 3 };

_Static_assert(WM_SLOT_META >> WM_SLOT_NEXT_SHIFT == 0, "the fields of a word lie side by side");
_Static_assert(sizeof(struct wm_slots) == 256, "as it says");

static uint64_t slots_in(unsigned chunk)
{
    return (uint64_t)1 << (STEP_ORDER * chunk + FIRST_ORDER);
}

static uint64_t slots_before(unsigned chunk)
{
    return (slots_in(chunk) - slots_in(0)) / ((1 << STEP_ORDER) - 1);
}

static unsigned chunk_of(uint32_t n)
{
    unsigned order = 63 - (unsigned)__builtin_clzll((uint64_t)n * ((1 << STEP_ORDER) - 1) + slots_in(0));

    return (order - FIRST_ORDER) / STEP_ORDER;
}

uint32_t wm_slot_index(uint32_t n)
{
    unsigned chunk = chunk_of(n);

    return chunk << WM_SLOT_CHUNK_SHIFT | (uint32_t)(n - slots_before(chunk));
}

static uint64_t *make_chunk(struct wm_slots *slots, unsigned number)
{
    int saved = errno;
    uint64_t *chunk = wm_malloc(slots_in(number) * sizeof *chunk, true), *other = NULL;

    errno = saved;
    if (chunk == NULL || __atomic_compare_exchange_n(&slots->chunks[number].slots, &other, chunk, false,
                                                     __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return chunk;
    wm_mfree(chunk); /* somebody was faster */
    return other;
}

static bool has_chunk(struct wm_slots *slots, unsigned number)
{
    if (number >= WM_SLOT_CHUNKS)
        return false;
    if (WM_LOAD(slots->chunks[number].length) != 0)
        return true;
    if (make_chunk(slots, number) == NULL)
        return false;
    WM_STORE(slots->chunks[number].length, slots_in(number));
    return true;
}

uint64_t *wm_slots_make(struct wm_slots *slots, uint32_t *index)
{
    uint32_t n = WM_LOAD(slots->made);
    uint64_t *slot;

    do
        if (!has_chunk(slots, chunk_of(n)))
            return NULL;
    while (!__atomic_compare_exchange_n(&slots->made, &n, n + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
    *index = wm_slot_index(n);
    slot = wm_slots_at(slots, *index);
    WM_STORE(*slot, WM_SLOT_SPARE);
    return slot;
}

void wm_slots_end(struct wm_slots *slots)
{
    for (unsigned i = 0; i < WM_SLOT_CHUNKS; i++)
        wm_mfree(slots->chunks[i].slots);
    *slots = (struct wm_slots){0};
}
