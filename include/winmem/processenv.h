/*
 * processenv.h: what a process has from whoever started it: its environment, its command line, standard handles, a current
 * directory.
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

/*
 * GetEnvironmentVariableA, GetEnvironmentVariableW: the value of a variable of the environment.
 *
 * lpName        its name, letter by letter
 * lpBuffer, nSize       out: where to, and its room in characters
 *
 * Returns the length of the value without the terminator; if lpBuffer is NULL or too small, how large it would have to be; 0
 * on failure, and for an empty value: then the last error stays what it was.
 * Errors        ERROR_ENVVAR_NOT_FOUND    there is no such variable; lpName is NULL or empty
 *               ERROR_NOACCESS            lpBuffer cannot be written
 *               ERROR_NOT_ENOUGH_MEMORY
 * On Linux      the environment of getenv. Names that differ in the case of letters are different names
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI DWORD WINAPI GetEnvironmentVariableA(LPCSTR lpName, LPSTR lpBuffer, DWORD nSize);
WINBASEAPI DWORD WINAPI GetEnvironmentVariableW(LPCWSTR lpName, LPWSTR lpBuffer, DWORD nSize)
    WINMEM_WIDE_SYMBOL("GetEnvironmentVariableW");

/*
 * SetEnvironmentVariableA, SetEnvironmentVariableW: gives a variable of the environment a value, or takes it away.
 *
 * lpName        its name
 * lpValue       its value; NULL: there is to be none, which succeeds if there was none, too
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_PARAMETER   lpName is NULL or empty, or there is a = in it
 *               ERROR_NOT_ENOUGH_MEMORY
 * On Linux      setenv, which getenv and started processes see. As with that, no other thread may read the environment
 *               meanwhile
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI SetEnvironmentVariableA(LPCSTR lpName, LPCSTR lpValue);
WINBASEAPI BOOL WINAPI SetEnvironmentVariableW(LPCWSTR lpName, LPCWSTR lpValue)
    WINMEM_WIDE_SYMBOL("SetEnvironmentVariableW");

/*
 * GetEnvironmentStringsA, GetEnvironmentStringsW: the whole environment, NAME=VALUE, each with its terminator, and one more
 * terminator at the end.
 *
 * Returns the block, for FreeEnvironmentStrings; NULL on failure.
 * Errors        ERROR_NOT_ENOUGH_MEMORY
 * On Linux      a copy
 * Source        learn.microsoft.com, processenv.h
 */
WINBASEAPI LPCH WINAPI GetEnvironmentStringsA(VOID);
WINBASEAPI LPWCH WINAPI GetEnvironmentStringsW(VOID) WINMEM_WIDE_SYMBOL("GetEnvironmentStringsW");

/*
 * FreeEnvironmentStringsA, FreeEnvironmentStringsW: gives such a block back.
 *
 * penv          what GetEnvironmentStrings returned
 *
 * Returns non-zero. Cannot fail.
 * Source        learn.microsoft.com, processenv.h
 */
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsA(LPCH penv);
WINBASEAPI BOOL WINAPI FreeEnvironmentStringsW(LPWCH penv) WINMEM_WIDE_SYMBOL("FreeEnvironmentStringsW");

/*
 * ExpandEnvironmentStringsA, ExpandEnvironmentStringsW: a text in which %NAME% becomes the value of that variable.
 *
 * lpSrc         the text; what names no variable stays as it is
 * lpDst, nSize  out: where to, and its room in characters
 *
 * Returns the characters of the result, its terminator included; where that is more than nSize, nothing is stored, and the
 * last error is ERROR_INSUFFICIENT_BUFFER. 0 on failure.
 * Errors        ERROR_NOACCESS            lpDst cannot be written
 *               ERROR_NOT_ENOUGH_MEMORY
 * Source        learn.microsoft.com, processenv.h
 */
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsA(LPCSTR lpSrc, LPSTR lpDst, DWORD nSize);
WINBASEAPI DWORD WINAPI ExpandEnvironmentStringsW(LPCWSTR lpSrc, LPWSTR lpDst, DWORD nSize)
    WINMEM_WIDE_SYMBOL("ExpandEnvironmentStringsW");

/*
 * GetCommandLineA, GetCommandLineW: the arguments of the program as one text, its name first.
 *
 * Returns the text, the same each time; it is not to be freed. Cannot fail.
 * On Linux      put together from the arguments such that CommandLineToArgvW's rules give them back; "" without memory
 * Source        learn.microsoft.com, processenv.h
 */
WINBASEAPI LPSTR WINAPI GetCommandLineA(VOID);
WINBASEAPI LPWSTR WINAPI GetCommandLineW(VOID) WINMEM_WIDE_SYMBOL("GetCommandLineW");

WINMEM_C_END

#ifdef UNICODE
#define GetEnvironmentStrings GetEnvironmentStringsW
#define ExpandEnvironmentStrings ExpandEnvironmentStringsW
#define FreeEnvironmentStrings FreeEnvironmentStringsW
#define GetCommandLine GetCommandLineW
#define GetCurrentDirectory GetCurrentDirectoryW
#define GetEnvironmentVariable GetEnvironmentVariableW
#define SetCurrentDirectory SetCurrentDirectoryW
#define SetEnvironmentVariable SetEnvironmentVariableW
#else
#define GetEnvironmentStrings GetEnvironmentStringsA
#define ExpandEnvironmentStrings ExpandEnvironmentStringsA
#define FreeEnvironmentStrings FreeEnvironmentStringsA
#define GetCommandLine GetCommandLineA
#define GetCurrentDirectory GetCurrentDirectoryA
#define GetEnvironmentVariable GetEnvironmentVariableA
#define SetCurrentDirectory SetCurrentDirectoryA
#define SetEnvironmentVariable SetEnvironmentVariableA
#endif

#endif /* WINMEM_PROCESSENV_H */
