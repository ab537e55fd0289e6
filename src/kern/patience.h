/*
 * patience.h: waiting for another process without being told.
 *
 * It tries again at once, because what we wait for mostly takes microseconds on another processor; then it yields, then
 * it sleeps, longer and longer.
 */
#ifndef WM_KERN_PATIENCE_H
#define WM_KERN_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

enum { WM_PATIENCE_AWAKE = 200 }; /* rounds before it sleeps */

struct wm_patience {
    uint32_t rounds;
    uint64_t left; /* nanoseconds of sleep */
};

static inline struct wm_patience wm_patience_for(uint64_t nanoseconds)
{
    return (struct wm_patience){0, nanoseconds};
}

/* False: it is used up. */
bool wm_patience_nap(struct wm_patience *patience);

/* Now and then, and whenever it has slept: time to look whether what is waited for can come at all. */
static inline bool wm_patience_wavers(const struct wm_patience *patience)
{
    return patience->rounds >= WM_PATIENCE_AWAKE || patience->rounds % 64 == 63;
}

#endif
