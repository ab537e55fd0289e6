/*
 * lockowner.c: the ids that a thread had before a fork.
 *
 * They lie in thread-local storage, which a fork copies with the thread, and nothing is done when one happens: that the id is
 * another one than the last time is enough to know of it. Of a longer line than FORMER the oldest are forgotten.
 */
#include "win32/locks/lockowner.h"

enum { FORMER = 8 };

__thread uint32_t wm_owner_last;
static __thread uint32_t former[FORMER] __attribute__((tls_model("initial-exec")));
static __thread uint32_t forks __attribute__((tls_model("initial-exec")));

void wm_owner_changed(uint32_t id)
{
    if (wm_owner_last != 0)
        former[forks++ % FORMER] = wm_owner_last;
    wm_owner_last = id;
}

bool wm_owner_was_self(uint64_t owner)
{
    for (uint32_t i = 0; i < FORMER && i < forks; i++)
        if (former[i] == owner)
            return true;
    return false;
}
