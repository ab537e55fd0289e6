/*
 * image.c: the program, its shared objects and its stack, as the dynamic linker knows them.
 *
 * How far the program reaches stands in its own headers, which lie in a page that it may make inaccessible as any
 * other. They never change: so they are read when the library is loaded, and not again.
 *
 * The program and the dynamic linker are mapped by the kernel, which leaves free what their headers leave out between two
 * segments: on aarch64, and wherever a linker keeps segments in pages of 64 KiB or more apart. There others are mapped; of
 * what is mapped in the linker's gaps, which are the highest room that there is, a program's very first mapping. Gaps of other
 * objects the dynamic linker fills itself.
 */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <sys/auxv.h>

#include "kern/map/mapping.h"
#include "kern/probe.h"

enum { MOST_SEGMENTS = 16 };

/* From the first to the last segment, and these, in whole pages. Of an object with more the gaps are not known. */
struct object {
    struct wm_range all;
    struct wm_range segment[MOST_SEGMENTS];
    size_t count;
};

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

static struct object read_headers(const ElfW(Phdr) * headers, size_t count, uintptr_t bias)
{
    struct object o = {.all = {UINTPTR_MAX, 0}};

    for (size_t i = 0; i < count; i++) {
        struct wm_range r = {wm_down(bias + headers[i].p_vaddr, WM_PAGE),
                             wm_up(bias + headers[i].p_vaddr + headers[i].p_memsz, WM_PAGE)};

        if (headers[i].p_type != PT_LOAD)
            continue;
        o.all.start = r.start < o.all.start ? r.start : o.all.start;
        o.all.end = r.end > o.all.end ? r.end : o.all.end;
        if (o.count < MOST_SEGMENTS)
            o.segment[o.count] = r;
        o.count++;
    }
    return o;
}

static struct object read_program(void)
{
    const ElfW(Phdr) *headers = (const ElfW(Phdr) *)getauxval(AT_PHDR);
    size_t count = getauxval(AT_PHNUM);

    return read_headers(headers, count, program_bias(headers, count));
}

/* A static program has none. */
static struct object read_linker(void)
{
    uintptr_t base = getauxval(AT_BASE);
    const ElfW(Ehdr) *elf = (const ElfW(Ehdr) *)base;

    if (base == 0)
        return (struct object){.count = 0};
    return read_headers((const ElfW(Phdr) *)(base + elf->e_phoff), elf->e_phnum, base);
}

static struct object program, linker;

/* A constructor of the program's may ask before. */
__attribute__((constructor)) static void know_the_program(void)
{
    program = read_program();
    linker = read_linker();
}

struct wm_range wm_kern_program(void)
{
    return program.count != 0 ? program.all : read_program().all;
}

static bool has_between(const struct object *o, uintptr_t addr)
{
    if (addr < o->all.start || addr >= o->all.end || o->count > MOST_SEGMENTS)
        return false;
    for (size_t i = 0; i < o->count; i++)
        if (addr >= o->segment[i].start && addr < o->segment[i].end)
            return false;
    return true;
}

bool wm_kern_between_segments(uintptr_t addr)
{
    struct object early;

    if (program.count != 0)
        return has_between(&program, addr) || has_between(&linker, addr);
    early = read_program();
    if (has_between(&early, addr))
        return true;
    early = read_linker();
    return has_between(&early, addr);
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
