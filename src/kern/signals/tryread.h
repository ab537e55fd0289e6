/*
 * tryread.h: reading memory that may not be there.
 *
 * Two words at a stranger's address cost two instructions: whether they could be read is found out by the fault, which
 * our handler (signals.h) answers by going on where a table says. To ask the kernel first would cost a hundred times
 * more.
 */
#ifndef WM_KERN_TRYREAD_H
#define WM_KERN_TRYREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "kern/arch/machine.h"

struct wm_pair {
    uint64_t low, high;
};

/* An entry of the table wm_tries: an instruction that may fault, and where to go on then; both from where they stand. */
struct wm_try {
    int32_t instruction, onwards;
};

/* A linker that leaves out what nobody refers to would leave out the table: the code refers to its entry. */
#define WM_TRY_KEEP(entry) ".reloc ., " WM_ASM_NO_RELOCATION ", " entry "\n"

/* Valgrind tells a fault's handler another instruction than the one that met it: there the kernel is asked first. */
extern bool wm_try_asks;
bool wm_try_ask(uintptr_t addr);

static inline bool wm_try_may(uintptr_t addr)
{
    return __builtin_expect(!wm_try_asks, true) || wm_try_ask(addr);
}

/*
 * Once wm_try_may has said yes: two words, with all bits 1 if not all of them can be read. Not seen by sanitizers: what
 * lies there may be freed.
 */
static inline __attribute__((always_inline)) struct wm_pair wm_try_at_once(uintptr_t addr)
{
    struct wm_pair words;

    __asm__ volatile(
        "1: " WM_ASM_LOAD(
            "%0", "%2") "\n"
                        "2: " WM_ASM_LOAD(
                            "%1", "%3") "\n"
                                        "3:\n"
                                        ".pushsection .text.unlikely, \"ax\", @progbits\n"
                                        "4: " WM_ASM_ONES("%0") "\n" WM_ASM_ONES("%1") "\n" WM_ASM_JUMP(
                                            "3b") "\n"
                                                  ".popsection\n"
                                                  ".pushsection wm_tries, \"a\", @progbits\n"
                                                  ".balign 4\n"
                                                  "5: .long 1b - .\n"
                                                  ".long 4b - .\n"
                                                  ".long 2b - .\n"
                                                  ".long 4b - .\n"
                                                  ".popsection\n" WM_TRY_KEEP("5b")
        : "=&r"(words.low), "=&r"(words.high)
        : "m"(((const uint64_t *)addr)[0]), "m"(((const uint64_t *)addr)[1])
        : "cc", "memory");
    return words;
}

/* One word. */
static inline __attribute__((always_inline)) uint64_t wm_try_word_at_once(uintptr_t addr)
{
    uint64_t word;

    __asm__ volatile("1: " WM_ASM_LOAD("%0", "%1") "\n"
                                                   "2:\n"
                                                   ".pushsection .text.unlikely, \"ax\", @progbits\n"
                                                   "3: " WM_ASM_ONES("%0") "\n" WM_ASM_JUMP(
                                                       "2b") "\n"
                                                             ".popsection\n"
                                                             ".pushsection wm_tries, \"a\", @progbits\n"
                                                             ".balign 4\n"
                                                             "4: .long 1b - .\n"
                                                             ".long 3b - .\n"
                                                             ".popsection\n" WM_TRY_KEEP("4b")
                     : "=r"(word)
                     : "m"(*(const uint64_t *)addr)
                     : "cc", "memory");
    return word;
}

/* Both. */
static inline struct wm_pair wm_try_read(uintptr_t addr)
{
    return wm_try_may(addr) ? wm_try_at_once(addr) : (struct wm_pair){UINT64_MAX, UINT64_MAX};
}

/*
 * Needed before. Costs what wm_kern_catch_faults does; 0 or a negative errno. Until somebody is asked, the program's own
 * handlers see all other faults (sigsegv.c).
 */
int wm_kern_allow_tries(void);

/*
 * Do faults of this thread come to our handler? Three questions to the kernel. The answer may be another one as soon as a
 * signal handler runs that blocks more, or somebody sets an action by the bare system call.
 */
bool wm_kern_answers_tries(void);

/* For that: is this valgrind? */
void wm_try_look_around(void);

/* For the handler: was it a try that met the fault at this instruction? Then where to go on, else 0. */
uintptr_t wm_try_failed(uintptr_t instruction);

#endif
