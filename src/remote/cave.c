#include "remote/cave.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>

#include "kern/sys.h"
#include "remote/line.h"
#include "remote/thread.h"

enum { ALIGNMENT = 16, AUXILIARY = 64, CODE_MAX = 128 };

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

/* The table of sections comes last in an object file. */
static uintptr_t end_of_object(const struct wm_process *process, uintptr_t base)
{
    Elf64_Ehdr h;

    if (!wm_line_read(process, base, &h, sizeof h) || memcmp(h.e_ident, ELFMAG, SELFMAG) != 0 ||
        h.e_ident[EI_CLASS] != ELFCLASS64 || h.e_shoff == 0)
        return 0;
    return base + h.e_shoff + (uintptr_t)h.e_shnum * h.e_shentsize;
}

/* Nothing but zeros, or what an earlier caller left. */
static bool is_unused(const unsigned char *bytes)
{
    static const unsigned char zeros[CODE_MAX];

    return memcmp(bytes, zeros, code_bytes()) == 0 || memcmp(bytes, wm_cave_code, code_bytes()) == 0;
}

static bool is_in_place(const struct wm_process *process, uintptr_t cave)
{
    unsigned char bytes[CODE_MAX];

    return wm_line_read(process, cave, bytes, code_bytes()) && memcmp(bytes, wm_cave_code, code_bytes()) == 0;
}

static wm_status open_cave(const struct wm_process *process, uintptr_t *cave)
{
    uintptr_t base = find_vdso(process), end = base == 0 ? 0 : end_of_object(process, base);
    unsigned char bytes[CODE_MAX];

    *cave = wm_up(end, ALIGNMENT);
    if (end == 0 || wm_up(end, WM_PAGE) - *cave < code_bytes())
        return WM_TARGET_KIND;
    if (!wm_line_read(process, *cave, bytes, code_bytes()) || !is_unused(bytes))
        return WM_TARGET_KIND;
    if (!wm_line_write(process, *cave, wm_cave_code, code_bytes()))
        return WM_TARGET_DENIED;
    return is_in_place(process, *cave) ? WM_OK : WM_TARGET_DENIED;
}

/* --- who goes there --- */

/* What the thread finds on its stack: the calls, and its way back. */
struct load {
    struct wm_cave_call calls[WM_CAVE_CALLS];
    struct wm_borrowed back;
};

struct journey {
    const struct wm_process *process;
    const struct wm_cave_call *calls;
};

static bool deliver(struct wm_loan *loan, void *context)
{
    const struct journey *to = context;
    struct load load;
    struct iovec local = {&load, sizeof load}, remote;

    if (!wm_line_is_alive(to->process))
        return false;
    memcpy(load.calls, to->calls, sizeof load.calls);
    load.back = loan->back;
    loan->frame -= sizeof load.calls;
    remote = (struct iovec){(void *)loan->frame, sizeof load};
    return wm_sys6(SYS_process_vm_writev, loan->tid, (long)&local, 1, (long)&remote, 1, 0) ==
           (long)sizeof load;
}

wm_status wm_cave_send(struct wm_process *process, const struct wm_cave_call calls[WM_CAVE_CALLS],
                       struct wm_loan *loan)
{
    struct journey to = {process, calls};
    struct wm_errand errand = {.deliver = deliver, .context = &to};
    wm_status st = open_cave(process, &errand.code);

    if (wm_ok(st))
        st = wm_thread_send(process, &errand);
    *loan = errand.loan;
    return st;
}
