/* frames.c: what a handler finds and what it returns to, and signals to oneself (src/kern/signals/arrive.S). */
#include <ucontext.h>

#include "handle.h"

enum { ALIGNMENT_CHECK = 1 << 18 };

static volatile uint64_t flags_in_handler;

static void read_flags(int number, siginfo_t *info, void *context)
{
    uint64_t flags = __builtin_ia32_readeflags_u64();

    __builtin_ia32_writeeflags_u64(flags & ~(uint64_t)ALIGNMENT_CHECK);
    (void)number;
    (void)info;
    (void)context;
    flags_in_handler = flags;
}

/*
 * Seen on 6.18: the flag by which a program has alignment checked is still set in a handler, where C would fault for
 * it.
 */
PIN(alignment_is_still_checked_in_a_handler, "arrive.S")
{
    long call = SYS_tgkill;

    handle(SIGUSR1, read_flags, 0);
    __asm__ volatile("sub $128, %%rsp\n\t"
                     "pushfq\n\torq %[ac], (%%rsp)\n\tpopfq\n\t"
                     "syscall\n\t"
                     "pushfq\n\tandq %[no], (%%rsp)\n\tpopfq\n\t"
                     "add $128, %%rsp"
                     : "+a"(call)
                     : "D"(getpid()), "S"(gettid()),
                       "d"(SIGUSR1), [ac] "i"(ALIGNMENT_CHECK), [no] "i"(~ALIGNMENT_CHECK)
                     : "rcx", "r11", "memory", "cc");
    EXPECT(flags_in_handler & ALIGNMENT_CHECK);
}

static volatile uint64_t marked;
static volatile bool has_state;

static void read_state(int number, siginfo_t *info, void *context)
{
    const ucontext_t *c = context;
    const char *state = (const char *)c->uc_mcontext.fpregs;
    uint32_t magic;

    (void)number;
    (void)info;
    memcpy(&magic, state + 464, sizeof magic);
    has_state = magic == 0x46505853; /* FP_XSTATE_MAGIC1 */
    memcpy((void *)&marked, state + 512, sizeof marked);
}

/* Seen on 6.18: x87 and SSE are marked as present in every frame, so what a handler writes there is loaded. */
PIN(floating_registers_are_present_in_every_frame, "context.c")
{
    handle(SIGUSR1, read_state, 0);
    MUST(raise(SIGUSR1) == 0);
    SKIP_IF(!has_state, "this processor has no XSAVE");
    EXPECT((marked & 3) == 3);
}

static void stay_away(int number, siginfo_t *info, void *context)
{
    char used[1024];

    (void)number;
    (void)info;
    (void)context;
    memset(used, 0xff, sizeof used);
    __asm__ volatile("" : : "r"(used) : "memory");
}

/* Seen on 6.18: 128 bytes below the stack pointer outlive a signal, and no more is promised. */
PIN(a_frame_begins_below_the_red_zone, "borrowed.h altstack.h arrive.S")
{
    long call = SYS_tgkill;
    uint64_t top = 0, deepest = 0;

    handle(SIGUSR1, stay_away, 0);
    __asm__ volatile("sub $4096, %%rsp\n\t"
                     "movq $77, -8(%%rsp)\n\tmovq $78, -128(%%rsp)\n\t"
                     "syscall\n\t"
                     "mov -8(%%rsp), %[top]\n\tmov -128(%%rsp), %[deepest]\n\t"
                     "add $4096, %%rsp"
                     : "+a"(call), [top] "=&r"(top), [deepest] "=&r"(deepest)
                     : "D"(getpid()), "S"(gettid()), "d"(SIGUSR1)
                     : "rcx", "r11", "memory", "cc");
    EXPECT(top == 77 && deepest == 78);
}

static char moved[8192] __attribute__((aligned(64)));

/* The frame is the return address, the context and the siginfo; its end is where the registers begin, further up. */
static void return_from_elsewhere(int number, siginfo_t *info, void *context)
{
    char *frame = (char *)context - 8;
    size_t bytes = (size_t)((char *)info - frame) + sizeof *info;

    (void)number;
    MUST(bytes < sizeof moved - 64);
    memcpy(moved, frame, bytes);
    __asm__ volatile("mov %0, %%rsp\n\tmov %1, %%eax\n\tsyscall"
                     :
                     : "r"(moved + 8), "i"(SYS_rt_sigreturn)
                     : "memory", "rax");
    _exit(5);
}

/*
 * Seen on 6.18: sigreturn takes a frame from wherever the stack pointer is, so a frame can be carried to another
 * stack.
 */
PIN(a_frame_can_be_returned_from_elsewhere, "arrive.S")
{
    volatile int here = 0;

    alternate_stack();
    handle(SIGUSR1, return_from_elsewhere, SA_ONSTACK);
    MUST(raise(SIGUSR1) == 0);
    here = 1;
    EXPECT(here == 1);
}

/* --- a signal to oneself --- */

static int word;
static volatile sig_atomic_t code_of_raised;
static void *volatile value_of_raised;

static void note_raised(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    code_of_raised = info->si_code;
    value_of_raised = info->si_value.sival_ptr;
}

static long queue_to_oneself(void *value)
{
    siginfo_t info;

    memset(&info, 0, sizeof info);
    info.si_signo = SIGSEGV;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_value.sival_ptr = value;
    return CALL(rt_tgsigqueueinfo, getpid(), gettid(), SIGSEGV, &info);
}

/* Seen on 6.18: a thread can send itself SIGSEGV with a word in it, which arrives before the call has returned. */
PIN(a_word_can_be_sent_to_oneself, "sigsegv.c")
{
    handle(SIGSEGV, note_raised, 0);
    EXPECT_ANSWER(0, queue_to_oneself(&word));
    EXPECT(code_of_raised == SI_QUEUE && value_of_raised == &word);
}

/* Seen on 6.18: where no more can be queued the signal comes all the same, and the word is lost. */
PIN(a_full_queue_loses_the_word_and_not_the_signal, "sigsegv.c")
{
    be_a_user();
    handle(SIGSEGV, note_raised, 0);
    limit(RLIMIT_SIGPENDING, 0);
    code_of_raised = 77;
    value_of_raised = &word;
    EXPECT_ANSWER(0, queue_to_oneself(&word));
    EXPECT(code_of_raised == SI_USER && value_of_raised != &word);
}
