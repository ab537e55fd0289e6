/* section.h: section objects, for views. */
#ifndef WM_VM_SECTION_H
#define WM_VM_SECTION_H

#include "base/status.h"
#include "core/objects.h"

/* Finds the section of a handle with these rights and takes a reference to it. */
wm_status wm_section_pin(uintptr_t handle, uint32_t rights, uint32_t *index,
                         const struct wm_section **section);
void wm_section_unpin(uint32_t index);

#endif
