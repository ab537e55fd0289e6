/*
 * audit.h: the book against the kernel, both ways and access by access.
 *
 * What the book says of every page that it knows is compared with the kernel's list of mappings and with its
 * page tables, and whatever is mapped with what the book knows. The kernel is asked by the test's own means:
 * nothing here runs code of kern, and a scripted failure does not reach it. To be called between operations,
 * by the only thread that makes any. In the kernel must lie
 *
 *   under free ground   HELD, and slack behind it: private memory without access or contents; OPEN, and its
 *                       slack: nothing, or what somebody else has mapped; WARM: read/write memory, every page
 *                       of it a guard marker; given up (MARKED): every page a guard marker
 *   under placeholders  and reserved pages: private memory without access or contents
 *   under private pages private memory with the access of their state, markers where that says MARKED and
 *                       nowhere else; read/write under write protection where it is shielded and nowhere else;
 *                       locked where it says LOCKED and nowhere else; pages of a watched
 *                       allocation, of a window and large ones have contents of their own kind
 *   under views         their section, at its offset, shared unless the state says COPY; without access where the state
 *                       is reserved; and of a section that is committed piece by piece, what has a protection is
 *                       committed in its map
 *   elsewhere           what was there when the audit began, the tables that extents have beside their pages,
 *                       and what others.h knows; all of them whole
 *
 * Sections are audited by their descriptors: the one of the bytes is open on the file that the section says. One that has
 * a name holds it, by a descriptor of the name's file that has its name, for as long as it has handles, and no longer; in
 * the file of a section of memory the bytes lie. No other descriptor lies in the directory of names.
 *
 * Of ranges above two MiB the page tables of both ends are read, the list of mappings of all.
 */
#ifndef AUDIT_H
#define AUDIT_H

#include "others.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "vm/book/marks.h"
#include "vm/pages/guard.h"
#include "vm/sections/section.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

enum { AUDIT_MAPPINGS = 8192, AUDIT_RANGES = 2048, AUDIT_TEXT = 1 << 20, AUDIT_BLOCK = 512 };

/* Descriptors that the library opens when it first needs them, and keeps. */
enum { AUDIT_KEPT = 4 };

/* Bits of an entry in /proc/self/pagemap. */
#define AUDIT_PRESENT (1ull << 63)
#define AUDIT_SWAPPED (1ull << 62) /* a guard marker is one of these */
#define AUDIT_GUARD (1ull << 58)   /* Linux 6.14 */
#define AUDIT_SHIELD (1ull << 57)

struct audit_mapping {
    struct wm_range range;
    uint8_t access;
    bool shared, moves; /* moves: the stack, and malloc's heap */
    uint64_t offset, inode;
};

struct audit_ranges {
    unsigned count;
    struct wm_range range[AUDIT_RANGES];
};

static struct {
    pid_t process;
    int maps, pagemap;
    bool tells_guards; /* the kernel shows which pages are guard markers */
    struct audit_mapping mapping[AUDIT_MAPPINGS];
    unsigned mappings, at; /* at: where the last search ended */
    uint64_t entry[AUDIT_BLOCK];
    uintptr_t entries_of; /* the page of entry[0] */
    bool begun;
    unsigned descriptors;
    struct audit_ranges known, tables; /* mapped at the beginning and not in the book; beside extents */
    char said[256];
} audit;

static inline bool audit_says(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The first difference is the one that is told. */
static inline bool audit_says(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(audit.said, sizeof audit.said, format, list);
    va_end(list);
    return false;
}

/* --- reading what the kernel has --- */

static inline uint64_t audit_number(const char **p, unsigned base)
{
    uint64_t value = 0;

    for (;; ++*p) {
        unsigned digit = **p <= '9' ? (unsigned)(**p - '0') : (unsigned)(**p - 'a' + 10);

        if (digit >= base)
            return value;
        value = value * base + digit;
    }
}

/* start-end rwxp offset major:minor inode name */
static inline void audit_parse(const char *p, struct audit_mapping *m)
{
    m->range.start = audit_number(&p, 16);
    p++;
    m->range.end = audit_number(&p, 16);
    m->access = (uint8_t)((p[1] == 'r') * WM_ACCESS_READ | (p[2] == 'w') * WM_ACCESS_WRITE |
                          (p[3] == 'x') * WM_ACCESS_EXECUTE);
    m->shared = p[4] == 's';
    p += 6;
    m->offset = audit_number(&p, 16);
    p = strchr(p + 1, ' ') + 1;
    m->inode = audit_number(&p, 10);
    p += strspn(p, " ");
    m->moves = strncmp(p, "[heap]", 6) == 0 || strncmp(p, "[stack]", 7) == 0;
}

static inline size_t audit_read_text(char *text, size_t bytes)
{
    size_t length = 0;
    ssize_t got;

    while (length < bytes - 1 &&
           (got = pread(audit.maps, text + length, bytes - 1 - length, (off_t)length)) > 0)
        length += (size_t)got;
    return length;
}

static inline void audit_read_mappings(void)
{
    static char text[AUDIT_TEXT];
    size_t length = audit_read_text(text, sizeof text);
    char *line = text;

    assert_true(length > 0 && length < sizeof text - 1);
    text[length] = '\0';
    for (audit.mappings = audit.at = 0; *line != '\0'; line = strchr(line, '\n') + 1) {
        assert_true(audit.mappings < AUDIT_MAPPINGS);
        audit_parse(line, &audit.mapping[audit.mappings++]);
    }
}

/* The mapping that holds addr or the first one above it; NULL: there is none. Quick for rising addresses. */
static inline const struct audit_mapping *audit_from(uintptr_t addr)
{
    if (audit.at > 0 && audit.mapping[audit.at - 1].range.end > addr)
        audit.at = 0;
    while (audit.at < audit.mappings && audit.mapping[audit.at].range.end <= addr)
        audit.at++;
    return audit.at < audit.mappings ? &audit.mapping[audit.at] : NULL;
}

static inline uint64_t audit_entry(uintptr_t addr)
{
    uintptr_t block = wm_down(addr, AUDIT_BLOCK * WM_PAGE);

    if (audit.entries_of != block) {
        memset(audit.entry, 0, sizeof audit.entry);
        assert_true(pread(audit.pagemap, audit.entry, sizeof audit.entry,
                          (off_t)(block / WM_PAGE * sizeof audit.entry[0])) > 0);
        audit.entries_of = block;
    }
    return audit.entry[(addr - block) / WM_PAGE];
}

static inline bool audit_can_read(uintptr_t addr)
{
    char byte;
    struct iovec to = {&byte, 1}, from = {(void *)addr, 1};

    return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1;
}

/* MS_INVALIDATE is refused where pages are locked, and does nothing to anonymous or shared memory. */
static inline bool audit_is_locked(struct wm_range r)
{
    return msync((void *)r.start, wm_range_bytes(r), MS_ASYNC | MS_INVALIDATE) != 0 && errno == EBUSY;
}

static inline bool audit_learns_guards(void)
{
    void *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool tells;

    assert_true(p != MAP_FAILED);
    tells = madvise(p, PAGE, MADV_GUARD_INSTALL) == 0 && (audit_entry((uintptr_t)p) & AUDIT_GUARD) != 0;
    munmap(p, PAGE);
    return tells;
}

/* --- what the book says, and whether the kernel has it --- */

struct audit_wish {
    const char *what;
    struct wm_range range;
    bool any;    /* mapped is enough */
    bool closed; /* markers instead of the access */
    bool empty, locked, shared, file;
    bool shielded, watched; /* watched: under write protection or not */
    uint8_t access;
    uint64_t inode, offset; /* of a file */
};

static inline bool audit_mapping_fits(const struct audit_wish *w, struct wm_range part,
                                      const struct audit_mapping *m)
{
    static const char *const names[] = {"---", "r--", "-w-", "rw-", "--x", "r-x", "-wx", "rwx"};
    uint64_t offset = w->offset + (part.start - w->range.start),
             there = m->offset + (part.start - m->range.start);

    if (w->any)
        return true;
    if (!w->closed && m->access != w->access)
        return audit_says("%s at %zx is %s in the kernel, not %s", w->what, part.start, names[m->access & 7],
                          names[w->access & 7]);
    if (m->shared != w->shared)
        return audit_says("%s at %zx is %s in the kernel", w->what, part.start,
                          m->shared ? "shared" : "private");
    if (w->file ? m->inode != w->inode || there != offset : m->inode != 0)
        return audit_says("%s at %zx shows file %zu from %zx, not %zu from %zx", w->what, part.start,
                          (size_t)m->inode, (size_t)there, (size_t)w->inode, (size_t)offset);
    if (audit_is_locked(part) != w->locked)
        return audit_says("%s at %zx is %slocked in the kernel", w->what, part.start,
                          w->locked ? "not " : "");
    return true;
}

static inline bool audit_page_fits(const struct audit_wish *w, uintptr_t addr)
{
    uint64_t entry = audit_entry(addr);
    bool guard = (entry & AUDIT_GUARD) != 0;

    if (audit.tells_guards && guard != w->closed)
        return audit_says("%s at %zx is %s guard marker in the kernel", w->what, addr, guard ? "a" : "no");
    if (!audit.tells_guards && w->closed && audit_can_read(addr))
        return audit_says("%s at %zx can be read", w->what, addr);
    if (!w->watched && ((entry & AUDIT_SHIELD) != 0) != w->shielded)
        return audit_says("%s at %zx is %s write protection in the kernel", w->what, addr,
                          w->shielded ? "under no" : "under");
    if (w->empty && (entry & (AUDIT_PRESENT | AUDIT_SWAPPED)))
        return audit_says("%s at %zx has contents", w->what, addr);
    return true;
}

static inline bool audit_pages_fit(const struct audit_wish *w)
{
    uintptr_t end = AUDIT_BLOCK / 2 * WM_PAGE;
    bool long_one = wm_range_bytes(w->range) > 2 * end;

    for (uintptr_t addr = w->range.start; addr < w->range.end; addr += WM_PAGE) {
        if (long_one && addr == w->range.start + end)
            addr = wm_down(w->range.end - end, WM_PAGE);
        if (!audit_page_fits(w, addr))
            return false;
    }
    return true;
}

static inline bool audit_fits(const struct audit_wish *w)
{
    for (uintptr_t addr = w->range.start; addr < w->range.end;) {
        const struct audit_mapping *m = audit_from(addr);
        struct wm_range part = {addr, w->range.end};

        if (m == NULL || m->range.start > addr)
            return audit_says("%s at %zx is not mapped", w->what, addr);
        part = wm_range_cut(part, m->range);
        if (!audit_mapping_fits(w, part, m))
            return false;
        addr = part.end;
    }
    return w->any || audit_pages_fit(w);
}

static inline struct audit_wish audit_wish_of_run(const struct wm_extent *e, struct wm_run run)
{
    bool committed = (run.state & WM_PAGE_PROTECT) != 0;

    return (struct audit_wish){
        .what = e->kind == WM_PLACEHOLDER ? "a placeholder"
                : committed               ? "committed memory"
                                          : "reserved memory",
        .range = run.range,
        .any = (e->traits & (WM_TRAIT_LARGE | WM_TRAIT_PHYSICAL)) != 0,
        .closed = (run.state & WM_PAGE_MARKED) != 0,
        .empty = !committed && !(run.state & WM_PAGE_MARKED) && e->traits == 0,
        .locked = (run.state & WM_PAGE_LOCKED) != 0,
        .shielded = wm_page_is_shielded(run.state),
        .watched = (e->traits & WM_TRAIT_WATCHED) != 0,
        .access = wm_page_is_shielded(run.state) ? WM_ACCESS_READ | WM_ACCESS_WRITE
                                                 : (uint8_t)wm_access_of(run.state),
    };
}

static inline struct audit_wish audit_wish_of_view(const struct wm_extent *e, struct wm_run run)
{
    const struct wm_section *section = wm_section_at(e->section);

    return (struct audit_wish){
        .what = "a view",
        .range = run.range,
        .locked = (run.state & WM_PAGE_LOCKED) != 0,
        .shared = !(run.state & WM_PAGE_COPY),
        .file = true,
        .access = (uint8_t)wm_access_of(run.state),
        .inode = section->backing.id.inode,
        .offset = (uint64_t)e->offset * WM_PAGE + (run.range.start - e->start),
    };
}

static inline bool audit_warm_below(const struct wm_run *run)
{
    const struct audit_wish below = {.what = "warm memory",
                                     .range = run->range,
                                     .closed = true,
                                     .access = WM_ACCESS_READ | WM_ACCESS_WRITE};
    const struct audit_mapping *m = audit_from(run->range.start);

    if (m != NULL && m->access != below.access)
        return audit_says("warm memory at %zx is not read/write below its markers", run->range.start);
    return audit_fits(&below);
}

/* What this view has met is committed for all. */
static inline bool audit_is_in_map(const struct wm_extent *e, struct wm_run run)
{
    uint64_t first = (run.range.start - e->start) / WM_PAGE, end = (run.range.end - e->start) / WM_PAGE;
    const struct wm_commits *commits;

    if (e->kind != WM_VIEW || !(e->traits & WM_TRAIT_PIECEWISE) || (run.state & WM_PAGE_PROTECT) == 0)
        return true;
    commits = &wm_section_at(e->section)->commits;
    first += e->offset;
    end += e->offset;
    return (wm_commits_has(commits, first) && wm_commits_end(commits, first, end) == end) ||
           audit_says("a view has %zx that its section has not committed", run.range.start);
}

static inline bool audit_used(const struct wm_extent *e)
{
    struct wm_range all = wm_extent_range(e);
    struct wm_run run;

    for (uintptr_t addr = all.start; addr < all.end; addr = run.range.end) {
        struct audit_wish w;

        run = wm_pages_at(&wm_home.space, e, addr);
        w = e->kind == WM_VIEW ? audit_wish_of_view(e, run) : audit_wish_of_run(e, run);
        if (!audit_is_in_map(e, run) || !audit_fits(&w) ||
            ((run.state & (WM_PAGE_WARM | WM_PAGE_DENSE)) && !w.shielded && !audit_warm_below(&run)))
            return false;
    }
    return true;
}

static inline bool audit_held(const char *what, struct wm_range r)
{
    return wm_range_bytes(r) == 0 ||
           audit_fits(&(struct audit_wish){.what = what, .range = r, .empty = true});
}

/* What lay there may have been a view. */
static inline bool audit_given_up(struct wm_range r)
{
    const struct audit_wish w = {.what = "given up ground", .range = r, .any = true, .closed = true};

    return audit_fits(&w) && audit_pages_fit(&w);
}

static inline bool audit_free(const struct wm_extent *e)
{
    const struct wm_run run = {wm_extent_range(e), e->state};

    if (e->state & WM_PAGE_MARKED)
        return audit_given_up(run.range);
    if (e->ground == WM_GROUND_WARM)
        return audit_warm_below(&run);
    if (e->ground == WM_GROUND_FULL)
        return audit_fits(&(struct audit_wish){.what = "full ground", .range = run.range});
    return e->ground == WM_GROUND_OPEN || audit_held("free held ground", run.range);
}

static inline bool audit_extent(const struct wm_extent *e)
{
    struct wm_range slack = {wm_extent_range(e).end, wm_extent_ground(e).end};

    if (e->kind == WM_FREE)
        return audit_free(e);
    if (wm_range_bytes(slack) != 0 && e->ground == WM_GROUND_OWN)
        return audit_says("ground at %zx that is not an arena's has slack", e->start);
    return audit_used(e) && (e->ground != WM_GROUND_HELD || audit_held("slack of held ground", slack));
}

/* --- what the kernel has, and whether anybody knows it --- */

static inline void audit_add(struct audit_ranges *to, struct wm_range r)
{
    if (wm_range_bytes(r) == 0)
        return;
    assert_true(to->count < AUDIT_RANGES);
    to->range[to->count++] = r;
}

/* Up to where is addr known to this list? addr: it is not. */
static inline uintptr_t audit_known_to(const struct audit_ranges *list, uintptr_t addr)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->range[i].start <= addr && addr < list->range[i].end)
            return list->range[i].end;
    return addr;
}

/* Ground that the kernel has for us; open ground is not ours while it is free, and slack in it neither. */
static inline uintptr_t audit_known_to_book(uintptr_t addr)
{
    struct wm_found found;
    uintptr_t end;

    if (!wm_space_at(&wm_home.space, addr, &found))
        return addr;
    if (found.extent.kind == WM_FREE)
        end = found.extent.ground == WM_GROUND_OPEN ? addr : wm_extent_range(&found.extent).end;
    else
        end = found.extent.ground == WM_GROUND_HELD ? wm_extent_ground(&found.extent).end
                                                    : wm_extent_range(&found.extent).end;
    return end > addr ? end : addr;
}

static inline uintptr_t audit_known_up_to(uintptr_t addr)
{
    const struct other *o = other_at(addr);
    uintptr_t end = audit_known_to_book(addr);

    if (end == addr)
        end = o != NULL ? o->range.end : audit_known_to(&audit.tables, addr);
    return end > addr ? end : audit_known_to(&audit.known, addr);
}

/* Of sections that are committed piece by piece, whoever has them: handles or views. */
static inline void audit_find_commit_maps(void)
{
    const struct wm_pool *sections = &wm_home.objects.records[WM_HANDLE_SECTION];

    for (uint32_t index = 1; sections->items != NULL && index < sections->used; index++) {
        const struct wm_section *section = wm_section_at(index);

        if (section->object.type == WM_HANDLE_SECTION && section->commits.words != NULL)
            audit_add(&audit.tables, wm_range_of((uintptr_t)section->commits.words,
                                                 wm_commits_bytes(section->commits.pages * WM_PAGE)));
    }
}

static inline void audit_find_tables(void)
{
    struct wm_found found;

    audit.tables.count = 0;
    for (const struct wm_left_table *t = wm_home.left_tables; t != NULL; t = t->next)
        audit_add(&audit.tables, wm_range_of((uintptr_t)t, t->bytes));
    audit_find_commit_maps();
    for (uintptr_t addr = 0; wm_space_from(&wm_home.space, addr, &found); addr = found.extent.start + 1) {
        const struct wm_extent *e = &found.extent;
        size_t bits = wm_up(e->bytes / WM_PAGE / 8 + sizeof(uint64_t), WM_PAGE);
        uintptr_t canaries;

        if (e->kind != WM_PRIVATE || e->marks == 0)
            continue;
        if (wm_is_window(e)) {
            audit_add(&audit.tables, wm_range_of(e->marks, wm_window_table_bytes(e)));
            continue;
        }
        audit_add(&audit.tables, wm_range_of(e->marks, PAGE + WM_MARK_COUNT * bits));
        canaries = *(const uintptr_t *)e->marks;
        if (canaries != 0)
            audit_add(&audit.tables,
                      wm_range_of(canaries, wm_up(e->bytes / WM_PAGE * sizeof(struct wm_canary), WM_PAGE)));
    }
}

static inline bool audit_all_known(void)
{
    for (unsigned i = 0; i < audit.mappings; i++) {
        struct wm_range r = audit.mapping[i].range;

        while (!audit.mapping[i].moves && r.start < r.end && r.start < WM_SPACE_END) {
            uintptr_t end = audit_known_up_to(r.start);

            if (end == r.start)
                return audit_says("%zx-%zx is mapped, and nobody knows why", r.start, r.end);
            r.start = end;
        }
    }
    return true;
}

static inline bool audit_is_mapped(const char *what, struct wm_range r)
{
    return audit_fits(&(struct audit_wish){.what = what, .range = r, .any = true});
}

static inline bool audit_others(void)
{
    for (const struct other *o = others; o < others + OTHERS; o++) {
        const struct audit_wish w = {
            .what = "somebody else's memory", .range = o->range, .access = o->access, .shared = o->shared};
        struct audit_wish any = w;

        any.any = o->shared; /* has a file of the kernel's own below */
        if (wm_range_bytes(o->range) != 0 && (!audit_fits(&any) || !other_is_whole(o)))
            return audit.said[0] != '\0'
                       ? false
                       : audit_says("somebody else's memory at %zx has changed", o->range.start);
    }
    return true;
}

static inline bool audit_elsewhere(void)
{
    for (unsigned i = 0; i < audit.tables.count; i++)
        if (!audit_is_mapped("a table beside an extent", audit.tables.range[i]))
            return false;
    for (unsigned i = 0; i < audit.known.count; i++)
        if (!audit_is_mapped("what was there at the beginning", audit.known.range[i]))
            return false;
    return audit_all_known();
}

/* --- counts --- */

struct audit_sums {
    size_t locked_pages, warm_bytes, warm_pages, dense_bytes, shielded, piecewise_views;
};

static inline void audit_sum(const struct wm_extent *e, struct audit_sums *sums)
{
    struct wm_range all = wm_extent_range(e);
    struct wm_run run;

    sums->piecewise_views += e->kind == WM_VIEW && (e->traits & WM_TRAIT_PIECEWISE);
    if (e->kind == WM_FREE)
        sums->warm_bytes += wm_ground_is_kept(e->ground) ? e->bytes : 0;
    for (uintptr_t addr = all.start; e->kind != WM_FREE && addr < all.end; addr = run.range.end) {
        run = wm_pages_at(&wm_home.space, e, addr);
        sums->locked_pages += run.state & WM_PAGE_LOCKED ? wm_range_bytes(run.range) / WM_PAGE : 0;
        sums->warm_bytes += run.state & WM_PAGE_WARM ? wm_range_bytes(run.range) : 0;
        sums->warm_pages += run.state & WM_PAGE_WARM ? wm_range_bytes(run.range) / WM_PAGE : 0;
        sums->shielded += wm_page_is_shielded(run.state) ? wm_range_bytes(run.range) : 0;
        sums->dense_bytes +=
            (run.state & WM_PAGE_DENSE) && !(run.state & WM_PAGE_PROTECT) ? wm_range_bytes(run.range) : 0;
    }
}

static inline bool audit_counts(const struct audit_sums *sums)
{
    if (sums->locked_pages != wm_home.locked_pages)
        return audit_says("%zu pages are locked, %zu are counted", sums->locked_pages, wm_home.locked_pages);
    if (sums->warm_bytes != wm_home.warm_bytes)
        return audit_says("%zu bytes are warm, %zu are counted", sums->warm_bytes, wm_home.warm_bytes);
    if (sums->warm_pages != wm_home.warm_pages)
        return audit_says("%zu pages are warm, %zu are counted", sums->warm_pages, wm_home.warm_pages);
    if (sums->dense_bytes != wm_home.dense.bytes)
        return audit_says("%zu bytes are dense, %zu are counted", sums->dense_bytes, wm_home.dense.bytes);
    if (sums->shielded != wm_home.dense.shielded)
        return audit_says("%zu bytes are shielded, %zu are counted", sums->shielded, wm_home.dense.shielded);
    if (sums->piecewise_views != wm_home.piecewise_views)
        return audit_says("%zu views of reserved sections are mapped, %u are counted", sums->piecewise_views,
                          wm_home.piecewise_views);
    if (wm_home.claimed != 0 || wm_home.space.promises != 0)
        return audit_says("%u claims and %u promises are left", wm_home.claimed, wm_home.space.promises);
    return true;
}

/* --- sections --- */

static inline const struct wm_section *audit_section(uint32_t index)
{
    const struct wm_pool *sections = &wm_home.objects.records[WM_HANDLE_SECTION];
    const struct wm_section *section = sections->items != NULL ? wm_section_at(index) : NULL;

    return section != NULL && section->object.type == WM_HANDLE_SECTION ? section : NULL;
}

static inline uint32_t audit_sections_used(void)
{
    return wm_home.objects.records[WM_HANDLE_SECTION].used;
}

/* Those of what may have a name, whatever its type. */
static inline bool audit_knows_of(unsigned type, int fd)
{
    const struct wm_pool *records = &wm_home.objects.records[type];

    for (uint32_t i = 1; records->items != NULL && i < records->used; i++) {
        const struct wm_object *object = wm_object_at(&wm_home.objects, type, i);
        int fds[WM_NAME_DESCRIPTORS];

        if (object->type != type)
            continue;
        wm_handle_type_of(type)->name_descriptors(i, fds);
        for (int k = 0; k < WM_NAME_DESCRIPTORS; k++)
            if (fds[k] == fd && (fd != 0 || k != 0))
                return true;
    }
    return false;
}

static inline bool audit_knows_descriptor(int fd)
{
    for (unsigned type = 1; type < WM_HANDLE_TYPES; type++)
        if (wm_handle_type_of(type)->name_descriptors != NULL && audit_knows_of(type, fd))
            return true;
    return false;
}

static inline bool audit_is_file(int fd, const struct wm_file_id *id, nlink_t links)
{
    struct stat st;

    return fstat(fd, &st) == 0 && st.st_ino == id->inode && st.st_dev == id->device && st.st_nlink >= links;
}

/* By a description of our own: that it cannot have the file to itself says that the name is held. */
static inline bool audit_is_held(int holder)
{
    char path[40];
    int fd;
    bool held;

    snprintf(path, sizeof path, "/proc/self/fd/%d", holder);
    fd = open(path, O_RDWR | O_CLOEXEC);
    held = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    return held;
}

static inline bool audit_name(uint32_t index, const struct wm_section *section)
{
    bool wanted = section->name.inode != 0 && section->object.handles != 0;

    if (wanted != (section->holder != 0))
        return audit_says("section %u with %u handles has %s holder", index, section->object.handles,
                          wanted ? "no" : "a");
    if (wanted && !audit_is_file(section->holder, &section->name, 1))
        return audit_says("the holder of section %u is not the file of its name", index);
    if (wanted && !audit_is_held(section->holder))
        return audit_says("the name of section %u is not held", index);
    if (section->backing.kind == WM_BACKING_NAMED && section->backing.id.inode != section->name.inode)
        return audit_says("section %u is not in the file of its name", index);
    return true;
}

static inline bool audit_strangers(void)
{
    char begin[64], link[40], path[300];

    snprintf(begin, sizeof begin, "/dev/shm/winmem-%u/", geteuid());
    for (int fd = 0; fd < 256; fd++) {
        ssize_t length;

        if (fcntl(fd, F_GETFD) < 0)
            continue;
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
        if (strncmp(path, begin, strlen(begin)) == 0 && !audit_knows_descriptor(fd))
            return audit_says("descriptor %d is the file of a name, and no object's", fd);
    }
    return true;
}

static inline bool audit_sections(void)
{
    for (uint32_t i = 1; i < audit_sections_used(); i++) {
        const struct wm_section *section = audit_section(i);

        if (section == NULL)
            continue;
        if (section->backing.fd != -1 && !audit_is_file(section->backing.fd, &section->backing.id, 0))
            return audit_says("the descriptor of section %u is not its file", i);
        if (!audit_name(i, section))
            return false;
    }
    return audit_strangers();
}

/* Without those of sections, which come and go. */
static inline unsigned audit_descriptors(void)
{
    unsigned count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0 && !audit_knows_descriptor(fd);
    return count;
}

/* --- the audit --- */

/* Read-only pages may be shielded, and none of these tests writes to one. */
static inline wm_status audit_no_faults(void)
{
    return WM_OK;
}

static inline void audit_open(void)
{
    wm_guard_catch_faults = audit_no_faults;
    if (audit.process == getpid())
        return;
    audit.process = getpid();
    audit.maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    audit.pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    assert_true(audit.maps >= 0 && audit.pagemap >= 0);
    audit.entries_of = 1;
    audit.tells_guards = audit_learns_guards();
}

static inline void audit_refresh(void)
{
    audit_open();
    audit.entries_of = 1; /* of no page */
    audit.said[0] = '\0';
    audit_read_mappings();
    audit_find_tables();
}

/* What is mapped now and not in the book is somebody's; from now on nothing is to be added. */
static inline void audit_begin(void)
{
    audit_refresh();
    audit.known.count = 0;
    for (unsigned i = 0; i < audit.mappings; i++) {
        struct wm_range r = audit.mapping[i].range;

        for (uintptr_t end; !audit.mapping[i].moves && r.start < r.end; r.start = end) {
            struct wm_found next;

            end = audit_known_up_to(r.start);
            if (end != r.start)
                continue;
            end = wm_space_from(&wm_home.space, r.start + 1, &next) && next.extent.start < r.end
                      ? next.extent.start
                      : r.end;
            audit_add(&audit.known, (struct wm_range){r.start, end});
        }
    }
    audit.descriptors = audit_descriptors();
    audit.begun = true;
}

/* The book and the kernel, without what is mapped elsewhere. NULL, or what differs. */
static inline const char *audit_book(void)
{
    struct audit_sums sums = {0};
    uintptr_t end = 0;
    struct wm_found found;
    bool fine = true;

    audit_refresh();
    for (uintptr_t addr = 0; fine && wm_space_from(&wm_home.space, addr, &found);
         addr = found.extent.start + 1) {
        if (found.extent.start < end)
            fine = audit_says("extents overlap at %zx", found.extent.start);
        end = wm_extent_ground(&found.extent).end;
        audit_sum(&found.extent, &sums);
        fine = fine && audit_extent(&found.extent);
    }
    fine = fine && audit_counts(&sums) && audit_others() && audit_sections();
    return fine ? NULL : audit.said;
}

/* The same, and all that is mapped and open in the process, compared with the beginning. */
static inline const char *audit_all(void)
{
    const char *said = audit_book();
    unsigned descriptors = audit_descriptors();

    if (said != NULL || !audit.begun)
        return said;
    if (descriptors < audit.descriptors || descriptors > audit.descriptors + AUDIT_KEPT)
        audit_says("%u descriptors are open, not %u", descriptors, audit.descriptors);
    else if (!THREAD_SANITIZED) /* its run time maps memory of its own at any time */
        audit_elsewhere();
    return audit.said[0] != '\0' ? audit.said : NULL;
}

static inline void audit_or_fail(const char *said)
{
    if (said != NULL)
        fail_msg("the book and the kernel differ: %s", said);
}

#endif
