/*
 * ownstack.c: finding it, in a thread that may have been anywhere.
 *
 * libc tells by malloc and stdio, so the kernel's list is asked, once a thread. libc keeps what it knows of a thread
 * (its thread pointer) at the top of the stack that it has made for it, and leaves inaccessible ground below: where both
 * are found the mapping is that stack. Stacks that a program has made itself, from malloc perhaps, have not both. The
 * first thread's stack grows, as far as its limit.
 */
#include "kern/signals/ownstack.h"

#include "base/range.h"
#include "kern/map/mapping.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/threadpointer.h"

__thread uintptr_t wm_own_stack_from __attribute__((tls_model("initial-exec"), visibility("hidden")));
__thread uintptr_t wm_own_stack_bytes __attribute__((tls_model("initial-exec"), visibility("hidden")));

enum { ROOM = 0x10000, FOR_A_THREAD = 0x2000, MOST_OF_MAIN = 0x4000000, UNKNOWN = 1 };

/* A limit may be none at all, and may have been raised since the kernel left room for the stack. */
static int of_first_thread(struct wm_range *out)
{
    uint64_t limit = wm_kern_stack_limit();
    struct wm_vma vma;
    int result = wm_kern_vma(wm_kern_main_stack(), &vma);

    if (result == 0)
        *out =
            (struct wm_range){vma.range.end - (limit < MOST_OF_MAIN ? limit : MOST_OF_MAIN), vma.range.end};
    return result;
}

static bool is_ground(const struct wm_vma *vma, uintptr_t end)
{
    return vma->range.end == end && vma->access == WM_ACCESS_NONE;
}

static int of_thread(struct wm_range *out)
{
    uintptr_t self = wm_thread_pointer();
    struct wm_vma vma, below;
    int result = wm_kern_vma(self, &vma);

    if (result == 0)
        result = wm_kern_vma(vma.range.start - 1, &below);
    if (result == 0 && (vma.range.end - self > FOR_A_THREAD || !is_ground(&below, vma.range.start)))
        *out = (struct wm_range){0, 0};
    else if (result == 0)
        *out = vma.range;
    return result;
}

static void remember(struct wm_range stack)
{
    bool large = wm_range_bytes(stack) > ROOM;

    wm_own_stack_from = large ? stack.start + ROOM : 0;
    wm_own_stack_bytes = large ? wm_range_bytes(stack) - ROOM : UNKNOWN;
}

static bool is_first_thread(void)
{
    return wm_sys3(SYS_getpid, 0, 0, 0) == wm_sys3(SYS_gettid, 0, 0, 0);
}

/* In a child of a fork the only thread is the first, wherever its stack was made. */
bool wm_own_stack_learn(uintptr_t stack_pointer)
{
    struct wm_range stack = {0, 0};
    struct wm_range there = wm_range_of(stack_pointer, 1);

    if (is_first_thread() && of_first_thread(&stack) != 0)
        return false;
    if (!wm_range_holds(stack, there) && of_thread(&stack) != 0)
        return false;
    remember(stack);
    return true;
}
