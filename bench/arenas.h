/*
 * arenas.h: the verbs of what allocators do with memory. A Windows one reserves an arena, commits pages of it and decommits
 * them (win/ground.h); a Linux one has it writable from the first day and gives contents back (raw/ground.h).
 */
#ifndef BENCH_ARENAS_H
#define BENCH_ARENAS_H

#include "verbs.h"

enum { ARENA_BYTES = 32 << 20, ARENA_PAGE = 64 << 10, ARENA_PAGES = ARENA_BYTES / ARENA_PAGE };

/* Where large pages would be welcome; Windows has no such wish, and needs none. */
static inline void wish_large(char *p, size_t bytes);

static inline char *make_arena(void);
static inline bool drop_arena(char *p);
static inline bool open_page(char *p); /* ARENA_PAGE bytes are wanted */
static inline bool shut_page(char *p); /* and no more */

#include "ground.h"

#endif
