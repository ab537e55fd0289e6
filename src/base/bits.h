/* bits.h: runs of bits in an array of words. Ranges are bit numbers, [first, end). */
#ifndef WM_BASE_BITS_H
#define WM_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void wm_bits_set(uint64_t *words, size_t first, size_t end);
void wm_bits_clear(uint64_t *words, size_t first, size_t end);

/* The first run of ones in [*first, *end): narrows the two to it. False: there is none. */
bool wm_bits_run(const uint64_t *words, size_t *first, size_t *end);

#endif
