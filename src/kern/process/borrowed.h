/*
 * borrowed.h: how a thread that was borrowed finds back.
 *
 * The borrower writes this below the red zone of the thread's own stack and sends the thread to entry.S, which
 * takes it off again. From then on nobody else is needed: if the borrower dies, the thread returns all the
 * same. The last instruction is `ret $128`, which loads the instruction and the stack pointer at once, so that a
 * signal cannot come in between.
 *
 * Also included by entry.S.
 */
#ifndef WM_KERN_BORROWED_H
#define WM_KERN_BORROWED_H

#define WM_BORROWED_NOTES 24 /* bytes in front of the registers */

#ifndef __ASSEMBLER__
#include <stddef.h>
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
    WM_BORROWED_COUNT
};

/* What becomes of the system call that was interrupted when a signal has a handler. */
enum wm_restart {
    WM_RESTART_NONE,   /* there was no call, or it had ended */
    WM_RESTART_MAYBE,  /* it is made again, if the handler was installed so (SA_RESTART) */
    WM_RESTART_ALWAYS, /* it is made again */
    WM_RESTART_NEVER   /* it ends with EINTR */
};

struct wm_borrowed {
    uint64_t mask;    /* its blocked signals */
    uint64_t restart; /* of enum wm_restart */
    uint64_t rip;     /* behind the system call: where it goes on with EINTR */
    uint64_t registers[WM_BORROWED_COUNT];
};

_Static_assert(offsetof(struct wm_borrowed, registers) == WM_BORROWED_NOTES, "entry.S skips the notes");

/* The thread is on its way back: does a signal that came meanwhile end the call? For the thread itself. */
void wm_kern_end_loan(struct wm_borrowed *self);
#endif
#endif
