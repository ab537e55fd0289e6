/*
 * image.c: the program, its shared objects and its stack, as the dynamic linker knows them.
 *
 * How far the program reaches stands in its own headers, which lie in a page that it may make inaccessible as any
 * other. They never change: so they are read when the library is loaded, and not again.
 */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <sys/auxv.h>

#include "kern/map/mapping.h"
#include "kern/probe.h"

/* By how much the program was moved. Programs that cannot be moved often have no PT_PHDR. */
static uintptr_t program_bias(const ElfW(Phdr) * headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (headers[i].p_type == PT_PHDR)
            return (uintptr_t)headers - headers[i].p_vaddr;
        if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0)
            return (uintptr_t)headers - sizeof(ElfW(Ehdr)) - headers[i].p_vaddr;
    }
    return 0;
}

/* The kernel maps the program, with gaps where its headers say so: first to last segment count. */
static struct wm_range read_headers(void)
{
    struct wm_range all = {UINTPTR_MAX, 0};
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);
    uintptr_t bias = program_bias(headers, count);

    for (size_t i = 0; i < count; i++) {
        uintptr_t start = bias + headers[i].p_vaddr, end = start + headers[i].p_memsz;

        if (headers[i].p_type == PT_LOAD && start < all.start)
            all.start = start;
        if (headers[i].p_type == PT_LOAD && end > all.end)
            all.end = end;
    }
    return all;
}

static struct wm_range program;

/* A constructor of the program's may ask before. */
__attribute__((constructor)) static void know_the_program(void)
{
    program = read_headers();
}

struct wm_range wm_kern_program(void)
{
    struct wm_range all = program.end != 0 ? program : read_headers();

    return (struct wm_range){wm_down(all.start, WM_PAGE), wm_up(all.end, WM_PAGE)};
}

#ifdef DLFO_STRUCT_HAS_EH_DBASE /* there is _dl_find_object */

/*
 * _dl_find_object (glibc 2.35) takes no lock and may be called from a signal handler. Its range runs
 * from the first to the last segment and includes .bss, which the kernel's list shows as anonymous; but
 * of a program that is not contiguous, as static ones are not, it knows single segments.
 */
int wm_trial_find_object(void)
{
    return 0;
}

bool wm_kern_image(uintptr_t addr, struct wm_range *out)
{
    struct dl_find_object found;

    /* A segment may begin in the middle of a page. */
    if (_dl_find_object((void *)addr, &found) != 0 &&
        _dl_find_object((void *)(addr | (WM_PAGE - 1)), &found) != 0)
        return false;
    *out = (struct wm_range){wm_down((uintptr_t)found.dlfo_map_start, WM_PAGE),
                             wm_up((uintptr_t)found.dlfo_map_end, WM_PAGE)};
    if (found.dlfo_link_map->l_name[0] == '\0')
        *out = wm_kern_program();
    return true;
}

#else

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

#endif

/* The kernel leaves some bytes for libc at the beginning of the stack. */
uintptr_t wm_kern_main_stack(void)
{
    return (uintptr_t)getauxval(AT_RANDOM);
}
