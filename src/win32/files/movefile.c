/*
 * movefile.c: MoveFile, MoveFileEx: another name for a file or directory, or another file system for a file.
 *
 * To move a file is one of the things for which it is opened: whoever has it open must let others delete it, and so must
 * whoever has the file that is replaced (vm/files/sharing.h). The kernel moves in one step: either name leads to the whole
 * file at every moment, and nothing is replaced that came in between.
 *
 * Between file systems the file is copied, and the copy put in its place when it is whole. Whoever ends in between leaves
 * both files as they were, and a copy whose name begins with a dot.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kern/descriptor.h"
#include "vm/errno_status.h"
#include "vm/files/sharing.h"
#include "win32/files/filename.h"
#include "win32/posix.h"
#include "win32/wide32.h"

/* What renameat2 takes, of <linux/fs.h>. */
enum { NOREPLACE = 1 };

#define MOVE_FLAGS                                                                                           \
    (MOVEFILE_REPLACE_EXISTING | MOVEFILE_COPY_ALLOWED | MOVEFILE_WRITE_THROUGH |                            \
     MOVEFILE_FAIL_IF_NOT_TRACKABLE)

struct move {
    struct wm_filename from, to;
    DWORD flags;
    struct stat source;
};

static wm_status check(const struct move *move)
{
    if (move->flags & MOVEFILE_DELAY_UNTIL_REBOOT)
        return WM_MOVE_LATER;
    return move->flags & ~(DWORD)MOVE_FLAGS ? WM_MOVE_FLAGS : WM_OK;
}

/* --- who has it open --- */

/* Of what is no regular file, or cannot be read, nobody can have said anything. */
static wm_status check_shared(const struct wm_filename *name, const struct stat *found, bool replaced)
{
    wm_status st = WM_OK;
    int fd;

    if (!S_ISREG(found->st_mode))
        return WM_OK;
    fd = wm_fd_create(name->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0)
        return WM_OK;
    if (replaced && wm_sharing_has_section(fd))
        st = WM_MOVE_SHARED;
    else if (!wm_ok(wm_sharing_enter(fd, WM_SHARE_DELETE, WM_SHARE_ALL)))
        st = replaced ? WM_MOVE_SHARED : WM_FILE_SHARED;
    wm_kern_close(fd);
    return st;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* --- the directory that a name is in --- */

static void to_parent(const struct wm_filename *name, struct wm_filename *parent)
{
    size_t length = strlen(name->path);

    while (length > 1 && name->path[length - 1] == '/')
        length--;
    while (length > 0 && name->path[length - 1] != '/')
        length--;
    if (length == 0) {
        strcpy(parent->path, ".");
        return;
    }
    memcpy(parent->path, name->path, length);
    parent->path[length] = '\0';
}

static const char *last_part(const struct wm_filename *name)
{
    const char *slash = strrchr(name->path, '/');

    return slash == NULL ? name->path : slash + 1;
}

/* One name written in two ways: one file may have several. */
static bool is_same_name(const struct move *move)
{
    struct wm_filename parents[2];
    struct stat found[2];

    to_parent(&move->from, &parents[0]);
    to_parent(&move->to, &parents[1]);
    return strcmp(last_part(&move->from), last_part(&move->to)) == 0 &&
           wm_posix_stat(parents[0].path, &found[0]) == 0 && wm_posix_stat(parents[1].path, &found[1]) == 0 &&
           is_same(&found[0], &found[1]);
}

static wm_status flush_directory(const struct wm_filename *name)
{
    struct wm_filename parent;
    long result;
    int fd;

    to_parent(name, &parent);
    fd = wm_fd_create(parent.path, O_RDONLY | O_DIRECTORY, 0);
    if (fd < 0)
        return wm_from_errno(WM_OP_NAME, fd);
    result = wm_posix_fsync(fd);
    wm_kern_close(fd);
    return result == -EINVAL ? WM_OK : wm_from_errno(WM_OP_TRANSFER, (int)result);
}

/* --- another file system --- */

static wm_status copy_bytes(int from, int to)
{
    char bytes[16384];
    long got, put;

    for (;;) {
        got = wm_posix_read(from, bytes, sizeof bytes);
        if (got == -EINTR)
            continue;
        for (long done = 0; done < got; done += put) {
            put = wm_posix_write(to, bytes + done, (size_t)(got - done));
            if (put == -EINTR)
                put = 0;
            if (put < 0)
                return wm_from_errno(WM_OP_TRANSFER, (int)put);
        }
        if (got <= 0)
            return wm_from_errno(WM_OP_TRANSFER, (int)got);
    }
}

/* Its mode and times are those of the file that it stands for. */
static wm_status copy_nature(int to, const struct stat *source)
{
    struct timespec times[2] = {source->st_atim, source->st_mtim};
    long result = wm_posix_fchmod(to, source->st_mode & 07777u);

    if (result == 0)
        result = wm_posix_set_times(to, NULL, times);
    if (result == 0)
        result = wm_posix_fsync(to);
    return wm_from_errno(WM_OP_TRANSFER, (int)result);
}

static wm_status copy(const struct move *move, const struct wm_filename *copy)
{
    int from = wm_fd_create(move->from.path, O_RDONLY | O_NOFOLLOW | O_NOCTTY, 0), to;
    wm_status st;

    if (from < 0)
        return wm_filename_status(&move->from, from);
    to = wm_fd_create(copy->path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    st = wm_filename_status(copy, to < 0 ? to : 0);
    if (wm_ok(st)) {
        st = copy_bytes(from, to);
        if (wm_ok(st))
            st = copy_nature(to, &move->source);
        wm_kern_close(to);
    }
    wm_kern_close(from);
    return st;
}

static bool name_copy(const struct move *move, struct wm_filename *copy)
{
    struct wm_filename parent;
    int length;

    to_parent(&move->to, &parent);
    length = snprintf(copy->path, sizeof copy->path, "%s/.winmem-move-%d-%lu", parent.path, (int)wm_sys_pid(),
                      (unsigned long)move->source.st_ino);
    return length > 0 && (size_t)length < sizeof copy->path;
}

static long rename_as_asked(const struct wm_filename *from, const struct move *move)
{
    unsigned how = move->flags & MOVEFILE_REPLACE_EXISTING ? 0 : NOREPLACE;
    long result = wm_posix_rename(from->path, move->to.path, how);
    struct stat st;

    if (result != -EINVAL || how == 0)
        return result;
    /* A file system that only replaces. */
    return wm_posix_lstat(move->to.path, &st) == 0 ? -EEXIST : wm_posix_rename(from->path, move->to.path, 0);
}

static wm_status move_elsewhere(const struct move *move)
{
    struct wm_filename made;
    wm_status st;

    if (!(move->flags & MOVEFILE_COPY_ALLOWED))
        return WM_FILE_ELSEWHERE;
    if (!S_ISREG(move->source.st_mode))
        return WM_MOVE_DIRECTORY;
    if (!name_copy(move, &made))
        return WM_NAME_LONG;
    st = copy(move, &made);
    if (wm_ok(st))
        st = wm_filename_status(&move->to, rename_as_asked(&made, move));
    if (!wm_ok(st)) {
        wm_posix_unlink(made.path);
        return st;
    }
    wm_posix_unlink(move->from.path); /* if it stays there are two: as on Windows */
    return WM_OK;
}

/* --- moving --- */

/* What the new name leads to already, if anything. */
static wm_status check_target(struct move *move, bool *done)
{
    struct stat target;

    if (wm_posix_lstat(move->to.path, &target) != 0)
        return WM_OK;
    if (is_same(&target, &move->source) && is_same_name(move)) {
        *done = true;
        return WM_OK;
    }
    if (!(move->flags & MOVEFILE_REPLACE_EXISTING))
        return WM_MOVE_TAKEN;
    if (S_ISDIR(target.st_mode) || S_ISDIR(move->source.st_mode))
        return WM_MOVE_DIRECTORY;
    if (is_same(&target, &move->source)) { /* the kernel would leave both names */
        *done = true;
        return wm_filename_status(&move->from, wm_posix_unlink(move->from.path));
    }
    return check_shared(&move->to, &target, true);
}

static wm_status rename_status(const struct move *move, long result)
{
    if (result == -EXDEV)
        return move_elsewhere(move);
    if (result == -EINVAL) /* into itself */
        return WM_FILE_DENIED;
    return wm_filename_status(&move->to, result);
}

static wm_status move_now(struct move *move)
{
    bool done = false;
    wm_status st = check(move);

    if (wm_ok(st))
        st = wm_filename_status(&move->from, wm_posix_lstat(move->from.path, &move->source));
    if (wm_ok(st))
        st = check_shared(&move->from, &move->source, false);
    if (wm_ok(st))
        st = check_target(move, &done);
    if (wm_ok(st) && !done)
        st = rename_status(move, rename_as_asked(&move->from, move));
    if (st == WM_FILE_EXISTS)
        st = WM_MOVE_TAKEN;
    if (wm_ok(st) && move->flags & MOVEFILE_WRITE_THROUGH)
        st = flush_directory(&move->to);
    return st;
}

static BOOL move_traced(const char *function, wm_status from, wm_status to, struct move *move)
{
    wm_status st = wm_ok(from) ? to : from;

    if (wm_ok(st))
        st = move_now(move);
    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_STRING(move->from.path), WM_STRING(move->to.path),
                WM_HEX(move->flags));
    return wm_edge_bool(st);
}

BOOL WINAPI MoveFileExA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName, DWORD dwFlags)
{
    struct move move = {.flags = dwFlags};
    wm_status from = wm_filename_of(lpExistingFileName, &move.from);

    return move_traced(__func__, from, wm_filename_of(lpNewFileName, &move.to), &move);
}

BOOL WINAPI MoveFileExW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName, DWORD dwFlags)
{
    struct move move = {.flags = dwFlags};
    wm_status from = wm_filename_of_utf32(lpExistingFileName, &move.from);

    return move_traced(__func__, from, wm_filename_of_utf32(lpNewFileName, &move.to), &move);
}

BOOL WINAPI MoveFileExW_utf16(const uint16_t *lpExistingFileName, const uint16_t *lpNewFileName,
                              DWORD dwFlags)
{
    struct move move = {.flags = dwFlags};
    wm_status from = wm_filename_of_utf16(lpExistingFileName, &move.from);

    return move_traced(__func__, from, wm_filename_of_utf16(lpNewFileName, &move.to), &move);
}

BOOL WINAPI MoveFileA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName)
{
    struct move move = {.flags = MOVEFILE_COPY_ALLOWED};
    wm_status from = wm_filename_of(lpExistingFileName, &move.from);

    return move_traced(__func__, from, wm_filename_of(lpNewFileName, &move.to), &move);
}

BOOL WINAPI MoveFileW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName)
{
    struct move move = {.flags = MOVEFILE_COPY_ALLOWED};
    wm_status from = wm_filename_of_utf32(lpExistingFileName, &move.from);

    return move_traced(__func__, from, wm_filename_of_utf32(lpNewFileName, &move.to), &move);
}

BOOL WINAPI MoveFileW_utf16(const uint16_t *lpExistingFileName, const uint16_t *lpNewFileName)
{
    struct move move = {.flags = MOVEFILE_COPY_ALLOWED};
    wm_status from = wm_filename_of_utf16(lpExistingFileName, &move.from);

    return move_traced(__func__, from, wm_filename_of_utf16(lpNewFileName, &move.to), &move);
}
