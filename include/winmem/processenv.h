/*
 * processenv.h: what a process has from whoever started it: standard handles, a current directory.
 *
 * Functions of libwinmem-win32.
 */
#ifndef WINMEM_PROCESSENV_H
#define WINMEM_PROCESSENV_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * GetStdHandle: the handle to standard input, output or error output.
 *
 * nStdHandle    STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE
 *
 * Returns the handle that SetStdHandle set, else one to what descriptor 0, 1 or 2 stands for, the same each time and
 * not to be closed; NULL if that descriptor is closed; INVALID_HANDLE_VALUE on failure.
 * Errors        ERROR_INVALID_HANDLE      there is no such standard handle
 *               ERROR_TOO_MANY_OPEN_FILES no descriptor is left
 * On Linux      the handle has a descriptor of its own, with the rights of the one that it stands for. When another file is
 *               put in place of that (dup2, freopen), another handle is told
 * Source        learn.microsoft.com, "GetStdHandle function"
 */
WINBASEAPI HANDLE WINAPI GetStdHandle(DWORD nStdHandle);

/*
 * SetStdHandle: says what GetStdHandle answers from now on.
 *
 * nStdHandle    as for GetStdHandle
 * hHandle       any value; it is not looked at
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      there is no such standard handle
 * On Linux      descriptors 0, 1 and 2, and so printf, stay what they are
 * Source        learn.microsoft.com, "SetStdHandle function"
 */
WINBASEAPI BOOL WINAPI SetStdHandle(DWORD nStdHandle, HANDLE hHandle);

/*
 * GetCurrentDirectoryA, GetCurrentDirectoryW: the directory that names without a root begin in.
 *
 * nBufferLength     characters that lpBuffer has room for
 * lpBuffer          out: the directory, from the root on
 *
 * Returns its length without the terminator; if lpBuffer is NULL or too small, how large it would have to be; 0 on failure.
 * Errors        ERROR_FILE_NOT_FOUND      it was removed
 *               ERROR_NOACCESS            lpBuffer cannot be written
 * On Linux      the A form counts bytes of UTF-8
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI DWORD WINAPI GetCurrentDirectoryA(DWORD nBufferLength, LPSTR lpBuffer);
WINBASEAPI DWORD WINAPI GetCurrentDirectoryW(DWORD nBufferLength, LPWSTR lpBuffer)
    WINMEM_WIDE_SYMBOL("GetCurrentDirectoryW");

/*
 * SetCurrentDirectoryA, SetCurrentDirectoryW: goes to another directory, with all threads.
 *
 * lpPathName    a directory (fileapi.h tells what names are)
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME
 *                                         as for DeleteFile
 *               ERROR_DIRECTORY           something else has that name
 *               ERROR_ACCESS_DENIED       it may not be searched
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI SetCurrentDirectoryA(LPCSTR lpPathName);
WINBASEAPI BOOL WINAPI SetCurrentDirectoryW(LPCWSTR lpPathName) WINMEM_WIDE_SYMBOL("SetCurrentDirectoryW");

WINMEM_C_END

#ifdef UNICODE
#define GetCurrentDirectory GetCurrentDirectoryW
#define SetCurrentDirectory SetCurrentDirectoryW
#else
#define GetCurrentDirectory GetCurrentDirectoryA
#define SetCurrentDirectory SetCurrentDirectoryA
#endif

#endif /* WINMEM_PROCESSENV_H */
