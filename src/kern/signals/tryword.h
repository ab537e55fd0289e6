/* tryword.h: tryread.h for those who try now and then: what is needed before is done, and valgrind thought of. */
#ifndef WM_KERN_TRYWORD_H
#define WM_KERN_TRYWORD_H

#include <stdint.h>

#include "base/private.h"

/* All bits 1: it cannot be read, or it says so. Where tries cannot be had, what cannot be read is a fault. */
WM_FOR_WIN32 uint64_t wm_try_word(uintptr_t addr);

#endif
