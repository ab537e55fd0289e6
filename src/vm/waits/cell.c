/*
 * cell.c: looking at a cell and taking it, alone or with others (cell.h).
 *
 * A word is changed from what it was seen to be, or not at all: so a look and what is done because of it are one step. Who
 * takes several puts his number into each first, and takes them when all are his; signals wait meanwhile, since a handler
 * that came to one of these words would wait for its own thread.
 */
#include "vm/waits/cellword.h"

#include <stddef.h>

#include "base/atomic.h"
#include "kern/patience.h"
#include "kern/process/peer.h"
#include "kern/sys.h"
#include "kern/uninterrupted.h"
#include "vm/waits/owner.h"

/* A killed owner is found out so soon; one of this process says so himself, but for threads that end by a system call. */
#define OWNER_PAUSE ((uint64_t)50000000)

/* --- the word --- */

/* Whoever takes several is through in no time, unless he was stopped or killed. */
uint64_t wm_cell_settled(struct wm_cell *cell)
{
    struct wm_patience patience = wm_patience_for(UINT64_MAX);
    uint64_t word;

    while (wm_cell_taker(word = wm_cell_word(cell)) != 0) {
        wm_patience_nap(&patience);
        if (wm_patience_wavers(&patience) && wm_kern_thread_ended((int32_t)wm_cell_taker(word)))
            wm_cell_swap(cell, word, word & ~TAKER_BITS);
    }
    return word;
}

static uint32_t forks;

void wm_cell_may_be_inherited(void)
{
    WM_STORE(forks, WM_LOAD(forks) + 1);
}

bool wm_cell_is_shared(const struct wm_cell *cell)
{
    return cell->shared || cell->made != WM_LOAD(forks);
}

static void put(struct wm_cell *cell, const struct wm_cell_start *start)
{
    cell->made = WM_LOAD(forks);
    cell->kind = start->kind;
    cell->manual = start->manual;
    cell->shared = start->shared;
    cell->most = start->most;
    cell->owner = start->owner;
    cell->depth = 1;
}

void wm_cell_begin(struct wm_cell *cell, const struct wm_cell_start *start)
{
    __atomic_store_n(&cell->waiters, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&cell->pulse, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&cell->grants, 0, __ATOMIC_RELAXED);
    put(cell, start);
    __atomic_store_n(&cell->word,
                     BEGUN | ((wm_cell_word(cell) + ((uint64_t)1 << USE_SHIFT)) & USE_BITS) | start->state,
                     __ATOMIC_SEQ_CST);
}

/* Until somebody has begun nobody changes anything, and all write the same. */
void wm_cell_begin_once(struct wm_cell *cell, const struct wm_cell_start *start)
{
    if (wm_cell_word(cell) != 0)
        return;
    put(cell, start);
    wm_cell_swap(cell, 0, BEGUN | start->state);
}

/* --- what a state means --- */

/* Is its owner gone? A thread of this process has no number then; of another one that may take a while to find out. */
static bool is_orphaned(const struct wm_cell *cell, uint32_t state, bool thorough)
{
    int32_t owner = (int32_t)(state & OWNER_BITS);

    if (!thorough && __atomic_load_n(&cell->owner, __ATOMIC_RELAXED) == wm_owner_process())
        return !wm_kern_has_number(owner);
    return wm_kern_thread_ended(owner);
}

static enum wm_signal signal_of_mutex(const struct wm_cell *cell, uint32_t state, bool asks, bool thorough)
{
    uint32_t owner = state & OWNER_BITS;

    if (owner == 0)
        return state & ABANDONED ? WM_SIGNALLED_ABANDONED : WM_SIGNALLED;
    if (owner == wm_owner_thread())
        return WM_SIGNALLED;
    return asks && is_orphaned(cell, state, thorough) ? WM_SIGNALLED_ABANDONED : WM_NOT_SIGNALLED;
}

static enum wm_signal signal_of(const struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    switch (cell->kind) {
    case WM_CELL_EVENT:
        if (state & EVENT_SET || (cell->manual && wm_event_was_pulsed(cell, state, began)))
            return WM_SIGNALLED;
        return WM_NOT_SIGNALLED;
    case WM_CELL_SEMAPHORE: return state != 0 ? WM_SIGNALLED : WM_NOT_SIGNALLED;
    case WM_CELL_MUTEX: return signal_of_mutex(cell, state, true, began != NULL);
    default: return WM_NOT_SIGNALLED;
    }
}

static uint32_t state_when_taken(const struct wm_cell *cell, uint32_t state)
{
    switch (cell->kind) {
    case WM_CELL_EVENT: return cell->manual ? state : state & ~(uint32_t)EVENT_SET;
    case WM_CELL_SEMAPHORE: return state - 1;
    default: return wm_owner_thread();
    }
}

/*
 * Of a mutex what its owner alone may touch. A free one is given back as often as it was taken, so depth is 1; after an owner
 * that ended it may be anything.
 */
static void note_taken(struct wm_cell *cell, uint32_t before)
{
    if (cell->kind != WM_CELL_MUTEX)
        return;
    if ((before & OWNER_BITS) == wm_owner_thread()) {
        cell->depth++;
        return;
    }
    if (before != 0)
        cell->depth = 1;
    if (__atomic_load_n(&cell->owner, __ATOMIC_RELAXED) != wm_owner_process())
        __atomic_store_n(&cell->owner, wm_owner_process(), __ATOMIC_RELAXED);
    wm_owner_counts(1);
}

bool wm_mutex_changes_alone(const struct wm_cell *cell, uint64_t word)
{
    uint32_t state = (uint32_t)word;

    if (state == 0)
        return __atomic_load_n(&cell->owner, __ATOMIC_RELAXED) == wm_owner_process();
    return (state & OWNER_BITS) == wm_owner_thread() && cell->depth == 1;
}

/* --- taking one --- */

enum wm_signal wm_cell_look(struct wm_cell *cell, const uint32_t *began)
{
    return signal_of(cell, (uint32_t)wm_cell_settled(cell), began);
}

enum wm_signal wm_cell_take(struct wm_cell *cell, const uint32_t *began)
{
    enum wm_signal signal;
    uint32_t state;
    uint64_t word;

    do {
        word = wm_cell_settled(cell);
        state = (uint32_t)word;
        if (wm_event_take_grant(cell, state, began))
            return WM_SIGNALLED;
        signal = signal_of(cell, state, began);
        if (signal == WM_NOT_SIGNALLED)
            return wm_event_take_pulse(cell, state, began) ? WM_SIGNALLED : WM_NOT_SIGNALLED;
    } while (!wm_cell_swap(cell, word, wm_cell_with(word, state_when_taken(cell, state))));
    note_taken(cell, state);
    return signal;
}

enum wm_signal wm_cell_take_at_once(struct wm_cell *cell, uint64_t word)
{
    uint32_t state = (uint32_t)word;
    enum wm_signal signal = cell->kind == WM_CELL_MUTEX ? signal_of_mutex(cell, state, false, false)
                                                        : signal_of(cell, state, NULL);

    if (wm_cell_taker(word) != 0 || signal == WM_NOT_SIGNALLED ||
        !wm_cell_swap(cell, word, wm_cell_with(word, state_when_taken(cell, state))))
        return WM_NOT_SIGNALLED;
    note_taken(cell, state);
    return signal;
}

/* --- taking all --- */

/* Found out to the end, as by the look before. */
static enum wm_signal signal_of_any(const struct wm_cell *cell, uint32_t state)
{
    return cell->kind == WM_CELL_MUTEX ? signal_of_mutex(cell, state, true, true)
                                       : signal_of(cell, state, NULL);
}

/* WM_NOT_SIGNALLED with *busy: somebody else is changing it. */
static enum wm_signal mark(struct wm_cell *cell, bool *busy)
{
    uint64_t word = wm_cell_word(cell);
    enum wm_signal signal = WM_NOT_SIGNALLED;

    *busy = wm_cell_taker(word) != 0;
    if (!*busy)
        signal = signal_of_any(cell, (uint32_t)word);
    if (signal != WM_NOT_SIGNALLED)
        *busy = !wm_cell_swap(cell, word, word | (uint64_t)wm_owner_thread() << TAKER_SHIFT);
    return *busy ? WM_NOT_SIGNALLED : signal;
}

static void unmark(struct wm_cell *const *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        __atomic_store_n(&cells[i]->word, wm_cell_word(cells[i]) & ~TAKER_BITS, __ATOMIC_SEQ_CST);
}

static void take_marked(struct wm_cell *const *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t word = wm_cell_word(cells[i]);
        uint32_t state = (uint32_t)word;

        note_taken(cells[i], state);
        __atomic_store_n(&cells[i]->word, wm_cell_with(word, state_when_taken(cells[i], state)),
                         __ATOMIC_SEQ_CST);
    }
}

static enum wm_signal take_all_once(struct wm_cell *const *cells, unsigned count, bool *busy)
{
    enum wm_signal all = WM_SIGNALLED, signal = WM_SIGNALLED;
    unsigned marked = 0;

    *busy = false;
    while (signal != WM_NOT_SIGNALLED && marked < count) {
        signal = mark(cells[marked], busy);
        if (signal != WM_SIGNALLED)
            all = signal;
        marked += signal != WM_NOT_SIGNALLED;
    }
    if (all == WM_NOT_SIGNALLED)
        unmark(cells, marked);
    else
        take_marked(cells, count);
    return all;
}

enum wm_signal wm_cell_take_all(struct wm_cell *const *cells, unsigned count)
{
    struct wm_patience patience = wm_patience_for(UINT64_MAX);
    enum wm_signal signal;
    uint64_t held;
    bool busy;

    for (;;) {
        held = wm_kern_hold_signals();
        signal = take_all_once(cells, count, &busy);
        wm_kern_let_signals(held);
        if (!busy)
            return signal;
        for (unsigned i = 0; i < count; i++)
            wm_cell_settled(cells[i]);
        wm_patience_nap(&patience);
    }
}

/* --- sleeping --- */

uint32_t wm_cell_state(struct wm_cell *cell)
{
    return (uint32_t)wm_cell_settled(cell);
}

void wm_cell_source(struct wm_cell *cell, struct wm_wait_source *out)
{
    uint32_t state = wm_cell_state(cell);

    out->word = (struct wm_futex_word){wm_cell_state_word(cell), state, WM_FUTEX_EVERYBODYS};
    if (cell->kind == WM_CELL_MUTEX)
        out->pause = OWNER_PAUSE;
}
