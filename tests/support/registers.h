/*
 * registers.h: spinning with a known value in every register, to be looked at afterwards.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Every register but the stack pointer, the 128 bytes below that, and the flags. */
struct registers {
    uint64_t general[14]; /* rax rbx rdx rsi rdi rbp r8 ... r15 */
    uint64_t below[16];
    uint64_t carry;
};

extern void spin_general(struct registers *in, struct registers *out, uint64_t times);

__asm__(
    ".text\n"
    ".type spin_general, @function\n"
    "spin_general:\n"
    "push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "sub $512, %rsp\n"
    "push %rsi\n" /* out */
    "mov %rdx, %rcx\n"
    "xor %eax, %eax\n"
    "1: mov 112(%rdi,%rax,8), %rbx\n"
    "mov %rax, %rdx\n"
    "neg %rdx\n"
    "mov %rbx, -8(%rsp,%rdx,8)\n"
    "inc %eax\n"
    "cmp $16, %eax\n"
    "jne 1b\n"
    "mov 0(%rdi), %rax; mov 8(%rdi), %rbx; mov 16(%rdi), %rdx; mov 24(%rdi), %rsi\n"
    "mov 40(%rdi), %rbp; mov 48(%rdi), %r8; mov 56(%rdi), %r9; mov 64(%rdi), %r10; mov 72(%rdi), %r11\n"
    "mov 80(%rdi), %r12; mov 88(%rdi), %r13; mov 96(%rdi), %r14; mov 104(%rdi), %r15; mov 32(%rdi), %rdi\n"
    "stc\n"
    "2: lea -1(%rcx), %rcx\n"
    "jrcxz 3f\n"
    "jmp 2b\n"
    "3: xchg %rdi, (%rsp)\n" /* now out */
    "mov %rax, 0(%rdi); mov %rbx, 8(%rdi); mov %rdx, 16(%rdi); mov %rsi, 24(%rdi)\n"
    "mov %rbp, 40(%rdi); mov %r8, 48(%rdi); mov %r9, 56(%rdi); mov %r10, 64(%rdi); mov %r11, 72(%rdi)\n"
    "mov %r12, 80(%rdi); mov %r13, 88(%rdi); mov %r14, 96(%rdi); mov %r15, 104(%rdi)\n"
    "mov $0, %eax\n"
    "setc %al\n"
    "mov %rax, 240(%rdi)\n"
    "xor %eax, %eax\n"
    "4: mov %rax, %rdx\n"
    "neg %rdx\n"
    "mov -8(%rsp,%rdx,8), %rbx\n"
    "mov %rbx, 112(%rdi,%rax,8)\n"
    "inc %eax\n"
    "cmp $16, %eax\n"
    "jne 4b\n"
    "pop %rax\n"
    "mov %rax, 32(%rdi)\n"
    "add $512, %rsp\n"
    "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "ret\n"
    ".size spin_general, .-spin_general\n");

/* Eight numbers of the coprocessor, sixteen vectors, and how both round. */
struct vectors {
    _Alignas(32) uint8_t vector[16][32];
    double number[8];
    uint32_t mxcsr;
    uint16_t control;
};

#define EACH(what)                                                                                           \
    what(0) what(1) what(2) what(3) what(4) what(5) what(6) what(7) what(8) what(9) what(10) what(11)        \
        what(12) what(13) what(14) what(15)
#define LOAD_Y(n) "vmovdqa " #n "*32(%[in]), %%ymm" #n "\n"
#define SAVE_Y(n) "vmovdqa %%ymm" #n ", " #n "*32(%[out])\n"
#define LOAD_X(n) "movdqa " #n "*32(%[in]), %%xmm" #n "\n"
#define SAVE_X(n) "movdqa %%xmm" #n ", " #n "*32(%[out])\n"
#define SPIN "1: dec %[times]\njnz 1b\n"
#define CLOBBERS                                                                                             \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",        \
        "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",      \
        "st(7)", "memory", "cc"
#define LOAD_ST                                                                                              \
    "fldl 512(%[in])\nfldl 520(%[in])\nfldl 528(%[in])\nfldl 536(%[in])\nfldl 544(%[in])\nfldl 552(%[in])\n" \
    "fldl 560(%[in])\nfldl 568(%[in])\nldmxcsr 576(%[in])\nfldcw 580(%[in])\n"
#define SAVE_ST                                                                                              \
    "stmxcsr 576(%[out])\nfnstcw 580(%[out])\nfstpl 568(%[out])\nfstpl 560(%[out])\nfstpl 552(%[out])\n"     \
    "fstpl 544(%[out])\nfstpl 536(%[out])\nfstpl 528(%[out])\nfstpl 520(%[out])\nfstpl 512(%[out])\n"

static void spin_vectors(const struct vectors *in, struct vectors *out, uint64_t times, bool avx)
{
    uint32_t mxcsr;
    uint16_t control;

    __asm__ volatile("stmxcsr %0\nfnstcw %1" : "=m"(mxcsr), "=m"(control));
    if (avx)
        __asm__ volatile(EACH(LOAD_Y) LOAD_ST SPIN EACH(SAVE_Y) SAVE_ST "vzeroupper"
                         : [times] "+r"(times)
                         : [in] "r"(in), [out] "r"(out)
                         : CLOBBERS);
    else
        __asm__ volatile(EACH(LOAD_X) LOAD_ST SPIN EACH(SAVE_X) SAVE_ST
                         : [times] "+r"(times)
                         : [in] "r"(in), [out] "r"(out)
                         : CLOBBERS);
    __asm__ volatile("ldmxcsr %0\nfldcw %1" : : "m"(mxcsr), "m"(control));
}

/* False: some register is not what it was. For about as many microseconds. */
static inline bool keeps_registers(uint64_t *pattern, uint64_t microseconds)
{
    struct registers in, out;

    for (size_t i = 0; i < sizeof in / sizeof(uint64_t); i++)
        ((uint64_t *)&in)[i] = *pattern = *pattern * 6364136223846793005u + 1442695040888963407u;
    in.carry = 1;
    spin_general(&in, &out, microseconds * 1000);
    return memcmp(&in, &out, sizeof in) == 0;
}

/* The same of the others. */
static inline bool keeps_vectors(uint64_t *pattern, uint64_t microseconds)
{
    static struct vectors in, out;
    bool avx = __builtin_cpu_supports("avx");

    for (size_t i = 0; i < sizeof in.vector; i++)
        if (avx || i % 32 < 16)
            ((uint8_t *)in.vector)[i] = (uint8_t)((*pattern = *pattern * 6364136223846793005u + 1) >> 56);
    for (int i = 0; i < 8; i++)
        in.number[i] = (double)(*pattern >> i) + 1.0 / 3;
    in.mxcsr = 0x5f80;   /* rounds up */
    in.control = 0x0b7f; /* as well, to 53 bits */
    spin_vectors(&in, &out, microseconds * 1000, avx);
    return memcmp(&in, &out, offsetof(struct vectors, control) + 2) == 0;
}

#endif
