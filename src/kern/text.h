/* text.h: lines and numbers out of /proc, with a buffer on the stack and no locale. */
#ifndef WM_KERN_TEXT_H
#define WM_KERN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A descriptor read line by line. A line longer than the buffer comes cut off. */
struct wm_text {
    int fd;
    int error;
    size_t from, to;
    bool skip; /* the rest of a line that was too long */
    char buffer[4096];
};

void wm_text_open(struct wm_text *text, int fd);

/* The next line without its newline, valid until the next call; NULL at the end or on an error. */
const char *wm_text_line(struct wm_text *text);

/* Read a number and move the pointer behind it. */
uint64_t wm_text_hex(const char **p);
uint64_t wm_text_decimal(const char **p);

/* Behind the next run of c, or at the end of the string. */
const char *wm_text_after(const char *p, char c);

/* The first number in a small file, or other. */
uint64_t wm_text_file_number(const char *path, uint64_t other);

/* The first line of a file, kept in text; NULL if there is none. */
const char *wm_text_file_line(const char *path, struct wm_text *text);

/* A value by the name in front of it: "MemTotal:  123 kB", which is 123 * 1024, or "inactive_file 123". */
struct wm_text_field {
    const char *name;
    uint64_t *out;
};

void wm_text_fields(const char *line, const struct wm_text_field *fields, size_t count);

/* The same for each line of a file; 0 or a negative errno. What the file does not name is left alone. */
int wm_text_file_fields(const char *path, const struct wm_text_field *fields, size_t count);

/* Sets the bits that a list such as "0-3,8" names; numbers from 64 * words on are left out. */
void wm_text_list(const char *list, uint64_t *bits, size_t words);

/* Append, terminate, and return where the next goes. */
char *wm_text_put(char *to, const char *from);
char *wm_text_put_decimal(char *to, uint64_t number);

#endif
