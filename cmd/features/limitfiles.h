/* limitfiles.h: numbers and lines of /proc and /sys, which a container may hide: then there is none. */
#ifndef FEATURES_LIMITFILES_H
#define FEATURES_LIMITFILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first line of a file, without its end. */
bool limit_line(const char *path, char *out, size_t bytes);

bool limit_number(const char *path, uint64_t *out);

/* The number behind a word at the beginning of a line: "CommitLimit:" of /proc/meminfo. */
bool limit_field(const char *path, const char *word, uint64_t *out);

/* How many filters answer for the kernel in this process; 1 as well where their number is not told. */
uint64_t limit_seccomp(void);

#endif
