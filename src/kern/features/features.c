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
