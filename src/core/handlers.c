/*
 * handlers.c: the list of handlers (handlers.h).
 *
 * A handler may remove itself, its neighbours or all others while it is called, and another thread may stand
 * in the next one. So an entry that is removed while somebody is at work in it loses its function at once, is
 * not called again, and keeps its links until the last has gone on. Only then its place is free, under a new
 * generation: an old handle never removes a later handler.
 */
#include "core/handlers.h"

#include <assert.h>

/* A handle: 10 bits of index below 32 of generation. */
enum { INDEX_BITS = 10 };

_Static_assert(WM_HANDLERS < 1 << INDEX_BITS, "every index fits");

static uint16_t take(struct wm_handlers *list)
{
    uint16_t index = list->free;

    if (index != 0)
        list->free = list->at[index].next;
    else if (list->used < WM_HANDLERS)
        index = ++list->used;
    return index;
}

static void link_behind(struct wm_handlers *list, uint16_t index, uint16_t previous)
{
    uint16_t next = list->at[previous].next;

    list->at[index].previous = previous;
    list->at[index].next = next;
    list->at[previous].next = index;
    list->at[next].previous = index;
}

uintptr_t wm_handlers_add(struct wm_handlers *list, uintptr_t function, bool first)
{
    uint16_t index = take(list);
    struct wm_handler *handler = &list->at[index];

    assert(function != 0);
    if (index == 0)
        return 0;
    handler->function = function;
    link_behind(list, index, first ? 0 : list->at[0].previous);
    return (uintptr_t)handler->generation << INDEX_BITS | index;
}

/* Nobody needs the entry any more: its next user has another handle. */
static void give_if_done(struct wm_handlers *list, uint16_t index)
{
    struct wm_handler *handler = &list->at[index];

    if (index == 0 || handler->function != 0 || handler->running != 0)
        return;
    list->at[handler->previous].next = handler->next;
    list->at[handler->next].previous = handler->previous;
    handler->generation++;
    handler->next = list->free;
    list->free = index;
}

bool wm_handlers_remove(struct wm_handlers *list, uintptr_t handle)
{
    uint16_t index = handle & ((1u << INDEX_BITS) - 1);
    struct wm_handler *handler = &list->at[index];

    if (index == 0 || handler->function == 0 || handler->generation != handle >> INDEX_BITS)
        return false;
    handler->function = 0;
    give_if_done(list, index);
    return true;
}

void wm_handlers_leave(struct wm_handlers *list, uint16_t from)
{
    if (from != 0)
        list->at[from].running--;
    give_if_done(list, from);
}

uint16_t wm_handlers_next(struct wm_handlers *list, uint16_t from, uintptr_t *function)
{
    uint16_t index = list->at[from].next;

    while (index != 0 && list->at[index].function == 0)
        index = list->at[index].next;
    if (index != 0) {
        list->at[index].running++;
        *function = list->at[index].function;
    }
    wm_handlers_leave(list, from);
    return index;
}
