/*
 * cell.c: what the word of a cell means, and how it changes (cell.h).
 *
 *   bits 0 to 31, the state, which sleepers compare
 *     event        bit 0: it is set; above: how often it was pulsed
 *     semaphore    its count
 *     mutex        bits 0 to 21: its owner's number, 0 if it is free; bit 22: its last owner ended without giving it back
 *   bits 32 to 53  the number of a thread that is taking it together with others (cell.h)
 *   bits 54 to 62  how often the cell was used before: who has a word of the object that it was before changes nothing
 *   bit 63         the cell has begun
 *
 * A pulse wakes those who wait at that moment and nobody else. Who sleeps knows how often the event had been pulsed when he
 * began: is it more by now, he was meant. Of an event that resets itself one of them gets it: whoever takes `pulse`.
 *
 * SetEvent is for those who wait at that moment, if there are any: on Windows a wait is over when the event is set, so
 * neither a ResetEvent behind it nor somebody who begins to wait now takes it away. Setting an event that stays set is a pulse
 * as well. One that resets itself is granted to those who wait, and set if there are none:
 *
 *   a grant is taken only by who began to wait before the last one was given; there are never more than waiters
 *   who comes, who leaves and who has given one looks whether one is left that nobody may take: then all who wait may, and what
 *   is too many sets the event. Each looks behind its own change, so one of two who come at once sees the other
 *   only of waiters that cannot be killed alone one is sure: those of one object, all of them threads of this process
 *
 * Sleepers are woken one by one if each waits for this object alone and all are threads of this process. Else all are
 * woken: one that waits for several may not want it after all, and one of another process may have been killed.
 */
#include "vm/waits/cell.h"

#include <stddef.h>

#include "base/atomic.h"
#include "kern/patience.h"
#include "kern/process/peer.h"
#include "kern/sys.h"
#include "kern/uninterrupted.h"
#include "vm/waits/owner.h"

#define BEGUN ((uint64_t)1 << 63)
#define TAKER_SHIFT 32
#define TAKER_BITS ((uint64_t)0x3fffff << TAKER_SHIFT)
#define USE_SHIFT 54
#define USE_BITS ((uint64_t)0x1ff << USE_SHIFT)

enum {
    EVENT_SET = 1,
    EVENT_PULSE = 2,
    OWNER_BITS = 0x3fffff,
    ABANDONED = 1 << 22,
    SEVERAL = 0x10000 /* in waiters: one that waits for several; else 1 */
};

/* A killed owner is found out so soon; one of this process says so himself, but for threads that end by a system call. */
#define OWNER_PAUSE ((uint64_t)50000000)

/* --- the word --- */

static uint64_t load(const struct wm_cell *cell)
{
    return __atomic_load_n(&cell->word, __ATOMIC_SEQ_CST);
}

static bool change(struct wm_cell *cell, uint64_t from, uint64_t to)
{
    return __atomic_compare_exchange_n(&cell->word, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static uint32_t taker_of(uint64_t word)
{
    return (uint32_t)((word & TAKER_BITS) >> TAKER_SHIFT);
}

/* What it is, and nobody is taking it. */
static uint64_t with_state(uint64_t word, uint32_t state)
{
    return (word & (BEGUN | USE_BITS)) | state;
}

/* Whoever takes several is through in no time, unless he was stopped or killed. */
static uint64_t settled(struct wm_cell *cell)
{
    struct wm_patience patience = wm_patience_for(UINT64_MAX);
    uint64_t word;

    while (taker_of(word = load(cell)) != 0) {
        wm_patience_nap(&patience);
        if (wm_patience_wavers(&patience) && wm_kern_thread_ended((int32_t)taker_of(word)))
            change(cell, word, word & ~TAKER_BITS);
    }
    return word;
}

static uint32_t forks;

void wm_cell_may_be_inherited(void)
{
    WM_STORE(forks, WM_LOAD(forks) + 1);
}

/* Have threads of other processes it as well? */
static bool is_shared(const struct wm_cell *cell)
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
                     BEGUN | ((load(cell) + ((uint64_t)1 << USE_SHIFT)) & USE_BITS) | start->state,
                     __ATOMIC_SEQ_CST);
}

/* Until somebody has begun nobody changes anything, and all write the same. */
void wm_cell_begin_once(struct wm_cell *cell, const struct wm_cell_start *start)
{
    if (load(cell) != 0)
        return;
    put(cell, start);
    change(cell, 0, BEGUN | start->state);
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

static bool was_pulsed(const struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    return cell->kind == WM_CELL_EVENT && began != NULL && (state ^ *began) >= EVENT_PULSE;
}

static enum wm_signal signal_of(const struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    switch (cell->kind) {
    case WM_CELL_EVENT:
        if (state & EVENT_SET || (cell->manual && was_pulsed(cell, state, began)))
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

static bool take_pulse(struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    uint32_t pulse = state & ~(uint32_t)EVENT_SET;

    return was_pulsed(cell, state, began) && !cell->manual && pulse != 0 &&
           __atomic_compare_exchange_n(&cell->pulse, &pulse, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static bool take_back_grant(struct wm_cell *cell)
{
    uint32_t grants = __atomic_load_n(&cell->grants, __ATOMIC_SEQ_CST);

    while (grants != 0)
        if (__atomic_compare_exchange_n(&cell->grants, &grants, grants - 1, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_SEQ_CST))
            return true;
    return false;
}

static bool take_grant(struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    return !cell->manual && was_pulsed(cell, state, began) && take_back_grant(cell);
}

enum wm_signal wm_cell_look(struct wm_cell *cell, const uint32_t *began)
{
    return signal_of(cell, (uint32_t)settled(cell), began);
}

enum wm_signal wm_cell_take(struct wm_cell *cell, const uint32_t *began)
{
    enum wm_signal signal;
    uint32_t state;
    uint64_t word;

    do {
        word = settled(cell);
        state = (uint32_t)word;
        if (take_grant(cell, state, began))
            return WM_SIGNALLED;
        signal = signal_of(cell, state, began);
        if (signal == WM_NOT_SIGNALLED)
            return take_pulse(cell, state, began) ? WM_SIGNALLED : WM_NOT_SIGNALLED;
    } while (!change(cell, word, with_state(word, state_when_taken(cell, state))));
    note_taken(cell, state);
    return signal;
}

enum wm_signal wm_cell_take_at_once(struct wm_cell *cell, uint64_t word)
{
    uint32_t state = (uint32_t)word;
    enum wm_signal signal = cell->kind == WM_CELL_MUTEX ? signal_of_mutex(cell, state, false, false)
                                                        : signal_of(cell, state, NULL);

    if (taker_of(word) != 0 || signal == WM_NOT_SIGNALLED ||
        !change(cell, word, with_state(word, state_when_taken(cell, state))))
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
    uint64_t word = load(cell);
    enum wm_signal signal = WM_NOT_SIGNALLED;

    *busy = taker_of(word) != 0;
    if (!*busy)
        signal = signal_of_any(cell, (uint32_t)word);
    if (signal != WM_NOT_SIGNALLED)
        *busy = !change(cell, word, word | (uint64_t)wm_owner_thread() << TAKER_SHIFT);
    return *busy ? WM_NOT_SIGNALLED : signal;
}

static void unmark(struct wm_cell *const *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        __atomic_store_n(&cells[i]->word, load(cells[i]) & ~TAKER_BITS, __ATOMIC_SEQ_CST);
}

static void take_marked(struct wm_cell *const *cells, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        uint64_t word = load(cells[i]);
        uint32_t state = (uint32_t)word;

        note_taken(cells[i], state);
        __atomic_store_n(&cells[i]->word, with_state(word, state_when_taken(cells[i], state)),
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
            settled(cells[i]);
        wm_patience_nap(&patience);
    }
}

/* --- sleeping --- */

uint32_t wm_cell_state(struct wm_cell *cell)
{
    return (uint32_t)settled(cell);
}

/* The half that the kernel compares. */
static uint32_t *state_word(struct wm_cell *cell)
{
    return (uint32_t *)&cell->word;
}

void wm_cell_source(struct wm_cell *cell, struct wm_wait_source *out)
{
    uint32_t state = wm_cell_state(cell);

    out->word = (struct wm_futex_word){state_word(cell), state, WM_FUTEX_EVERYBODYS};
    if (cell->kind == WM_CELL_MUTEX)
        out->pause = OWNER_PAUSE;
}

/* --- changing --- */

/* Behind the change. */
static uint32_t sleepers_of(const struct wm_cell *cell, uint32_t most)
{
    uint32_t waiters = __atomic_load_n(&cell->waiters, __ATOMIC_SEQ_CST);

    if (waiters == 0)
        return 0;
    return waiters >= SEVERAL || is_shared(cell) ? INT32_MAX : most;
}

void wm_cell_wake(struct wm_cell *cell, uint32_t sleepers)
{
    if (sleepers != 0)
        wm_futex_wake(state_word(cell), WM_FUTEX_EVERYBODYS, WM_FUTEX_ALL_BITS, (int)sleepers);
}

wm_status wm_cell_change(struct wm_cell *cell, wm_cell_once *once, struct wm_cell_step *step)
{
    while (!once(cell, settled(cell), step))
        ;
    return step->st;
}

bool wm_cell_change_at_once(struct wm_cell *cell, uint64_t word, wm_cell_once *once,
                            struct wm_cell_step *step)
{
    return taker_of(word) == 0 && once(cell, word, step);
}

/* --- granting --- */

static uint32_t count_of_single(const struct wm_cell *cell)
{
    return __atomic_load_n(&cell->waiters, __ATOMIC_SEQ_CST) % SEVERAL;
}

static bool is_granted_too_often(const struct wm_cell *cell)
{
    return __atomic_load_n(&cell->grants, __ATOMIC_SEQ_CST) > count_of_single(cell);
}

static void change_state(struct wm_cell *cell, uint32_t more, uint32_t bits)
{
    uint64_t word;

    do
        word = settled(cell);
    while (!change(cell, word, with_state(word, ((uint32_t)word + more) | bits)));
}

static void set_for_all(struct wm_cell *cell)
{
    while (is_granted_too_often(cell) && take_back_grant(cell)) {
        change_state(cell, 0, EVENT_SET);
        wm_cell_wake(cell, INT32_MAX);
    }
}

static void open_to_all(struct wm_cell *cell)
{
    change_state(cell, EVENT_PULSE, 0);
    wm_cell_wake(cell, INT32_MAX);
    set_for_all(cell);
}

/* As many grants as there are others: none of them may be here any more who had been meant. */
void wm_cell_enlist(struct wm_cell *cell, bool several)
{
    uint32_t grants;

    __atomic_add_fetch(&cell->waiters, several ? SEVERAL : 1, __ATOMIC_SEQ_CST);
    grants = __atomic_load_n(&cell->grants, __ATOMIC_SEQ_CST);
    if (grants != 0 && grants >= count_of_single(cell))
        open_to_all(cell);
}

/* Who leaves with nothing may have been meant. */
void wm_cell_delist(struct wm_cell *cell, bool several, bool served)
{
    __atomic_sub_fetch(&cell->waiters, several ? SEVERAL : 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&cell->grants, __ATOMIC_SEQ_CST) == 0)
        return;
    if (!served)
        open_to_all(cell);
    else
        set_for_all(cell);
}

static bool is_for_a_waiter(const struct wm_cell *cell, uint64_t word)
{
    return !cell->manual && !(word & EVENT_SET) && !is_shared(cell) &&
           __atomic_load_n(&cell->grants, __ATOMIC_SEQ_CST) < count_of_single(cell);
}

/* If it cannot be taken back, somebody has it: then it is given. */
static bool grant(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    __atomic_add_fetch(&cell->grants, 1, __ATOMIC_SEQ_CST);
    if (!change(cell, word, with_state(word, (uint32_t)word + EVENT_PULSE)))
        return !take_back_grant(cell);
    step->sleepers = sleepers_of(cell, 1);
    set_for_all(cell);
    return true;
}

bool wm_event_set(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    bool is_pulse = cell->manual && __atomic_load_n(&cell->waiters, __ATOMIC_SEQ_CST) != 0;

    if (is_for_a_waiter(cell, word))
        return grant(cell, word, step);
    if (!change(cell, word, with_state(word, ((uint32_t)word + (is_pulse ? EVENT_PULSE : 0)) | EVENT_SET)))
        return false;
    step->sleepers = sleepers_of(cell, cell->manual ? INT32_MAX : 1);
    return true;
}

bool wm_event_reset(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    (void)step;
    return change(cell, word, word & ~(uint64_t)EVENT_SET);
}

/* All look, and one of them may take it. */
bool wm_event_pulse(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    uint32_t state = ((uint32_t)word + EVENT_PULSE) & ~(uint32_t)EVENT_SET;

    __atomic_store_n(&cell->pulse, cell->manual ? 0 : state, __ATOMIC_SEQ_CST);
    if (!change(cell, word, with_state(word, state)))
        return false;
    step->sleepers = sleepers_of(cell, INT32_MAX);
    return true;
}

bool wm_semaphore_post(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    uint32_t state = (uint32_t)word;

    if (state > cell->most || step->count > cell->most - state)
        step->st = WM_SEMAPHORE_FULL;
    else if (change(cell, word, with_state(word, state + step->count)))
        step->sleepers = sleepers_of(cell, step->count);
    else
        return false;
    step->previous = state;
    return true;
}

/* Whoever has it next begins to count anew. */
bool wm_mutex_leave(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    if (((uint32_t)word & OWNER_BITS) != wm_owner_thread()) {
        step->st = WM_MUTEX_OWNER;
        return true;
    }
    if (cell->depth > 1) {
        cell->depth--;
        return true;
    }
    if (!change(cell, word, with_state(word, 0)))
        return false;
    wm_owner_counts(-1);
    step->sleepers = sleepers_of(cell, 1);
    return true;
}

/* Its owner has ended. */
bool wm_mutex_abandon(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    if (((uint32_t)word & OWNER_BITS) != step->count)
        return true;
    if (!change(cell, word, with_state(word, ABANDONED)))
        return false;
    step->sleepers = sleepers_of(cell, 1);
    return true;
}

uint32_t wm_mutex_owner(struct wm_cell *cell)
{
    return (uint32_t)load(cell) & OWNER_BITS;
}
