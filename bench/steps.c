#include "steps.h"

#include <link.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BREAKPOINT = 0xCC, SYSCALL = 0x050F, STEPS_MAX = 1000 * 1000 };

/* --- whose code --- */

struct looking {
    uintptr_t function;
    struct code found;
};

static int look_in(struct dl_phdr_info *info, size_t size, void *p)
{
    struct looking *l = p;

    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + h->p_vaddr;

        if (h->p_type == PT_LOAD && (h->p_flags & PF_X) && l->function - low < h->p_memsz)
            l->found = (struct code){low, low + h->p_memsz};
    }
    return l->found.high != 0;
}

struct code steps_code_of(const void *function)
{
    struct looking l = {.function = (uintptr_t)function};

    dl_iterate_phdr(look_in, &l);
    return l.found;
}

/* --- the child --- */

static bool stops(pid_t child, int signal)
{
    int status;

    return waitpid(child, &status, 0) == child && WIFSTOPPED(status) && WSTOPSIG(status) == signal;
}

pid_t steps_begin(void run(void))
{
    pid_t child = fork();

    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) != 0 || raise(SIGSTOP) != 0)
            _exit(1);
        run();
    }
    return child > 0 && stops(child, SIGSTOP) ? child : 0;
}

void steps_end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* --- counting --- */

static bool run_through(pid_t child)
{
    return ptrace(PTRACE_CONT, child, 0, 0) == 0 && stops(child, SIGTRAP);
}

static bool step(pid_t child)
{
    return ptrace(PTRACE_SINGLESTEP, child, 0, 0) == 0 && stops(child, SIGTRAP);
}

/* Where it stands. */
struct place {
    uintptr_t stack, at;
    long code;
};

static bool look(pid_t child, struct place *out)
{
    struct user_regs_struct regs;

    if (ptrace(PTRACE_GETREGS, child, 0, &regs) != 0)
        return false;
    *out = (struct place){regs.rsp, regs.rip, ptrace(PTRACE_PEEKTEXT, child, regs.rip, 0)};
    return true;
}

bool steps_count(pid_t child, const struct code *code, struct steps *out)
{
    struct place now;
    uintptr_t caller;
    bool was_own = false;

    *out = (struct steps){0};
    if (!run_through(child) || !look(child, &now))
        return false;
    for (caller = now.stack; (now.code & 0xFF) != BREAKPOINT;) {
        bool called = now.stack < caller, own = called && now.at - code->low < code->high - code->low;

        out->all += called;
        out->own += own;
        out->out += called && was_own && !own;
        out->kernel += called && (now.code & 0xFFFF) == SYSCALL;
        was_own = own;
        if (out->all > STEPS_MAX || !step(child) || !look(child, &now))
            return false;
    }
    return run_through(child);
}
