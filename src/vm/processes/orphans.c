/*
 * orphans.c: waiting for children that nobody asks about any more (orphans.h).
 *
 * There is room for some; beyond that what is left of a child stays until this process ends. A pidfd tells whether it is
 * this child: one that the program itself has waited for is no child any more, whoever has its number.
 */
#include "vm/processes/orphans.h"

#include <errno.h>

#include "kern/lock.h"
#include "kern/renew.h"

enum { ROOM = 64 };

static struct {
    struct wm_lock lock;
    uint32_t count;
    struct wm_peer all[ROOM];
} orphans;

/* They are the parent's children. */
static void renew(void)
{
    while (orphans.count > 0)
        wm_peer_close(&orphans.all[--orphans.count]);
}

const struct wm_renewal wm_renewed_orphans = {.lock = &orphans.lock, .renew = renew};

static void sweep_locked(void)
{
    for (uint32_t i = 0; i < orphans.count;) {
        if (wm_peer_reap(&orphans.all[i]) == -EAGAIN) {
            i++;
            continue;
        }
        wm_peer_close(&orphans.all[i]);
        orphans.all[i] = orphans.all[--orphans.count];
    }
}

void wm_orphans_sweep(void)
{
    if (orphans.count == 0 || !wm_lock_enter(&orphans.lock))
        return;
    sweep_locked();
    wm_lock_drop(&orphans.lock);
}

/* False: there is no room, or this thread was interrupted here. */
static bool keep(const struct wm_peer *child)
{
    bool kept;

    if (!wm_lock_enter(&orphans.lock))
        return false;
    sweep_locked();
    kept = orphans.count < ROOM;
    if (kept)
        orphans.all[orphans.count++] = *child;
    wm_lock_drop(&orphans.lock);
    return kept;
}

void wm_orphan_leave(struct wm_peer *child)
{
    if (wm_peer_reap(child) != -EAGAIN || !keep(child))
        wm_peer_close(child);
}
