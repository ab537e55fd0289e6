/* rawremote.c: other processes by bare system calls: ptrace by hand, process_vm_readv, PROCMAP_QUERY. */
#include "remote.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    pid_t pid;
    char *memory;
    volatile int *ready;
} other;

static void begin(void)
{
    other.memory = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    other.ready = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(other.memory, 1, MIB);
    other.pid = fork();
    if (other.pid == 0)
        for (*other.ready = 1;;)
            pause();
    while (!*other.ready)
        usleep(100);
    usleep(1000);
}

static bool end(bool ok)
{
    kill(other.pid, SIGKILL);
    waitpid(other.pid, NULL, 0);
    return ok;
}

/* --- a system call of the other process, as one writes it by hand --- */

__asm__(".pushsection .text\nan_instruction: syscall\n.popsection");
extern const char an_instruction[];

static bool stopped(void)
{
    int status;

    return waitpid(other.pid, &status, __WALL) == other.pid && WIFSTOPPED(status);
}

/* The child is a fork: the instruction is where it is here. */
static long inject(long number, long first, long second, long third, long fourth)
{
    struct user_regs_struct saved, regs;
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

static bool alloc_in(struct bench *b)
{
    bool ok = true;

    begin();
    MEASURE(b, 50)
    {
        long p = inject(SYS_mmap, 0, SMALL, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);

        ok &= p > 0 && inject(SYS_munmap, p, SMALL, 0, 0) == 0;
    }
    return end(ok);
}

bool remote_alloc(struct bench *b)
{
    return alloc_in(b);
}

bool remote_alloc_foreign(struct bench *b)
{
    return alloc_in(b);
}

/* --- looking --- */

static char buffer[MIB];

static bool read_bytes(size_t bytes)
{
    struct iovec local = {buffer, bytes}, remote = {other.memory, bytes};

    return process_vm_readv(other.pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

static bool write_bytes(size_t bytes)
{
    struct iovec local = {buffer, bytes}, remote = {other.memory, bytes};

    return process_vm_writev(other.pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

static bool copy(struct bench *b, bool once(size_t bytes), size_t bytes, size_t count)
{
    bool ok = true;

    begin();
    MEASURE(b, count)
    ok &= once(bytes);
    return end(ok);
}

bool remote_query(struct bench *b)
{
    return copy(b, read_bytes, 64, 1000);
}

bool remote_read_64(struct bench *b)
{
    return copy(b, read_bytes, 64, 1000);
}

bool remote_read_4k(struct bench *b)
{
    return copy(b, read_bytes, PAGE, 1000);
}

bool remote_read_1m(struct bench *b)
{
    return copy(b, read_bytes, MIB, 10);
}

bool remote_write_64(struct bench *b)
{
    return copy(b, write_bytes, 64, 1000);
}

bool remote_write_4k(struct bench *b)
{
    return copy(b, write_bytes, PAGE, 1000);
}

bool remote_write_1m(struct bench *b)
{
    return copy(b, write_bytes, MIB, 10);
}

/* Linux 6.11: as the kernel's headers have it since then. */
struct procmap_query {
    uint64_t size, flags, addr, start, end, vma_flags, page_size, offset, inode;
    uint32_t major, minor, name_size, build_id_size;
    uint64_t name, build_id;
};

static uintptr_t end_of_mapping(int maps, uintptr_t addr)
{
    struct procmap_query q = {.size = sizeof q, .addr = addr};

    return ioctl(maps, _IOWR('f', 17, struct procmap_query), &q) == 0 ? q.end : 0;
}

bool remote_walk(struct bench *b)
{
    char *p = mmap(NULL, REMOTE_REGIONS * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), path[32];
    bool ok = true;
    int maps;

    for (size_t i = 0; i < REMOTE_REGIONS; i += 2)
        ok &= mprotect(p + i * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0;
    begin();
    snprintf(path, sizeof path, "/proc/%d/maps", other.pid);
    maps = open(path, O_RDONLY | O_CLOEXEC);
    ok &= end_of_mapping(maps, (uintptr_t)p) != 0;
    while (ok && bench_next(b, REMOTE_REGIONS))
        for (uintptr_t at = (uintptr_t)p; at != 0 && at < (uintptr_t)p + REMOTE_REGIONS * PAGE;)
            at = end_of_mapping(maps, at);
    close(maps);
    return end(ok);
}
