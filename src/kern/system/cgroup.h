/* cgroup.h: the two texts that say where this process's control groups are. For cgroup.c and its test. */
#ifndef WM_KERN_CGROUP_H
#define WM_KERN_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

enum { WM_CGROUP_PATH = 4096 };

/*
 * A line of /proc/self/cgroup: the path behind "0::" (version 2, unified), or behind "4:memory:" or
 * "4:cpu,memory:" (version 1). NULL for hierarchies that know nothing of memory.
 */
const char *wm_cgroup_of_line(const char *line, bool *unified);

/*
 * A line of /proc/self/mountinfo. If it mounts such a hierarchy: the folder that `path` is in it. A container
 * may see only a part, below what the line calls its root; a group outside of that is taken for the part's top.
 * top: how long the mount point's name is. False: it is something else, or too long.
 */
bool wm_cgroup_folder(const char *line, bool unified, const char *path, char folder[WM_CGROUP_PATH],
                      size_t *top);

#endif
