/*
 * picture.h: what somebody could notice of a failed operation: pages as VirtualQuery and as the kernel
 * see them, their contents, mappings that nobody owns, and open descriptors.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include "kern/pages/pagestate.h"
#include "vm.h"

#include <fcntl.h>

enum { PARTS = 160, STRAYS = 1024, DESCRIPTORS = 256 };

struct picture {
    struct wm_range range;
    unsigned regions, vmas, strays, descriptors;
    struct wm_region region[PARTS];
    struct wm_vma vma[PARTS];
    struct wm_range stray[STRAYS]; /* mapped, and neither in the book nor the book itself */
    uint64_t contents;
    uint64_t locked; /* a bit for each page, from the start on */
};

/* The thread sanitizer's run time maps and writes memory of its own beside ours at any time. */
static inline bool may_change_by_itself(const struct wm_region *region)
{
    return THREAD_SANITIZED && !region->ours;
}

static inline void look_at_contents(const struct wm_region *region, struct picture *out)
{
    if (region->state != WM_REGION_COMMITTED || wm_access_of(region->protect) == WM_ACCESS_NONE)
        return;
    /* Neither offered, nor committed elsewhere and not met yet, which is as good as a page of zeroes. */
    for (uintptr_t addr = region->range.start; addr < region->range.end; addr += PAGE)
        if (wm_kern_readable((void *)addr, 1) && stamped(addr) != 0)
            out->contents = out->contents * 31 + stamped(addr);
}

static inline void look_at_regions(struct picture *out)
{
    struct wm_region region;

    for (uintptr_t addr = out->range.start; addr < out->range.end; addr = region.range.end) {
        assert_true(out->regions < PARTS);
        region = region_at(addr);
        region.range = wm_range_cut(region.range, out->range);
        if (may_change_by_itself(&region))
            continue;
        out->region[out->regions++] = region;
        look_at_contents(&region, out);
    }
}

/* Neighbours that are alike may be one mapping or two: a restored private page has a history of its own. */
static inline bool continues(const struct wm_vma *vma, const struct wm_vma *before)
{
    return before->range.end == vma->range.start && before->access == vma->access &&
           before->shared == vma->shared && before->file == vma->file;
}

/* Of what lies below markers nobody notices anything. */
static inline void look_at_markers(struct wm_vma *vma)
{
    struct wm_found found;
    struct wm_run run;

    if (!wm_space_at(&wm_home.space, vma->range.start, &found) || found.extent.kind != WM_PRIVATE)
        return;
    run = wm_pages_at(&wm_home.space, &found.extent, vma->range.start);
    if (vma->range.start < run.range.end)
        vma->range = wm_range_cut(vma->range, run.range);
    if (run.state & WM_PAGE_MARKED)
        vma->access = WM_ACCESS_NONE;
}

static inline void look_at_vmas(struct picture *out)
{
    struct wm_vma vma;

    if (THREAD_SANITIZED)
        return;
    for (uintptr_t addr = out->range.start; addr < out->range.end; addr = vma.range.end) {
        assert_true(out->vmas < PARTS);
        if (wm_kern_vma(addr, &vma) != 0 || vma.range.start >= out->range.end)
            return;
        vma.range = wm_range_cut(vma.range, (struct wm_range){addr, out->range.end});
        look_at_markers(&vma);
        if (out->vmas > 0 && continues(&vma, &out->vma[out->vmas - 1]))
            out->vma[out->vmas - 1].range.end = vma.range.end;
        else
            out->vma[out->vmas++] = vma;
    }
}

/* Its last part are the spare mappings. */
static inline struct wm_range the_book(void)
{
    return (struct wm_range){(uintptr_t)wm_home.space.extents.items,
                             wm_home.spare.start + (2 * WM_SPARE_PAGES + 1) * PAGE};
}

static inline void add_stray(struct picture *out, struct wm_range r)
{
    if (wm_range_bytes(r) == 0)
        return;
    assert_true(out->strays < STRAYS);
    out->stray[out->strays++] = r;
}

/* It may grow at any time. */
static inline bool is_main_stack(struct wm_range r)
{
    return r.start <= wm_kern_main_stack() && wm_kern_main_stack() < r.end;
}

/* What is mapped in r and not in the book; open ground is not ours while it is free. */
static inline void add_unknown(struct picture *out, struct wm_range r)
{
    struct wm_found found;

    while (r.start < r.end) {
        bool known = wm_space_at(&wm_home.space, r.start, &found);
        struct wm_range part = {r.start, r.end};

        if (known || wm_space_from(&wm_home.space, r.start, &found))
            part.end = known ? wm_extent_ground(&found.extent).end : found.extent.start;
        part = wm_range_cut(part, r);
        if (!known || (found.extent.kind == WM_FREE && found.extent.ground == WM_GROUND_OPEN))
            add_stray(out, part);
        r.start = part.end;
    }
}

/* The kernel locks pages by mappings, and tells of one only that it is. */
static inline void look_at_locks(struct picture *out)
{
    unsigned bit = 0;

    for (uintptr_t addr = out->range.start; addr < out->range.end && bit < 64; addr += PAGE, bit++)
        if (wm_kern_has_locked(wm_range_of(addr, PAGE)))
            out->locked |= 1ull << bit;
}

/* The list of mappings is read at once, and without malloc, which might map something. */
static inline const char *read_mappings(void)
{
    static char text[1 << 18];
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    ssize_t got;

    assert_true(fd >= 0);
    while ((got = read(fd, text + length, sizeof text - 1 - length)) > 0)
        length += (size_t)got;
    close(fd);
    assert_true(length < sizeof text - 1);
    text[length] = '\0';
    return text;
}

static inline void look_for_strays(struct picture *out)
{
    struct wm_range book = the_book(), r;
    const char *line = read_mappings();

    for (; line != NULL && sscanf(line, "%zx-%zx", &r.start, &r.end) == 2; line = strchr(line, '\n') + 1) {
        if (is_main_stack(r) || r.start >= WM_SPACE_END)
            continue;
        add_unknown(out, wm_range_cut(r, (struct wm_range){0, book.start}));
        add_unknown(out, wm_range_cut(r, (struct wm_range){book.end, UINTPTR_MAX}));
    }
}

/* An empty range: only what concerns the whole process. */
static inline void take_picture(struct wm_range range, struct picture *out)
{
    *out = (struct picture){.range = range};
    look_at_regions(out);
    look_at_vmas(out);
    look_at_locks(out);
    look_for_strays(out);
    for (int fd = 0; fd < DESCRIPTORS; fd++)
        out->descriptors += fcntl(fd, F_GETFD) >= 0;
}

static inline bool same_range(struct wm_range a, struct wm_range b)
{
    return a.start == b.start && a.end == b.end;
}

static inline bool same_region(const struct wm_region *a, const struct wm_region *b)
{
    return same_range(a->range, b->range) && same_range(a->allocation, b->allocation) &&
           a->alloc_protect == b->alloc_protect && a->protect == b->protect && a->state == b->state &&
           a->type == b->type && a->ours == b->ours;
}

static inline bool same_vma(const struct wm_vma *a, const struct wm_vma *b)
{
    return same_range(a->range, b->range) && a->access == b->access && a->shared == b->shared &&
           a->file == b->file;
}

static inline bool same_regions(const struct picture *a, const struct picture *b)
{
    bool same = a->regions == b->regions;

    for (unsigned i = 0; same && i < a->regions; i++)
        same = same_region(&a->region[i], &b->region[i]);
    return same;
}

static inline const char *difference_of_regions(const struct picture *a, const struct picture *b)
{
    if (!same_regions(a, b))
        return "a region";
    return a->contents == b->contents ? NULL : "the contents";
}

static inline const char *difference_of_vmas(const struct picture *a, const struct picture *b)
{
    if (a->vmas != b->vmas)
        return "the number of mappings";
    for (unsigned i = 0; i < a->vmas; i++)
        if (!same_vma(&a->vma[i], &b->vma[i]))
            return "a mapping";
    return a->locked == b->locked ? NULL : "what is locked";
}

static inline const char *difference_elsewhere(const struct picture *a, const struct picture *b)
{
    if (a->descriptors != b->descriptors)
        return "the number of descriptors";
    if (THREAD_SANITIZED) /* maps memory of its own all the time */
        return NULL;
    if (a->strays != b->strays)
        return "the number of mappings elsewhere";
    for (unsigned i = 0; i < a->strays; i++)
        if (!same_range(a->stray[i], b->stray[i]))
            return "a mapping elsewhere";
    return NULL;
}

static inline void describe(const struct picture *p)
{
    for (unsigned i = 0; i < p->regions; i++)
        print_message("  region %zx-%zx state %d protect %x alloc %zx\n", p->region[i].range.start,
                      p->region[i].range.end, p->region[i].state, p->region[i].protect,
                      p->region[i].allocation.start);
    for (unsigned i = 0; i < p->vmas; i++)
        print_message("  mapping %zx-%zx access %d shared %d\n", p->vma[i].range.start, p->vma[i].range.end,
                      p->vma[i].access, p->vma[i].shared);
    print_message("  contents %zx, %u descriptors, %u mappings elsewhere\n", p->contents, p->descriptors,
                  p->strays);
}

#endif
