/*
 * arrive_aarch64.S: our handler, as the kernel calls it.
 *
 *   w0    the signal
 *   x1    siginfo, x2 ucontext: in the kernel's frame
 *   x30   where to return to
 *
 * It stays on the alternate stack, where the kernel has put it: so exceptions nest as deep as that has room, and not, as on
 * x86-64 (arrive.S), as deep as the thread's own stack.
 */
#include <asm/unistd.h>

#include "kern/signals/frame.h"

    .text
/*
 * Where our handler returns to. Unwinders and debuggers know a signal frame by exactly these instructions; the nop keeps the
 * one before from being another function's.
 */
    .p2align 4
    nop
    .globl wm_kern_sigaction_return
    .hidden wm_kern_sigaction_return
    .type wm_kern_sigaction_return, %function
wm_kern_sigaction_return:
    mov x8, #__NR_rt_sigreturn
    svc #0
    .size wm_kern_sigaction_return, . - wm_kern_sigaction_return

    .globl wm_kern_arrive
    .hidden wm_kern_arrive
    .type wm_kern_arrive, %function
    .p2align 4
wm_kern_arrive:
    .cfi_startproc
    hint #34                        /* bti c */
    stp x29, x30, [sp, #-16]!
    .cfi_adjust_cfa_offset 16
    .cfi_rel_offset x29, 0
    .cfi_rel_offset x30, 8
    mov x29, sp
    adr x9, wm_kern_sigaction_return
    mov w3, #WM_CALLED_BY_OTHERS
    mov w10, #WM_CALLED_IN_PLACE
    cmp x30, x9
    csel w3, w10, w3, eq
    bl wm_signal_handle             /* has called whatever is to be called */
    ldp x29, x30, [sp], #16
    .cfi_adjust_cfa_offset -16
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size wm_kern_arrive, . - wm_kern_arrive

    .section .note.GNU-stack, "", %progbits
