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
#include <sys/mman.h>
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

/* As nearly every test opens a file. */
enum { ALL = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE };
enum { RW = 1 }; /* for must_open: to read and write, else to read */

static inline HANDLE must_open(const char *name, int how, DWORD disposition)
{
    HANDLE file = CreateFileA(name, how == RW ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ, ALL, NULL,
                              disposition, FILE_ATTRIBUTE_NORMAL, NULL);

    MUST(file != INVALID_HANDLE_VALUE);
    return file;
}

/* A failure of CreateFile is not 0. */
#define EXPECT_NOT_OPENED(error, ...) EXPECT_FAIL(error, CreateFileA(__VA_ARGS__) != INVALID_HANDLE_VALUE)

static inline BOOL file_holds(const char *name, const char *text)
{
    char found[100];
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, found, sizeof found);

    close(fd);
    return length == (ssize_t)strlen(text) && memcmp(found, text, (size_t)length) == 0;
}

static inline int open_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 200; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static inline BOOL is_there(const char *name)
{
    struct stat st;

    return lstat(name, &st) == 0;
}

#endif
