/*
 * stackbounds.c: where the calling thread's stack is (ownthreads.h).
 *
 * libc knows, but allocates to tell. So the kernel's list is asked first: libc puts what it knows of a thread (its thread
 * pointer) at the top of a stack that it has made, and inaccessible ground below it; where both are found, and the
 * thread runs there, the mapping is the stack. The first thread's stack grows as far as its limit. Whatever else a stack is
 * (made by the program, or with guards that are no mappings: glibc 2.42) libc is asked; and where the kernel has no better
 * answer than the whole list (before Linux 6.11), which may be long.
 */
#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/sys.h"
#include "kern/system/system.h"
#include "kern/threadpointer.h"
#include "kern/threads/ownthreads.h"

enum { FOR_A_THREAD = 0x2000 };

/* Without a limit: what the kernel's own layout leaves room for, at least. */
#define MOST_OF_MAIN ((uint64_t)1 << 30)

static bool of_first_thread(uintptr_t here, struct wm_stack_bounds *out)
{
    uint64_t limit = wm_kern_stack_limit();
    struct wm_vma vma;

    if (wm_kern_vma(wm_kern_main_stack(), &vma) != 0 || here < vma.range.start || here >= vma.range.end)
        return false;
    out->base = vma.range.end;
    out->limit = vma.range.end - wm_down(limit < MOST_OF_MAIN ? limit : MOST_OF_MAIN, WM_PAGE);
    if (out->limit > vma.range.start)
        out->limit = vma.range.start;
    out->mapping = out->limit;
    return true;
}

static bool made_by_libc(uintptr_t here, struct wm_stack_bounds *out)
{
    uintptr_t self = wm_thread_pointer();
    struct wm_vma vma, below;

    if (wm_kern_vma(self, &vma) != 0 || here < vma.range.start || here >= vma.range.end)
        return false;
    if (vma.range.end - self > FOR_A_THREAD || wm_kern_vma(vma.range.start - 1, &below) != 0)
        return false;
    if (below.range.end != vma.range.start || below.access != WM_ACCESS_NONE)
        return false;
    *out = (struct wm_stack_bounds){
        .base = vma.range.end, .limit = vma.range.start, .mapping = vma.range.start - WM_PAGE};
    return true;
}

static bool told_by_libc(struct wm_stack_bounds *out)
{
    pthread_attr_t attr;
    size_t bytes, guard;
    void *lowest;

    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return false;
    pthread_attr_getstack(&attr, &lowest, &bytes);
    pthread_attr_getguardsize(&attr, &guard);
    pthread_attr_destroy(&attr);
    *out = (struct wm_stack_bounds){
        .base = (uintptr_t)lowest + bytes, .limit = (uintptr_t)lowest, .mapping = (uintptr_t)lowest};
    return true;
}

bool wm_kern_stack_bounds(struct wm_stack_bounds *out)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);

    if (!wm_probe_has(WM_FEATURE_PROCMAP_QUERY) && wm_kern_thread_id() != (uint32_t)wm_sys_pid())
        return told_by_libc(out);
    return of_first_thread(here, out) || made_by_libc(here, out) || told_by_libc(out);
}
