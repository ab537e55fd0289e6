/*
 * forks.c: going through the list of all that a fork renews (kern/renew.def).
 *
 * When that is done birth.c knows. A signal handler may fork while its own thread holds a lock: that is not ours to
 * drop, in the parent or in the child, where the same thread goes on.
 */
#include "vm/life/forks.h"

#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"
#include "kern/lock.h"
#include "kern/renew.h"

/* Rows of layers that this build has not are missing. */
#define RENEWED(name) extern const struct wm_renewal wm_renewed_##name __attribute__((weak));
#include "kern/renew.def"
#undef RENEWED

static const struct wm_renewal *const rows[] = {
#define RENEWED(name) &wm_renewed_##name,
#include "kern/renew.def"
#undef RENEWED
};

enum { ROWS = sizeof rows / sizeof rows[0] };

_Static_assert(ROWS <= 64, "a bit each");

/* One thread forks at a time; in a handler that interrupted its own fork it holds all that can be held. */
static struct wm_lock turn;
static uint64_t held;
static unsigned nested;

static bool hold(const struct wm_renewal *row)
{
    if (row->lock != NULL && !wm_lock_take(row->lock))
        return false;
    if (row->hold != NULL)
        row->hold();
    return true;
}

static void give_back(const struct wm_renewal *row)
{
    if (row->give_back != NULL)
        row->give_back();
    if (row->lock != NULL)
        wm_lock_drop(row->lock);
}

void wm_forks_before(void)
{
    if (!wm_lock_take(&turn)) {
        nested++;
        return;
    }
    held = 0;
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i] != NULL && hold(rows[i]))
            held |= (uint64_t)1 << i;
}

void wm_forks_after(void)
{
    if (nested > 0) {
        nested--;
        return;
    }
    for (unsigned i = ROWS; i-- > 0;)
        if (held >> i & 1)
            give_back(rows[i]);
    wm_lock_drop(&turn);
}

bool wm_forks_interrupt(void)
{
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i] != NULL && ((rows[i]->lock != NULL && wm_lock_mine(rows[i]->lock)) ||
                                (rows[i]->is_busy != NULL && rows[i]->is_busy())))
            return true;
    return false;
}

/* Every child pays for this, also one that will never ask anything of us: no row walks the book. */
void wm_forks_renew(void)
{
    wm_lock_renew(&turn);
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i] != NULL && rows[i]->lock != NULL)
            wm_lock_renew(rows[i]->lock);
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i] != NULL && rows[i]->renew != NULL)
            rows[i]->renew();
}
