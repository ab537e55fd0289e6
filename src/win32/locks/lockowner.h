/*
 * lockowner.h: the number by which a lock knows the thread that owns it.
 *
 * It is the thread's id, as Windows has it in OwningThread. In the child of a fork the one thread has another id than it had
 * in the parent; what it owned it owns. So each thread remembers the ids that it had before: a lock that one of them owns is
 * its own, and is given the new id when it is next entered.
 */
#ifndef WM_WIN32_LOCKOWNER_H
#define WM_WIN32_LOCKOWNER_H

#include <stdbool.h>
#include <stdint.h>

#include "vm/threads/self.h"

extern __thread uint32_t wm_owner_last __attribute__((tls_model("initial-exec"), visibility("hidden")));

void wm_owner_changed(uint32_t id);

static inline uint32_t wm_owner_self(void)
{
    uint32_t id = wm_thread_id();

    if (__builtin_expect(id != wm_owner_last, 0))
        wm_owner_changed(id);
    return id;
}

/* Was this the calling thread's id in the process that it was forked from, or in one before that? */
bool wm_owner_was_self(uint64_t owner);

#endif
