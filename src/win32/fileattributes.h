/* fileattributes.h: what Windows programs are told of a file's nature. */
#ifndef WM_WIN32_FILEATTRIBUTES_H
#define WM_WIN32_FILEATTRIBUTES_H

#include <sys/stat.h>

#include "win32/win32.h"

static inline DWORD wm_file_attributes(const struct stat *st)
{
    DWORD attributes = S_ISDIR(st->st_mode) ? FILE_ATTRIBUTE_DIRECTORY : 0;

    if ((st->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0)
        attributes |= FILE_ATTRIBUTE_READONLY;
    return attributes == 0 ? FILE_ATTRIBUTE_NORMAL : attributes;
}

#endif
