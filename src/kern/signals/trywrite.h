/*
 * trywrite.h: tryread.h for writing: whether memory that the caller names can be written, at the price of the store.
 *
 * For what will be overwritten anyway. A store into memory that was never there must not be tried by whoever cannot know
 * that its fault would come to our handler (wm_kern_answers_tries): a fault whose signal is blocked ends the process.
 */
#ifndef WM_KERN_TRYWRITE_H
#define WM_KERN_TRYWRITE_H

#include "kern/signals/tryread.h"

/* The instruction at this label may fault: on to the label failed. */
#define WM_ASM_TRY(label)                                                                                    \
    ".pushsection wm_tries, \"a\", @progbits\n"                                                              \
    ".balign 4\n"                                                                                            \
    "2: .long " label " - .\n"                                                                               \
    ".long %l[failed] - .\n"                                                                                 \
    ".popsection\n" WM_TRY_KEEP("2b")

/* Stores at %0, by the instruction at label 1 at last. */
#define WM_TRY_STORE(code, addr)                                                                             \
    __asm__ goto(code WM_ASM_TRY("1b") : : "r"(addr) : "cc", "memory" WM_ASM_CLOBBERED : failed)

/* A byte is written in one step and stays what it is. False: it cannot be. */
static inline __attribute__((always_inline)) bool wm_try_rewrite_at_once(uintptr_t addr)
{
    WM_TRY_STORE(WM_ASM_REWRITE("%0"), addr);
    return true;
failed:
    return false;
}

/* Four bytes become 0. False: they cannot be written, or not all of them. Not seen by sanitizers. */
static inline __attribute__((always_inline)) bool wm_try_clear_at_once(uintptr_t addr)
{
    WM_TRY_STORE(WM_ASM_CLEAR("%0"), addr);
    return true;
failed:
    return false;
}

#endif
