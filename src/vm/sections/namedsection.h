/* namedsection.h: sections that have a name. */
#ifndef WM_VM_NAMEDSECTION_H
#define WM_VM_NAMEDSECTION_H

#include "kern/names/names.h"
#include "vm/sections/section.h"

/* The section that has the name, which is held by it from now on. As wm_named_find; -EACCES also: its bytes are not to be had. */
int wm_namedsection_find(const struct wm_name *name, bool waits, struct wm_section *out);

/*
 * Gives a new section its name, and the bytes, where they are to lie in the name's file (WM_BACKING_NAMED). As wm_named_make.
 */
int wm_namedsection_make(const struct wm_name *name, struct wm_section *section);

/* Of a section of a file: whoever else has it is told how large it is now, or may have told us. */
void wm_namedsection_tell_size(struct wm_section *section);
void wm_namedsection_learn_size(struct wm_section *section);

/* The section is held by its name no longer. True: there is no such name any more. */
bool wm_namedsection_let_go(struct wm_section *section);

#endif
