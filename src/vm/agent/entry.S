/*
 * entry.S: where a borrowed thread begins, and how it returns.
 *
 *   rsp    struct wm_borrowed (kern/process/borrowed.h), on the thread's own stack
 *   rdi    the number of the request
 *   rsi    struct wm_agent
 *
 * All signals are blocked here as well: a caller who dies in the middle of sending has set the registers only, and a
 * handler must not run, still less jump away, on the agent's stack. If another thread is at work, this one says so and
 * returns: a thread that was sent by a caller who died has only a look at the number, and is gone in a moment. So does
 * one that comes in the child of a fork which has not noticed what it is, where forks wipe nothing (wire.h).
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
    mov $14, %eax       /* rt_sigprocmask */
    xor %edi, %edi      /* SIG_BLOCK */
    lea .Lall_signals(%rip), %rsi
    xor %edx, %edx
    mov $8, %r10d
    syscall
    cmpq $0, WM_AGENT_PROCESS(%r12)
    je .Lours
    mov $39, %eax       /* getpid */
    syscall
    cmp %rax, WM_AGENT_PROCESS(%r12)
    jne .Lmissed
.Lours:
    mov $TRIES, %ecx
.Lclaim:
    xor %eax, %eax
    lock cmpxchg %r13, WM_AGENT_RUNNING(%r12)
    je .Lclaimed
    pause
    dec %ecx
    jnz .Lclaim
.Lmissed:
    mov %r13, WM_AGENT_MISSED(%r12)
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
    .balign 8
.Lall_signals:
    .quad -1
    .org wm_agent_entry + WM_ENTRY_BYTES /* it has to end before that */
    .size wm_agent_entry, . - wm_agent_entry

    .section .note.GNU-stack, "", @progbits
