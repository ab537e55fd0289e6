/*
 * cave.c: the first system calls in a process that has no code of ours (cave.h).
 *
 *   the bytes behind the vDSO are zeros, or the code of an earlier caller; where they are anything else they are left
 *   alone, and nothing can be planted in the process
 *   code is written there only while the thread stands still that is to run it
 *
 * Writing through /proc/PID/mem gives the process a copy of the page that is its own: the vDSO of others is
 * not changed. Where the vDSO is comes from the kernel (auxv) and not from the process, and it must be the
 * kernel's own mapping: a file in its place might be supplied by somebody who does not answer.
 */
#include "remote/cave.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>

#include "kern/sys.h"
#include "remote/line.h"
#include "remote/notes.h"
#include "remote/thread.h"

enum { AUXILIARY = 64 };

extern const unsigned char wm_cave_code[], wm_cave_code_end[];

static size_t code_bytes(void)
{
    return (uintptr_t)wm_cave_code_end - (uintptr_t)wm_cave_code;
}

/* --- where it lies --- */

/* The kernel tells each program where its library is. */
static uintptr_t find_vdso(const struct wm_process *process)
{
    Elf64_auxv_t entries[AUXILIARY];
    int fd = wm_peer_file(&process->peer, "auxv", O_RDONLY);
    long bytes = fd < 0 ? 0 : wm_sys3(SYS_read, fd, (long)entries, sizeof entries);

    if (fd >= 0)
        wm_kern_close(fd);
    for (long i = 0; i < bytes / (long)sizeof entries[0]; i++)
        if (entries[i].a_type == AT_SYSINFO_EHDR)
            return entries[i].a_un.a_val;
    return 0;
}

/* What the process has put in its place may be a file whose pages come from somebody else. */
static bool is_the_kernels(struct wm_process *process, uintptr_t base)
{
    struct wm_vma vma;

    return wm_peer_vma(&wm_notes_of(process)->files, base, &vma) == 0 && vma.range.start == base && !vma.file;
}

/* 0: nowhere */
static uintptr_t find_cave(struct wm_process *process)
{
    uintptr_t base = find_vdso(process), offset;
    Elf64_Ehdr header;

    if (base == 0 || !is_the_kernels(process, base) || !wm_line_read(process, base, &header, sizeof header))
        return 0;
    offset = wm_cave_offset(&header);
    return offset == 0 ? 0 : base + offset;
}

/* Nothing but zeros, or what an earlier caller left. */
static bool is_unused(const struct wm_cave *cave)
{
    static const struct wm_cave zeros;

    return memcmp(cave, &zeros, sizeof zeros) == 0 || memcmp(cave->code, wm_cave_code, code_bytes()) == 0;
}

static bool is_in_place(const struct wm_process *process, uintptr_t at)
{
    struct wm_cave cave;

    return wm_line_read(process, at, cave.code, code_bytes()) &&
           memcmp(cave.code, wm_cave_code, code_bytes()) == 0;
}

static wm_status open_cave(struct wm_process *process, uintptr_t *at)
{
    struct wm_cave cave;

    *at = find_cave(process);
    if (*at == 0 || code_bytes() > sizeof cave.code || !wm_line_read(process, *at, &cave, sizeof cave) ||
        !is_unused(&cave))
        return WM_TARGET_KIND;
    if (!wm_line_write(process, *at, wm_cave_code, code_bytes()))
        return WM_TARGET_DENIED;
    return is_in_place(process, *at) ? WM_OK : WM_TARGET_DENIED;
}

bool wm_cave_find_brand(struct wm_process *process, struct wm_brand *out)
{
    uintptr_t at = find_cave(process);

    return at != 0 && wm_line_read(process, at + offsetof(struct wm_cave, brand), out, sizeof *out) &&
           out->magic == WM_BRAND_MAGIC;
}

bool wm_cave_leave_brand(struct wm_process *process, uintptr_t estate)
{
    struct wm_brand brand = {WM_BRAND_MAGIC, estate}, left;
    uintptr_t at = find_cave(process);

    return at != 0 && wm_line_write(process, at + offsetof(struct wm_cave, brand), &brand, sizeof brand) &&
           wm_cave_find_brand(process, &left) && left.estate == estate;
}

/* --- who goes there --- */

/* What the thread finds on its stack: the calls, and its way back. */
struct load {
    struct wm_cave_call calls[WM_CAVE_CALLS];
    struct wm_borrowed back;
};

struct journey {
    struct wm_process *process;
    const struct wm_cave_errand *errand;
    struct wm_errand thread;
    wm_status refused; /* why a thread that stood still was not sent */
};

static wm_status prepare(struct journey *to, struct load *load)
{
    wm_status st = open_cave(to->process, &to->thread.code);

    return wm_ok(st) ? to->errand->plan(to->process, load->calls, to->errand->context) : st;
}

static bool deliver(struct wm_loan *loan, void *context)
{
    struct journey *to = context;
    struct load load = {.back = loan->back};

    to->refused = WM_OK;
    if (!wm_line_is_alive(to->process))
        return false;
    to->refused = prepare(to, &load);
    if (!wm_ok(to->refused))
        return false;
    loan->frame -= sizeof load.calls;
    return wm_line_push(to->process, loan->frame, &load, sizeof load);
}

wm_status wm_cave_send(struct wm_process *process, const struct wm_cave_errand *errand, struct wm_loan *loan)
{
    struct journey to = {.process = process, .errand = errand};
    wm_status st;

    to.thread.deliver = deliver;
    to.thread.context = &to;
    st = wm_thread_send(process, &to.thread);
    *loan = to.thread.loan;
    return wm_ok(st) || wm_ok(to.refused) ? st : to.refused;
}
