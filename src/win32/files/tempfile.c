/*
 * tempfile.c: GetTempPath, GetTempFileName.
 *
 * A temporary file lies where others have theirs, so it is made new and for its user alone (0600), as mkstemp does: who
 * guesses the name beforehand only has it passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/modules.h"
#include "kern/clock.h"
#include "kern/descriptor.h"
#include "kern/kern.h"
#include "vm/errno_status.h"
#include "win32/files/fullname.h"
#include "win32/posix.h"
#include "win32/text/textroom.h"
#include "win32/wide32.h"

/* --- the directory --- */

/* A program that has more rights than its user does not listen to him. */
static const char *setting(void)
{
    static const char *const names[] = {"TMP", "TEMP", "TMPDIR"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = secure_getenv(names[i]);

        if (value != NULL && *value != '\0')
            return value;
    }
    return "/tmp";
}

static wm_status temporary(struct wm_filename *path)
{
    wm_status st = wm_filename_of(setting(), path);
    size_t length;

    if (wm_ok(st))
        st = wm_filename_full(path, path);
    if (!wm_ok(st))
        return st;
    length = strlen(path->path);
    if (path->path[length - 1] == '/')
        return WM_OK;
    if (length + 1 == sizeof path->path)
        return WM_NAME_LONG;
    memcpy(path->path + length, "/", sizeof "/");
    return WM_OK;
}

DWORD WINAPI GetTempPathA(DWORD nBufferLength, LPSTR lpBuffer)
{
    return wm_directory_told(__func__, temporary,
                             &(struct wm_text_room){lpBuffer, nBufferLength, sizeof(char)});
}

DWORD WINAPI GetTempPathW(DWORD nBufferLength, LPWSTR lpBuffer)
{
    return wm_directory_told(__func__, temporary,
                             &(struct wm_text_room){lpBuffer, nBufferLength, sizeof(WCHAR)});
}

DWORD WINAPI GetTempPathW_utf16(DWORD nBufferLength, uint16_t *lpBuffer)
{
    return wm_directory_told(__func__, temporary,
                             &(struct wm_text_room){lpBuffer, nBufferLength, sizeof(uint16_t)});
}

DWORD WINAPI GetTempPath2A(DWORD BufferLength, LPSTR Buffer)
{
    return wm_directory_told(__func__, temporary, &(struct wm_text_room){Buffer, BufferLength, sizeof(char)});
}

DWORD WINAPI GetTempPath2W(DWORD BufferLength, LPWSTR Buffer)
{
    return wm_directory_told(__func__, temporary,
                             &(struct wm_text_room){Buffer, BufferLength, sizeof(WCHAR)});
}

DWORD WINAPI GetTempPath2W_utf16(DWORD BufferLength, uint16_t *Buffer)
{
    return wm_directory_told(__func__, temporary,
                             &(struct wm_text_room){Buffer, BufferLength, sizeof(uint16_t)});
}

/* --- the file --- */

enum { LAST_NUMBER = 0xffff, PREFIX_CHARACTERS = 3, PREFIX_BYTES = 4 * PREFIX_CHARACTERS + 1 };

struct name {
    struct wm_filename path; /* of the directory, then of the file */
    char prefix[PREFIX_BYTES];
};

/* Three characters at most, of however many bytes. */
static void cut(char *prefix)
{
    size_t count = 0;

    for (; *prefix != '\0'; prefix++)
        if ((*prefix & 0xc0) != 0x80 && ++count > PREFIX_CHARACTERS)
            *prefix-- = '\0';
}

static wm_status write_name(const struct name *name, unsigned number, struct wm_filename *file)
{
    size_t length = strlen(name->path.path);
    const char *between = length > 0 && name->path.path[length - 1] == '/' ? "" : "/";
    int written = snprintf(file->path, sizeof file->path, "%s%s%s%X.tmp", name->path.path, between,
                           name->prefix, number);

    return written > 0 && (size_t)written < sizeof file->path ? WM_OK : WM_NAME_LONG;
}

static wm_status make(const struct name *name, unsigned number, struct wm_filename *file)
{
    wm_status st = write_name(name, number, file);
    int fd;

    if (!wm_ok(st))
        return st;
    do
        fd = wm_fd_create(file->path, O_RDWR | O_CREAT | O_EXCL | O_NOCTTY, 0600);
    while (fd == -EINTR);
    if (fd >= 0)
        wm_kern_close(fd);
    return wm_from_errno(WM_OP_NAME, fd < 0 ? fd : 0);
}

static unsigned after(unsigned number)
{
    return number == LAST_NUMBER ? 1 : number + 1;
}

/* The first number that nobody has, from one on that two processes rarely begin with. */
static wm_status make_new(const struct name *name, unsigned *number, struct wm_filename *file)
{
    unsigned first = (unsigned)(wm_clock_now() / 1000 + (uint64_t)wm_sys_pid() * 7919) & LAST_NUMBER;
    struct stat found;
    wm_status st = WM_FILE_EXISTS;

    if (wm_posix_stat(name->path.path, &found) != 0 || !S_ISDIR(found.st_mode))
        return WM_DIRECTORY_NONE;
    if (first == 0)
        first = 1;
    *number = first;
    st = make(name, *number, file);
    for (unsigned next = after(first); st == WM_FILE_EXISTS && next != first; next = after(next)) {
        *number = next;
        st = make(name, next, file);
    }
    return st;
}

static wm_status find(const struct name *name, const struct wm_text_room *room, unsigned *number,
                      struct wm_filename *file)
{
    if (wm_text_length(room, name->path.path) > MAX_PATH - 14)
        return WM_PATH_LONG;
    return *number == 0 ? make_new(name, number, file) : write_name(name, *number, file);
}

static UINT name_traced(const char *function, wm_status st, struct name *name, UINT unique,
                        const struct wm_text_room *room)
{
    struct wm_filename file;
    unsigned number = unique & LAST_NUMBER;
    DWORD told;

    cut(name->prefix);
    if (st == WM_NAME_EMPTY)
        st = WM_DIRECTORY_NONE;
    if (wm_ok(st))
        st = wm_edge_writable(room->buffer, MAX_PATH * room->unit_bytes);
    if (wm_ok(st))
        st = find(name, room, &number, &file);
    if (wm_ok(st))
        st = wm_text_tell(room, file.path, &told);
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(number)), WM_STRING(name->path.path),
                WM_STRING(name->prefix), WM_HEX(unique), WM_HEX(room->buffer));
    return wm_edge_bool(st) ? number : 0;
}

UINT WINAPI GetTempFileNameA(LPCSTR lpPathName, LPCSTR lpPrefixString, UINT uUnique, LPSTR lpTempFileName)
{
    struct wm_text_room room = {lpTempFileName, MAX_PATH, sizeof(char)};
    struct name name;
    wm_status st = wm_filename_of(lpPathName, &name.path);

    snprintf(name.prefix, sizeof name.prefix, "%s", lpPrefixString == NULL ? "" : lpPrefixString);
    return name_traced(__func__, st, &name, uUnique, &room);
}

UINT WINAPI GetTempFileNameW(LPCWSTR lpPathName, LPCWSTR lpPrefixString, UINT uUnique, LPWSTR lpTempFileName)
{
    struct wm_text_room room = {lpTempFileName, MAX_PATH, sizeof(WCHAR)};
    static const uint32_t none;
    struct name name;
    wm_status st = wm_filename_of_utf32(lpPathName, &name.path);

    wm_utf8_of_utf32(lpPrefixString == NULL ? &none : (const uint32_t *)lpPrefixString, name.prefix,
                     sizeof name.prefix);
    return name_traced(__func__, st, &name, uUnique, &room);
}

UINT WINAPI GetTempFileNameW_utf16(const uint16_t *lpPathName, const uint16_t *lpPrefixString, UINT uUnique,
                                   uint16_t *lpTempFileName)
{
    struct wm_text_room room = {lpTempFileName, MAX_PATH, sizeof(uint16_t)};
    static const uint16_t none;
    struct name name;
    wm_status st = wm_filename_of_utf16(lpPathName, &name.path);

    wm_utf8_of_utf16(lpPrefixString == NULL ? &none : lpPrefixString, name.prefix, sizeof name.prefix);
    return name_traced(__func__, st, &name, uUnique, &room);
}
