/*
 * elsewhere.h: how whoever finds a name comes to bytes that do not lie in the name's file: those of a file of the program,
 * and large pages.
 *
 * Each process that holds such a name has the bytes open as well. So there is always somebody to have them from, whatever
 * has become of the file's own name, and of the process that made the section:
 *
 *   1. the file of the name tells a process and its descriptor: that is opened through /proc
 *   2. it tells the path that the file had, which may still lead to it
 *   3. somebody has it open: all processes are looked at that may be looked at
 *
 * Who had to go on to 2 or 3 tells himself in the place of 1. What is opened is used only if it is the file that was
 * meant, by device and inode: as long as somebody holds the name, no other file can have these.
 */
#ifndef WM_VM_ELSEWHERE_H
#define WM_VM_ELSEWHERE_H

#include "kern/names/names.h"

struct wm_elsewhere {
    struct wm_file_id id;
    int32_t pid, fd; /* who has it, a hint */
};

/*
 * The bytes of an object that we hold: a descriptor, or -EACCES: nobody who has them lets us open them. *where: the one
 * who has them now.
 */
int wm_elsewhere_open(const struct wm_named *named, struct wm_elsewhere *where, int flags);

#endif
