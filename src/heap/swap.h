/*
 * swap.h: compare and exchange of a word that only this process has.
 *
 * With one thread alone it need not exclude other processors, which is what costs. It stays one instruction, so a signal
 * handler or a fork finds nothing half done. malloc asks the same flag, so a thread that libc knows nothing of is no worse
 * off here than there.
 */
#ifndef WM_HEAP_SWAP_H
#define WM_HEAP_SWAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alone.h"
#include "kern/arch/machine.h"

/* False: *word is something else, which *expected tells. */
static inline __attribute__((always_inline)) bool wm_swap(uint64_t *word, uint64_t *expected, uint64_t wanted)
{
    if (!WM_THREAD_ALONE)
        return __atomic_compare_exchange_n(word, expected, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return wm_machine_swap(word, expected, wanted);
}

#endif
