#include "kern/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

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

uint64_t wm_text_file_number(const char *path, uint64_t other)
{
    char buffer[64];
    const char *p = buffer;
    int fd = (int)wm_sys4(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0);
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
