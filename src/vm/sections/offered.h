/*
 * offered.h: a section that another process has.
 *
 * Whoever maps into this process names the section by a descriptor of its own; it is opened again here, which the
 * kernel allows under the same conditions as reading the other's memory. Then it is a section as any other.
 */
#ifndef WM_VM_OFFERED_H
#define WM_VM_OFFERED_H

#include "vm/ops.h"
#include "vm/sections/section.h"

/* What another process has to know of ours. WM_DESCRIPTOR_GONE: it could not open it. */
wm_status wm_offered_describe(struct wm_section *section, struct wm_section_offer *out);

/* A new section, pinned. */
wm_status wm_offered_pin(const struct wm_section_offer *offer, uint32_t *index);

/*
 * A new section, pinned, of what an exec has passed on: the descriptors are this process's own already, and on success the
 * section's.
 */
wm_status wm_offered_receive(const struct wm_section_offer *offer, int holder, uint32_t *index);

/* A view shows it: what else was needed of it goes. */
void wm_offered_is_shown(uint32_t index);

#endif
