/*
 * lines.h: text that is put together unit by unit, in lines of limited width if need be.
 *
 * A unit is what the caller's strings consist of: 1, 2 or 4 bytes. What has no room is counted only, so the same
 * steps, done without a buffer, tell how large it must be. The length never shrinks.
 */
#ifndef WM_API_LINES_H
#define WM_API_LINES_H

#include <stddef.h>
#include <stdint.h>

struct wm_lines {
    void *text;   /* may be NULL if room is 0 */
    size_t room;  /* units that may be stored */
    size_t width; /* units of a line; 0: no bound */
    unsigned unit_bytes;
    size_t length; /* of all so far; this and the rest begin as 0 */
    size_t line;   /* where the last line begins */
    size_t word;   /* behind the last white space; not behind line: the line has none */
};

void wm_lines_put(struct wm_lines *lines, uint32_t unit);
void wm_lines_break(struct wm_lines *lines);

/* The same for a string's units: reading one, storing one. */
uint32_t wm_unit_get(const void *text, size_t i, unsigned unit_bytes);
void wm_unit_set(void *text, size_t i, unsigned unit_bytes, uint32_t unit);

#endif
