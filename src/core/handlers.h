/*
 * handlers.h: functions to be called in order, which may be added and removed while they are called.
 *
 *   at[0] is no handler: its next is the first, its previous the last
 *   an entry is in the list if it has a function, or if somebody is at work in it (running)
 *   a removed one has no function: nobody is led to it, but whoever is there finds his way on
 *
 * All zero is an empty list. A walk that is left by a jump stays counted: its entry is then never used again.
 * Guarded by a lock of whoever owns the list.
 */
#ifndef WM_CORE_HANDLERS_H
#define WM_CORE_HANDLERS_H

#include <stdbool.h>
#include <stdint.h>

enum { WM_HANDLERS = 1023 };

struct wm_handler {
    uintptr_t function;
    uint32_t running;
    uint32_t generation;
    uint16_t next, previous;
};

struct wm_handlers {
    uint16_t used; /* at[1] to at[used] have been in use */
    uint16_t free; /* first of those that are free again, by next; 0: none */
    struct wm_handler at[WM_HANDLERS + 1];
};

/* first: before all others, else behind them. Returns a handle, less than 2^48 and not 0; 0 when there are too many. */
uintptr_t wm_handlers_add(struct wm_handlers *list, uintptr_t function, bool first);

/* False: the handle is not, or no longer, that of a handler. */
bool wm_handlers_remove(struct wm_handlers *list, uintptr_t handle);

/*
 * Goes on from entry `from` (0: before the first) to the next one that has a function, which is kept until it
 * is gone on from or left. Returns 0 at the end.
 */
uint16_t wm_handlers_next(struct wm_handlers *list, uint16_t from, uintptr_t *function);
void wm_handlers_leave(struct wm_handlers *list, uint16_t from);

#endif
