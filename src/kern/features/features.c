/*
 * features.c: a feature by its name, for a program that asks (WinmemFeature).
 *
 * It stands above all other rooms of kern because it knows every trial; those who use a feature know only
 * their own. The answer is the same before anything has used the feature and afterwards (L156), which is
 * why an unknown one is tried. Names that are in no row are not there.
 */
#include "kern/features/features.h"

#include <stddef.h>
#include <string.h>

#include "kern/probe.h"

#define TRIED(trial) trial
#define AT_BIRTH(trial) NULL
#define ALWAYS(trial) NULL

static const struct {
    const char *name;
    wm_trial *trial; /* NULL: there is nothing to be tried */
} rows[WM_FEATURE_COUNT] = {
#define FEATURE(NAME, name, how, needs) {#name, how(wm_trial_##name)},
#include "kern/features.def"
#undef FEATURE
};

bool wm_feature_in_use(const char *name)
{
    for (int i = 0; i < WM_FEATURE_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0) {
            if (rows[i].trial != NULL)
                wm_probe_finds((enum wm_feature)i, rows[i].trial);
            return wm_probe_has((enum wm_feature)i);
        }
    return false;
}
