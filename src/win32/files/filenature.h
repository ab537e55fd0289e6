/*
 * filenature.h: what is known of a file and is not in it: its attributes and times, and how they are set.
 *
 * Of Windows' attributes there are read-only, which may be changed, and directory. A time of 0 is one that is
 * not told, or is to stay.
 */
#ifndef WM_WIN32_FILENATURE_H
#define WM_WIN32_FILENATURE_H

#include "win32/files/filetime.h"

struct wm_file_nature {
    int64_t made, read, written, changed; /* filetime.h; made is 0 where the file system does not tell */
    DWORD attributes;
};

static inline DWORD wm_file_attributes(const struct stat *st)
{
    DWORD attributes = S_ISDIR(st->st_mode) ? FILE_ATTRIBUTE_DIRECTORY : 0;

    if ((st->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
        attributes |= FILE_ATTRIBUTE_READONLY;
    return attributes == 0 ? FILE_ATTRIBUTE_NORMAL : attributes;
}

void wm_file_nature_of(int fd, const struct stat *st, struct wm_file_nature *nature);

/* Attributes of 0 stay. WM_INFORMATION_VALUE: a file cannot have such. */
wm_status wm_file_set_attributes(const char *path, const struct stat *st, DWORD attributes);

/* Of what the descriptor stands for. made and changed are Linux's own, and stay. */
wm_status wm_file_set_nature(int fd, const struct wm_file_nature *nature);

#endif
