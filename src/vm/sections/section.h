/* section.h: section objects, for views, and the handles of all objects. */
#ifndef WM_VM_SECTION_H
#define WM_VM_SECTION_H

#include "base/status.h"
#include "core/objects.h"

/* Finds the section of a handle with these rights and takes a reference to it. */
wm_status wm_section_pin(uintptr_t handle, uint32_t rights, uint32_t *index,
                         const struct wm_section **section);
void wm_section_unpin(uint32_t index);

/* handles.c: what generic rights, and those that bring others with them, mean for this type. */
uint32_t wm_handle_rights(enum wm_handle_type type, uint32_t rights);

/* Is it a handle of this type, with these rights? What it holds. */
wm_status wm_handle_check(uintptr_t handle, enum wm_handle_type type, uint32_t rights,
                          struct wm_handle_entry *entry);

#endif
