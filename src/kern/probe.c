/*
 * probe.c: what is known of each feature, and who may change it (probe.h).
 *
 * A feature is asked for often, from several threads and from signal handlers, and tried once: so its state
 * is a byte that is read without a lock, and two rules about changing it are enough.
 *
 *   there is said only of what was unknown. Somebody else may have met a refusal meanwhile, in a sandbox
 *   that the process has entered since, and that counts for more than an older success
 *   lacking is said over anything, and is never taken back
 *
 * What has run out for the moment (memory, mappings, descriptors) says nothing of what the kernel can do:
 * the next one who wants to know tries again.
 */
#include "kern/probe.h"

#include <errno.h>
#include <string.h>

uint8_t wm_probe_states[WM_FEATURE_COUNT];

static const char *const names[WM_FEATURE_COUNT] = {
#define FEATURE(NAME, name, how, needs) #name,
#include "kern/features.def"
#undef FEATURE
};

void wm_probe_lacks(enum wm_feature feature)
{
    WM_STORE(wm_probe_states[feature], WM_PROBE_LACKING);
}

/* Only if nothing was known: a refusal that somebody has met since stands. */
static void is_there(enum wm_feature feature)
{
    uint8_t unknown = WM_PROBE_UNKNOWN;

    __atomic_compare_exchange_n(&wm_probe_states[feature], &unknown, WM_PROBE_THERE, false, __ATOMIC_RELEASE,
                                __ATOMIC_RELAXED);
}

static bool has_run_out(int error)
{
    return error == -ENOMEM || error == -EMFILE || error == -ENFILE || error == -EAGAIN;
}

void wm_probe_told(enum wm_feature feature, int error)
{
    if (error == 0)
        is_there(feature);
    else if (!has_run_out(error))
        wm_probe_lacks(feature);
}

bool wm_probe_retry(enum wm_feature feature, wm_trial *trial)
{
    int error;

    if (!wm_probe_has(feature))
        return false;
    error = trial();
    wm_probe_told(feature, error);
    return error == 0;
}

static bool named(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && strncmp(word, name, length) == 0;
}

void wm_probe_read(const char *list)
{
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ",");

        for (int i = 0; i < WM_FEATURE_COUNT; i++)
            if (named(list, length, names[i]) || named(list, length, "all"))
                wm_probe_lacks((enum wm_feature)i);
        list += length + (list[length] == ',');
    }
}
