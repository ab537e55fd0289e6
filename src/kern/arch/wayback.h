/*
 * wayback.h: what a borrowed thread finds on its own stack, so that it returns by itself (kern/process/borrowed.h).
 *
 *   x86-64    registers, which it pops one by one; the last instruction is `ret $128`, which loads the instruction and the
 *             stack pointer at once, so that a signal cannot come in between
 *   aarch64   a signal's frame, and rt_sigreturn, which loads all of it at once, the signal mask and the vector registers
 *             too: no instruction could branch without a register to hold the address
 */
#ifndef WM_KERN_WAYBACK_H
#define WM_KERN_WAYBACK_H

#if defined(__x86_64__)

#define WM_BORROWED_NOTES 24 /* bytes in front of the registers */

#ifndef __ASSEMBLER__
#include <stdint.h>

/* In the order in which they are popped. */
enum wm_borrowed_register {
    WM_BORROWED_R15,
    WM_BORROWED_R14,
    WM_BORROWED_R13,
    WM_BORROWED_R12,
    WM_BORROWED_RBP,
    WM_BORROWED_RBX,
    WM_BORROWED_R11,
    WM_BORROWED_R10,
    WM_BORROWED_R9,
    WM_BORROWED_R8,
    WM_BORROWED_RAX,
    WM_BORROWED_RCX,
    WM_BORROWED_RDX,
    WM_BORROWED_RSI,
    WM_BORROWED_RDI,
    WM_BORROWED_RFLAGS,
    WM_BORROWED_RIP,
    WM_BORROWED_COUNT,
    WM_BORROWED_ANSWER = WM_BORROWED_RAX, /* of a system call; before it is made again, its number */
    WM_BORROWED_NUMBER = WM_BORROWED_RAX,
    WM_BORROWED_PC = WM_BORROWED_RIP
};

struct wm_borrowed {
    uint64_t mask;    /* its blocked signals */
    uint64_t restart; /* of enum wm_restart */
    uint64_t pc;      /* behind the system call: where it goes on with EINTR */
    uint64_t registers[WM_BORROWED_COUNT];
};
#endif

#else

#define WM_BORROWED_NOTES 16 /* bytes in front of the frame */

#ifndef __ASSEMBLER__
#include <stdint.h>

enum wm_borrowed_register {
    WM_BORROWED_X0,
    WM_BORROWED_SP = 31,
    WM_BORROWED_PC,
    WM_BORROWED_PSTATE,
    WM_BORROWED_COUNT,
    WM_BORROWED_ANSWER = WM_BORROWED_X0,
    WM_BORROWED_NUMBER = 8
};

/* The kernel's struct rt_sigframe, with two notes before it. */
struct wm_borrowed {
    uint64_t restart; /* of enum wm_restart */
    uint64_t pc;      /* behind the system call: where it goes on with EINTR */
    uint8_t info[128];
    uint64_t flags, link, stack[3];
    uint64_t mask;                            /* its blocked signals */
    uint8_t room[128 - sizeof(uint64_t) + 8]; /* what follows is aligned to 16 */
    uint64_t fault_address;
    uint64_t registers[WM_BORROWED_COUNT];
    uint64_t padding; /* records are aligned to 16 */
    struct {
        uint32_t kind, bytes;
        uint8_t floating[8 + 32 * 16];
        uint32_t end[2];
        uint8_t unused[4096 - 8 - (8 + 32 * 16) - 8];
    } records __attribute__((aligned(16)));
};
#endif

#endif
#endif
