#include "kern/signals/tryread.h"

#include <stdlib.h>
#include <string.h>

#include "kern/kern.h"
#include "kern/signals/sigsegv.h"

bool wm_try_asks;

extern const char wm_try_first[], wm_try_second[], wm_try_nothing[];

__asm__(".pushsection .text\n"
        ".p2align 4\n"
        ".globl wm_try_words, wm_try_first, wm_try_second, wm_try_nothing\n"
        ".hidden wm_try_words, wm_try_first, wm_try_second, wm_try_nothing\n"
        ".type wm_try_words, @function\n"
        "wm_try_words:\n"
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
        ".size wm_try_words, . - wm_try_words\n"
        ".popsection\n");

uintptr_t wm_try_failed(uintptr_t instruction)
{
    bool mine = instruction == (uintptr_t)wm_try_first || instruction == (uintptr_t)wm_try_second;

    return mine ? (uintptr_t)wm_try_nothing : 0;
}

bool wm_try_may(uintptr_t addr)
{
    return wm_kern_readable((const void *)addr, sizeof(struct wm_pair));
}

int wm_kern_allow_tries(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

    wm_try_asks = preloaded != NULL && strstr(preloaded, "/vgpreload_") != NULL;
    return wm_kern_install_handler();
}
