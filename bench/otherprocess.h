/*
 * otherprocess.h: the verbs of the cases that have another process in them: a child that waits, and in which a
 * mebibyte lies where it lies here. win/there.h has them by the Win32 API, raw/there.h by bare system calls.
 */
#ifndef BENCH_OTHERPROCESS_H
#define BENCH_OTHERPROCESS_H

#include <sys/types.h>

#include "verbs.h"

enum bench_kind { USES_LIBRARY, FOREIGN };

static struct {
    pid_t pid;
    char *memory; /* MIB in both processes */
    volatile int *ready;
} other;

static inline void be_of_kind(enum bench_kind kind); /* in the child */
static inline bool open_other(void);
static inline bool close_other(void);

static inline bool allocate_there(void); /* SMALL bytes, and released */

/* A question about a reservation there; raw: 64 bytes are read, as much as anybody has to look at. */
static inline bool prepare_to_ask_there(void);
static inline bool ask_there(void);

static inline char *end_of_region_there(char *p);      /* NULL: cannot be told */
static inline bool read_there(void *to, size_t bytes); /* of its memory */
static inline bool write_there(const void *from, size_t bytes);

#include "there.h"

#endif
