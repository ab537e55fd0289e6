/*
 * tryread.c: the table of instructions that may fault, and where tools change what a fault looks like
 * (tryread.h).
 *
 * The table is made by the assembler, an entry beside each such instruction, and put together by the
 * linker: so no entry is missing and none has to be registered. It is short, and read in a signal handler
 * from its first entry to its last.
 */
#include "kern/signals/tryread.h"

#include <stdlib.h>
#include <string.h>

#include "kern/map/mapping.h"

bool wm_try_asks;

/* The linker's names for the ends of the table. */
extern const struct wm_try __start_wm_tries[] __attribute__((visibility("hidden")));
extern const struct wm_try __stop_wm_tries[] __attribute__((visibility("hidden")));

static uintptr_t follow(const int32_t *from)
{
    return (uintptr_t)from + (uintptr_t)(intptr_t)*from;
}

/* The linker has these names only if the table has an entry: this one is met by nobody. */
uintptr_t wm_try_failed(uintptr_t instruction)
{
    uintptr_t bytes = (uintptr_t)__stop_wm_tries - (uintptr_t)__start_wm_tries;

    __asm__ volatile(".pushsection wm_tries, \"a\", @progbits\n"
                     ".balign 4\n"
                     "1: .long 0, 0\n"
                     ".popsection\n" WM_TRY_KEEP("1b"));
    for (size_t i = 0; i < bytes / sizeof(struct wm_try); i++)
        if (follow(&__start_wm_tries[i].instruction) == instruction)
            return follow(&__start_wm_tries[i].onwards);
    return 0;
}

bool wm_try_ask(uintptr_t addr)
{
    return wm_kern_readable((const void *)addr, sizeof(struct wm_pair));
}

void wm_try_look_around(void)
{
    const char *preloaded = secure_getenv("LD_PRELOAD");

    wm_try_asks = preloaded != NULL && strstr(preloaded, "/vgpreload_") != NULL;
}
