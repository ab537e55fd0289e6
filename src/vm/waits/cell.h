/*
 * cell.h: the state of an event, a mutex or a semaphore: 64 bytes of memory that all processes share who have the object.
 *
 * One word says all that decides a wait, so looking and taking are one instruction. A cell is used by whoever maps it, and
 * by several at a time; each may be killed between any two instructions:
 *
 *   a thread that waits for one object changes its word in one step, or not at all
 *   a thread that waits for all of several writes its number into each word first; nobody changes a word with a number in
 *   it but that thread. Is it gone, whoever meets the number takes it out: what it had not taken yet it never takes
 *   whoever is going to sleep is counted first and looks at the word then; whoever changes the word looks at the count
 *   afterwards. So nobody sleeps through a change. Who is killed asleep stays counted, which costs calls and nothing else
 *
 * What the word holds may be anything if somebody of the same user writes there: nothing here believes more of it than that
 * it is a number.
 */
#ifndef WM_VM_CELL_H
#define WM_VM_CELL_H

#include "base/private.h"
#include "base/status.h"
#include "kern/sleep.h"
#include "vm/ops.h"

enum wm_cell_kind { WM_CELL_NONE, WM_CELL_EVENT, WM_CELL_MUTEX, WM_CELL_SEMAPHORE };

struct wm_cell {
    uint64_t word;    /* cellword.h; 0: it has not begun */
    uint32_t waiters; /* those who sleep, or are about to: granting.c */
    uint32_t pulse;   /* an event that resets itself: the pulse that one of those who waited then may take */
    uint32_t most;    /* a semaphore's */
    uint32_t depth;   /* how often its owner has a mutex; his alone */
    int32_t owner;    /* the process that had it last; a hint */
    uint8_t kind;
    uint8_t manual; /* an event that stays set until it is reset */
    uint8_t shared; /* more than one process may have it */
    uint8_t unused;
    uint32_t
        grants; /* an event that resets itself: so often it was set for one of those who wait (granting.c) */
    uint32_t made; /* after so many forks of this process */
    unsigned char unused_too[24];
};

_Static_assert(sizeof(struct wm_cell) == 64, "a cache line");

/* As it is to be in the beginning. */
struct wm_cell_start {
    uint8_t kind, manual, shared;
    uint32_t most;
    uint32_t state; /* an event: 1 if it is set; a semaphore: its count; a mutex: its owner's number, or 0 */
    int32_t owner;
};

/* Nobody else has it. */
void wm_cell_begin(struct wm_cell *cell, const struct wm_cell_start *start);

/* In a file whose bytes are 0, where several may come at once and all say the same. */
void wm_cell_begin_once(struct wm_cell *cell, const struct wm_cell_start *start);

/* From now on any cell may be another process's as well. */
void wm_cell_may_be_inherited(void);

/* --- waiting; began: the state when this thread began to sleep, or NULL: it has not slept yet --- */

enum wm_signal wm_cell_look(struct wm_cell *cell, const uint32_t *began);
enum wm_signal wm_cell_take(struct wm_cell *cell, const uint32_t *began);

/* The same at once, for whoever must not wait for anybody: WM_NOT_SIGNALLED also if nobody knows. */
enum wm_signal wm_cell_take_at_once(struct wm_cell *cell, uint64_t word);

/* What it is at this moment. A cell is used again: its word says for which time, so one attempt is for one object. */
static inline uint64_t wm_cell_word(const struct wm_cell *cell)
{
    return __atomic_load_n(&cell->word, __ATOMIC_SEQ_CST);
}

static inline uint32_t wm_cell_use(uint64_t word)
{
    return (uint32_t)(word >> 54);
}

/* All of them, or none. They differ. WM_NOT_SIGNALLED: one of them is not. */
enum wm_signal wm_cell_take_all(struct wm_cell *const *cells, unsigned count);

/* Around a sleep; several: it waits for more than this one. */
void wm_cell_enlist(struct wm_cell *cell, bool several);
void wm_cell_delist(struct wm_cell *cell, bool several, bool served);
uint32_t wm_cell_state(struct wm_cell *cell);
void wm_cell_source(struct wm_cell *cell, struct wm_wait_source *out);

/*
 * --- changing: one attempt each, by what the word was. False: it has changed meanwhile, or nobody may change it now ---
 */
struct wm_cell_step {
    uint32_t count; /* a semaphore: so many more; a mutex that is abandoned: the thread that was its owner */
    uint32_t previous; /* result: a semaphore's count before */
    uint32_t sleepers; /* result: how many are to be woken (wm_cell_wake) */
    wm_status st;
};

typedef bool wm_cell_once(struct wm_cell *cell, uint64_t word, struct wm_cell_step *step);

wm_cell_once wm_event_set, wm_event_reset, wm_event_pulse, wm_semaphore_post, wm_mutex_leave,
    wm_mutex_abandon;

/* Until it has been done; waits for threads that are taking several at once. */
wm_status wm_cell_change(struct wm_cell *cell, wm_cell_once *once, struct wm_cell_step *step);

/* One attempt, which waits for nobody. */
bool wm_cell_change_at_once(struct wm_cell *cell, uint64_t word, wm_cell_once *once,
                            struct wm_cell_step *step);

/* Does the next change, taking it if it is free or giving it back, change the word and nothing else? */
bool wm_mutex_changes_alone(const struct wm_cell *cell, uint64_t word);

/* The number of the thread that has it, or 0. */
uint32_t wm_mutex_owner(struct wm_cell *cell);

/* The cell may be gone by now. */
void wm_cell_wake(struct wm_cell *cell, uint32_t sleepers);

#endif
