/*
 * unborn.h: a program in which nobody has used the library yet, and so have the children that it forks.
 *
 * The library is born when it is loaded. Who wants to see its first call, or a process that does without, begins the
 * program again with that switched off.
 */
#ifndef UNBORN_H
#define UNBORN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((constructor)) static void begin_unborn(int argc, char **argv)
{
    const char *off = getenv("WINMEM_DISABLE");
    char more[1000];

    (void)argc;
    if (off != NULL && (strstr(off, "at_load") != NULL || strcmp(off, "all") == 0))
        return;
    snprintf(more, sizeof more, "%s%sat_load", off != NULL ? off : "", off != NULL ? "," : "");
    setenv("WINMEM_DISABLE", more, 1);
    execv("/proc/self/exe", argv);
    _exit(1);
}

#endif
