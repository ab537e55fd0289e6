#include "win32/files/filenature.h"

#include "vm/errno_status.h"
#include "win32/posix.h"

/* Accepted, and of no effect: Linux has nothing like them. */
#define WITHOUT_EFFECT                                                                                       \
    (FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM | FILE_ATTRIBUTE_ARCHIVE | FILE_ATTRIBUTE_NORMAL |        \
     FILE_ATTRIBUTE_TEMPORARY | FILE_ATTRIBUTE_OFFLINE | FILE_ATTRIBUTE_NOT_CONTENT_INDEXED)

void wm_file_nature_of(int fd, const struct stat *st, struct wm_file_nature *nature)
{
    struct statx more;
    bool tells = wm_posix_statx(fd, &more) == 0 && more.stx_mask & STATX_BTIME;

    *nature = (struct wm_file_nature){
        .made = tells ? wm_ticks_of(more.stx_btime.tv_sec, more.stx_btime.tv_nsec) : 0,
        .read = wm_ticks(st->st_atim),
        .written = wm_ticks(st->st_mtim),
        .changed = wm_ticks(st->st_ctim),
        .attributes = wm_file_attributes(st),
    };
}

wm_status wm_file_set_attributes(const char *path, const struct stat *st, DWORD attributes)
{
    DWORD own = S_ISDIR(st->st_mode) ? FILE_ATTRIBUTE_DIRECTORY : 0;
    mode_t mode = st->st_mode & 07777u, set = mode;

    if (attributes & ~(DWORD)(WITHOUT_EFFECT | FILE_ATTRIBUTE_READONLY | own))
        return WM_INFORMATION_VALUE;
    if (attributes == 0 || own != 0) /* of a directory read-only would keep everybody from its files */
        return WM_OK;
    if (attributes & FILE_ATTRIBUTE_READONLY)
        set &= ~(mode_t)(S_IWUSR | S_IWGRP | S_IWOTH);
    else if ((mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
        set |= S_IWUSR;
    return set == mode ? WM_OK : wm_from_errno(WM_OP_NAME, (int)wm_posix_chmod(path, set));
}

/* -1: not even by what happens to the file from now on, which Linux cannot be told. */
static struct timespec time_to_set(int64_t ticks)
{
    return ticks == 0 || ticks == -1 ? (struct timespec){.tv_nsec = UTIME_OMIT} : wm_time_of_ticks(ticks);
}

static bool is_time(int64_t ticks)
{
    return ticks >= -1;
}

static wm_status check(const struct wm_file_nature *nature)
{
    return is_time(nature->made) && is_time(nature->read) && is_time(nature->written) &&
                   is_time(nature->changed)
               ? WM_OK
               : WM_INFORMATION_VALUE;
}

/* By its name in /proc, which is as good where the descriptor is for nothing but questions. */
wm_status wm_file_set_nature(int fd, const struct wm_file_nature *nature)
{
    struct timespec times[2] = {time_to_set(nature->read), time_to_set(nature->written)};
    wm_status st = check(nature);
    struct wm_posix_link link = wm_posix_link_to(fd);
    struct stat found;

    if (!wm_ok(st))
        return st;
    st = wm_from_errno(WM_OP_TRANSFER, (int)wm_posix_fstat(fd, &found));
    if (wm_ok(st))
        st = wm_file_set_attributes(link.path, &found, nature->attributes);
    if (!wm_ok(st) || (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT))
        return st;
    return wm_from_errno(WM_OP_NAME, (int)wm_posix_set_times(AT_FDCWD, link.path, times));
}
