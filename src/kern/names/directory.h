/* directory.h: where the files that stand for names are. */
#ifndef WM_KERN_DIRECTORY_H
#define WM_KERN_DIRECTORY_H

/* Its descriptor, seen to be ours alone a moment ago, or a negative errno. Give it back. */
int wm_names_directory(void);
void wm_names_directory_done(int directory);

#endif
