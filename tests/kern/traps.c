/* traps.c: what a processor raises beside faults, and how the kernel tells it (src/kern/signals/trap.c). */
#include <setjmp.h>
#include <ucontext.h>

#include "pin.h"

static volatile sig_atomic_t signal_met, code_met;
static volatile uintptr_t at_met, addr_met;
static sigjmp_buf back;

static void note(int number, siginfo_t *info, void *context)
{
    const ucontext_t *c = context;

    signal_met = number;
    code_met = info->si_code;
    at_met = (uintptr_t)c->uc_mcontext.gregs[REG_RIP];
    addr_met = (uintptr_t)info->si_addr;
    siglongjmp(back, 1);
}

static void handle_all(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_NODEFER};

    signal_met = 0;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        MUST(sigaction(signals[i], &action, NULL) == 0);
}

/* The statement that follows raises something. */
#define MEET                                                                                                 \
    handle_all();                                                                                            \
    if (sigsetjmp(back, 1) == 0)

/* Seen on 4.x to 6.18: int3 has no code of its own (SI_KERNEL), and the registers stand behind it. */
PIN(a_breakpoint_has_no_code, "trap.c context.c")
{
    static volatile uintptr_t at;

    MEET __asm__ volatile("lea 1f(%%rip), %%rax\n\tmov %%rax, %0\n\tint3\n1:" : "=m"(at) : : "rax", "memory");
    EXPECT(signal_met == SIGTRAP && code_met == SI_KERNEL && at_met == at);
}

/* Seen on 6.18: int1 has the code of a breakpoint, TRAP_BRKPT, although it is none. */
PIN(int1_has_a_breakpoints_code, "trap.c")
{
    MEET __asm__ volatile(".byte 0xf1");
    EXPECT(signal_met == SIGTRAP && code_met == TRAP_BRKPT);
}

/* Seen on 4.x to 6.18: each single step is TRAP_TRACE. */
PIN(a_step_is_told_as_one, "trap.c")
{
    MEET __asm__ volatile("sub $128, %%rsp\n\tpushfq\n\torl $0x100, "
                          "(%%rsp)\n\tpopfq\n\tnop\n\tnop\n\tadd $128, %%rsp"
                          :
                          :
                          : "memory", "cc");
    EXPECT(signal_met == SIGTRAP && code_met == TRAP_TRACE);
}

static void divide(uint32_t high, uint32_t divisor)
{
    uint32_t low = 0;

    __asm__ volatile("divl %2" : "+a"(low), "+d"(high) : "r"(divisor) : "cc");
}

/* Seen on 4.x to 6.18: a quotient that is too large has the code of a division by zero. */
PIN(each_division_that_fails_has_one_code, "trap.c instruction.c")
{
    MEET divide(0, 0);
    EXPECT(signal_met == SIGFPE && code_met == FPE_INTDIV);
    MEET divide(2, 1);
    EXPECT(signal_met == SIGFPE && code_met == FPE_INTDIV);
}

static void multiply(uint32_t a, uint32_t b, uint32_t masks)
{
    uint32_t before, mxcsr;

    __asm__ volatile("stmxcsr %0" : "=m"(before));
    mxcsr = (before | 0x1f80) & ~masks & ~0x3fu;
    __asm__ volatile("ldmxcsr %0\n\tmovd %1, %%xmm0\n\tmovd %2, %%xmm1\n\tmulss %%xmm1, %%xmm0"
                     :
                     : "m"(mxcsr), "r"(a), "r"(b)
                     : "xmm0", "xmm1");
    __asm__ volatile("ldmxcsr %0" : : "m"(before));
}

/* Seen on 4.x to 6.18: a denormal operand is told as an underflow. */
PIN(a_denormal_operand_counts_as_underflow, "trap.c")
{
    MEET multiply(1, 0x3f800000, 0x100); /* the smallest number there is, by 1 */
    EXPECT(signal_met == SIGFPE && code_met == FPE_FLTUND);
}

/* Seen on 6.18: a wild pointer and a privileged instruction are one: SIGSEGV, SI_KERNEL, without an address. */
PIN(general_protection_has_no_address, "trap.c instruction.c")
{
    MEET(void) * (volatile char *)0x8000000000000000;
    EXPECT(signal_met == SIGSEGV && code_met == SI_KERNEL && addr_met == 0);
    MEET __asm__ volatile("hlt");
    EXPECT(signal_met == SIGSEGV && code_met == SI_KERNEL && addr_met == 0);
}

/* Seen on 6.18: a wild pointer by way of the stack's registers is SIGBUS, SI_KERNEL. */
PIN(a_stack_segment_fault_is_sigbus, "trap.c")
{
    MEET __asm__ volatile("mov %%rbp, %%rcx\n\tmov %0, %%rbp\n\tmovb 0(%%rbp), "
                          "%%al\n\tmov %%rcx, %%rbp"
                          :
                          : "r"(0x8000000000000000)
                          : "rax", "rcx", "memory");
    EXPECT(signal_met == SIGBUS && code_met == SI_KERNEL);
}

static void load_unaligned(const char *p)
{
    __asm__ volatile("sub $128, %%rsp\n\tpushfq\n\torl $0x40000, (%%rsp)\n\tpopfq\n\t"
                     "movl 1(%0), %%eax\n\t"
                     "pushfq\n\tandl $~0x40000, (%%rsp)\n\tpopfq\n\tadd $128, %%rsp"
                     :
                     : "r"(p)
                     : "rax", "memory", "cc");
}

static void clear_check(int number, siginfo_t *info, void *context)
{
    ucontext_t *c = context;

    __builtin_ia32_writeeflags_u64(__builtin_ia32_readeflags_u64() & ~(uint64_t)0x40000);
    signal_met = number;
    code_met = info->si_code;
    c->uc_mcontext.gregs[REG_EFL] &= ~0x40000;
}

/* Seen on 6.18: BUS_ADRALN for a program that has told the processor to check that. */
PIN(alignment_is_sigbus, "trap.c")
{
    struct sigaction action = {.sa_sigaction = clear_check, .sa_flags = SA_SIGINFO};
    char bytes[16] __attribute__((aligned(16))) = {0};

    signal_met = 0;
    MUST(sigaction(SIGBUS, &action, NULL) == 0);
    load_unaligned(bytes);
    SKIP_IF(signal_met == 0, "this machine does not check alignment");
    EXPECT(signal_met == SIGBUS && code_met == BUS_ADRALN);
}
