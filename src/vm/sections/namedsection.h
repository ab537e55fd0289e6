/* namedsection.h: sections that have a name. */
#ifndef WM_VM_NAMEDSECTION_H
#define WM_VM_NAMEDSECTION_H

#include "vm/ops.h"

/* The one that has the name (WM_NAME_EXISTS), or a new one. */
wm_status wm_section_create_named(struct wm_section_req *req);

#endif
