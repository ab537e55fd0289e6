/*
 * openfile.h: opening a file as CreateFile is asked to.
 *
 * access, shares, disposition and flags are the arguments of CreateFile: flags has the attributes of a file that is made
 * below, FILE_FLAG_ values above.
 */
#ifndef WM_WIN32_OPENFILE_H
#define WM_WIN32_OPENFILE_H

#include "win32/files/filename.h"

struct wm_open_req {
    const struct wm_filename *name;
    DWORD access, shares, disposition, flags;
    bool existed;     /* out */
    uintptr_t handle; /* out */
};

wm_status wm_open_file(struct wm_open_req *req);

#endif
