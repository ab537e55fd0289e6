/*
 * crtfiles.c: files and directories as the C run time of Windows has them (io.h, direct.h, stdio.h): libc's, with names in
 * which `\` separates. A descriptor that is opened here is the program's, so it is made as libc would make it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <crt/stdio.h>
#include <crt/stdlib.h>
#include <direct.h>
#include <io.h>

#include "win32/files/filename.h"
#include "win32/text/unicode.h"
#include "win32/wide32.h"

/* -1: errno says why it is none. */
static int convert(const char *name, struct wm_filename *out)
{
    wm_status st = wm_filename_of(name, out);

    if (!wm_ok(st))
        errno = st == WM_NAME_LONG ? ENAMETOOLONG : name == NULL ? EINVAL : ENOENT;
    return wm_ok(st) ? 0 : -1;
}

/* --- by descriptor --- */

int _open(const char *name, int flags, ...)
{
    struct wm_filename file;
    va_list arguments;
    int mode;

    va_start(arguments, flags);
    mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
    va_end(arguments);
    return convert(name, &file) == 0 ? open(file.path, flags, mode) : -1;
}

errno_t _sopen_s(int *fd, const char *name, int flags, int share, int mode)
{
    (void)share;
    if (fd == NULL)
        return errno = EINVAL;
    *fd = _open(name, flags, mode);
    return *fd < 0 ? errno : 0;
}

static errno_t open_shared(int *fd, char *name, int flags, int share, int mode)
{
    errno_t error = _sopen_s(fd, name, flags, share, mode);

    free(name);
    return error;
}

errno_t _wsopen_s(int *fd, const WCHAR *name, int flags, int share, int mode)
{
    return open_shared(fd, wm_utf8_copy(name, sizeof(WCHAR)), flags, share, mode);
}

errno_t _wsopen_s_utf16(int *fd, const uint16_t *name, int flags, int share, int mode)
{
    return open_shared(fd, wm_utf8_copy(name, sizeof(uint16_t)), flags, share, mode);
}

int _pipe(int *fds, unsigned bytes, int flags)
{
    (void)bytes;
    if (fds != NULL && (flags & ~O_CLOEXEC) == 0)
        return pipe2(fds, flags);
    errno = EINVAL;
    return -1;
}

static unsigned cut(unsigned bytes)
{
    return bytes < INT_MAX ? bytes : INT_MAX;
}

int _read(int fd, void *buffer, unsigned bytes)
{
    return (int)read(fd, buffer, cut(bytes));
}

int _write(int fd, const void *buffer, unsigned bytes)
{
    return (int)write(fd, buffer, cut(bytes));
}

long long _filelengthi64(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 ? st.st_size : -1;
}

long _filelength(int fd)
{
    return (long)_filelengthi64(fd);
}

long long _telli64(int fd)
{
    return lseek(fd, 0, SEEK_CUR);
}

errno_t _chsize_s(int fd, long long bytes)
{
    return ftruncate(fd, bytes) == 0 ? 0 : errno;
}

int _chsize(int fd, long bytes)
{
    return ftruncate(fd, bytes);
}

int *__p__fmode(void)
{
    static int mode; /* _O_BINARY */

    return &mode;
}

int _setmode(int fd, int mode)
{
    if (fcntl(fd, F_GETFD) < 0)
        return -1;
    if (mode == 0)
        return 0;
    errno = EINVAL;
    return -1;
}

/* --- by name --- */

int _access(const char *name, int mode)
{
    struct wm_filename file;

    if ((mode & ~(R_OK | W_OK)) != 0) {
        errno = EINVAL;
        return -1;
    }
    return convert(name, &file) == 0 ? access(file.path, mode) : -1;
}

errno_t _access_s(const char *name, int mode)
{
    return _access(name, mode) == 0 ? 0 : errno;
}

int _unlink(const char *name)
{
    struct wm_filename file;

    return convert(name, &file) == 0 ? unlink(file.path) : -1;
}

int _mkdir(const char *name)
{
    struct wm_filename file;

    return convert(name, &file) == 0 ? mkdir(file.path, 0777) : -1;
}

int _rmdir(const char *name)
{
    struct wm_filename file;

    return convert(name, &file) == 0 ? rmdir(file.path) : -1;
}

int _chdir(const char *name)
{
    struct wm_filename file;

    return convert(name, &file) == 0 ? chdir(file.path) : -1;
}

char *_getcwd(char *buffer, int bytes)
{
    if (bytes >= 0)
        return getcwd(buffer, (size_t)bytes);
    errno = EINVAL;
    return NULL;
}

/* --- streams --- */

FILE *_fsopen(const char *name, const char *mode, int share)
{
    struct wm_filename file;

    (void)share;
    if (mode == NULL) {
        errno = EINVAL;
        return NULL;
    }
    return convert(name, &file) == 0 ? fopen(file.path, mode) : NULL;
}

errno_t fopen_s(FILE **file, const char *name, const char *mode)
{
    if (file == NULL)
        return errno = EINVAL;
    *file = _fsopen(name, mode, 0);
    return *file == NULL ? errno : 0;
}

static FILE *open_wide(char *name, char *mode)
{
    FILE *file = NULL;

    if (name == NULL || mode == NULL)
        errno = EINVAL;
    else
        file = _fsopen(name, mode, 0);
    free(name);
    free(mode);
    return file;
}

FILE *_wfopen(const WCHAR *name, const WCHAR *mode)
{
    return open_wide(wm_utf8_copy(name, sizeof(WCHAR)), wm_utf8_copy(mode, sizeof(WCHAR)));
}

FILE *_wfopen_utf16(const uint16_t *name, const uint16_t *mode)
{
    return open_wide(wm_utf8_copy(name, sizeof(uint16_t)), wm_utf8_copy(mode, sizeof(uint16_t)));
}
