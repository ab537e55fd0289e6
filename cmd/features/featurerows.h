/*
 * featurerows.h: each feature of the library, whether it is in use, and if not, why.
 *
 * What there is says the library's own table, and whether it is in use the library itself (WinmemFeature). The reason is
 * found out here: switched off by the environment; forbidden, by a filter or otherwise; a kernel that is too old; or what
 * it needs is not met.
 */
#ifndef FEATURES_FEATUREROWS_H
#define FEATURES_FEATUREROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "features/callable.h"

struct feature_text {
    const char *good_for;
    const char *instead;   /* what is used where it is not */
    const char *costs;     /* and what that costs */
    enum callable call;    /* what it cannot do without */
    const char *otherwise; /* the reason where that is allowed and the kernel is not too old */
};

struct feature {
    const char *name;
    const char *needs;
    const struct feature_text *text;
};

extern const struct feature feature_rows[];
extern const size_t feature_count;

/* NULL: there is none of that name. */
const struct feature *feature_named(const char *name);

bool feature_in_use(const struct feature *feature);

/* Why it is not in use, a sentence without its full stop. For one that is not. */
void feature_reason(const struct feature *feature, char *out, size_t bytes);

#endif
