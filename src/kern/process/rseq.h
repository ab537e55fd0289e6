/* rseq.h: a restartable sequence: the kernel would restart that, and cannot once the thread was sent elsewhere. */
#ifndef WM_KERN_RSEQ_H
#define WM_KERN_RSEQ_H

#include "kern/process/loans.h"

/* Is the held thread in one, there? It is in no system call, which no sequence contains. */
bool wm_is_in_rseq(const struct wm_loan *loan, uintptr_t pc);

#endif
