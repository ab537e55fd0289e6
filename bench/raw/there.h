/* there.h: another process by bare system calls: ptrace by hand, process_vm_readv, PROCMAP_QUERY. */
#ifndef BENCH_THERE_H
#define BENCH_THERE_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static int maps_there = -1;

static inline void be_of_kind(enum bench_kind kind)
{
    (void)kind;
}

static inline bool open_other(void)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/maps", other.pid);
    maps_there = open(path, O_RDONLY | O_CLOEXEC);
    return maps_there >= 0;
}

static inline bool close_other(void)
{
    return close(maps_there) == 0;
}

/* --- a system call of the other process, as one writes it by hand --- */

__asm__(".pushsection .text\nan_instruction: syscall\n.popsection");
extern const char an_instruction[];

static inline bool stopped(void)
{
    int status;

    return waitpid(other.pid, &status, __WALL) == other.pid && WIFSTOPPED(status);
}

/* The child is a fork: the instruction is where it is here. */
static inline long inject(long number, long first, long second, long third, long fourth)
{
    struct user_regs_struct saved = {0}, regs;
    bool ok = ptrace(PTRACE_SEIZE, other.pid, 0, 0) == 0 && ptrace(PTRACE_INTERRUPT, other.pid, 0, 0) == 0 &&
              stopped() && ptrace(PTRACE_GETREGS, other.pid, 0, &saved) == 0;

    regs = saved;
    regs.rip = (uintptr_t)an_instruction;
    regs.rax = (unsigned long)number;
    regs.orig_rax = -1ul;
    regs.rdi = (unsigned long)first;
    regs.rsi = (unsigned long)second;
    regs.rdx = (unsigned long)third;
    regs.r10 = (unsigned long)fourth;
    regs.r8 = -1ul;
    regs.r9 = 0;
    ok = ok && ptrace(PTRACE_SETREGS, other.pid, 0, &regs) == 0 &&
         ptrace(PTRACE_SINGLESTEP, other.pid, 0, 0) == 0 && stopped() &&
         ptrace(PTRACE_GETREGS, other.pid, 0, &regs) == 0 &&
         ptrace(PTRACE_SETREGS, other.pid, 0, &saved) == 0;
    return ptrace(PTRACE_DETACH, other.pid, 0, 0) == 0 && ok ? (long)regs.rax : -1;
}

static inline bool allocate_there(void)
{
    long p = inject(SYS_mmap, 0, SMALL, BOTH, ANON);

    return p > 0 && inject(SYS_munmap, p, SMALL, 0, 0) == 0;
}

/* --- looking --- */

static inline bool read_there(void *to, size_t bytes)
{
    struct iovec local = {to, bytes}, remote = {other.memory, bytes};

    return process_vm_readv(other.pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

static inline bool write_there(const void *from, size_t bytes)
{
    struct iovec local = {(void *)from, bytes}, remote = {other.memory, bytes};

    return process_vm_writev(other.pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

static inline bool prepare_to_ask_there(void)
{
    return true;
}

static inline bool ask_there(void)
{
    char answer[64];

    return read_there(answer, sizeof answer);
}

static inline char *end_of_region_there(char *p)
{
    struct question q = {.size = sizeof q, .address = (uintptr_t)p};

    return ioctl(maps_there, PROCMAP_QUERY, &q) == 0 ? (char *)(uintptr_t)q.end : NULL;
}

#endif
