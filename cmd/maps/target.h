/*
 * target.h: the process that is looked at.
 *
 * A handle of OpenProcess holds on to it: its number cannot come to mean another one. But it may end, and it may begin another
 * program: then what was seen before and after belongs to two. Who looks asks at the end whether it is still the same.
 */
#ifndef MAPS_TARGET_H
#define MAPS_TARGET_H

#include "model.h"

enum { MAPS_IMAGE_FIELDS = 5 };

struct maps_target {
    pid_t pid;
    void *handle;
    int directory;                               /* of /proc/PID */
    unsigned long long image[MAPS_IMAGE_FIELDS]; /* where its program, arguments and environment lie */
};

/* False: why tells, in a sentence that says what could be done. */
bool maps_target_open(struct maps_target *target, pid_t pid, struct maps_why *why);
void maps_target_close(struct maps_target *target);

/* Does it still live, with the memory that it had when it was opened? False: why tells. */
bool maps_target_is_same(const struct maps_target *target, struct maps_why *why);

/* A file of /proc/PID: a descriptor, or -1 and errno. */
int maps_target_file(const struct maps_target *target, const char *name);

#endif
