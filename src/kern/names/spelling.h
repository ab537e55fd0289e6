/* spelling.h: how the file of a name is called. */
#ifndef WM_KERN_SPELLING_H
#define WM_KERN_SPELLING_H

#include "kern/names/names.h"

enum { WM_SPELLING_BYTES = 256 };

/*
 * Two names never have one spelling unless both are long, and then hardly ever: who opens a file looks into it. None
 * begins with a dot or a 't', so what does is no name.
 */
void wm_name_spell(const struct wm_name *name, char file[static WM_SPELLING_BYTES]);

#endif
