/*
 * offered.h: a section that another process has.
 *
 * Whoever maps into this process names the section by a descriptor of its own; it is opened again here, which the
 * kernel allows under the same conditions as reading the other's memory. Then it is a section as any other.
 */
#ifndef WM_VM_OFFERED_H
#define WM_VM_OFFERED_H

#include "vm/ops.h"

/* A new section, pinned. */
wm_status wm_offered_pin(const struct wm_section_offer *offer, uint32_t *index);

/* A view shows it: what else was needed of it goes. */
void wm_offered_is_shown(uint32_t index);

#endif
