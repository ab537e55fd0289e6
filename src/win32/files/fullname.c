/* fullname.c: names from the root on, put together part by part, and those of directories (fullname.h). */
#include "win32/files/fullname.h"

#include <errno.h>
#include <string.h>

#include "vm/errno_status.h"
#include "win32/posix.h"

/* A directory that no path leads to any more begins with no slash. */
wm_status wm_filename_here(struct wm_filename *here)
{
    long result = wm_posix_getcwd(here->path, sizeof here->path);

    if (result < 0)
        return wm_from_errno(WM_OP_NAME, result == -ERANGE ? -ENAMETOOLONG : (int)result);
    return here->path[0] == '/' ? WM_OK : WM_FILE_UNKNOWN;
}

DWORD wm_directory_told(const char *function, wm_status (*find)(struct wm_filename *directory),
                        const struct wm_text_room *room)
{
    struct wm_filename directory;
    DWORD told = 0;
    wm_status st = find(&directory);

    if (wm_ok(st))
        st = wm_text_tell(room, directory.path, &told);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(told)), WM_DECIMAL(room->size), WM_HEX(room->buffer));
    return wm_edge_bool(st) ? told : 0;
}

/* What is written of the full name so far: it ends behind a part, never with a slash. */
struct writing {
    char path[2 * PATH_MAX];
    size_t length;
};

static void leave_part(struct writing *w)
{
    while (w->length > 0 && w->path[--w->length] != '/')
        ;
}

static void put_part(struct writing *w, const char *part, size_t length)
{
    if (length == 0 || (length == 1 && part[0] == '.'))
        return;
    if (length == 2 && part[0] == '.' && part[1] == '.') {
        leave_part(w);
        return;
    }
    w->path[w->length++] = '/';
    memcpy(w->path + w->length, part, length);
    w->length += length;
}

static void put_parts(struct writing *w, const char *path)
{
    while (*path != '\0') {
        size_t length = strcspn(path, "/");

        put_part(w, path, length);
        path += length;
        path += *path == '/';
    }
}

wm_status wm_filename_full(const struct wm_filename *name, struct wm_filename *full)
{
    struct wm_filename here = {""};
    struct writing w = {.length = 0};
    size_t length = strlen(name->path);
    wm_status st = name->path[0] == '/' ? WM_OK : wm_filename_here(&here);

    if (!wm_ok(st))
        return st;
    put_parts(&w, here.path);
    put_parts(&w, name->path);
    if (w.length == 0 || (length > 0 && name->path[length - 1] == '/'))
        w.path[w.length++] = '/';
    w.path[w.length] = '\0';
    if (w.length >= sizeof full->path)
        return WM_NAME_LONG;
    memcpy(full->path, w.path, w.length + 1);
    return WM_OK;
}
