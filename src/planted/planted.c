/*
 * planted.c: the agent of a process that does not use the library.
 *
 * Here and in libc.c stands what replaces libc and the process's own part. The rest of a planted agent is the same
 * code as everybody's: base, core, kern and vm, built once more for nothing but the kernel, and put into place by
 * remote/plant.c.
 */
#include <string.h>

#include "kern/kern.h"
#include "kern/text.h"
#include "vm/agent/agent.h"

const bool wm_agent_is_planted = true;

enum { STACK = 0x40000, REGISTERS = 0x4000 };

static _Alignas(WM_PAGE) unsigned char room[STACK + REGISTERS];

/* The planter looks for it by name. */
__attribute__((visibility("default"))) struct wm_agent wm_planted_agent = {
    .top = (uintptr_t)room + STACK,
    .registers = (uintptr_t)room + STACK,
};

struct wm_agent *wm_agent_make(void)
{
    return &wm_planted_agent;
}

/* What lies in the process is asked of the kernel by the caller; the agent only keeps its book. */
bool wm_kern_image(uintptr_t addr, struct wm_range *out)
{
    (void)addr;
    (void)out;
    return false;
}

/* Behind the name, which may hold anything, come numbers; the 26th is where the stack began. */
uintptr_t wm_kern_main_stack(void)
{
    struct wm_text text;
    const char *line = wm_text_file_line("/proc/self/stat", &text);
    const char *p = line == NULL ? NULL : strrchr(line, ')');

    for (int field = 0; p != NULL && field < 26; field++)
        p = wm_text_after(p, ' ');
    return p == NULL ? 0 : wm_text_decimal(&p);
}
