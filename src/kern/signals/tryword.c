/* tryword.c: one word of memory that may not be there (tryword.h). Tries stay allowed, in forked children too. */
#include "kern/signals/tryword.h"

#include "kern/signals/tryread.h"

uint64_t wm_try_word(uintptr_t addr)
{
    static bool allowed;

    if (!__atomic_load_n(&allowed, __ATOMIC_ACQUIRE)) {
        wm_try_look_around();
        __atomic_store_n(&allowed, wm_kern_allow_tries() == 0, __ATOMIC_RELEASE);
    }
    return wm_try_may(addr) ? wm_try_word_at_once(addr) : UINT64_MAX;
}
