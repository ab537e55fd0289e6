/* wwinmain.c: the WinMain of a program that has wWinMain. A program without that one has none at all. */
#include <stdlib.h>
#include <string.h>

#include "start/start.h"

int wWinMain(void *instance, void *previous, void *line, int show);
int WinMain(void *instance, void *previous, char *line, int show);

static void *volatile kept; /* reachable, for leak checkers */

/* The linker names it when there is no wWinMain. */
__attribute__((noinline, visibility("hidden"))) int
winmem_start_found_no_main_wmain_or_WinMain(void *instance, void *previous, void *line, int show)
{
    return wWinMain(instance, previous, line, show);
}

int WinMain(void *instance, void *previous, char *line, int show)
{
    struct winmem_start_text out = {0};

    kept = calloc(strlen(line) + 1, sizeof(uint32_t));
    if (kept == NULL)
        winmem_start_fail();
    if (winmem_start_is_utf16())
        out.utf16 = kept;
    else
        out.utf32 = kept;
    winmem_start_widen(&out, line);
    return winmem_start_found_no_main_wmain_or_WinMain(instance, previous, kept, show);
}
