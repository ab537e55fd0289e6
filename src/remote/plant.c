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

static bool is_mapped(const struct wm_process *process, uintptr_t addr)
{
    char byte;

    return wm_line_read(process, addr, &byte, 1);
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

/* The data come last: once they are there, so is the code. */
static wm_status map_both(struct wm_process *process, const struct wm_seed *seed, uintptr_t base)
{
    const struct wm_cave_call calls[WM_CAVE_CALLS] = {
        map_call(base, seed->code_bytes, PROT_READ | PROT_EXEC, true),
        map_call(base + seed->code_bytes, seed->data_bytes, PROT_READ | PROT_WRITE, false),
    };
    struct wm_loan loan;
    wm_status st = wm_cave_send(process, calls, &loan);

    if (!wm_ok(st))
        return st;
    await_mapping(process, base + seed->code_bytes, &loan);
    if (loan.stopped)
        wm_borrow_release(&loan);
    if (is_mapped(process, base) && is_mapped(process, base + seed->code_bytes))
        return WM_OK;
    return !loan.stopped && wm_thread_is_stuck(process) ? WM_REENTERED : WM_TARGET_KIND;
}

/* Through the line, which writes to code as well. */
static wm_status write_image(const struct wm_process *process, const struct wm_seed *seed, uintptr_t base)
{
    size_t bytes = seed->code_bytes + seed->data_bytes;
    uint64_t extended = wm_agent_is_extended();
    uintptr_t image;
    bool written;

    if (wm_kern_map_sparse(bytes, &image) != 0)
        return WM_BOOK_MEMORY;
    wm_seed_lay_out((unsigned char *)image, base);
    written = wm_line_write(process, base, (void *)image, seed->file_bytes) &&
              wm_line_write(process, base + seed->agent + offsetof(struct wm_agent, extended), &extended,
                            sizeof extended);
    wm_kern_unmap(wm_range_of(image, wm_up(bytes, WM_PAGE)));
    return written ? WM_OK : WM_TARGET_DENIED;
}

wm_status wm_plant(struct wm_process *process, struct wm_anchor *out)
{
    struct wm_seed seed;
    uintptr_t base;
    wm_status st;

    if (!wm_seed_describe(&seed))
        return WM_TARGET_KIND;
    base = find_room(process, seed.code_bytes + seed.data_bytes);
    if (base == 0)
        return WM_ADDRESS_SPACE;
    st = map_both(process, &seed, base);
    if (wm_ok(st))
        st = write_image(process, &seed, base);
    if (wm_ok(st))
        *out = (struct wm_anchor){.planted = true, .agent = base + seed.agent, .entry = base + seed.entry};
    return st;
}
