/*
 * fileapi.h: files, as far as memory that is mapped needs them.
 *
 * Their functions are in a library of their own, libwinmem-win32 (`pkg-config winmem-win32`), so that a program which only
 * wants memory gets no function called ReadFile. They are thin: a file is a file of Linux, and its name too.
 *
 * Names         paths of Linux, in UTF-8 where they are not wide. `\` separates like `/`, so it is no part of a name;
 *               "\\?\" in front is left out. There are no drives: "C:\x" is the file x in the directory called C:.
 *               Letters are compared as the file system does, as a rule exactly. Longer than Linux takes (4,095
 *               bytes, 255 between two separators): ERROR_FILENAME_EXCED_RANGE. None, or NULL: ERROR_PATH_NOT_FOUND
 */
#ifndef WINMEM_FILEAPI_H
#define WINMEM_FILEAPI_H

#include "minwinbase.h"

#define INVALID_FILE_ATTRIBUTES ((DWORD)-1)

WINMEM_C_BEGIN

/* ---- By name ------------------------------------------------------------------------------------------ */

/*
 * DeleteFileA, DeleteFileW: removes the name of a file, and the file with its last name.
 *
 * lpFileName    the file; a symbolic link is removed, and not what it points to
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME
 *                                         there is no such file; nor a directory that it could be in; see above; too
 *                                         many symbolic links
 *               ERROR_ACCESS_DENIED       a directory; the directory that it is in may not be changed
 *               ERROR_WRITE_PROTECT       the file system may only be read
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI DeleteFileA(LPCSTR lpFileName);
WINBASEAPI BOOL WINAPI DeleteFileW(LPCWSTR lpFileName) WINMEM_WIDE_SYMBOL("DeleteFileW");

/*
 * GetFileAttributesA, GetFileAttributesW: what kind of file there is.
 *
 * lpFileName    a file, directory or anything else that has a name
 *
 * Returns FILE_ATTRIBUTE_ values; INVALID_FILE_ATTRIBUTES on failure.
 * Errors        ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME
 *                                         as for DeleteFile
 *               ERROR_ACCESS_DENIED       a directory of the path may not be searched
 * On Linux      FILE_ATTRIBUTE_DIRECTORY; FILE_ATTRIBUTE_READONLY if the file's mode lets nobody write;
 *               FILE_ATTRIBUTE_NORMAL if it is neither. Symbolic links are followed
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI GetFileAttributesA(LPCSTR lpFileName);
WINBASEAPI DWORD WINAPI GetFileAttributesW(LPCWSTR lpFileName) WINMEM_WIDE_SYMBOL("GetFileAttributesW");

WINMEM_C_END

#ifdef UNICODE
#define DeleteFile DeleteFileW
#define GetFileAttributes GetFileAttributesW
#else
#define DeleteFile DeleteFileA
#define GetFileAttributes GetFileAttributesA
#endif

#endif /* WINMEM_FILEAPI_H */
