/*
 * entry_aarch64.S: where a borrowed thread begins, and how it returns.
 *
 *   sp    struct wm_borrowed (kern/arch/wayback.h), on the thread's own stack
 *   x0    the number of the request
 *   x1    struct wm_agent
 *
 * What holds is what entry.S says for x86-64. The vector registers are in the frame by which the thread returns, so they are
 * not saved here.
 */
#include <asm/unistd.h>

#include "kern/arch/wayback.h"
#include "vm/agent/layout.h"

#define TRIES 4096
#define SIG_BLOCK 0

    .text
    .globl wm_agent_entry
    .hidden wm_agent_entry
    .type wm_agent_entry, %function
wm_agent_entry:
    hint #34                        /* bti c */
    mov x19, sp
    mov x20, x0
    mov x21, x1
    mov x8, #__NR_rt_sigprocmask
    mov x0, #SIG_BLOCK
    adr x1, .Lall_signals
    mov x2, xzr
    mov x3, #8
    svc #0
    ldr x22, [x21, #WM_AGENT_PROCESS]
    cbz x22, .Lours
    mov x8, #__NR_getpid
    svc #0
    cmp x0, x22
    b.ne .Lmissed
.Lours:
    mov w10, #TRIES
    mov x11, #WM_AGENT_RUNNING
    add x11, x21, x11
.Lclaim:
    ldaxr x9, [x11]
    cbnz x9, .Lbusy
    stlxr w9, x20, [x11]
    cbz w9, .Lclaimed
    b .Lagain
.Lbusy:
    clrex
    yield
.Lagain:
    subs w10, w10, #1
    b.ne .Lclaim
.Lmissed:
    mov x11, #WM_AGENT_MISSED
    str x20, [x21, x11]
    b .Lreturn
.Lclaimed:
    dmb ish                         /* what is read from here on is as new as the claim is old */
    ldr x9, [x21, #WM_AGENT_TOP]
    mov sp, x9
    mov x0, x20
    mov x1, x19
    mov x2, x21
    mov x29, xzr
    bl wm_agent_run
    mov sp, x19
    mov x11, #WM_AGENT_RUNNING
    add x11, x21, x11
    stlr xzr, [x11]                 /* from here on nothing of the agent's is used */
.Lreturn:
    add sp, sp, #WM_BORROWED_NOTES
    mov x8, #__NR_rt_sigreturn
    svc #0
    .balign 8
.Lall_signals:
    .quad -1
    .org wm_agent_entry + WM_ENTRY_BYTES /* it has to end before that */
    .size wm_agent_entry, . - wm_agent_entry

    .section .note.GNU-stack, "", %progbits
