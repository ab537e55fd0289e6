/*
 * findprogram.c: the program that a command line means (findprogram.h).
 *
 * A name without a directory is looked for in the folder of this program, in the current one, and where PATH says. A name
 * that is not quoted may have blanks in it: it ends at the first of them where there is a file of that name.
 */
#include "win32/processes/findprogram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "win32/arguments32.h"
#include "win32/posix.h"

static bool is_file(const char *path)
{
    struct stat st;

    return wm_posix_stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

/* Is there one in this folder? */
static bool is_in(const char *folder, size_t length, const char *name, struct wm_filename *out)
{
    char path[PATH_MAX];

    if (length + strlen(name) + 2 > sizeof path)
        return false;
    memcpy(path, folder, length);
    path[length] = '/';
    memcpy(path + length + (length > 0), name, strlen(name) + 1);
    if (!is_file(path))
        return false;
    memcpy(out->path, path, strlen(path) + 1);
    return true;
}

static bool is_beside_us(const char *name, struct wm_filename *out)
{
    char path[PATH_MAX];
    long length = wm_posix_readlink("/proc/self/exe", path, sizeof path);

    while (length > 0 && path[length - 1] != '/')
        length--;
    return length > 0 && is_in(path, (size_t)length - 1, name, out);
}

static bool is_in_path(const char *name, struct wm_filename *out)
{
    const char *at = getenv("PATH");

    for (; at != NULL && *at != '\0'; at += *at == ':') {
        size_t length = strcspn(at, ":");

        if (is_in(at, length, name, out))
            return true;
        at += length;
    }
    return false;
}

static bool is_there(const struct wm_filename *name, struct wm_filename *out)
{
    if (strchr(name->path, '/') != NULL) {
        *out = *name;
        return is_file(name->path);
    }
    return is_beside_us(name->path, out) || is_in("", 0, name->path, out) || is_in_path(name->path, out);
}

static wm_status name_of(const struct wm_program_name *given, struct wm_filename *name)
{
    size_t length = (size_t)(given->end - given->start);
    char text[PATH_MAX];

    if (length >= sizeof text)
        return WM_NAME_LONG;
    memcpy(text, given->start, length);
    text[length] = '\0';
    return wm_filename_of(text, name);
}

/* Up to the next blank, or the end. */
static bool takes_more(struct wm_program_name *name)
{
    if (name->quoted || *name->end == '\0')
        return false;
    do
        name->end++;
    while (*name->end != '\0' && *name->end != ' ' && *name->end != '\t');
    return true;
}

wm_status wm_find_program(const char *line, struct wm_filename *out)
{
    struct wm_program_name given = wm_program_name_of(line);
    struct wm_filename name, first;
    wm_status st = name_of(&given, &first);

    if (!wm_ok(st))
        return st;
    name = first;
    do {
        if (wm_ok(name_of(&given, &name)) && is_there(&name, out))
            return WM_OK;
    } while (takes_more(&given));
    return wm_filename_status(&first, -ENOENT);
}
