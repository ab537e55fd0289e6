/* sweep.h: what processes that were killed have left in the directory of names. */
#ifndef WM_KERN_SWEEP_H
#define WM_KERN_SWEEP_H

/* Takes a few of them away, if there are any among the files that it looks at this time. */
void wm_names_sweep(int directory);

#endif
