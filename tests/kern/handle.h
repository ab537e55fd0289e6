/* handle.h: a handler for a signal, and a stack for it. */
#ifndef HANDLE_H
#define HANDLE_H

#include "pin.h"

enum { STACK_BYTES = 65536 };

static inline void handle(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

    MUST(sigaction(number, &action, NULL) == 0);
}

/* An alternate stack, with inaccessible ground below. */
static inline char *alternate_stack(void)
{
    char *p = map_pages(16 + STACK_BYTES / PAGE, BOTH);
    stack_t stack = {.ss_sp = p + 16 * PAGE, .ss_size = STACK_BYTES};

    MUST(mprotect(p, 16 * PAGE, NONE) == 0 && sigaltstack(&stack, NULL) == 0);
    return stack.ss_sp;
}

#endif
