/*
 * fiberswitch.S: from one stack to another.
 *
 * What a function keeps for its caller lies on the stack that is left, with the modes of both floating-point units; the
 * stack pointer alone goes into the fiber. A new fiber's stack is made as if it had left from wm_fiber_first
 * (fiber.c), whose frame is the last: nobody called it, and so it says to whoever walks the stack.
 */
#define MODES 8

    .text
    .globl wm_fiber_leap
    .hidden wm_fiber_leap
    .type wm_fiber_leap, @function
    .p2align 4
wm_fiber_leap:                  /* (where to leave the stack pointer, the other one) */
    .cfi_startproc
    endbr64
    push %rbp
    .cfi_adjust_cfa_offset 8
    push %rbx
    .cfi_adjust_cfa_offset 8
    push %r12
    .cfi_adjust_cfa_offset 8
    push %r13
    .cfi_adjust_cfa_offset 8
    push %r14
    .cfi_adjust_cfa_offset 8
    push %r15
    .cfi_adjust_cfa_offset 8
    sub $MODES, %rsp
    .cfi_adjust_cfa_offset MODES
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    ldmxcsr (%rsp)
    fldcw 4(%rsp)
    add $MODES, %rsp
    .cfi_adjust_cfa_offset -MODES
    pop %r15
    .cfi_adjust_cfa_offset -8
    pop %r14
    .cfi_adjust_cfa_offset -8
    pop %r13
    .cfi_adjust_cfa_offset -8
    pop %r12
    .cfi_adjust_cfa_offset -8
    pop %rbx
    .cfi_adjust_cfa_offset -8
    pop %rbp
    .cfi_adjust_cfa_offset -8
    ret
    .cfi_endproc
    .size wm_fiber_leap, . - wm_fiber_leap

    .globl wm_fiber_first
    .hidden wm_fiber_first
    .type wm_fiber_first, @function
    .p2align 4
wm_fiber_first:                 /* the fiber is in rbx */
    .cfi_startproc
    .cfi_undefined rip
    endbr64
    mov %rbx, %rdi
    call wm_fiber_begin
    ud2
    .cfi_endproc
    .size wm_fiber_first, . - wm_fiber_first

    .section .note.GNU-stack, "", @progbits
