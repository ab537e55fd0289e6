/*
 * granting.c: events: whose they are when they are set or pulsed (cell.h).
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
 */
#include "vm/waits/cellword.h"

bool wm_event_take_pulse(struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    uint32_t pulse = state & ~(uint32_t)EVENT_SET;

    return wm_event_was_pulsed(cell, state, began) && !cell->manual && pulse != 0 &&
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

bool wm_event_take_grant(struct wm_cell *cell, uint32_t state, const uint32_t *began)
{
    return !cell->manual && wm_event_was_pulsed(cell, state, began) && take_back_grant(cell);
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
        word = wm_cell_settled(cell);
    while (!wm_cell_swap(cell, word, wm_cell_with(word, ((uint32_t)word + more) | bits)));
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
    return !cell->manual && !(word & EVENT_SET) && !wm_cell_is_shared(cell) &&
           __atomic_load_n(&cell->grants, __ATOMIC_SEQ_CST) < count_of_single(cell);
}

/* If it cannot be taken back, somebody has it: then it is given. */
static bool grant(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    __atomic_add_fetch(&cell->grants, 1, __ATOMIC_SEQ_CST);
    if (!wm_cell_swap(cell, word, wm_cell_with(word, (uint32_t)word + EVENT_PULSE)))
        return !take_back_grant(cell);
    step->sleepers = wm_cell_sleepers(cell, 1);
    set_for_all(cell);
    return true;
}

bool wm_event_set(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    bool is_pulse = cell->manual && __atomic_load_n(&cell->waiters, __ATOMIC_SEQ_CST) != 0;

    if (is_for_a_waiter(cell, word))
        return grant(cell, word, step);
    if (!wm_cell_swap(cell, word,
                      wm_cell_with(word, ((uint32_t)word + (is_pulse ? EVENT_PULSE : 0)) | EVENT_SET)))
        return false;
    step->sleepers = wm_cell_sleepers(cell, cell->manual ? INT32_MAX : 1);
    return true;
}

bool wm_event_reset(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    (void)step;
    return wm_cell_swap(cell, word, word & ~(uint64_t)EVENT_SET);
}

/* All look, and one of them may take it. */
bool wm_event_pulse(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    uint32_t state = ((uint32_t)word + EVENT_PULSE) & ~(uint32_t)EVENT_SET;

    __atomic_store_n(&cell->pulse, cell->manual ? 0 : state, __ATOMIC_SEQ_CST);
    if (!wm_cell_swap(cell, word, wm_cell_with(word, state)))
        return false;
    step->sleepers = wm_cell_sleepers(cell, INT32_MAX);
    return true;
}
