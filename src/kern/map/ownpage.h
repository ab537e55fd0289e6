/* ownpage.h: trying something on a page of one's own. */
#ifndef WM_KERN_OWNPAGE_H
#define WM_KERN_OWNPAGE_H

#include "base/range.h"

/* Of a private page that is mapped without access, and goes again: what was answered, or why there was no page. */
int wm_own_page_try(int (*attempt)(struct wm_range page));

#endif
