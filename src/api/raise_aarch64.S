/*
 * raise_aarch64.S: RaiseException, whose own frame is the place of the exception.
 *
 * As on x86-64 (raise.S): what a handler finds in the registers that a function keeps is what its caller had there, and where
 * it goes on is behind the system call.
 */
#include <asm/unistd.h>

#include "kern/signals/raising.h"

#define SIGSEGV 11
#define RECORD 160                              /* EXCEPTION_RECORD */
#define FRAME (16 + RECORD + WM_RAISING_BYTES)

    .text
    .globl RaiseException
    .type RaiseException, %function
    .p2align 4
RaiseException:
    .cfi_startproc
    hint #34                        /* bti c */
    sub sp, sp, #FRAME
    .cfi_adjust_cfa_offset FRAME
    stp x29, x30, [sp]
    .cfi_rel_offset x29, 0
    .cfi_rel_offset x30, 8
    mov x29, sp
    add x4, sp, #16
    add x5, sp, #16 + RECORD
    bl wm_raise_begin
    mov x8, #__NR_rt_tgsigqueueinfo
    ldr x0, [sp, #16 + RECORD + WM_RAISING_PROCESS]
    ldr x1, [sp, #16 + RECORD + WM_RAISING_THREAD]
    mov x2, #SIGSEGV
    add x3, sp, #16 + RECORD + WM_RAISING_INFO
    svc #0
    add x0, sp, #16 + RECORD
    bl wm_raise_end
    ldp x29, x30, [sp]
    add sp, sp, #FRAME
    .cfi_adjust_cfa_offset -FRAME
    .cfi_restore x29
    .cfi_restore x30
    ret
    .cfi_endproc
    .size RaiseException, . - RaiseException

    .section .note.GNU-stack, "", %progbits
