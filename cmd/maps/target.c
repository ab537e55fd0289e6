/* target.c: opening a process, or saying why not (target.h). */
#include "target.h"

#include <windows.h>

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int maps_target_file(const struct maps_target *target, const char *name)
{
    return openat(target->directory, name, O_RDONLY | O_CLOEXEC);
}

static bool read_small(const struct maps_target *target, const char *name, char *out, size_t size)
{
    int fd = maps_target_file(target, name);
    ssize_t got = fd < 0 ? -1 : read(fd, out, size - 1);

    if (fd >= 0)
        close(fd);
    out[got > 0 ? got : 0] = 0;
    return got > 0;
}

/* Fields of /proc/PID/stat are counted behind the name, which may hold anything: the state is number 3. */
struct stat_fields {
    char state;
    unsigned long long value[53];
};

static bool read_stat(const struct maps_target *target, struct stat_fields *out)
{
    char text[2048], *at;

    *out = (struct stat_fields){0};
    if (!read_small(target, "stat", text, sizeof text) || (at = strrchr(text, ')')) == NULL || at[1] != ' ')
        return false;
    out->state = at[2];
    at += 3;
    for (int i = 4; i < 53; i++)
        out->value[i] = strtoull(at, &at, 10);
    return true;
}

/* startcode, endcode, startstack, arg_start, env_start: 0 if one may not know them, or if there are none. */
static void image_of(const struct stat_fields *fields, unsigned long long *image)
{
    static const int which[MAPS_IMAGE_FIELDS] = {26, 27, 28, 48, 50};

    for (int i = 0; i < MAPS_IMAGE_FIELDS; i++)
        image[i] = fields->value[which[i]];
}

static const char *user_name(uid_t uid, char *out, size_t size)
{
    struct passwd *entry = getpwuid(uid);

    if (entry != NULL)
        snprintf(out, size, "%s", entry->pw_name);
    else
        snprintf(out, size, "number %u", (unsigned)uid);
    return out;
}

static bool say_denied(pid_t pid, struct maps_why *why)
{
    char path[32], theirs[64], ours[64];
    struct stat status;

    snprintf(path, sizeof path, "/proc/%d", pid);
    if (stat(path, &status) != 0)
        return maps_say(why, "process %d has ended", pid);
    if (status.st_uid == geteuid())
        maps_say(why,
                 "process %d cannot be looked into: the kernel protects it (it has more rights than you, "
                 "or has asked not to be looked at)",
                 pid);
    else
        maps_say(
            why,
            "process %d cannot be looked into: it belongs to user %s, and you are %s; the administrator can, "
            "and whoever has the capability CAP_SYS_PTRACE",
            pid, user_name(status.st_uid, theirs, sizeof theirs), user_name(geteuid(), ours, sizeof ours));
    why->denied = true;
    return false;
}

static bool say_not_opened(pid_t pid, DWORD error, struct maps_why *why)
{
    switch (error) {
    case ERROR_INVALID_PARAMETER: return maps_say(why, "there is no process %d", pid);
    case ERROR_ACCESS_DENIED: return say_denied(pid, why);
    default: return maps_say(why, "process %d cannot be opened: error %lu", pid, (unsigned long)error);
    }
}

/* The kernel's own threads have no memory, and neither has what has ended. */
static bool has_memory(struct maps_target *target, struct maps_why *why)
{
    struct stat_fields fields;
    enum { VSIZE = 23 };

    if (!read_stat(target, &fields))
        return maps_say(why, "process %d has ended", target->pid);
    image_of(&fields, target->image);
    if (fields.state == 'Z' || fields.state == 'X')
        return maps_say(why, "process %d has ended, and its parent has not asked for its exit code yet",
                        target->pid);
    if (fields.value[VSIZE] == 0)
        return maps_say(why, "process %d has no memory of its own: it is a thread of the kernel",
                        target->pid);
    return true;
}

static bool open_directory(struct maps_target *target, struct maps_why *why)
{
    char path[32];

    snprintf(path, sizeof path, "/proc/%d", target->pid);
    target->directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (target->directory < 0)
        return errno == ENOENT ? maps_say(why, "there is no process %d", target->pid)
                               : maps_say(why, "%s cannot be opened: %s", path, strerror(errno));
    return true;
}

/* The handle last: what is said of threads of the kernel and of the dead is better than an error of OpenProcess. */
bool maps_target_open(struct maps_target *target, pid_t pid, struct maps_why *why)
{
    *target = (struct maps_target){.pid = pid, .directory = -1};
    if (!open_directory(target, why) || !has_memory(target, why)) {
        maps_target_close(target);
        return false;
    }
    target->handle = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, (DWORD)pid);
    if (target->handle == NULL) {
        say_not_opened(pid, GetLastError(), why);
        maps_target_close(target);
        return false;
    }
    return true;
}

void maps_target_close(struct maps_target *target)
{
    if (target->handle != NULL)
        CloseHandle(target->handle);
    if (target->directory >= 0)
        close(target->directory);
    target->handle = NULL;
    target->directory = -1;
}

bool maps_target_is_same(const struct maps_target *target, struct maps_why *why)
{
    unsigned long long image[MAPS_IMAGE_FIELDS];
    struct stat_fields fields;

    if (!read_stat(target, &fields) || fields.state == 'Z' || fields.state == 'X')
        return maps_say(why, "process %d ended while it was looked at", target->pid);
    image_of(&fields, image);
    if (memcmp(image, target->image, sizeof image) != 0)
        return maps_say(why, "process %d began another program while it was looked at", target->pid);
    return true;
}
