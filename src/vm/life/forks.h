/* forks.h: the child of a fork, and what it renews (kern/renew.h). */
#ifndef WM_VM_FORKS_H
#define WM_VM_FORKS_H

#include <stdbool.h>

/* Around fork(): held before it, and given back after it in the parent and in the child. */
void wm_forks_before(void);
void wm_forks_after(void);

/* In a child: was its own thread in the middle of something that has to be finished before anything can be renewed? */
bool wm_forks_interrupt(void);

void wm_forks_renew(void);

#endif
