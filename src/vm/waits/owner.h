/* owner.h: who has a mutex: the calling thread, by its number and that of its process. */
#ifndef WM_VM_OWNER_H
#define WM_VM_OWNER_H

#include <stdint.h>

uint32_t wm_owner_thread(void);
int32_t wm_owner_process(void);

/* The calling thread has one more, or one less. */
void wm_owner_counts(int change);

#endif
