/* features.h: asking for a feature by its name. It knows every room, because each makes its own trials (features.def). */
#ifndef WM_KERN_FEATURES_H
#define WM_KERN_FEATURES_H

#include <stdbool.h>

/*
 * Is it in use: not switched off, and the kernel has it? Tried if nobody has. False for unknown names. While nobody can
 * find out it counts as there: whoever uses it will see.
 */
bool wm_feature_in_use(const char *name);

#endif
