/*
 * text.c: reading what /proc and /sys say, line by line and number by number (text.h).
 *
 * In a buffer on the stack, with a descriptor that is closed at once: no memory is asked for, so it can be
 * done in a signal handler and when there is none. Words and numbers are the kernel's and come as it writes
 * them; a number that is not there is 0, a line that is longer than the buffer is given as far as it fits,
 * and its rest is passed over.
 */
#include "kern/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "kern/descriptor.h"
#include "kern/kern.h"
#include "kern/sys.h"

void wm_text_open(struct wm_text *text, int fd)
{
    text->fd = fd;
    text->error = 0;
    text->from = text->to = 0;
    text->skip = false;
}

/* Moves what is left to the front and reads more behind it. False at the end. */
static bool refill(struct wm_text *text)
{
    long got;

    memmove(text->buffer, text->buffer + text->from, text->to - text->from);
    text->to -= text->from;
    text->from = 0;
    do
        got = wm_sys3(SYS_read, text->fd, (long)(text->buffer + text->to),
                      (long)(sizeof text->buffer - 1 - text->to));
    while (got == -EINTR);
    if (got < 0)
        text->error = (int)got;
    if (got <= 0)
        return false;
    text->to += (size_t)got;
    return true;
}

static char *take_line(struct wm_text *text, char *end)
{
    char *line = text->buffer + text->from;

    *end = '\0';
    text->from = (size_t)(end - text->buffer) + 1;
    return line;
}

const char *wm_text_line(struct wm_text *text)
{
    for (;;) {
        char *end = memchr(text->buffer + text->from, '\n', text->to - text->from);

        if (end != NULL && text->skip) {
            text->skip = false;
            take_line(text, end);
        } else if (end != NULL) {
            return take_line(text, end);
        } else if (text->to - text->from == sizeof text->buffer - 1) {
            char *line = text->buffer;
            bool skipping = text->skip;

            text->from = text->to = 0;
            text->skip = true;
            line[sizeof text->buffer - 1] = '\0';
            if (!skipping)
                return line;
        } else if (!refill(text)) {
            return NULL;
        }
    }
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

uint64_t wm_text_hex(const char **p)
{
    uint64_t value = 0;

    for (; digit(**p) >= 0; ++*p)
        value = value * 16 + (uint64_t)digit(**p);
    return value;
}

uint64_t wm_text_decimal(const char **p)
{
    uint64_t value = 0;

    for (; **p >= '0' && **p <= '9'; ++*p)
        value = value * 10 + (uint64_t)(**p - '0');
    return value;
}

const char *wm_text_after(const char *p, char c)
{
    while (*p != '\0' && *p != c)
        p++;
    while (*p == c && c != '\0')
        p++;
    return p;
}

static int open_file(const char *path)
{
    return wm_fd_open(path, O_RDONLY);
}

uint64_t wm_text_file_number(const char *path, uint64_t other)
{
    char buffer[64];
    const char *p = buffer;
    int fd = open_file(path);
    long got;

    if (fd < 0)
        return other;
    got = wm_sys3(SYS_read, fd, (long)buffer, sizeof buffer - 1);
    wm_kern_close(fd);
    if (got <= 0)
        return other;
    buffer[got] = '\0';
    return wm_text_decimal(&p);
}

const char *wm_text_file_line(const char *path, struct wm_text *text)
{
    int fd = open_file(path);
    const char *line;

    if (fd < 0)
        return NULL;
    wm_text_open(text, fd);
    line = wm_text_line(text);
    wm_kern_close(fd);
    return line;
}

/* Behind the name, its colon and the blanks; NULL if the line begins with something else. */
static const char *behind_name(const char *line, const char *name)
{
    size_t length = strlen(name);

    if (strncmp(line, name, length) != 0)
        return NULL;
    line += length;
    if (*line == ':')
        line++;
    if (*line != ' ' && *line != '\t')
        return NULL;
    while (*line == ' ' || *line == '\t')
        line++;
    return line;
}

void wm_text_fields(const char *line, const struct wm_text_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *p = behind_name(line, fields[i].name);

        if (p == NULL || *p < '0' || *p > '9')
            continue;
        *fields[i].out = wm_text_decimal(&p);
        if (strcmp(p, " kB") == 0)
            *fields[i].out *= 1024;
    }
}

int wm_text_file_fields(const char *path, const struct wm_text_field *fields, size_t count)
{
    int fd = open_file(path);
    struct wm_text text;
    const char *line;

    if (fd < 0)
        return fd;
    wm_text_open(&text, fd);
    while ((line = wm_text_line(&text)) != NULL)
        wm_text_fields(line, fields, count);
    wm_kern_close(fd);
    return text.error;
}

static void set_bits(uint64_t first, uint64_t last, uint64_t *bits, size_t words)
{
    for (uint64_t i = first; i <= last && i < 64 * words; i++)
        bits[i / 64] |= (uint64_t)1 << i % 64;
}

void wm_text_list(const char *list, uint64_t *bits, size_t words)
{
    while (*list >= '0' && *list <= '9') {
        uint64_t first = wm_text_decimal(&list), last = first;

        if (*list == '-') {
            list++;
            last = wm_text_decimal(&list);
        }
        set_bits(first, last, bits, words);
        if (*list == ',')
            list++;
    }
}

char *wm_text_put(char *to, const char *from)
{
    while ((*to = *from++) != '\0')
        to++;
    return to;
}

char *wm_text_put_decimal(char *to, uint64_t number)
{
    char digits[21];
    char *p = digits + sizeof digits - 1;

    *p = '\0';
    do {
        *--p = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    return wm_text_put(to, p);
}
