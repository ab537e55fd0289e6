/* x86_64.h: the names of machine.h for x86-64. */
#ifndef WM_KERN_X86_64_H
#define WM_KERN_X86_64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- system calls --- */

/* Nothing may be called between naming the registers and the instruction: it would overwrite them. */
static inline long wm_sys_enter(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

/* The child calls this function, on a stack of its own below top, and does not return. */
static inline __attribute__((always_inline)) long
wm_machine_clone(long number, long flags, unsigned char *top, int *pidfd, void (*live)(void *), void *arg)
{
    uint64_t *at = (uint64_t *)(void *)top;
    register long r10 __asm__("r10") = 0;
    register long r8 __asm__("r8") = 0;
    long result;

    *--at = (uint64_t)(uintptr_t)live;
    *--at = (uint64_t)(uintptr_t)arg;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "pop %%rdi\n\t"
                     "pop %%rax\n\t"
                     "call *%%rax\n\t"
                     "hlt\n"
                     "1:"
                     : "=a"(result)
                     : "0"(number), "D"(flags), "S"(at), "d"(pidfd), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}

/* --- registers --- */

/* General registers, in the order in which the kernel saves them. */
enum wm_register {
    WM_R8,
    WM_R9,
    WM_R10,
    WM_R11,
    WM_R12,
    WM_R13,
    WM_R14,
    WM_R15,
    WM_RDI,
    WM_RSI,
    WM_RBP,
    WM_RBX,
    WM_RDX,
    WM_RAX,
    WM_RCX,
    WM_RSP,
    WM_RIP,
    WM_EFLAGS,
    WM_SEGMENTS, /* cs, gs, fs, ss, 16 bits each from the lowest */
    WM_SP = WM_RSP,
    WM_PC = WM_RIP,
    WM_FLAGS = WM_EFLAGS
};

/* What FXSAVE stores; the kernel keeps notes of its own in the bytes behind. */
enum { WM_FLOAT_BYTES = 416 };

enum { WM_TRAP_SSE = 19 };

/* A breakpoint and a step are told behind the instruction. */
enum { WM_TRAPS_ARE_PAST = 1 };

enum { WM_RED_ZONE = 128 };

/* Is this thread stepped through, instruction by instruction? */
static inline bool wm_machine_steps(void)
{
    const uint64_t trap_flag = 0x100;

    return (__builtin_ia32_readeflags_u64() & trap_flag) != 0;
}

/* The requests of ptrace for them. */
#define WM_TRACE_GET_REGISTERS PTRACE_GETREGS
#define WM_TRACE_SET_REGISTERS PTRACE_SETREGS

/* --- tries --- */

#define WM_ASM_NO_RELOCATION "R_X86_64_NONE"
#define WM_ASM_LOAD(to, from) "movq " from ", " to
#define WM_ASM_ONES(to) "movq $-1, " to
#define WM_ASM_JUMP(to) "jmp " to
#define WM_ASM_CLEAR(at) "1: movl $0, (" at ")\n"
#define WM_ASM_REWRITE(at) "1: lock orb $0, (" at ")\n"
#define WM_ASM_CLOBBERED

/* Not a store: another thread may write to the byte at the same time. */
static inline void wm_machine_touch(uintptr_t addr)
{
    __asm__ volatile("lock orb $0, %0" : "+m"(*(char *)addr));
}

/* Bytes that no sanitizer is to see. Backwards where the two overlap so. */
static inline void wm_machine_move(uintptr_t to, uintptr_t from, size_t bytes)
{
    if (to - from >= bytes) {
        __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(bytes) : : "memory");
        return;
    }
    to += bytes - 1;
    from += bytes - 1;
    __asm__ volatile("std\n"
                     "rep movsb\n"
                     "cld"
                     : "+D"(to), "+S"(from), "+c"(bytes)
                     :
                     : "cc", "memory");
}

/* --- one word --- */

#define WM_WORD_ADD(word, constant)                                                                          \
    __asm__ volatile("addl %1, %0" : "+m"(word) : "i"(constant) : "memory", "cc")
#define WM_WORD_SUB(word, constant)                                                                          \
    __asm__ volatile("subl %1, %0" : "+m"(word) : "i"(constant) : "memory", "cc")
#define WM_WORD_AND(word, constant)                                                                          \
    __asm__ volatile("andl %1, %0" : "+m"(word) : "i"(constant) : "memory", "cc")
#define WM_WORD_OR(word, constant)                                                                           \
    __asm__ volatile("orl %1, %0" : "+m"(word) : "i"(constant) : "memory", "cc")

static inline void wm_machine_step(uint64_t *word)
{
    __asm__ volatile("incq %0" : "+m"(*word) : : "cc");
}

static inline __attribute__((always_inline)) bool wm_machine_swap(uint64_t *word, uint64_t *expected,
                                                                  uint64_t wanted)
{
    bool done;

    __asm__ volatile("cmpxchgq %3, %1"
                     : "=@ccz"(done), "+m"(*word), "+a"(*expected)
                     : "r"(wanted)
                     : "memory");
    if (__builtin_expect(done, true)) /* so that the answer stays in the flags */
        return true;
    return false;
}

#endif
