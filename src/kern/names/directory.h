/* directory.h: where the files that stand for names are. */
#ifndef WM_KERN_DIRECTORY_H
#define WM_KERN_DIRECTORY_H

#include <stdint.h>

/* Its descriptor, seen to be ours alone a moment ago, or a negative errno. Give it back. owner: who we are, or NULL */
int wm_names_directory(uint32_t *owner);
void wm_names_directory_done(int directory);

#endif
