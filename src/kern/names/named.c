/*
 * named.c: finding, making and letting go of what has a name (names.h).
 *
 * The lock is flock's, which belongs to a description and goes with its last descriptor. Shared, it says that the name
 * is held; whoever gets it exclusively has found out in the same step that nobody holds it, and keeps others from it
 * until the file is gone:
 *
 *   a file has a name from linkat to unlinkat, and is held when it gets it
 *   unlinkat is called with the exclusive lock, on a file that has its name still (nlink 1). As nobody else may take that
 *   name away meanwhile, it is this file's and no younger one's
 *   who finds the exclusive lock taken comes back: either the name is gone by then, or that process
 */
#include "kern/names/named.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kern/descriptor.h"
#include "kern/names/directory.h"
#include "kern/names/head.h"
#include "kern/names/spelling.h"
#include "kern/patience.h"
#include "kern/sys.h"

/* As long as somebody needs who is not stopped, on a machine that has much to do. */
#define PATIENCE 5000000000u

int wm_name_lock(int fd, int how)
{
    return (int)wm_sys3(SYS_flock, fd, how | LOCK_NB, 0);
}

/* Something else than a file of its owner's that has this one name was put there by somebody else. */
static int check_file(const struct stat *st, uint32_t owner)
{
    bool ours = S_ISREG(st->st_mode) && st->st_uid == owner;

    if (st->st_nlink == 0)
        return -EAGAIN;
    return ours && st->st_nlink == 1 ? 0 : -EACCES;
}

int wm_name_remove(int directory, const char *file, int fd)
{
    struct stat st;
    long result = wm_sys3(SYS_fstat, fd, (long)&st, 0);

    if (result == 0)
        result = check_file(&st, (uint32_t)wm_sys3(SYS_geteuid, 0, 0, 0));
    if (result == 0)
        result = wm_sys3(SYS_unlinkat, directory, (long)file, 0);
    return result == -EAGAIN ? 0 : (int)result;
}

/*
 * Takes part in holding the file. -EAGAIN: it is just being removed; -ENOENT: nobody held it, and now it is.
 */
static int join(int directory, const char *file, int fd)
{
    int error = wm_name_lock(fd, LOCK_EX);

    if (error == 0) {
        error = wm_name_remove(directory, file, fd);
        return error == 0 ? -ENOENT : error;
    }
    return error == -EWOULDBLOCK ? wm_name_lock(fd, LOCK_SH) : error;
}

int wm_name_open(int directory, const char *file)
{
    int fd = wm_fd_open_at(directory, file, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);

    return fd == -ELOOP || fd == -ENXIO || fd == -EISDIR || fd == -ENODEV ? -EACCES : fd;
}

static int open_held(int directory, uint32_t owner, const char *file, struct stat *st)
{
    int fd = wm_name_open(directory, file), error;

    if (fd < 0)
        return fd;
    error = join(directory, file, fd);
    if (error == 0)
        error = (int)wm_sys3(SYS_fstat, fd, (long)st, 0);
    if (error == 0)
        error = check_file(st, owner);
    if (error == 0)
        return fd;
    wm_kern_close(fd);
    return error;
}

/* What stands there is of another kind also if nobody understands it. */
static int read_about(int fd, const struct wm_name *name, enum wm_name_kind kind, const struct stat *st,
                      void *about)
{
    struct wm_name_head head;
    int error = wm_name_head_read(fd, (uint64_t)st->st_size, &head);

    if (error == -EINVAL || (error == 0 && (head.kind != kind || !wm_name_head_is_of(&head, name))))
        return -EPROTOTYPE;
    if (error == 0)
        __builtin_memcpy(about, head.about, sizeof head.about);
    return error;
}

/* A look whether they are still ours costs less then. */
void wm_name_mark(const struct wm_named *named)
{
    wm_kern_mark_file(named->holder, &named->id);
    if (named->data >= 0)
        wm_kern_mark_file(named->data, &named->id);
}

/* Where each is looked for, and as what. */
struct search {
    int directory;
    uint32_t owner;
    char file[WM_SPELLING_BYTES];
    const struct wm_name *name;
    enum wm_name_kind kind;
    unsigned how;
};

/* What is elsewhere has no data here. -1 is no error: no descriptor is. */
static int open_data(const struct search *search, const struct wm_named *named)
{
    bool wanted = search->how & WM_NAME_DATA && named->bytes != 0;

    return wanted ? wm_name_open(search->directory, search->file) : WM_NO_DATA;
}

static int find_once(const struct search *search, struct wm_named *out, void *about)
{
    struct stat st;
    int fd = open_held(search->directory, search->owner, search->file, &st), error;

    if (fd < 0)
        return fd;
    error = read_about(fd, search->name, search->kind, &st, about);
    *out = (struct wm_named){
        .holder = fd, .id = {st.st_ino, st.st_dev}, .bytes = (uint64_t)st.st_size - WM_PAGE};
    if (error == 0)
        out->data = open_data(search, out);
    if (error == 0 && (out->data >= 0 || out->data == WM_NO_DATA)) {
        wm_name_mark(out);
        return 0;
    }
    wm_name_unhold(search->directory, search->file, fd);
    return error != 0 ? error : out->data;
}

int wm_named_find(const struct wm_name *name, enum wm_name_kind kind, unsigned how, struct wm_named *out,
                  void *about)
{
    struct wm_patience patience = wm_patience_for(PATIENCE);
    struct search search = {.name = name, .kind = kind, .how = how};
    int error;

    search.directory = wm_names_directory(&search.owner);
    if (search.directory < 0)
        return search.directory;
    wm_name_spell(name, search.file);
    do
        error = find_once(&search, out, about);
    while (error == -EAGAIN && how & WM_NAME_WAITS && wm_patience_nap(&patience));
    wm_names_directory_done(search.directory);
    if (error == -EAGAIN)
        error = how & WM_NAME_WAITS ? -ETIMEDOUT : -EDEADLK;
    return error;
}

bool wm_name_meet(int directory, const char *file)
{
    int fd = wm_name_open(directory, file);
    bool removed;

    if (fd < 0)
        return fd == -ENOENT;
    removed = wm_name_lock(fd, LOCK_EX) == 0 && wm_name_remove(directory, file, fd) == 0;
    wm_kern_close(fd);
    return removed;
}

void wm_name_unhold(int directory, const char *file, int fd)
{
    if (wm_name_lock(fd, LOCK_EX) == 0)
        wm_name_remove(directory, file, fd);
    wm_kern_close(fd);
}

/* --- what is elsewhere: the file is its head --- */

int wm_named_place(const struct wm_named *named, char place[static WM_NAME_PLACE_BYTES])
{
    long got = wm_sys4(SYS_pread64, named->holder, (long)place, WM_NAME_PLACE_BYTES - 1,
                       (long)(named->bytes + WM_HEAD_PLACE));

    place[got > 0 ? got : 0] = '\0';
    return got < 0 ? (int)got : 0;
}

int wm_named_about(const struct wm_named *named, void *about)
{
    long got = wm_sys4(SYS_pread64, named->holder, (long)about, WM_NAME_ABOUT,
                       (long)(named->bytes + offsetof(struct wm_name_head, about)));

    if (got < 0)
        return (int)got;
    return got == WM_NAME_ABOUT ? 0 : -EINVAL;
}

int wm_named_tell(const struct wm_named *named, uint32_t from, const void *part, uint32_t bytes)
{
    return wm_name_head_put(named->holder, named->bytes + WM_PAGE,
                            offsetof(struct wm_name_head, about) + from, part, bytes);
}

/* --- holding and letting go --- */

/* Which file it is says the file: nobody has to remember names. */
static int spell_of(int fd, char *file, struct wm_file_id *id)
{
    struct wm_name_head head;
    struct stat st;
    long error = wm_sys3(SYS_fstat, fd, (long)&st, 0);

    *id = (struct wm_file_id){0};
    if (error != 0)
        return (int)error;
    if (st.st_nlink == 0)
        return -ENOENT;
    *id = (struct wm_file_id){st.st_ino, st.st_dev};
    error = wm_name_head_read(fd, (uint64_t)st.st_size, &head);
    if (error == 0)
        wm_name_spell(&head.name, file);
    return (int)error;
}

static int open_in(int directory, const char *file, const struct wm_file_id *id)
{
    int fd = wm_name_open(directory, file);

    if (fd < 0 || wm_kern_is_file(fd, id))
        return fd;
    wm_kern_close(fd);
    return -ENOENT;
}

/* By its name, where there is no /proc. */
static int open_by_name(int holder, const struct wm_file_id *id)
{
    char file[WM_SPELLING_BYTES];
    struct wm_file_id found;
    int error = spell_of(holder, file, &found), directory;

    if (error != 0)
        return error;
    directory = wm_names_directory(NULL);
    error = directory < 0 ? directory : open_in(directory, file, id);
    wm_names_directory_done(directory);
    return error;
}

int wm_named_data(int holder, const struct wm_file_id *id)
{
    int data;

    if (!wm_kern_is_marked_file(holder, id))
        return -ENOENT;
    data = wm_kern_open_again(holder, O_RDWR);
    if (data == -ENOENT || data == -EACCES)
        data = open_by_name(holder, id);
    if (data < 0)
        return data;
    if (wm_kern_is_file(data, id)) {
        wm_kern_mark_file(data, id);
        return data;
    }
    wm_kern_close(data); /* the number was given to another file meanwhile */
    return -ENOENT;
}

static int hold_in(int directory, const char *file, const struct wm_file_id *id)
{
    int fd = wm_name_open(directory, file), error;

    if (fd < 0)
        return fd;
    error = wm_kern_is_file(fd, id) ? wm_name_lock(fd, LOCK_SH) : -ENOENT;
    if (error == 0)
        return fd;
    wm_kern_close(fd);
    return error == -EWOULDBLOCK ? -ENOENT : error;
}

int wm_named_hold(int fd, struct wm_file_id *id)
{
    char file[WM_SPELLING_BYTES];
    int error = spell_of(fd, file, id), directory;

    if (error != 0)
        return error;
    directory = wm_names_directory(NULL);
    error = directory < 0 ? directory : hold_in(directory, file, id);
    wm_names_directory_done(directory);
    return error;
}

static bool remove_nameless(int directory, int fd)
{
    char file[WM_SPELLING_BYTES];
    struct wm_file_id id;
    struct stat st;

    if (spell_of(fd, file, &id) != 0)
        return false;
    return wm_sys4(SYS_newfstatat, directory, (long)file, (long)&st, AT_SYMLINK_NOFOLLOW) == 0 &&
           st.st_ino == id.inode && st.st_dev == id.device && wm_name_remove(directory, file, fd) == 0;
}

/* A child of fork may share the holder: so it is closed, and the file asked by another description. */
static bool let_data_go(const struct wm_named *named)
{
    bool removed;
    int directory;

    if (wm_kern_is_marked_file(named->holder, &named->id))
        wm_kern_close(named->holder);
    if (!wm_kern_is_marked_file(named->data, &named->id) || wm_name_lock(named->data, LOCK_EX) != 0)
        return false;
    directory = wm_names_directory(NULL);
    removed = directory >= 0 && remove_nameless(directory, named->data);
    wm_names_directory_done(directory);
    wm_name_lock(named->data, LOCK_UN);
    return removed;
}

/* The other description is opened last, by then a descriptor is free. Until somebody has one the name is left lying. */
static bool let_head_go(const struct wm_named *named)
{
    char file[WM_SPELLING_BYTES];
    struct wm_file_id id;
    bool removed;
    int error = spell_of(named->holder, file, &id), directory;

    wm_kern_close(named->holder);
    if (error != 0)
        return error == -ENOENT;
    directory = wm_names_directory(NULL);
    removed = directory >= 0 && wm_name_meet(directory, file);
    wm_names_directory_done(directory);
    return removed;
}

bool wm_named_has_children(void)
{
    siginfo_t info;

    return wm_sys6(SYS_waitid, P_ALL, 0, (long)&info, WEXITED | WNOHANG | WNOWAIT | __WALL, 0, 0) != -ECHILD;
}

/* Nobody else has this description: so it is asked for the lock itself. If it does not get it, it has none any more. */
static bool let_own_go(const struct wm_named *named)
{
    bool removed = false;

    if (!wm_kern_is_marked_file(named->holder, &named->id))
        return false;
    if (wm_name_lock(named->holder, LOCK_EX) == 0) {
        int directory = wm_names_directory(NULL);

        removed = directory >= 0 && remove_nameless(directory, named->holder);
        wm_names_directory_done(directory);
    }
    wm_kern_close(named->holder);
    return removed;
}

bool wm_named_let_go(const struct wm_named *named)
{
    if (named->own)
        return let_own_go(named);
    if (named->data >= 0)
        return let_data_go(named);
    return wm_kern_is_marked_file(named->holder, &named->id) && let_head_go(named);
}
