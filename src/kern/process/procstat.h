/* procstat.h: what /proc/PID/stat tells of a process. */
#ifndef WM_KERN_PROCSTAT_H
#define WM_KERN_PROCSTAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/private.h"

struct wm_procstat {
    char state; /* R, S, D, T, ...; Z and X are dead */
    uint64_t parent;
    uint64_t threads; /* a dead first thread with others beside it is no dead process */
    uint64_t born;    /* in clock ticks since the machine started */
    uint64_t user;    /* clock ticks that its threads have worked, those that have ended included */
    uint64_t system;
    uint64_t exited; /* as waitpid tells it; 0 also where we may not know */
    bool kernel;     /* a thread of the kernel: it has no memory of its own */
};

/*
 * 0 or a negative errno: -ENOENT if nobody has the number, or /proc hides who has; -EXDEV and -ENODEV as wm_proc_is_ours
 * says: numbers mean others there, and nothing is told of them.
 */
WM_FOR_WIN32 int wm_procstat_read(int32_t pid, struct wm_procstat *out);

/* The same of one thread of this process: what it alone has worked. */
int wm_procstat_read_own(uint32_t thread, struct wm_procstat *out);

/*
 * Whose processes does /proc show? 0: those that our numbers mean. -EXDEV: another pid namespace's, where a number means
 * somebody else. -ENODEV: there is none.
 */
int wm_proc_is_ours(void);

bool wm_procstat_dead(const struct wm_procstat *stat);

/* "/proc/PID/name", whose name has at most 40 bytes */
struct wm_proc_path {
    char text[64];
};

struct wm_proc_path wm_proc_path(int32_t pid, const char *name);

#endif
