/*
 * entry.S: where a borrowed thread begins, and how it returns.
 *
 *   rsp    struct wm_borrowed (kern/process/borrowed.h), on the thread's own stack
 *   rdi    the number of the request
 *   rsi    struct wm_agent
 *
 * All signals are blocked. If another thread is at work, this one returns: a thread that was sent by a caller who died
 * has only a look at the number, and is gone in a moment.
 */
#include "kern/process/goback.inc"
#include "vm/agent/layout.h"

#define TRIES 4096

    .text
    .globl wm_agent_entry
    .hidden wm_agent_entry
    .type wm_agent_entry, @function
wm_agent_entry:
    endbr64
    cld
    mov %rsp, %rbx
    mov %rdi, %r13
    mov %rsi, %r12
    mov $TRIES, %ecx
.Lclaim:
    xor %eax, %eax
    lock cmpxchg %r13, WM_AGENT_RUNNING(%r12)
    je .Lclaimed
    pause
    dec %ecx
    jnz .Lclaim
    jmp .Lreturn
.Lclaimed:
    mov WM_AGENT_TOP(%r12), %rsp
    mov WM_AGENT_REGISTERS(%r12), %r14
    mov WM_AGENT_EXTENDED(%r12), %r15
    test %r15, %r15
    jz .Lsave_basic
    mov $-1, %eax
    mov $-1, %edx
    xsave64 (%r14)
    jmp .Lrun
.Lsave_basic:
    fxsave64 (%r14)
.Lrun:
    mov %r13, %rdi
    mov %rbx, %rsi
    mov %r12, %rdx
    call wm_agent_run
    test %r15, %r15
    jz .Lload_basic
    mov $-1, %eax
    mov $-1, %edx
    xrstor64 (%r14)
    jmp .Lrelease
.Lload_basic:
    fxrstor64 (%r14)
.Lrelease:
    mov %rbx, %rsp
    movq $0, WM_AGENT_RUNNING(%r12) /* from here on nothing of the agent's is used */
.Lreturn:
    GO_BACK
    .size wm_agent_entry, . - wm_agent_entry

    .section .note.GNU-stack, "", @progbits
