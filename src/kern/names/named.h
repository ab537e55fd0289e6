/* named.h: files of names, one at a time, for those who make and sweep them. */
#ifndef WM_KERN_NAMED_H
#define WM_KERN_NAMED_H

#include "kern/names/names.h"

/* Instead of a descriptor of the data, where that is elsewhere. */
enum { WM_NO_DATA = -1 };

/* flock, without waiting: -EWOULDBLOCK. */
int wm_name_lock(int fd, int how);

/* A description of its own. -EACCES: it is no file. */
int wm_name_open(int directory, const char *file);

/* Of a file that we have to ourselves. 0 also if it has no name any more. */
int wm_name_remove(int directory, const char *file, int fd);

/* Both descriptors, once they are known. */
void wm_name_mark(const struct wm_named *named);

/* Removes a file if nobody holds it. True: there is none any more. */
bool wm_name_meet(int directory, const char *file);

/* Gives up what was held by this descriptor, and closes it. */
void wm_name_unhold(int directory, const char *file, int fd);

#endif
