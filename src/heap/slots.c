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

/* Of the chunk in which the n-th slot lies, as many from there on as it has. */
static uint32_t left_in_chunk(uint32_t n, uint32_t most)
{
    unsigned chunk = chunk_of(n);
    uint64_t left = slots_before(chunk) + slots_in(chunk) - n;

    return left < most ? (uint32_t)left : most;
}

/* New ones that follow each other, and the number of the first. 0: no memory. */
static uint32_t make_some(struct wm_slots *slots, uint32_t *first, uint32_t most)
{
    uint32_t count;

    *first = WM_LOAD(slots->made);
    do {
        if (!has_chunk(slots, chunk_of(*first)))
            return 0;
        count = left_in_chunk(*first, most);
    } while (!__atomic_compare_exchange_n(&slots->made, first, *first + count, false, __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
    return count;
}

static uint64_t *set_out(struct wm_slots *slots, uint32_t n, uint32_t *index)
{
    uint64_t *slot;

    *index = wm_slot_index(n);
    slot = wm_slots_at(slots, *index);
    WM_STORE(*slot, WM_SLOT_SPARE);
    return slot;
}

uint64_t *wm_slots_make(struct wm_slots *slots, uint32_t *index)
{
    uint32_t n;

    return make_some(slots, &n, 1) == 0 ? NULL : set_out(slots, n, index);
}

/* --- several at once --- */

static uint32_t next_in_list(uint64_t word)
{
    return (uint32_t)(word >> WM_SLOT_NEXT_SHIFT);
}

/*
 * From the head on; first becomes what follows. Whoever is faster makes it nonsense, and has changed the head: so any
 * number may be met, and is looked up like a stranger's.
 */
static uint32_t follow(const struct wm_slots *slots, uint32_t *first, struct wm_spare_slot *out,
                       uint32_t most)
{
    uint32_t count = 0;

    for (; count < most && *first != 0; count++) {
        out[count].index = *first - 1;
        if (!wm_slots_find(slots, out[count].index, &out[count].slot))
            break;
        *first = next_in_list(WM_LOAD(*out[count].slot));
    }
    return count;
}

uint32_t wm_slots_take_some(struct wm_slots *slots, struct wm_spare_slot *out, uint32_t most)
{
    uint64_t head = WM_LOAD(slots->spare);
    uint32_t count, first;

    do {
        first = (uint32_t)head;
        count = follow(slots, &first, out, most);
    } while ((uint32_t)head != 0 && !wm_slots_swap_spare(slots, &head, first));
    if (count != 0)
        return count;
    count = make_some(slots, &first, most);
    for (uint32_t i = 0; i < count; i++)
        out[i].slot = set_out(slots, first + i, &out[i].index);
    return count;
}

static uint64_t generation_in(uint64_t word)
{
    return word & WM_SLOT_GENERATIONS;
}

void wm_slots_give_some(struct wm_slots *slots, const struct wm_spare_slot *some, uint32_t count)
{
    const struct wm_spare_slot *last = &some[count - 1];

    for (const struct wm_spare_slot *one = some; one < last; one++)
        WM_STORE(*one->slot, (uint64_t)(one[1].index + 1) << WM_SLOT_NEXT_SHIFT |
                                 generation_in(WM_LOAD(*one->slot)) | WM_SLOT_SPARE);
    wm_slots_give_list(slots, some->index, last->slot, generation_in(WM_LOAD(*last->slot)));
}

void wm_slots_end(struct wm_slots *slots)
{
    for (unsigned i = 0; i < WM_SLOT_CHUNKS; i++)
        wm_mfree(slots->chunks[i].slots);
    *slots = (struct wm_slots){0};
}
