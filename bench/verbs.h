/*
 * verbs.h: what a case is made of.
 *
 * Each case is written once, in verbs, and compiled twice: for winbench with win/, where they are calls of the Win32
 * API, for rawbench with raw/, where they are what a program would do that knows Linux and has its own account of
 * what lies where. Both are inlined: what is measured is the calls. A verb that one of them lacks does not link.
 *
 * Addresses are NULL and answers false when something failed. Memory is private, readable and writable, unless it
 * says otherwise.
 */
#ifndef BENCH_VERBS_H
#define BENCH_VERBS_H

#include "bench.h"

typedef void *bench_section;

/* --- memory.h --- */

static inline char *reserve(size_t bytes);
static inline char *allocate(size_t bytes);         /* reserved and committed at once */
static inline bool release(void *p, size_t bytes);  /* all of it */
static inline bool commit(char *p, size_t bytes);   /* of a reservation; also if it is committed already */
static inline bool decommit(char *p, size_t bytes); /* contents and promise go */
static inline bool make_read_only(char *p, size_t bytes);
static inline bool make_writable(char *p, size_t bytes);

/* The i-th of several that are not to be taken for one: reserved and committed in turn. */
static inline char *one_of_a_crowd(size_t i, size_t bytes);

/* BENCH_WALKED of SMALL bytes, and where they lie; each is a region to whoever walks. */
static inline bool make_row(char **low, char **high);
static inline bool drop_row(void);

static inline bool ask(const void *p); /* what is there? */
static inline bool
ask_into_static(const void *p); /* the same; the answer goes to memory that is not the stack */
static inline const char *end_of_region(const char *p); /* NULL: nothing is there, and nothing above */
static inline const char *free_space(size_t least);     /* the first stretch, whoever is behind it */
static inline const void *somewhere_in_a_library(void);

/* --- views.h: sections of SMALL bytes --- */

static inline bool have_placeholders(void); /* before the three that follow */
static inline char *reserve_halves(void); /* 2 * SMALL bytes, over each half of which a view can be mapped */
static inline bool map_over(bench_section section, char *half);
static inline bool unmap_half(char *half);

static inline bool make_section(bench_section *out);
static inline bool close_section(bench_section section);
static inline char *map_view(bench_section section);
static inline bool unmap_view(char *p);

/* What has a name, and stays as long as the first is open; found by it, its size asked for where that is not known. */
static inline bool make_named(bench_section *out);
static inline bool open_named(bench_section *out);
static inline bool drop_named(bench_section first);

/* --- watch.h: WATCH_PAGES committed pages, whose writing is watched; guard pages; contents that may go --- */

/* Of a reservation of so many bytes, if that costs nothing. */
static inline char *make_watched(size_t bytes);
static inline bool drop_watched(char *p, size_t bytes);
static inline void reset_watched(char *p, size_t bytes);

/* Takes what was written and begins anew. True: it was every step-th page, 0: none. */
static inline bool take_written(char *p, size_t bytes, size_t step);

/* Between these, who touches a guarded page goes on. */
static inline bool begin_guarding(char *p);
static inline bool guard(char *p); /* one page, once */
static inline void end_guarding(void);

static inline bool let_go(char *p, size_t bytes);    /* contents may be dropped */
static inline bool take_back(char *p, size_t bytes); /* no more, and none were */

/* --- frames.h: BENCH_FRAMES physical pages and a window for them; scattered: no two neighbours stay neighbours --- */

static inline bool make_frames(bool scattered);
static inline bool drop_frames(void);
static inline bool in_and_out(bool scattered); /* each of them */

#include "memory.h"
#include "views.h"
#include "watch.h"
#include "frames.h"

#endif
