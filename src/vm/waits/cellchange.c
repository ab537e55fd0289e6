/*
 * cellchange.c: changing what a cell says, and waking those who sleep (cell.h).
 *
 * Sleepers are woken one by one if each waits for this object alone and all are threads of this process. Else all are
 * woken: one that waits for several may not want it after all, and one of another process may have been killed.
 */
#include "vm/waits/cellword.h"
#include "vm/waits/owner.h"

uint32_t wm_cell_sleepers(const struct wm_cell *cell, uint32_t most)
{
    uint32_t waiters = __atomic_load_n(&cell->waiters, __ATOMIC_SEQ_CST);

    if (waiters == 0)
        return 0;
    return waiters >= SEVERAL || wm_cell_is_shared(cell) ? INT32_MAX : most;
}

void wm_cell_wake(struct wm_cell *cell, uint32_t sleepers)
{
    if (sleepers != 0)
        wm_futex_wake(wm_cell_state_word(cell), WM_FUTEX_EVERYBODYS, WM_FUTEX_ALL_BITS, (int)sleepers);
}

wm_status wm_cell_change(struct wm_cell *cell, wm_cell_once *once, struct wm_cell_step *step)
{
    while (!once(cell, wm_cell_settled(cell), step))
        ;
    return step->st;
}

bool wm_cell_change_at_once(struct wm_cell *cell, uint64_t word, wm_cell_once *once,
                            struct wm_cell_step *step)
{
    return wm_cell_taker(word) == 0 && once(cell, word, step);
}

bool wm_semaphore_post(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    uint32_t state = (uint32_t)word;

    if (state > cell->most || step->count > cell->most - state)
        step->st = WM_SEMAPHORE_FULL;
    else if (wm_cell_swap(cell, word, wm_cell_with(word, state + step->count)))
        step->sleepers = wm_cell_sleepers(cell, step->count);
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
    if (!wm_cell_swap(cell, word, wm_cell_with(word, 0)))
        return false;
    wm_owner_counts(-1);
    step->sleepers = wm_cell_sleepers(cell, 1);
    return true;
}

/* Its owner has ended. */
bool wm_mutex_abandon(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step)
{
    if (((uint32_t)word & OWNER_BITS) != step->count)
        return true;
    if (!wm_cell_swap(cell, word, wm_cell_with(word, ABANDONED)))
        return false;
    step->sleepers = wm_cell_sleepers(cell, 1);
    return true;
}

uint32_t wm_mutex_owner(struct wm_cell *cell)
{
    return (uint32_t)wm_cell_word(cell) & OWNER_BITS;
}
