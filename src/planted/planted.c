/*
 * planted.c: the agent of a process that does not use the library.
 *
 * Here and in libc.c stands what replaces libc and the process's own part. The rest of a planted agent is the same
 * code as everybody's: base, core, kern and vm, built once more for nothing but the kernel, and put into place by
 * remote/plant.c.
 */
#include <errno.h>
#include <string.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/text.h"
#include "vm/agent/agent.h"
#include "vm/agent/estate.h"
#include "vm/book/home.h"
#include "vm/handles/inherited.h"
#include "vm/handles/types.h"
#include "vm/threads/self.h"
#include "vm/waits/owner.h"

enum { STACK = WM_AGENT_STACK, REGISTERS = 0x4000 };

static _Alignas(WM_PAGE) unsigned char room[STACK + REGISTERS];

/* There are no handles to threads here; a library that comes later finds room for its own. */
const struct wm_object_type wm_type_thread = {.record_bytes = WM_THREAD_OBJECT_BYTES,
                                              .share = WM_THREAD_SHARE};

static _Alignas(WM_PAGE) struct wm_agent agent = {
    .top = (uintptr_t)room + STACK,
    .registers = (uintptr_t)room + STACK,
};

extern const char wm_agent_entry[];

/* The planter looks for it by name, and leaves a brand that leads to it. */
__attribute__((visibility("default"))) struct wm_estate wm_planted_estate = {
    .magic = WM_ESTATE_MAGIC,
    .version = WM_WIRE_VERSION,
    .running = (uintptr_t)&agent.words.running,
    .agent = (uintptr_t)&agent,
    .entry = (uintptr_t)wm_agent_entry,
    .home = (uintptr_t)&wm_home,
};

struct wm_agent *wm_agent_make(void)
{
    return &agent;
}

void wm_agent_is_found(uintptr_t anchor)
{
    wm_planted_estate.anchor = anchor;
    WM_STORE(wm_planted_estate.state, WM_ESTATE_LIVE);
}

/* Nobody was here before. */
wm_status wm_agent_inherit(void)
{
    return WM_OK;
}

/* There are no handles, so none is inherited. */
wm_status wm_inherited_change(uintptr_t handle, uint8_t mask, uint8_t flags)
{
    (void)handle, (void)mask, (void)flags;
    return WM_NO_HANDLES_THERE;
}

void wm_inherited_end(uintptr_t handle)
{
    (void)handle;
}

void wm_agent_unmake(struct wm_agent *made)
{
    (void)made;
}

/* Nobody waits in an agent, and it has no handles. */
uint32_t wm_owner_thread(void)
{
    return 0;
}

int32_t wm_owner_process(void)
{
    return 0;
}

void wm_owner_counts(int change)
{
    (void)change;
}

/* What lies in the process is asked of the kernel by the caller; the agent only keeps its book. */
int wm_trial_find_object(void)
{
    return -ENOSYS;
}

bool wm_kern_image(uintptr_t addr, struct wm_range *out)
{
    (void)addr;
    (void)out;
    return false;
}

struct wm_range wm_kern_program(void)
{
    return (struct wm_range){0};
}

bool wm_kern_between_segments(uintptr_t addr)
{
    (void)addr;
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
