/*
 * plant.c: giving a book to a process that does not use the library (plant.h).
 *
 * The order makes it safe against everything that may end it half-way, our own death included. A thread maps
 * room for code and data; the image is written there; last comes the brand, which leads others to it. Without
 * a brand nobody finds what was begun, and it lies there unused; with one the agent is whole. A caller who
 * comes then does not plant again, and a library that is loaded later finds the brand at a place which it can
 * compute (cave.h).
 *
 * Nothing is believed to be ours because we asked for it: other threads map as well while ours is on its way.
 * What lies at the place must be one mapping of exactly this size and access, or nothing is written there.
 *
 * Nothing of the process is used for this but the two system calls of one thread: no loader, no libc, no
 * memory of its heap. It works before a program's first instruction.
 */
#include "remote/plant.h"

#include <stddef.h>
#include <sys/mman.h>

#include "kern/patience.h"
#include "kern/sys.h"
#include "remote/cave.h"
#include "remote/line.h"
#include "remote/notes.h"
#include "remote/seed.h"
#include "remote/thread.h"
#include "vm/agent/agent.h"
#include "vm/agent/estate.h"

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#define MAP_NANOSECONDS 1000000000u

/* Room on both sides, for what grows. */
#define MARGIN ((uintptr_t)1 << 24)

/* At the upper end of the largest gap: near to where the kernel puts what the program maps, and far from its heap. */
static uintptr_t find_room(struct wm_process *process, size_t bytes)
{
    uintptr_t from = WM_SPACE_START, best = 0;
    size_t most = bytes + 2 * MARGIN;
    struct wm_vma vma;

    while (from < WM_SPACE_END && wm_peer_vma(&wm_notes_of(process)->files, from, &vma) == 0 &&
           vma.range.start < WM_SPACE_END) {
        if (vma.range.start > from && vma.range.start - from >= most) {
            best = wm_down(vma.range.start - MARGIN - bytes, WM_GRANULE);
            most = vma.range.start - from;
        }
        from = vma.range.end;
    }
    return best;
}

static struct wm_cave_call map_call(uintptr_t at, size_t bytes, int access, bool another)
{
    return (struct wm_cave_call){
        SYS_mmap,
        {at, bytes, (uint64_t)access, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, UINT64_MAX, 0},
        another};
}

struct planting {
    struct wm_seed seed;
    uintptr_t base;
};

static struct wm_range code_of(const struct planting *p)
{
    return wm_range_of(p->base, p->seed.code_bytes);
}

static struct wm_range data_of(const struct planting *p)
{
    return wm_range_of(p->base + p->seed.code_bytes, p->seed.data_bytes);
}

/* The data come last: once they are there, so is the code. Who was planted meanwhile is not planted again. */
static wm_status plan(struct wm_process *process, struct wm_cave_call calls[WM_CAVE_CALLS], void *context)
{
    struct planting *p = context;
    struct wm_brand brand;

    if (wm_cave_find_brand(process, &brand))
        return WM_REENTERED;
    p->base = find_room(process, p->seed.code_bytes + p->seed.data_bytes);
    if (p->base == 0)
        return WM_ADDRESS_SPACE;
    calls[0] = map_call(p->base, p->seed.code_bytes, PROT_READ | PROT_EXEC, true);
    calls[1] = map_call(data_of(p).start, p->seed.data_bytes, PROT_READ | PROT_WRITE, false);
    return WM_OK;
}

static bool is_mapped(const struct wm_process *process, uintptr_t addr)
{
    char byte;

    return wm_line_read(process, addr, &byte, 1);
}

/* Other threads map as well while ours is on its way, and what is theirs must not be written over. */
static bool is_ours(struct wm_process *process, struct wm_range r, int access)
{
    struct wm_vma vma;

    return wm_peer_vma(&wm_notes_of(process)->files, r.start, &vma) == 0 && vma.range.start == r.start &&
           vma.range.end == r.end && vma.access == access && !vma.file && !vma.shared;
}

/* A process that was stopped after the thread was sent is tried again: then the thread is held. */
static void await_mapping(struct wm_process *process, uintptr_t addr, struct wm_loan *loan)
{
    struct wm_patience patience = wm_patience_for(MAP_NANOSECONDS);

    while (!is_mapped(process, addr) && wm_patience_nap(&patience)) {
        if (wm_patience_wavers(&patience) && !wm_line_is_alive(process))
            return;
        if (loan->stopped)
            wm_borrow_push(loan);
        else if (wm_patience_wavers(&patience) && wm_thread_is_stuck(process))
            return;
    }
}

static wm_status map_both(struct wm_process *process, struct planting *p)
{
    struct wm_cave_errand errand = {plan, p};
    struct wm_loan loan;
    wm_status st = wm_cave_send(process, &errand, &loan);

    if (!wm_ok(st))
        return st;
    await_mapping(process, data_of(p).start, &loan);
    if (loan.stopped)
        wm_borrow_release(&loan);
    if (is_ours(process, code_of(p), WM_ACCESS_READ | WM_ACCESS_EXECUTE) &&
        is_ours(process, data_of(p), WM_ACCESS_READ | WM_ACCESS_WRITE))
        return WM_OK;
    return wm_line_is_alive(process) && (loan.stopped || !wm_thread_is_stuck(process)) ? WM_TARGET_KIND
                                                                                       : WM_REENTERED;
}

/* Through the line, which writes to code as well. The brand comes last: it leads to an agent that is whole. */
static wm_status write_image(struct wm_process *process, const struct planting *p, struct wm_estate *estate)
{
    size_t bytes = p->seed.code_bytes + p->seed.data_bytes;
    uint64_t extended = wm_agent_is_extended();
    uintptr_t image;
    bool written;

    if (wm_kern_map_sparse(bytes, &image) != 0)
        return WM_BOOK_MEMORY;
    wm_seed_lay_out((unsigned char *)image, p->base);
    *estate = *(const struct wm_estate *)(image + p->seed.estate);
    written = wm_line_write(process, p->base, (void *)image, p->seed.file_bytes) &&
              wm_line_write(process, estate->agent + offsetof(struct wm_agent, extended), &extended,
                            sizeof extended) &&
              wm_cave_leave_brand(process, p->base + p->seed.estate);
    wm_kern_unmap(wm_range_of(image, wm_up(bytes, WM_PAGE)));
    return written ? WM_OK : WM_TARGET_DENIED;
}

/* A caller died after it had planted one, or a library has just come and its anchor is not there yet. */
static wm_status use_planted(struct wm_process *process, uintptr_t at, struct wm_estate *estate)
{
    struct wm_peer_files *files = &wm_notes_of(process)->files;

    if (!wm_peer_can_look(files, at, sizeof *estate) || !wm_line_read(process, at, estate, sizeof *estate) ||
        estate->magic != WM_ESTATE_MAGIC)
        return WM_TARGET_KIND;
    if (estate->version != WM_WIRE_VERSION)
        return WM_TARGET_VERSION;
    if (!wm_peer_can_write(files, estate->agent, sizeof(struct wm_agent)))
        return WM_TARGET_KIND;
    return estate->state == WM_ESTATE_EMPTY ? WM_OK : WM_REENTERED;
}

static wm_status plant(struct wm_process *process, struct wm_estate *estate)
{
    struct planting p;
    wm_status st;

    if (!wm_seed_describe(&p.seed))
        return WM_TARGET_KIND;
    st = map_both(process, &p);
    return wm_ok(st) ? write_image(process, &p, estate) : st;
}

wm_status wm_plant(struct wm_process *process, struct wm_anchor *out)
{
    struct wm_estate estate;
    struct wm_brand brand;
    wm_status st = wm_cave_find_brand(process, &brand) ? use_planted(process, brand.estate, &estate)
                                                       : plant(process, &estate);

    if (wm_ok(st))
        *out = (struct wm_anchor){.planted = true, .agent = estate.agent, .entry = estate.entry};
    return st;
}
