/*
 * machine.h: the processor, and what Linux does otherwise on one than on another.
 *
 * Everything that differs has one name here and a page for each processor behind it; nobody above asks which one it is. What
 * is more than a page of instructions is a file beside the one for x86-64, with the processor in its name: arrive_aarch64.S
 * beside arrive.S, and CMake takes the one or the other.
 *
 *   system calls    wm_sys_enter
 *   registers       enum wm_register, of which everybody knows WM_PC, WM_SP and WM_FLAGS; where a signal's frame has them;
 *                   WM_FLOAT_BYTES of floating-point registers as that frame has them; WM_RED_ZONE, the bytes below the
 *                   stack pointer that are a thread's
 *   faults          signalframe.h: what the processor says that it tried. WM_TRAPS_ARE_PAST: the thread goes on behind what
 *                   a SIGTRAP tells of
 *   tries           the instructions of tryread.h and trywrite.h, each of which may fault: wm_tries has an entry for each
 *   one word        WM_WORD_..., wm_machine_step, wm_machine_swap: a change that a signal handler of the same thread finds
 *                   before or after; other threads must not have the word
 */
#ifndef WM_KERN_MACHINE_H
#define WM_KERN_MACHINE_H

#include <stdint.h>

/* The interrupted thread. What is written here it finds when it goes on, except the segments. */
struct wm_registers {
    uint64_t *general; /* by enum wm_register */
    uint8_t *floating; /* WM_FLOAT_BYTES; NULL if the kernel saved none */
    unsigned trap;     /* the processor's word for the fault */
};

#if defined(__x86_64__)
#include "kern/arch/x86_64.h"
#elif defined(__aarch64__)
#include "kern/arch/aarch64.h"
#endif

#endif
