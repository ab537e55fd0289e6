/*
 * fiberswitch_aarch64.S: from one stack to another (fiberswitch.S).
 *
 * What a function keeps for its caller is x19 to x30, the lower halves of v8 to v15, and the modes of the floating-point unit.
 */
#define FRAME 176

    .text
    .globl wm_fiber_leap
    .hidden wm_fiber_leap
    .type wm_fiber_leap, %function
    .p2align 4
wm_fiber_leap:                  /* (where to leave the stack pointer, the other one) */
    .cfi_startproc
    hint #34                    /* bti c */
    sub sp, sp, #FRAME
    .cfi_adjust_cfa_offset FRAME
    mrs x9, fpcr
    str x9, [sp]
    stp d8, d9, [sp, #16]
    stp d10, d11, [sp, #32]
    stp d12, d13, [sp, #48]
    stp d14, d15, [sp, #64]
    stp x19, x20, [sp, #80]
    stp x21, x22, [sp, #96]
    stp x23, x24, [sp, #112]
    stp x25, x26, [sp, #128]
    stp x27, x28, [sp, #144]
    stp x29, x30, [sp, #160]
    .cfi_rel_offset x29, 160
    .cfi_rel_offset x30, 168
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldr x9, [sp]
    msr fpcr, x9
    ldp d8, d9, [sp, #16]
    ldp d10, d11, [sp, #32]
    ldp d12, d13, [sp, #48]
    ldp d14, d15, [sp, #64]
    ldp x19, x20, [sp, #80]
    ldp x21, x22, [sp, #96]
    ldp x23, x24, [sp, #112]
    ldp x25, x26, [sp, #128]
    ldp x27, x28, [sp, #144]
    ldp x29, x30, [sp, #160]
    add sp, sp, #FRAME
    .cfi_adjust_cfa_offset -FRAME
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size wm_fiber_leap, . - wm_fiber_leap

    .globl wm_fiber_first
    .hidden wm_fiber_first
    .type wm_fiber_first, %function
    .p2align 4
wm_fiber_first:                 /* the fiber is in x19 */
    .cfi_startproc
    .cfi_undefined x30
    hint #34
    mov x0, x19
    bl wm_fiber_begin
    udf #0
    .cfi_endproc
    .size wm_fiber_first, . - wm_fiber_first

    .section .note.GNU-stack, "", %progbits
