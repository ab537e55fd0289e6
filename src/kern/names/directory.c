/*
 * directory.c: the directory of names.
 *
 * Two processes of one user must come to the same one, however each was started: so the places are tried in one
 * order, and what may be otherwise in a moment (no descriptor, no room) is an error and no reason to go on to the next.
 * Names in /dev/shm are anybody's to take. What counts is what was opened: a directory of ours that nobody else may
 * enter, which nobody else can have put there.
 */
#include "kern/names/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/kept.h"
#include "kern/kern.h"
#include "kern/renew.h"
#include "kern/sys.h"
#include "kern/text.h"

enum { PATH_BYTES = 4096 + 64, ONLY_OURS = 0700 };

static uint32_t user(void)
{
    return (uint32_t)wm_sys3(SYS_geteuid, 0, 0, 0);
}

/* Removed (nlink 0) is as good as not there: a name made in it would be found by nobody. */
static bool is_ours_alone(const struct stat *st)
{
    return S_ISDIR(st->st_mode) && st->st_uid == user() && (st->st_mode & 0777) == ONLY_OURS &&
           st->st_nlink != 0;
}

static int open_there(const char *path)
{
    return wm_fd_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/* mkdir takes the umask's bits away. Only its owner can exchange what we have just made. */
static int make_there(const char *path)
{
    long made = wm_sys4(SYS_mkdirat, AT_FDCWD, (long)path, ONLY_OURS, 0);

    if (made == 0)
        made = wm_sys3(SYS_fchmodat, AT_FDCWD, (long)path, ONLY_OURS);
    return made == 0 || made == -EEXIST ? open_there(path) : (int)made;
}

/* -EACCES: it cannot be had at this place. */
static int have_there(const char *path)
{
    int fd = open_there(path);
    struct stat st;

    if (fd == -ENOENT)
        fd = make_there(path);
    if (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP || fd == -EPERM || fd == -EROFS)
        return -EACCES;
    if (fd < 0 || (wm_sys3(SYS_fstat, fd, (long)&st, 0) == 0 && is_ours_alone(&st)))
        return fd;
    wm_kern_close(fd);
    return -EACCES;
}

static void shared_memory(char *path)
{
    wm_text_put_decimal(wm_text_put(path, "/dev/shm/winmem-"), user());
}

static void run_user(char *path)
{
    wm_text_put(wm_text_put_decimal(wm_text_put(path, "/run/user/"), user()), "/winmem");
}

static void runtime(char *path)
{
    const char *given = secure_getenv("XDG_RUNTIME_DIR");

    *path = '\0';
    if (given != NULL && *given == '/' && strlen(given) < PATH_BYTES - 64)
        wm_text_put(wm_text_put(path, given), "/winmem");
}

static int open_first(const void *owner, const char *unused, int flags)
{
    static void (*const places[])(char *) = {shared_memory, run_user, runtime};
    char path[PATH_BYTES];
    int fd = -EACCES;

    (void)owner, (void)unused, (void)flags;
    for (size_t i = 0; fd == -EACCES && i < sizeof places / sizeof places[0]; i++) {
        places[i](path);
        if (*path != '\0')
            fd = have_there(path);
    }
    return fd;
}

static struct wm_kept kept = {.open = open_first};

static void renew(void)
{
    wm_kept_drop(&kept);
}

const struct wm_renewal wm_renewed_names = {.renew = renew};

int wm_names_directory(uint32_t *owner)
{
    struct stat st = {0};
    int fd = wm_kept_stat(&kept, &st);
    bool alone = fd >= 0 && is_ours_alone(&st);

    if (owner != NULL)
        *owner = alone ? st.st_uid : user();
    return fd < 0 || alone ? fd : open_first(NULL, NULL, 0);
}

/* Not the kept one: the process has become another user, or the directory another one. */
void wm_names_directory_done(int directory)
{
    if (directory >= 0 && !wm_kept_has(&kept, directory))
        wm_kern_close(directory);
}
