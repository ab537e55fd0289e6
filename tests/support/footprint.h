/* footprint.h: what this process has of the kernel. Whoever asks when it cannot be told ends: no check passes by that. */
#ifndef FOOTPRINT_H
#define FOOTPRINT_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* Entries of /proc/self/fd: two more than descriptors, and the one by which it is read. */
static inline int descriptors(void)
{
    DIR *all = opendir("/proc/self/fd");
    int count = 0;

    if (all == NULL)
        abort();
    while (readdir(all) != NULL)
        count++;
    closedir(all);
    return count;
}

static inline int mappings(void)
{
    FILE *file = fopen("/proc/self/maps", "re");
    int c, lines = 0;

    if (file == NULL)
        abort();
    while ((c = getc(file)) != EOF)
        lines += c == '\n';
    fclose(file);
    return lines;
}

#endif
