/* uffd.h: a descriptor for what is done with page faults; made in one place, used by three (uffd.c, uffd_move.c, uffd_shield.c). */
#ifndef WM_KERN_UFFD_H
#define WM_KERN_UFFD_H

/* A new one, by whatever way is open: the call, or the device. -EMFILE and -ENFILE say that none is left, and no more. */
int wm_kern_uffd(void);

#endif
