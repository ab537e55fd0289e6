/*
 * instruction.h: what the kernel does not tell about an instruction that faulted is read off the instruction itself.
 */
#ifndef WM_KERN_INSTRUCTION_H
#define WM_KERN_INSTRUCTION_H

#include "kern/signals/signals.h"

/* One that only a kernel may execute: its general protection fault has nothing to do with memory. */
bool wm_instruction_is_privileged(const struct wm_registers *registers);

/* A division that faulted: because of its divisor? Else the quotient is too large. */
bool wm_instruction_divides_by_zero(const struct wm_registers *registers);

#endif
