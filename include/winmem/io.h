/*
 * io.h: files by descriptor, as the C run time of Windows has them. Descriptors are those of Linux, and there is no text mode.
 */
#ifndef WINMEM_IO_H
#define WINMEM_IO_H

#include <stdint.h>
#include <sys/types.h>

#include "corecrt.h"
#include "share.h"

WINMEM_C_BEGIN

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _isatty
int _isatty(int fd) WINMEM_LIBC("isatty");
#endif
#ifndef _commit
int _commit(int fd) WINMEM_LIBC("fsync");
#endif
#ifndef _lseek
long _lseek(int fd, long offset, int origin) WINMEM_LIBC("lseek");
#endif
#ifndef _lseeki64
long long _lseeki64(int fd, long long offset, int origin) WINMEM_LIBC("lseek");
#endif
#ifndef _dup
int _dup(int fd) WINMEM_LIBC("dup");
#endif

/* Old names of POSIX, which this header has on Windows, too; declared as libc does. */
#ifndef NO_OLDNAMES
extern int access(const char *name, int mode) WINMEM_LIBC_THROW;
extern int close(int fd);
extern int creat(const char *name, mode_t mode);
extern int dup(int fd) WINMEM_LIBC_THROW;
extern int dup2(int fd, int second) WINMEM_LIBC_THROW;
extern int isatty(int fd) WINMEM_LIBC_THROW;
extern off_t lseek(int fd, off_t offset, int origin) WINMEM_LIBC_THROW;
extern int open(const char *name, int flags, ...);
extern ssize_t read(int fd, void *buffer, size_t bytes);
extern int unlink(const char *name) WINMEM_LIBC_THROW;
extern ssize_t write(int fd, const void *buffer, size_t bytes);
#endif
#endif

/*
 * _open: opens a file. _sopen_s: the same, with what others may do meanwhile, which has no effect, and the result in fd.
 * _wsopen_s: _sopen_s with wide strings.
 *
 * name          as in fileapi.h: `\` separates
 * flags         _O_ values (fcntl.h), and with _O_CREAT mode: _S_IREAD, _S_IWRITE (sys/stat.h)
 *
 * Returns a descriptor; -1 and errno. _sopen_s, _wsopen_s: 0, or an errno value.
 * On Linux      _O_TEXT changes nothing. A started program has the descriptor as well, unless _O_NOINHERIT is given
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _open(const char *name, int flags, ...);
WINMEM_PUBLIC errno_t _sopen_s(int *fd, const char *name, int flags, int share, int mode);
WINMEM_PUBLIC errno_t _wsopen_s(int *fd, const WINMEM_WCHAR *name, int flags, int share, int mode)
    WINMEM_WIDE_SYMBOL("_wsopen_s");

/*
 * _close: closes it, and what _get_osfhandle has made for it.
 *
 * Returns 0; -1 and errno.
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _close(int fd);

/*
 * _dup2: makes second a descriptor of the same file; what it was before is closed, as by _close.
 *
 * Returns 0, not the descriptor, which dup2 does here as elsewhere on Linux; -1 and errno.
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _dup2(int fd, int second);

/*
 * _pipe: a pipe.
 *
 * fds           out: the end to read from, and the one to write to
 * bytes         how much it holds; has no effect
 * flags         _O_BINARY, _O_TEXT, _O_NOINHERIT
 *
 * Returns 0; -1 and errno.
 * On Linux      it holds 64 KiB
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _pipe(int *fds, unsigned bytes, int flags);

/*
 * _read, _write: read and write, of bytes that an int can count.
 *
 * Returns how many; -1 and errno.
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _read(int fd, void *buffer, unsigned bytes);
WINMEM_PUBLIC int _write(int fd, const void *buffer, unsigned bytes);

/*
 * _filelengthi64, _filelength: how long a file is. _telli64: its position.
 *
 * Returns the bytes; -1 and errno.
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC long long _filelengthi64(int fd);
WINMEM_PUBLIC long _filelength(int fd);
WINMEM_PUBLIC long long _telli64(int fd);

/*
 * _chsize_s, _chsize: makes a file so long; what it gains is 0.
 *
 * Returns 0; an errno value, -1 (_chsize), and errno.
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC errno_t _chsize_s(int fd, long long bytes);
WINMEM_PUBLIC int _chsize(int fd, long bytes);

/*
 * _access: may this user do so with a file? 0: is it there; 2: write; 4: read; 6: both. _access_s: the same, with the error.
 * _unlink: removes its name.
 *
 * Returns 0; -1 and errno, or an errno value (_access_s).
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _access(const char *name, int mode);
WINMEM_PUBLIC errno_t _access_s(const char *name, int mode);
WINMEM_PUBLIC int _unlink(const char *name);

/*
 * _setmode: text or binary. There is no text mode.
 *
 * mode          _O_BINARY or _O_TEXT
 *
 * Returns _O_BINARY; -1, and errno EBADF or EINVAL.
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _setmode(int fd, int mode);

/*
 * _get_osfhandle: the handle for a descriptor.
 *
 * fd            as it is open, to read, to write or both
 *
 * Returns the handle, the same each time, which is not to be closed: _close does that; -1, and errno EBADF or EMFILE.
 * On Linux      WinmemHandleFromFd (winmem.h). It has a descriptor of its own, so after close, fclose or dup2 instead of
 *               _close the file stays open until somebody asks for the handle of that number again
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC intptr_t _get_osfhandle(int fd);

/*
 * _open_osfhandle: a descriptor for a handle, which goes with it: it is closed, and the descriptor takes its place.
 *
 * handle        a handle to a file
 * flags         _O_APPEND, _O_RDONLY, _O_TEXT: not looked at, the handle's own count
 *
 * Returns the descriptor; -1, and errno EBADF or EMFILE, with the handle as it was.
 * On Linux      WinmemFdFromHandle. As long as the descriptor is open others are kept to what the handle's opener lets them do.
 *               _get_osfhandle has another handle for it
 * Source        learn.microsoft.com, io.h
 */
WINMEM_PUBLIC int _open_osfhandle(intptr_t handle, int flags);

WINMEM_C_END

#endif /* WINMEM_IO_H */
