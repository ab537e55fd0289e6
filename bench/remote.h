/* remote.h: the cases that have another process in them; winremote.c and rawremote.c. */
#ifndef BENCH_REMOTE_H
#define BENCH_REMOTE_H

#include "bench.h"

#define REMOTE_CASES(CASE)                                                                                   \
    CASE(remote_alloc)                                                                                       \
    CASE(remote_alloc_foreign)                                                                               \
    CASE(remote_query)                                                                                       \
    CASE(remote_walk)                                                                                        \
    CASE(remote_read_64)                                                                                     \
    CASE(remote_read_4k)                                                                                     \
    CASE(remote_read_1m)                                                                                     \
    CASE(remote_write_64)                                                                                    \
    CASE(remote_write_4k)                                                                                    \
    CASE(remote_write_1m)

#define REMOTE_PROTOTYPE(name) bool name(struct bench *b);
REMOTE_CASES(REMOTE_PROTOTYPE)

enum { REMOTE_REGIONS = 10000 };

#endif
