/*
 * forks.c: going through the list of all that a fork renews (kern/renew.def).
 *
 * When that is done birth.c knows. Rows are in the order in which locks are taken, so holding them goes
 * from above to below and cannot meet a thread that waits the other way round; giving back goes up again.
 *
 *   every lock that is held over fork() is held by the thread that forks, so the copy is in one piece
 *   a lock that this thread held already is not ours to give back: a signal handler has forked within its
 *   own thread's call, which goes on in parent and child. `held` has a bit for each row that was taken here
 *   the child is one thread; it renews without a lock, and whoever interrupts it is told (vm/book/pulse.c)
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

/*
 * In a child: does it stand in the middle of something that its only thread will finish, once the handler
 * returns?
 */
bool wm_forks_interrupt(void)
{
    for (unsigned i = 0; i < ROWS; i++)
        if (rows[i] != NULL && ((rows[i]->lock != NULL && wm_lock_mine(rows[i]->lock)) ||
                                (rows[i]->is_busy != NULL && rows[i]->is_busy())))
            return true;
    return false;
}

/*
 * Every child pays for this, also one that will never ask anything of us: no row walks the book, but for pages that would
 * be writable in the child otherwise (vm/pages/shield.h).
 */
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
