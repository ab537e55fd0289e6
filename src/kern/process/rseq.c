/* rseq.c: restartable sequences (Linux 4.18; to be asked since 5.13). */
#include "kern/process/rseq.h"

#include <linux/ptrace.h>
#include <sys/uio.h>

#include "kern/sys.h"

#ifndef PTRACE_GET_RSEQ_CONFIGURATION
#define PTRACE_GET_RSEQ_CONFIGURATION 0x420f
#endif

struct rseq_configuration {
    uint64_t area;
    uint32_t bytes, signature, flags, pad;
};

struct rseq_area {
    uint32_t cpu_start, cpu;
    uint64_t section;
};

struct rseq_section {
    uint32_t version, flags;
    uint64_t start, bytes, abort;
};

static bool fetch(int32_t pid, uint64_t from, void *to, size_t bytes)
{
    struct iovec local = {to, bytes}, remote = {(void *)(uintptr_t)from, bytes};

    return wm_sys6(SYS_process_vm_readv, pid, (long)&local, 1, (long)&remote, 1, 0) == (long)bytes;
}

bool wm_is_in_rseq(const struct wm_loan *loan, uintptr_t pc)
{
    struct rseq_configuration c;
    struct rseq_area area;
    struct rseq_section section;

    if (wm_sys4(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, loan->tid, sizeof c, (long)&c) < 0 || c.area == 0)
        return false;
    if (!fetch(loan->pid, c.area, &area, sizeof area) || area.section == 0)
        return false;
    return fetch(loan->pid, area.section, &section, sizeof section) && pc - section.start < section.bytes;
}
