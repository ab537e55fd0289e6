/*
 * tracering.h: the lines of the last calls, kept in memory for whoever looks at the process or at its core file.
 *
 * WINMEM_TRACE=ring: instead of being written, lines of api/calltrace.h go round in here. Nothing is formatted later, so a
 * line says what was so when the call ended. The program that is looked at need not run any more (tools/gdb: winmem
 * last-calls).
 *
 *   a line is whole if its number is that of its place: number % WM_RING_LINES is its place, numbers begin with 1
 *   next is the highest number that was given; 0: nothing was traced so
 *
 * Whoever reads it knows nothing of our headers: magic and version come first, then how many lines there are and how long
 * one is, and number, thread, length and text stand in each in this order.
 */
#ifndef WM_API_TRACERING_H
#define WM_API_TRACERING_H

#include <stddef.h>
#include <stdint.h>

#include "base/private.h"

#define WM_RING_MAGIC 0x676e697263616d77u /* "wmacring" */
#define WM_RING_VERSION 1

enum { WM_RING_LINES = 256, WM_RING_TEXT = 240 };

struct wm_ring_line {
    uint64_t number; /* 0: it is being written */
    uint32_t thread; /* as ps and gdb call it */
    uint32_t length;
    char text[WM_RING_TEXT];
};

struct wm_trace_ring {
    uint64_t magic;
    uint32_t version;
    uint32_t lines;
    uint32_t line_bytes;
    uint32_t unused;
    uint64_t next;
    struct wm_ring_line *line;
};

WM_FOR_WIN32 extern struct wm_trace_ring wm_trace_ring;

/* May be called anywhere: nothing is allocated, no lock is taken. */
void wm_ring_put(const char *text, size_t length);

#endif
