/*
 * report.h: what winmem-features prints, in one of two forms.
 *
 * Each returns what is to be the exit status: REPORT_TOLD, or REPORT_LACKING if one of the features that were named is not
 * in use. Whether all could be written is looked at by the caller, by the state of stdout.
 */
#ifndef FEATURES_REPORT_H
#define FEATURES_REPORT_H

#include <stdbool.h>

#include "features/featurerows.h"

enum {
    REPORT_TOLD = 0,
    REPORT_LACKING = 1,
    REPORT_WRONG_USE = 2,
    REPORT_NOT_WRITTEN = 3,
    REASON_BYTES = 256
};

struct report_wish {
    const char *const *names; /* of features, up to NULL; NULL itself: all of them, and the limits */
    bool at_length;           /* of those in use, too, what would be used instead */
};

static inline bool report_wants(const struct report_wish *wish, const struct feature *feature)
{
    const char *const *name = wish->names;

    while (name != NULL && *name != NULL && feature_named(*name) != feature)
        name++;
    return name == NULL || *name != NULL;
}

int report_text(const struct report_wish *wish);
int report_json(const struct report_wish *wish);

#endif
