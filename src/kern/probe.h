/*
 * probe.h: what this kernel can do, by name; each is tried, never read off a version number.
 *
 * A feature is unknown until somebody has tried it, then there or lacking. Whoever uses one may try it by that; whoever
 * only asks makes a trial (features.def). What has run out for a moment (memory, mappings, descriptors) says nothing: the
 * feature stays unknown. What is there can still be found lacking, because a sandbox was entered later; what is lacking
 * stays so.
 *
 * WINMEM_DISABLE=name,name in the environment switches features off ("all": every one): they are lacking, so that each
 * fallback runs on any machine.
 */
#ifndef WM_KERN_PROBE_H
#define WM_KERN_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"

/* What each is, and what is done without it, docs/support.md tells. */
enum wm_feature {
#define FEATURE(NAME, name, how, needs) WM_FEATURE_##NAME,
#include "kern/features.def"
#undef FEATURE
    WM_FEATURE_COUNT
};

/* 0: it is there. -ENOMEM, -EMFILE, -ENFILE and -EAGAIN: nobody can find out now. Any other error: it is lacking. */
typedef int wm_trial(void);

#define FEATURE(NAME, name, how, needs) wm_trial wm_trial_##name;
#include "kern/features.def"
#undef FEATURE

enum wm_probe_state { WM_PROBE_UNKNOWN, WM_PROBE_THERE, WM_PROBE_LACKING };

/* By enum wm_feature; of enum wm_probe_state. */
extern uint8_t wm_probe_states[WM_FEATURE_COUNT];

/* Is it worth to use it? For those who find out by using it. */
static inline bool wm_probe_has(enum wm_feature feature)
{
    return WM_LOAD(wm_probe_states[feature]) != WM_PROBE_LACKING;
}

/* Tries it, whatever was known: for those whom it was refused, perhaps on account of their own memory. Is it there? */
bool wm_probe_retry(enum wm_feature feature, wm_trial *trial);

/* Is it there for sure? Tries it if nobody has. False also while nobody can find out. */
static inline bool wm_probe_finds(enum wm_feature feature, wm_trial *trial)
{
    uint8_t state = WM_LOAD(wm_probe_states[feature]);

    return state == WM_PROBE_UNKNOWN ? wm_probe_retry(feature, trial) : state == WM_PROBE_THERE;
}

/* What somebody's attempt says, which was as good as a trial. */
void wm_probe_told(enum wm_feature feature, int error);
void wm_probe_lacks(enum wm_feature feature);

/* Reads WINMEM_DISABLE. */
void wm_probe_read(const char *list);

#endif
