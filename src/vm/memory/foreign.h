/* foreign.h: protections of memory that others mapped. */
#ifndef WM_VM_FOREIGN_H
#define WM_VM_FOREIGN_H

#include "vm/ops.h"

/* No page of the range is ours. With the lock held, which keeps nobody but us from changing it. */
wm_status wm_foreign_protect(struct wm_protect_req *req);

#endif
