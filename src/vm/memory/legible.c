/*
 * legible.c: memory of others that is mapped readable and cannot be read.
 *
 * A program that looks through its own memory, or another's, reads what VirtualQuery calls readable. The kernel's list
 * says "r" of more than that: of pages behind the end of a file, where reading raises SIGBUS, and of mappings of the
 * kernel's own ([vvar]) and of devices, which ReadProcessMemory never gets. These are told as inaccessible. What the
 * list cannot tell is tried, a byte at a time and only where there can be doubt: ordinary anonymous memory is never
 * touched, and of a file only the last page is, unless it lies in memory anyway.
 */
#include "vm/memory/legible.h"

#include <errno.h>
#include <string.h>

#include "core/extent.h"
#include "kern/pages/pagestate.h"

/*
 * By /proc/PID/mem, which waits for no userfaultfd: the one who reads that may be the one who asks here. Whether the
 * page of another process's file comes from a program (FUSE) nobody tells, but devices with a number have none such.
 */
static long read_byte(struct wm_whose *whose, uintptr_t addr)
{
    bool read;
    char byte;
    int memory;

    if (whose != NULL)
        return wm_peer_look(whose->files, &byte, addr, 1);
    memory = wm_kern_open_memory();
    if (memory < 0)
        return memory;
    read = wm_kern_peek(memory, addr, &byte, 1);
    wm_kern_close(memory);
    return read ? 1 : -EIO;
}

static bool may_try(struct wm_whose *whose, const struct wm_vma *vma, uintptr_t addr)
{
    return whose == NULL || vma->device >> 32 != 0 || wm_peer_can_look(whose->files, addr, 1);
}

/*
 * No is said only where the kernel has tried and failed. That it could not be asked (no descriptor, no
 * right) is no answer.
 */
static bool can_be_read(struct wm_whose *whose, uintptr_t addr)
{
    long done = read_byte(whose, addr);

    return done != -EIO && done != -EFAULT;
}

/* Anonymous, read-only and with a name in brackets: the heap or a stack that somebody protected, or the kernel's own. */
static bool is_special(struct wm_whose *whose, const struct wm_vma *vma)
{
    char name[64] = "";
    int error;

    if (vma->file || vma->shared || vma->access != WM_ACCESS_READ)
        return false;
    error = whose == NULL ? wm_kern_vma_name(vma->range.start, name, sizeof name)
                          : wm_peer_vma_name(whose->files, vma->range.start, name, sizeof name);
    return error == 0 && name[0] == '[' && strncmp(name, "[anon", 5) != 0;
}

static bool is_there(struct wm_whose *whose, uintptr_t page)
{
    uint8_t is[WM_PAGES_READ];

    if (whose != NULL)
        return wm_peer_filled(whose->files, page, WM_PAGE) != 0;
    return wm_kern_pages(wm_range_of(page, WM_PAGE), is) > 0 && (is[0] & WM_IS_PRESENT);
}

/* The file ends somewhere in r, whose first page can be read and whose last cannot. */
static uintptr_t end_of_file(struct wm_whose *whose, struct wm_range r)
{
    uintptr_t good = r.start, bad = r.end - WM_PAGE;

    while (bad - good > WM_PAGE) {
        uintptr_t middle = wm_down(good + (bad - good) / 2, WM_PAGE);

        if (can_be_read(whose, middle))
            good = middle;
        else
            bad = middle;
    }
    return bad;
}

/* What lies behind a file's end lies behind everything that does not. */
static bool file_is_legible(struct wm_whose *whose, const struct wm_vma *vma, struct wm_range *r)
{
    uintptr_t last = r->end - WM_PAGE;

    if (is_there(whose, last) || !may_try(whose, vma, last) || can_be_read(whose, last))
        return true;
    if (!can_be_read(whose, r->start))
        return false;
    r->end = end_of_file(whose, *r);
    return true;
}

bool wm_legible(struct wm_whose *whose, const struct wm_vma *vma, struct wm_range *r)
{
    if ((vma->access & WM_ACCESS_READ) == 0)
        return true; /* and the list says so itself */
    if (vma->file || vma->shared)
        return file_is_legible(whose, vma, r);
    return !is_special(whose, vma) || read_byte(whose, r->start) == 1;
}
