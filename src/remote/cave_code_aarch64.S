/*
 * cave_code_aarch64.S: the first code that a process without an agent runs for us (cave_code.S): system calls, one after the
 * other, and back. It is copied into unused bytes, so it stands on nothing but its stack:
 *
 *   sp     for each call: its number, six arguments, and whether another one follows; then struct wm_borrowed
 */
#include <asm/unistd.h>

#include "kern/arch/wayback.h"

    .section .rodata
    .balign 4
    .globl wm_cave_code
    .globl wm_cave_code_end
    .hidden wm_cave_code
    .hidden wm_cave_code_end
wm_cave_code:
    ldp x8, x0, [sp]
    ldp x1, x2, [sp, #16]
    ldp x3, x4, [sp, #32]
    ldp x5, x19, [sp, #48]
    add sp, sp, #64
    svc #0
    cbnz w19, wm_cave_code
    add sp, sp, #WM_BORROWED_NOTES
    mov x8, #__NR_rt_sigreturn
    svc #0
wm_cave_code_end:

    .section .note.GNU-stack, "", %progbits
