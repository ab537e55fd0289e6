/* bounded.c: lines of a file through one buffer (bounded.h). */
#include "bounded.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int maps_lines_open(struct maps_lines *lines, int fd, size_t longest)
{
    *lines = (struct maps_lines){.fd = fd, .buffer = malloc(longest + 1), .size = longest + 1};
    if (lines->buffer == NULL)
        close(fd);
    return lines->buffer != NULL;
}

void maps_lines_close(struct maps_lines *lines)
{
    if (lines->buffer == NULL)
        return;
    close(lines->fd);
    free(lines->buffer);
    lines->buffer = NULL;
}

/* More behind what is there: the number of bytes, 0 at the end of the file, -1. */
static ssize_t fill(struct maps_lines *lines)
{
    ssize_t got;

    memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
    lines->end -= lines->begin;
    lines->begin = 0;
    do
        got = read(lines->fd, lines->buffer + lines->end, lines->size - lines->end);
    while (got < 0 && errno == EINTR);
    if (got > 0)
        lines->end += (size_t)got;
    return got;
}

int maps_line(struct maps_lines *lines, char **line, size_t *length)
{
    size_t looked = 0;

    for (;;) {
        char *from = lines->buffer + lines->begin;
        char *newline = memchr(from + looked, '\n', lines->end - lines->begin - looked);
        ssize_t got;

        if (newline != NULL) {
            *newline = 0;
            *line = from;
            *length = (size_t)(newline - from);
            lines->begin += *length + 1;
            return MAPS_LINE;
        }
        looked = lines->end - lines->begin;
        if (looked == lines->size)
            return MAPS_LINE_LONG;
        got = fill(lines);
        if (got < 0)
            return MAPS_LINE_ERROR;
        if (got == 0)
            return looked == 0 ? MAPS_LINE_END : MAPS_LINE_CUT;
    }
}
