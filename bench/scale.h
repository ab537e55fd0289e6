/* scale.h: what the parts of the program scale share. */
#ifndef BENCH_SCALE_H
#define BENCH_SCALE_H

#include <stddef.h>

size_t any_below(size_t count);
size_t resident_bytes(void);

/* scaleheap.c: blocks of 64 bytes, and handles of movable ones. */
void many_blocks(size_t count);

#endif
