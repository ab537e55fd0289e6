/*
 * files.h: the few sentences that the tests of this folder say again and again: a folder of the test's own, on a disk or in
 * memory, and files in it, made and looked at by Linux's functions.
 */
#ifndef FILES_H
#define FILES_H

#include "../support/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

static char here[PATH_MAX - 300]; /* the folder; the test is in it */

static inline void leave_nothing(const char *folder)
{
    char command[PATH_MAX + 20];

    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        printf("%s stays behind\n", folder);
}

/* In memory (tmpfs) or on the disk that the build is on. It is gone when the test calls go_away. */
static inline void go_to(const char *where)
{
    snprintf(here, sizeof here, "%s/winmem-test-XXXXXX", where);
    MUST(mkdtemp(here) != NULL && chdir(here) == 0);
}

static inline void go_away(void)
{
    MUST(chdir("/") == 0);
    leave_nothing(here);
}

/* The rest of the test runs twice: in a folder on the disk and in one in memory. */
#define IN_BOTH(run)                                                                                         \
    do {                                                                                                     \
        static const char *const places_[] = {DISK, "/dev/shm"};                                             \
        for (size_t i_ = 0; i_ < 2; i_++) {                                                                  \
            go_to(places_[i_]);                                                                              \
            run();                                                                                           \
            go_away();                                                                                       \
        }                                                                                                    \
    } while (0)

static inline void make_file(const char *name, const char *text)
{
    int fd = open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);

    MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
}

static inline BOOL is_there(const char *name)
{
    struct stat st;

    return lstat(name, &st) == 0;
}

#endif
