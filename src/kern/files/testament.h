/*
 * testament.h: what an exec passes on: descriptors, and one file that says what they are.
 *
 * The file, a testament, lies in memory, and says what it says for ever: it is written, then sealed, and only then takes
 * its place among the descriptors that survive an exec, in one step with the going of the one before. So whoever begins,
 * by whichever of fork, vfork and posix_spawn, has one that is whole, and that agrees with the descriptors that were there
 * in the moment of the fork: what his parent does to its own afterwards is another file.
 *
 * What kern.h says holds.
 */
#ifndef WM_KERN_TESTAMENT_H
#define WM_KERN_TESTAMENT_H

#include "kern/kern.h"

/* Does a program that exec starts get this descriptor? 1 or 0; -EBADF: it is not open. */
int wm_kern_survives(int fd);
int wm_kern_let_survive(int fd, bool survives);

/* A descriptor of a new one, which is empty, and does not survive yet. */
int wm_testament_make(void);

/* 0: all of it was written, or read. -EIO: there is no more. */
int wm_testament_write(int fd, uint64_t offset, const void *from, size_t bytes);
int wm_testament_read(int fd, uint64_t offset, void *to, size_t bytes);

/*
 * Sealed, it survives from now on in the place of another one, whose number it gets, or under its own (-1). The number; the
 * descriptor that was given is gone, also on an error.
 */
int wm_testament_take_place(int fd, int of);

/* The first sealed file that came with an exec and begins with these bytes. -ENOENT: there is none. */
int wm_testament_find(const void *start, size_t bytes);

#endif
