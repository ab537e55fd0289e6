/* aarch64.h: the names of machine.h for 64-bit ARM. Nothing here needs more than ARMv8.0. */
#ifndef WM_KERN_AARCH64_H
#define WM_KERN_AARCH64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- system calls --- */

/* Nothing may be called between naming the registers and the instruction: it would overwrite them. */
static inline long wm_sys_enter(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;

    __asm__ volatile("svc #0"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory", "cc");
    return x0;
}

/* The child calls this function, on a stack of its own below top, and does not return. */
static inline __attribute__((always_inline)) long
wm_machine_clone(long number, long flags, unsigned char *top, int *pidfd, void (*live)(void *), void *arg)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = flags;
    register unsigned char *x1 __asm__("x1") = top;
    register int *x2 __asm__("x2") = pidfd;
    register long x3 __asm__("x3") = 0;
    register long x4 __asm__("x4") = 0;

    __asm__ volatile("svc #0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x29, xzr\n\t"
                     "mov x0, %[arg]\n\t"
                     "blr %[live]\n\t"
                     "udf #0\n"
                     "1:"
                     : "+r"(x0)
                     : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), [live] "r"(live), [arg] "r"(arg)
                     : "memory", "cc");
    return x0;
}

/* --- registers --- */

/* General registers, in the order in which the kernel saves them: x0 to x30, of which 29 and 30 are frame and link. */
enum wm_register { WM_X0, WM_X29 = 29, WM_X30, WM_SP, WM_PC, WM_PSTATE, WM_FLAGS = WM_PSTATE };

/* The kernel's struct fpsimd_context behind its head: status, control, and 32 registers of 16 bytes. */
enum { WM_FLOAT_STATUS = 0, WM_FLOAT_CONTROL = 4, WM_FLOAT_VECTORS = 8, WM_FLOAT_BYTES = 8 + 32 * 16 };

enum { WM_RED_ZONE = 0 };

/* A breakpoint is told at its instruction, and met again by whoever goes on there. */
enum { WM_TRAPS_ARE_PAST = 0 };

/* A debugger steps by registers that only the kernel has: nothing of it is in the thread. */
static inline bool wm_machine_steps(void)
{
    return false;
}

/* The requests of ptrace for them. */
#define WM_TRACE_GET_REGISTERS PTRACE_GETREGSET
#define WM_TRACE_SET_REGISTERS PTRACE_SETREGSET

/* --- tries --- */

#define WM_ASM_NO_RELOCATION "R_AARCH64_NONE"
#define WM_ASM_LOAD(to, from) "ldr " to ", " from
#define WM_ASM_ONES(to) "mov " to ", #-1"
#define WM_ASM_JUMP(to) "b " to
#define WM_ASM_CLEAR(at) "1: str wzr, [" at "]\n"
#define WM_ASM_REWRITE(at)                                                                                   \
    "4: ldxrb w16, [" at "]\n"                                                                               \
    "1: stxrb w17, w16, [" at "]\n"                                                                          \
    "cbnz w17, 4b\n" WM_ASM_TRY("4b")
#define WM_ASM_CLOBBERED , "x16", "x17"

/* Not a store: another thread may write to the byte at the same time. */
static inline void wm_machine_touch(uintptr_t addr)
{
    uint32_t byte, busy;

    __asm__ volatile("1: ldxrb %w0, [%2]\n"
                     "stxrb %w1, %w0, [%2]\n"
                     "cbnz %w1, 1b"
                     : "=&r"(byte), "=&r"(busy)
                     : "r"(addr)
                     : "memory");
}

/* Bytes that no sanitizer is to see. Backwards where the two overlap so. */
static inline void wm_machine_move(uintptr_t to, uintptr_t from, size_t bytes)
{
    uint32_t byte;

    if (to - from >= bytes)
        __asm__ volatile("1: cbz %2, 2f\n"
                         "ldrb %w3, [%1], #1\n"
                         "strb %w3, [%0], #1\n"
                         "sub %2, %2, #1\n"
                         "b 1b\n"
                         "2:"
                         : "+r"(to), "+r"(from), "+r"(bytes), "=&r"(byte)
                         :
                         : "memory");
    else
        __asm__ volatile("1: cbz %2, 2f\n"
                         "sub %2, %2, #1\n"
                         "ldrb %w3, [%1, %2]\n"
                         "strb %w3, [%0, %2]\n"
                         "b 1b\n"
                         "2:"
                         : "+r"(to), "+r"(from), "+r"(bytes), "=&r"(byte)
                         :
                         : "memory");
}

/* --- one word --- */

/* A handler that comes in between takes the reservation away, and the change is made again. */
#define WM_WORD_ADD(word, constant)                                                                          \
    ((void)__atomic_fetch_add(&(word), (constant), __ATOMIC_RELAXED), WM_WORD_KEEPS)
#define WM_WORD_SUB(word, constant)                                                                          \
    ((void)__atomic_fetch_sub(&(word), (constant), __ATOMIC_RELAXED), WM_WORD_KEEPS)
#define WM_WORD_AND(word, constant)                                                                          \
    ((void)__atomic_fetch_and(&(word), (constant), __ATOMIC_RELAXED), WM_WORD_KEEPS)
#define WM_WORD_OR(word, constant)                                                                           \
    ((void)__atomic_fetch_or(&(word), (constant), __ATOMIC_RELAXED), WM_WORD_KEEPS)
#define WM_WORD_KEEPS __atomic_signal_fence(__ATOMIC_SEQ_CST)

static inline void wm_machine_step(uint64_t *word)
{
    __atomic_fetch_add(word, 1, __ATOMIC_RELAXED);
}

/* One that excludes nobody would be the same instructions. */
static inline bool wm_machine_swap(uint64_t *word, uint64_t *expected, uint64_t wanted)
{
    return __atomic_compare_exchange_n(word, expected, wanted, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

#endif
