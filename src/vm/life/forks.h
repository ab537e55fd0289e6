/* forks.h: the child of a fork, and what it renews (kern/renew.h). */
#ifndef WM_VM_FORKS_H
#define WM_VM_FORKS_H

/* Before anybody forks; once is enough. */
void wm_forks_watch(void);

/* In a child that nobody has told. */
void wm_forks_renew(void);

#endif
