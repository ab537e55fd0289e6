/*
 * faults.h: making the kernel fail, for tests.
 *
 * A script answers calls of one kind in order: ok (ask the kernel) or an error. After its end all calls
 * go through. WM_FAULTS=mmap:ok,ok,ENOMEM in the environment sets one at start; wm_fault_nth fails the
 * n-th call of any kind. Without WM_FAULT_SCRIPT none of this is compiled.
 */
#ifndef WM_KERN_FAULTS_H
#define WM_KERN_FAULTS_H

#ifdef WM_FAULT_SCRIPT

#include <stdbool.h>

#include "base/private.h"

/* The n-th system call from now that can fail so (1 = the next) answers error (positive); 0 switches off. */
void wm_fault_nth(unsigned n, int error);

/* How many system calls were asked since the last wm_fault_nth; a failed one included. */
unsigned wm_fault_count(void);

/* 0, or the negative errno that this call, with these first arguments, is to answer. */
WM_FOR_WIN32 long wm_fault_for(long number, long a, long b);

/* After a call. */
WM_FOR_WIN32 void wm_fault_passed(void);

/* The process kills itself right before its n-th system call from now, or right after it; 0 switches off. */
void wm_fault_die_at(unsigned n, bool after);

/* The same for another process. */
void wm_fault_kill_at(unsigned n, bool after, int pid);

void wm_fault_script(const char *script);

#else

#define wm_fault_for(number, a, b) ((void)(number), 0L)
#define wm_fault_passed() ((void)0)

#endif
#endif
