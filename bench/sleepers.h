/* sleepers.h: the verbs of locks: a recursive lock, a slim one, one that can be shared, and what one sleeps on. */
#ifndef BENCH_SLEEPERS_H
#define BENCH_SLEEPERS_H

#include <stdint.h>

static inline void enter_section(void);
static inline void leave_section(void);
static inline void have_alone(void);
static inline void had_alone(void);
static inline void read_begin(void);
static inline void read_end(void);
static inline void write_begin(void);
static inline void write_end(void);
static inline void sleep_for_turn(void); /* under the slim lock */
static inline void wake_for_turn(void);
static inline void do_once(void);
static inline void sleep_while(uint32_t *word, uint32_t value);
static inline void wake_word(uint32_t *word);

#endif
