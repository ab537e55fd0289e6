/*
 * inside.c: one word a thread (inside.h). Initial-exec storage, because a signal handler reads it: reaching
 * it must be an instruction, not a call of the dynamic linker, in which the interrupted thread may be.
 */
#include "heap/inside.h"

__thread bool wm_inside __attribute__((tls_model("initial-exec")));
