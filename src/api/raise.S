/*
 * raise.S: RaiseException, whose own frame is the place of the exception.
 *
 * What a handler finds in the registers that a function keeps is what its caller had there, so no compiler may use them
 * between the call and the signal; where it goes on is behind the system call. The rest is C (exceptions.c), which
 * gives back those registers as it has found them.
 */
#include <asm/unistd.h>

#include "kern/signals/raising.h"

#define SIGSEGV 11
#define RECORD 160                              /* EXCEPTION_RECORD */
#define FRAME (RECORD + WM_RAISING_BYTES + 8)   /* aligned as a call wants it */

    .text
    .globl RaiseException
    .type RaiseException, @function
    .p2align 4
RaiseException:
    .cfi_startproc
    endbr64
    sub $FRAME, %rsp
    .cfi_adjust_cfa_offset FRAME
    mov %rsp, %r8
    lea RECORD(%rsp), %r9
    call wm_raise_begin
    mov $__NR_rt_tgsigqueueinfo, %eax
    mov RECORD + WM_RAISING_PROCESS(%rsp), %rdi
    mov RECORD + WM_RAISING_THREAD(%rsp), %rsi
    mov $SIGSEGV, %edx
    lea RECORD + WM_RAISING_INFO(%rsp), %r10
    syscall
    lea RECORD(%rsp), %rdi
    call wm_raise_end
    add $FRAME, %rsp
    .cfi_adjust_cfa_offset -FRAME
    ret
    .cfi_endproc
    .size RaiseException, . - RaiseException

    .section .note.GNU-stack, "", @progbits
