/*
 * claims.c: extents whose mapping a thread changes without the lock (home.h).
 *
 *   a claimed extent's record and runs are its claimant's alone; everybody else waits for the claim to end
 *   a claim promises memory for the records that it may still add: others may not use it up meanwhile
 *   a waiter drops the lock, and knows nothing of the book when he has it again
 *
 * A claim ends only by its own thread. A signal handler that meets a claim of the thread that it has
 * interrupted is told (WM_REENTERED), for that thread goes on only when the handler is through. In the
 * child of a fork the claims of threads that stayed behind end, and what they were changing is as the
 * kernel has it: a fork() waits for claims before, and who forks by other means gets a copy in which the
 * book is whole, since a claim is a time in which nobody writes it.
 */
#include "kern/busy.h"
#include "kern/renew.h"
#include "vm/book/home.h"

/*
 * Changing the mapping of less than this takes about two microseconds, for which the kernel holds a lock
 * of its own: threads that wait for ours instead were faster, by a tenth. It holds none for markers.
 */
#define SHORT_BYTES ((size_t)1 << 20)

/*
 * Dropping the lock in vain costs 30 ns, and waiting for a claim much more than for the lock. So it is dropped for so
 * many calls after one at which a thread had to wait for the lock; and for so many not, after one at which a thread
 * had to wait for a claim: they want the same extent.
 */
enum { CONTENDED = 64, CLASHED = 4096 };

static struct {
    uint32_t waits, contended, clashed;
} lately; /* guarded by the lock */

bool wm_home_is_contended(void)
{
    uint32_t waits = __atomic_load_n(&wm_lock_waits, __ATOMIC_RELAXED);

    if (waits != lately.waits) {
        lately.waits = waits;
        lately.contended = CONTENDED;
    }
    if (lately.contended == 0)
        return false;
    lately.contended--;
    if (lately.clashed == 0)
        return true;
    lately.clashed--;
    return false;
}

static struct wm_claim *claim_on(uint32_t index)
{
    for (uint32_t i = 0; i < wm_home.claimed; i++)
        if (wm_home.claims[i].index == index)
            return &wm_home.claims[i];
    return NULL;
}

bool wm_home_is_claimed(uint32_t index)
{
    return claim_on(index) != NULL;
}

/*
 * The number is read under the lock, so a claim that ends before we sleep has changed it. A borrowed thread
 * does not wait for ever: whoever has the claim may be stopped (kern/lock.h, in a hurry).
 */
bool wm_home_await(void)
{
    uint32_t ended = wm_home.ended;

    for (uint32_t i = 0; i < wm_home.claimed; i++)
        if (wm_home.claims[i].thread == wm_lock_self())
            return false;
    if (wm_lock_is_late())
        return false;
    wm_home.waiting = true;
    lately.clashed = CLASHED;
    wm_lock_drop(&wm_home.lock);
    wm_lock_wait(&wm_home.ended, ended);
    wm_lock_take_back(&wm_home.lock);
    if (wm_lock_is_orphaned())
        wm_home_inherit();
    return true;
}

/* A signal handler may have forked while its own thread was changing something. */
void wm_home_inherit(void)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < wm_home.claimed; i++)
        if (wm_lock_outlives_fork(wm_home.claims[i].thread))
            wm_home.claims[kept++] = wm_home.claims[i];
    wm_home.claimed = wm_home.space.promises = kept;
}

wm_status wm_home_find(uintptr_t addr, struct wm_found *out, bool *found)
{
    for (;;) {
        *found = wm_space_at(wm_book(), addr, out) && out->extent.kind != WM_FREE &&
                 addr < wm_extent_range(&out->extent).end;
        if (!*found || !wm_home_is_claimed(out->index))
            return WM_OK;
        if (!wm_home_await())
            return WM_REENTERED;
    }
}

bool wm_home_claim(const struct wm_found *found, size_t bytes)
{
    if (bytes < SHORT_BYTES || wm_home.claimed == WM_CLAIMS)
        return false;
    wm_home.claims[wm_home.claimed++] = (struct wm_claim){found->index, wm_lock_self()};
    wm_space_promise(wm_book());
    wm_busy_begin(); /* others wait for the claim to end */
    wm_lock_drop(&wm_home.lock);
    return true;
}

void wm_home_unclaim(const struct wm_found *found, bool claimed)
{
    struct wm_claim *claim;

    if (!claimed)
        return;
    wm_lock_take_back(&wm_home.lock);
    wm_busy_end();
    claim = claim_on(found->index);
    *claim = wm_home.claims[--wm_home.claimed];
    wm_space_redeem(wm_book());
    if (wm_home.waiting) {
        wm_home.waiting = false;
        WM_STORE(wm_home.ended, wm_home.ended + 1);
        wm_lock_wake_all(&wm_home.ended);
    }
}

/* --- forks --- */

/* What other threads are changing without the lock is finished first. */
static void await_all(void)
{
    while (wm_home.claimed > 0 && wm_home_await())
        ;
}

static bool has_claims(void)
{
    for (uint32_t i = 0; i < wm_home.claimed; i++)
        if (wm_lock_outlives_fork(wm_home.claims[i].thread))
            return true;
    return false;
}

const struct wm_renewal wm_renewed_home = {
    .lock = &wm_home.lock, .hold = await_all, .renew = wm_home_inherit, .is_busy = has_claims};
