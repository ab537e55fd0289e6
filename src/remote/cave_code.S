/*
 * cave_code.S: the first code that a process without an agent runs for us: system calls, one after the other, and
 * back. It is copied into unused bytes behind the code of a mapping, so it stands on nothing but its stack:
 *
 *   rsp    for each call: its number, six arguments, and whether another one follows; then struct wm_borrowed
 */
#include "kern/process/goback.inc"

    .section .rodata
    .globl wm_cave_code
    .globl wm_cave_code_end
    .hidden wm_cave_code
    .hidden wm_cave_code_end
wm_cave_code:
    pop %rax
    pop %rdi
    pop %rsi
    pop %rdx
    pop %r10
    pop %r8
    pop %r9
    syscall
    pop %rcx
    test %ecx, %ecx
    jnz wm_cave_code
    GO_BACK
wm_cave_code_end:

    .section .note.GNU-stack, "", @progbits
