/*
 * lines.h: text that is put together unit by unit, in lines of limited width if need be.
 *
 * A unit is what the caller's strings consist of: 1, 2 or 4 bytes. What has no room is counted only, so the same
 * steps, done without a buffer, tell how large it must be.
 *
 * A line that has become as long as the width is broken at its last blanks, all of which go; one without blanks is broken
 * right there, even if nothing comes behind it. Tabs are no place to break, and carriage returns take no room.
 */
#ifndef WM_API_LINES_H
#define WM_API_LINES_H

#include <stddef.h>
#include <stdint.h>

struct wm_lines {
    void *text;    /* may be NULL if room is 0 */
    size_t room;   /* units that may be stored */
    size_t width;  /* units of a line; 0: no bound */
    size_t wanted; /* whoever puts text together may stop when there is more */
    unsigned unit_bytes;
    size_t length; /* of all so far; this and the rest begin as 0 */
    size_t column; /* units of the last line */
    size_t blanks; /* where the last blanks of that line begin, */
    size_t word;   /* and what comes behind them; equal: it has none */
};

void wm_lines_put(struct wm_lines *lines, uint32_t unit);
void wm_lines_break(struct wm_lines *lines);

/* The same once more: into this text. */
void wm_lines_begin(struct wm_lines *lines, void *text, size_t room);

/* Of a string: reading a unit, storing one. */
uint32_t wm_unit_get(const void *text, size_t i, unsigned unit_bytes);
void wm_unit_set(void *text, size_t i, unsigned unit_bytes, uint32_t unit);

#endif
