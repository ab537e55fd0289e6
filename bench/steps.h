/*
 * steps.h: what a call takes, counted by single steps under ptrace: exactly, whatever else the machine does.
 *
 * A child makes the call between two breakpoints. What counts is done with the stack pointer below the caller's: the jump
 * through the linkage table and the return, but not the caller's own work.
 */
#ifndef BENCH_STEPS_H
#define BENCH_STEPS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Put one before the call and one behind it. */
#define STEPS_BREAKPOINT() __asm__ volatile("int3" ::: "memory")

/* Code that is told from all other code. */
struct code {
    uintptr_t low, high;
};

struct steps {
    long all;    /* instructions */
    long own;    /* those of the code; they are the same on every processor, while libc's copying is not */
    long out;    /* how often the code called any other */
    long kernel; /* system calls of anybody */
};

/* The code of the library or program that a function of it lies in. */
struct code steps_code_of(const void *function);

/* A child that is being traced, and runs `child`, which does not return; 0: none can be had. */
pid_t steps_begin(void child(void));
void steps_end(pid_t child);

/* The call between the next two breakpoints; false: something went wrong, and the child is of no more use. */
bool steps_count(pid_t child, const struct code *code, struct steps *out);

#endif
