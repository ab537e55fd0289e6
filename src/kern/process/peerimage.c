/*
 * peerimage.c: the programs and libraries of another process, from its mappings and from what their headers
 * say of themselves.
 *
 * Of our own process the dynamic linker knows (kern/map/image.c); here there is the kernel's list, in which
 * an image is some mappings of one file one behind the other, of which one is executable. Where its .bss
 * ends the list does not tell, for memory that somebody mapped behind it looks the same: that stands in the
 * headers, which may lie. So they make an image shorter than the list has it, and never longer.
 *
 * A linker that can only be asked under its own lock (glibc before 2.35, musl) is not asked: a thread that was borrowed, or
 * handles a fault, may be inside it. Then our own process is looked at as another one is: files is NULL.
 */
#include <elf.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "kern/descriptor.h"
#include "kern/probe.h"
#include "kern/process/peer.h"
#include "kern/sys.h"

enum { MOST_SEGMENTS = 64 };

/* The mapping that holds an address. */
static bool vma_at(struct wm_peer_files *files, uintptr_t addr, struct wm_vma *out)
{
    int result = files == NULL ? wm_kern_vma(addr, out) : wm_peer_vma(files, addr, out);

    return result == 0 && out->range.start <= addr;
}

/* What stands in our own memory, whatever its protection. */
static long look_at_ours(void *to, uintptr_t from, size_t bytes)
{
    int fd = wm_fd_open("/proc/self/mem", O_RDONLY);
    long got = fd < 0 ? fd : wm_sys4(SYS_pread64, fd, (long)to, (long)bytes, (long)from);

    if (fd >= 0)
        wm_kern_close(fd);
    return got;
}

static bool look(struct wm_peer_files *files, void *to, uintptr_t from, size_t bytes)
{
    long got = files == NULL ? look_at_ours(to, from, bytes) : wm_peer_look(files, to, from, bytes);

    return got == (long)bytes;
}

static bool same_file(const struct wm_vma *a, const struct wm_vma *b)
{
    return b->file && !b->shared && a->inode == b->inode && a->device == b->device;
}

/* Memory without a file directly behind a segment that can be written: the loader cleared it for its .bss. */
static bool is_bss(const struct wm_vma *segment, const struct wm_vma *behind)
{
    return segment->file && !segment->shared && (segment->access & WM_ACCESS_WRITE) != 0 && !behind->file &&
           !behind->shared && behind->access == segment->access && behind->range.start == segment->range.end;
}

/* The segment that addr lies in or, in .bss, the last one before it. */
static bool segment_of(struct wm_peer_files *files, uintptr_t addr, struct wm_vma *out)
{
    struct wm_vma behind;

    if (!vma_at(files, addr, &behind))
        return false;
    *out = behind;
    if (behind.file)
        return !behind.shared;
    return vma_at(files, behind.range.start - 1, out) && is_bss(out, &behind);
}

/* Down to the first segment. True if one on the way is executable. */
static bool first_segment(struct wm_peer_files *files, const struct wm_vma *from, uintptr_t *start)
{
    bool code = (from->access & WM_ACCESS_EXECUTE) != 0;
    struct wm_vma vma = *from;

    for (int count = 0; count < MOST_SEGMENTS; count++) {
        *start = vma.range.start;
        if (!vma_at(files, *start - 1, &vma) || !same_file(from, &vma))
            break;
        code |= (vma.access & WM_ACCESS_EXECUTE) != 0;
    }
    return code;
}

/* Up to the last one, and what may be the .bss behind it: 0 if nothing. */
static bool last_segment(struct wm_peer_files *files, const struct wm_vma *from, uintptr_t *bss,
                         uintptr_t *end)
{
    struct wm_vma vma = *from, next;
    bool code = false;

    *bss = 0;

    for (int count = 0; count < MOST_SEGMENTS; count++, vma = next) {
        code |= (vma.access & WM_ACCESS_EXECUTE) != 0;
        *end = vma.range.end;
        if (!vma_at(files, *end, &next))
            break;
        if (is_bss(&vma, &next))
            *bss = next.range.end;
        if (!same_file(from, &next))
            break;
    }
    return code;
}

/* How much of the address space a program's headers ask for, from its first segment on; 0: unknown. */
static uintptr_t length_of(const Elf64_Phdr *headers, size_t count)
{
    uintptr_t low = UINTPTR_MAX, high = 0;

    for (size_t i = 0; i < count; i++) {
        uintptr_t start = headers[i].p_vaddr, end = start + headers[i].p_memsz;

        if (headers[i].p_type == PT_LOAD && start < low)
            low = start;
        if (headers[i].p_type == PT_LOAD && end > high)
            high = end;
    }
    return high > low ? wm_up(high, WM_PAGE) - wm_down(low, WM_PAGE) : 0;
}

/* Where an image that begins there ends by its own headers, which may lie; 0: there are none. */
static uintptr_t end_by_headers(struct wm_peer_files *files, uintptr_t start)
{
    Elf64_Phdr headers[MOST_SEGMENTS];
    Elf64_Ehdr elf;
    uintptr_t length;

    if (!look(files, &elf, start, sizeof elf) || memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 ||
        elf.e_phnum > MOST_SEGMENTS)
        return 0;
    length = elf.e_phnum * sizeof headers[0];
    if (!look(files, headers, start + elf.e_phoff, length))
        return 0;
    length = length_of(headers, elf.e_phnum);
    return length == 0 || length > UINTPTR_MAX - start ? 0 : start + length;
}

/* Others may have mapped memory right behind the .bss, and the kernel shows it as one. */
static uintptr_t end_with_bss(struct wm_peer_files *files, struct wm_range segments, uintptr_t most)
{
    uintptr_t told = end_by_headers(files, segments.start);

    if (told == 0 || told > most)
        return most;
    return told > segments.end ? told : segments.end;
}

/* The kernel's own shared object, which every program has. */
static bool is_vdso(struct wm_peer_files *files, const struct wm_vma *vma)
{
    uintptr_t start = vma->range.start;
    char name[PATH_MAX];
    int result;

    if (vma->file || vma->shared || vma->access != (WM_ACCESS_READ | WM_ACCESS_EXECUTE))
        return false;
    result = files == NULL ? wm_kern_vma_name(start, name, sizeof name)
                           : wm_peer_vma_name(files, start, name, sizeof name);
    return result == 0 && strcmp(name, "[vdso]") == 0;
}

bool wm_peer_image(struct wm_peer_files *files, uintptr_t addr, struct wm_range *out)
{
    struct wm_vma segment;
    uintptr_t bss;
    bool below, above;

    if (vma_at(files, addr, &segment) && is_vdso(files, &segment)) {
        *out = segment.range;
        return true;
    }
    if (!segment_of(files, addr, &segment))
        return false;
    below = first_segment(files, &segment, &out->start);
    above = last_segment(files, &segment, &bss, &out->end);
    if (!below && !above)
        return false;
    if (bss != 0)
        out->end = end_with_bss(files, *out, bss);
    return addr < out->end;
}

bool wm_own_image(uintptr_t addr, struct wm_range *out)
{
    if (wm_kern_between_segments(addr))
        return false;
    if (wm_probe_finds(WM_FEATURE_FIND_OBJECT, wm_trial_find_object))
        return wm_kern_image(addr, out);
    *out = wm_kern_program();
    if (addr >= out->start && addr < out->end)
        return true;
    return wm_peer_image(NULL, addr, out);
}
