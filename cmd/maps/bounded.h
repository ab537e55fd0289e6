/*
 * bounded.h: lines of a file, in memory that does not grow with what the file holds.
 *
 * Saved files may be hostile, and lists in /proc may be long: both are read through one buffer.
 */
#ifndef MAPS_BOUNDED_H
#define MAPS_BOUNDED_H

#include <stddef.h>

struct maps_lines {
    int fd;
    char *buffer;
    size_t size, begin, end; /* what has been read and not handed out lies from begin to end */
};

enum { MAPS_LINE_END = 0, MAPS_LINE = 1, MAPS_LINE_LONG = -1, MAPS_LINE_ERROR = -2, MAPS_LINE_CUT = -3 };

/* Takes fd over. longest: bytes of a line. False: no memory, and fd is closed. */
int maps_lines_open(struct maps_lines *lines, int fd, size_t longest);
void maps_lines_close(struct maps_lines *lines);

/*
 * The next line, with a NUL in place of its newline, good until the next call; zeros in it stay. LINE_CUT: the last line has
 * no newline. LINE_ERROR: errno tells.
 */
int maps_line(struct maps_lines *lines, char **line, size_t *length);

#endif
