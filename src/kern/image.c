/* image.c: the program, its shared objects and its stack, as the dynamic linker knows them. */
#include <dlfcn.h>

#include "kern/kern.h"

/*
 * _dl_find_object (glibc 2.35) takes no lock and may be called from a signal handler. Its range runs
 * from the first to the last segment and includes .bss, which the kernel's list shows as anonymous.
 */
bool wm_kern_image(uintptr_t addr, struct wm_range *out)
{
    struct dl_find_object found;

    if (_dl_find_object((void *)addr, &found) != 0)
        return false;
    *out = (struct wm_range){wm_down((uintptr_t)found.dlfo_map_start, WM_PAGE),
                             wm_up((uintptr_t)found.dlfo_map_end, WM_PAGE)};
    return true;
}

/* The dynamic linker notes it when the program starts. */
extern void *__libc_stack_end;

uintptr_t wm_kern_main_stack(void)
{
    return (uintptr_t)__libc_stack_end;
}
