/*
 * model.h: what every view of winmem-maps works on: a head, and a stream of regions.
 *
 * A stream comes from a process (walk.c) or from a saved file (saved.c), and nobody who reads one can tell which. Regions
 * come in ascending order and do not overlap. From a process they have no gaps either: what is free is a region as well.
 *
 *   resident = private + shared; lazy is in memory beside these, and the kernel may take it
 *   resident + lazy + swapped <= bytes, and locked <= resident
 *   only a committed region has any of them
 *
 * Strings belong to the stream and are good until the next region is asked for. They are bytes as Linux has them, with
 * control characters and all: whoever shows them makes them fit to be shown (text.h). A type of memory, a letter, a
 * mark is a row of one table in model.c.
 */
#ifndef MAPS_MODEL_H
#define MAPS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum maps_type {
    MAPS_IMAGE,
    MAPS_PRIVATE,
    MAPS_MAPPED,
    MAPS_HEAP,
    MAPS_STACK,
    MAPS_PLACEHOLDER,
    MAPS_SLACK, /* free, but behind an allocation in its last granule: too short for another one */
    MAPS_FREE,
    MAPS_OTHER, /* a saved file says something that this version does not know */
    MAPS_TYPES
};

enum maps_state { MAPS_COMMITTED, MAPS_RESERVED, MAPS_UNUSED, MAPS_STATES };

enum { /* protections; 0: reserved or free */
       MAPS_READ = 1,
       MAPS_WRITE = 2,
       MAPS_EXECUTE = 4,
       MAPS_COPY = 8, /* who writes gets a copy */
       MAPS_GUARD = 16,
       MAPS_NO_ACCESS = 32
};

enum { /* marks */
       MAPS_IS_WATCHED = 1,
       MAPS_IS_LARGE = 2,
       MAPS_IS_AWE = 4,
       MAPS_IS_SECTION = 8, /* a view of memory */
       MAPS_IS_FILE = 16,   /* a view of a file */
       MAPS_IS_LOCKED = 32
};

enum { MAPS_MOST_PAGES = 4096 }; /* characters in a string of pages: then it is "~" */

struct maps_region {
    uint64_t start, bytes, allocation;
    enum maps_type type;
    enum maps_state state;
    unsigned protect, allocation_protect, is;
    uint64_t resident, private, shared, locked, lazy, swapped; /* bytes */
    const char *pages; /* run lengths: docs/design/maps.md; NULL: nothing is in memory */
    const char *file;  /* NULL: none */
};

struct maps_head {
    pid_t pid;
    char name[64];
    char taken[32]; /* UTC, as ISO 8601 has it */
    uint64_t page, granularity, lowest, highest;
    bool book; /* the process uses winmem */
    uint64_t mappings, most_mappings;
    uint64_t committed, commit_limit; /* of the whole system, bytes */
};

/* A sentence for people: why something cannot be had. */
struct maps_why {
    char text[512];
    bool denied; /* by the rights of whoever asks */
};

struct maps_stream {
    struct maps_head head;
    struct maps_why why;
    bool live; /* of a process, so that there can be another one */
    int (*next)(struct maps_stream *, struct maps_region *);
    void (*close)(struct maps_stream *);
};

/* NULL: why tells. Both make a stream that maps_close ends. */
struct maps_stream *maps_open_process(pid_t pid, struct maps_why *why);
struct maps_stream *maps_open_saved(const char *path, struct maps_why *why);

/* 1: a region; 0: that was the last; -1: stream->why tells. Neither 0 nor -1 may be followed by another question. */
int maps_next(struct maps_stream *stream, struct maps_region *out);
void maps_close(struct maps_stream *stream);

/* Always false, so that one can write: return maps_say(why, ...). */
bool maps_say(struct maps_why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- words --- */

const char *maps_type_word(enum maps_type type);
const char *maps_state_word(enum maps_state state);

/* What the table counts a region as: a guard is a type of its own there. */
enum { MAPS_ROW_GUARD = MAPS_TYPES, MAPS_ROWS };
int maps_row_of(const struct maps_region *region);
const char *maps_row_word(int row);

/* Negative: there is no such word. */
int maps_type_of_word(const char *word);
int maps_state_of_word(const char *word);
int maps_row_of_word(const char *word);
int maps_protect_of_letters(const char *letters);
unsigned maps_mark_of_word(const char *word); /* 0: none */

const char *maps_mark_word(unsigned mark);

enum { MAPS_LETTERS = 8 };
void maps_letters(unsigned protect, char out[MAPS_LETTERS]);

#endif
