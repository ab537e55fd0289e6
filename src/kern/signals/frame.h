/*
 * frame.h: where arrive.S finds things in what the kernel leaves on the stack for a signal's handler.
 *
 *   the frame   where the handler returns to, ucontext, siginfo; behind them, aligned to 64, the processor's registers
 */
#ifndef WM_KERN_FRAME_H
#define WM_KERN_FRAME_H

#define WM_FRAME_CONTEXT 8
#define WM_FRAME_INFO 312
#define WM_FRAME_BYTES 440

/* In the ucontext. */
#define WM_CONTEXT_STACK 16
#define WM_CONTEXT_STACK_BYTES 32
#define WM_CONTEXT_RSP 160
#define WM_CONTEXT_EFLAGS 176
#define WM_CONTEXT_FLOATING 224

/* In the processor's registers: FXSAVE's, or more. */
#define WM_FLOATING_BASIC 512
#define WM_FLOATING_MAGIC_AT 464
#define WM_FLOATING_BYTES_AT 468
#define WM_FLOATING_MAGIC 0x46505853
#define WM_FLOATING_MOST 0x10000

/* What must be left of an alternate stack when a handler is called on it: else the process ends. */
#define WM_ARRIVE_LEAST 0x800

/* For whoever reads the kernel's list of mappings. */
#define WM_ARRIVE_LEARN 0x2000

/* How our handler was called. */
#define WM_CALLED_BY_OTHERS 0 /* by a handler that took it for the one before */
#define WM_CALLED_IN_PLACE 1  /* by the kernel, where that put the frame */
#define WM_CALLED_MOVED 2     /* by the kernel, on the thread's own stack */

#endif
