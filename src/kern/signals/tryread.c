#include "kern/signals/tryread.h"

extern const char wm_try_first[], wm_try_second[], wm_try_nothing[];

__asm__(".pushsection .text\n"
        ".p2align 4\n"
        ".globl wm_try_read, wm_try_first, wm_try_second, wm_try_nothing\n"
        ".hidden wm_try_read, wm_try_first, wm_try_second, wm_try_nothing\n"
        ".type wm_try_read, @function\n"
        "wm_try_read:\n"
        ".cfi_startproc\n"
        "wm_try_first:\n"
        "movq (%rdi), %rax\n"
        "wm_try_second:\n"
        "movq 8(%rdi), %rdx\n"
        "ret\n"
        "wm_try_nothing:\n"
        "xorl %eax, %eax\n"
        "xorl %edx, %edx\n"
        "ret\n"
        ".cfi_endproc\n"
        ".size wm_try_read, . - wm_try_read\n"
        ".popsection\n");

uintptr_t wm_try_failed(uintptr_t instruction)
{
    bool mine = instruction == (uintptr_t)wm_try_first || instruction == (uintptr_t)wm_try_second;

    return mine ? (uintptr_t)wm_try_nothing : 0;
}
