/*
 * limitgroups.c: the memory limit of control groups, both versions: the smallest from this process's group up to the top.
 *
 * In a container the path that /proc/self/cgroup tells may be the outer one, which is not there: then its parents are
 * tried up to the root of what is mounted, as for any other.
 */
#include "features/limitfiles.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

/* What a group of version 1 has that was not limited: the largest number of pages, in bytes. */
enum { NO_LIMIT_BITS = 62 };

static void take_smaller(const char *root, const char *group, const char *file, uint64_t *least)
{
    char path[PATH_MAX + 64];
    uint64_t limit;

    snprintf(path, sizeof path, "%s%s/%s", root, group, file);
    if (limit_number(path, &limit) && limit >> NO_LIMIT_BITS == 0 && limit < *least)
        *least = limit;
}

/* Of a group and all above it. The path is used up. */
static void walk_up(const char *root, char *group, const char *file, uint64_t *least)
{
    char *slash;

    take_smaller(root, group, file, least);
    while ((slash = strrchr(group, '/')) != NULL) {
        *slash = '\0';
        take_smaller(root, group, file, least);
    }
}

/* A line is number:controllers:path; version 2 has number 0 and no controllers. */
static void look_at(char *line, uint64_t *least)
{
    char *controllers = strchr(line, ':'), *group;

    line[strcspn(line, "\n")] = '\0';
    if (controllers == NULL || (group = strchr(controllers + 1, ':')) == NULL)
        return;
    *group++ = '\0';
    if (controllers[1] == '\0')
        walk_up("/sys/fs/cgroup", group, "memory.max", least);
    else if (strstr(controllers + 1, "memory") != NULL)
        walk_up("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes", least);
}

bool limit_of_groups(uint64_t *out)
{
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[PATH_MAX];
    uint64_t least = UINT64_MAX;

    if (file == NULL)
        return false;
    while (fgets(line, sizeof line, file) != NULL)
        look_at(line, &least);
    fclose(file);
    if (least == UINT64_MAX)
        return false;
    *out = least;
    return true;
}
