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
#define INVALID_FILE_SIZE ((DWORD)0xFFFFFFFF)
#define INVALID_SET_FILE_POINTER ((DWORD)-1)

#define CREATE_NEW 1
#define CREATE_ALWAYS 2
#define OPEN_EXISTING 3
#define OPEN_ALWAYS 4
#define TRUNCATE_EXISTING 5

typedef struct _CREATEFILE2_EXTENDED_PARAMETERS {
    DWORD dwSize;
    DWORD dwFileAttributes;
    DWORD dwFileFlags;
    DWORD dwSecurityQosFlags;
    LPSECURITY_ATTRIBUTES lpSecurityAttributes;
    HANDLE hTemplateFile;
} CREATEFILE2_EXTENDED_PARAMETERS, *PCREATEFILE2_EXTENDED_PARAMETERS, *LPCREATEFILE2_EXTENDED_PARAMETERS;

typedef struct _BY_HANDLE_FILE_INFORMATION {
    DWORD dwFileAttributes;
    FILETIME ftCreationTime;
    FILETIME ftLastAccessTime;
    FILETIME ftLastWriteTime;
    DWORD dwVolumeSerialNumber;
    DWORD nFileSizeHigh;
    DWORD nFileSizeLow;
    DWORD nNumberOfLinks;
    DWORD nFileIndexHigh;
    DWORD nFileIndexLow;
} BY_HANDLE_FILE_INFORMATION, *PBY_HANDLE_FILE_INFORMATION, *LPBY_HANDLE_FILE_INFORMATION;

typedef struct _WIN32_FILE_ATTRIBUTE_DATA {
    DWORD dwFileAttributes;
    FILETIME ftCreationTime;
    FILETIME ftLastAccessTime;
    FILETIME ftLastWriteTime;
    DWORD nFileSizeHigh;
    DWORD nFileSizeLow;
} WIN32_FILE_ATTRIBUTE_DATA, *LPWIN32_FILE_ATTRIBUTE_DATA;

WINMEM_C_BEGIN

/* ---- Opening ------------------------------------------------------------------------------------------ */

/*
 * CreateFileA, CreateFileW: opens a file, or makes one.
 *
 * lpFileName            its name, see above; also that of a directory, a pipe or a device
 * dwDesiredAccess       GENERIC_READ, GENERIC_WRITE, GENERIC_EXECUTE, GENERIC_ALL, or single FILE_ rights and DELETE.
 *                       0: only what the file is can be asked. FILE_APPEND_DATA without FILE_WRITE_DATA: whatever is
 *                       written goes to the end
 * dwShareMode           what others may do with the file meanwhile: FILE_SHARE_READ, FILE_SHARE_WRITE,
 *                       FILE_SHARE_DELETE. Who wants something else is refused, and so is this call if somebody who has
 *                       the file open does not fit
 * lpSecurityAttributes  NULL, or whether the handle is inheritable (bInheritHandle); the descriptor has no effect
 * dwCreationDisposition CREATE_NEW (it must not be there), CREATE_ALWAYS (made, or emptied), OPEN_EXISTING,
 *                       OPEN_ALWAYS (made, or opened), TRUNCATE_EXISTING (emptied; needs GENERIC_WRITE)
 * dwFlagsAndAttributes  of a file that is made: FILE_ATTRIBUTE_READONLY: the next one cannot write it. And:
 *                         FILE_FLAG_DELETE_ON_CLOSE   its name goes with the last handle
 *                         FILE_FLAG_WRITE_THROUGH     each write has reached the disk when it returns (O_DSYNC)
 *                         FILE_FLAG_NO_BUFFERING      past the buffers (O_DIRECT) where the file system does that
 *                         FILE_FLAG_SEQUENTIAL_SCAN, FILE_FLAG_RANDOM_ACCESS   how it will be read
 *                         FILE_FLAG_BACKUP_SEMANTICS  directories too
 *                         FILE_FLAG_OVERLAPPED        each transfer says where it begins; it has ended all the same
 *                                                     when its function returns
 *                         FILE_FLAG_OPEN_REPARSE_POINT  symbolic links are not followed
 * hTemplateFile         has no effect
 *
 * Returns the handle, for CloseHandle; INVALID_HANDLE_VALUE on failure. With CREATE_ALWAYS and OPEN_ALWAYS success sets
 * the last error, to ERROR_ALREADY_EXISTS if the file was there and to 0 if not.
 * Errors        ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME
 *                                         there is no such file; nor a directory that it could be in; see above; too
 *                                         many symbolic links, or one that is not to be followed
 *               ERROR_FILE_EXISTS         CREATE_NEW: it is there
 *               ERROR_ACCESS_DENIED       its mode, or its directory's, does not allow it; a directory without
 *                                         FILE_FLAG_BACKUP_SEMANTICS
 *               ERROR_SHARING_VIOLATION   somebody who has the file open does not fit; to write it: a program that runs
 *               ERROR_USER_MAPPED_FILE    CREATE_ALWAYS, TRUNCATE_EXISTING: there is a section of the file
 *               ERROR_WRITE_PROTECT       the file system may only be read
 *               ERROR_DISK_FULL           no room for another file
 *               ERROR_TOO_MANY_OPEN_FILES no descriptor is left
 *               ERROR_INVALID_PARAMETER   no such disposition, share mode or flag; TRUNCATE_EXISTING without the right
 *                                         to write
 * On Linux      who does not use this library is not held to share modes; nor is anybody where the file cannot be read,
 *               or the file system has no locks. A file to be deleted stays if the process ends without CloseHandle.
 *               A pipe is waited for as by open(2)
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI HANDLE WINAPI CreateFileA(LPCSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                                     LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                                     DWORD dwFlagsAndAttributes, HANDLE hTemplateFile);
WINBASEAPI HANDLE WINAPI CreateFileW(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                                     LPSECURITY_ATTRIBUTES lpSecurityAttributes, DWORD dwCreationDisposition,
                                     DWORD dwFlagsAndAttributes, HANDLE hTemplateFile)
    WINMEM_WIDE_SYMBOL("CreateFileW");

/*
 * CreateFile2: the same, with what is seldom needed in a structure.
 *
 * lpFileName, dwDesiredAccess, dwShareMode, dwCreationDisposition      as for CreateFile
 * pCreateExParams       NULL, or attributes, flags and the rest
 *
 * Returns as CreateFile.
 * Errors        those of CreateFile, and
 *               ERROR_INVALID_PARAMETER   dwSize is less than that of the structure
 *               ERROR_NOACCESS            pCreateExParams cannot be read
 * On Linux      as CreateFile
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI HANDLE WINAPI CreateFile2(LPCWSTR lpFileName, DWORD dwDesiredAccess, DWORD dwShareMode,
                                     DWORD dwCreationDisposition,
                                     LPCREATEFILE2_EXTENDED_PARAMETERS pCreateExParams)
    WINMEM_WIDE_SYMBOL("CreateFile2");

/* ---- Reading and writing ------------------------------------------------------------------------------ */

/*
 * ReadFile: reads from a file, where its position is or where lpOverlapped says.
 *
 * hFile                 needs FILE_READ_DATA
 * lpBuffer, nNumberOfBytesToRead    where to, and how much at most
 * lpNumberOfBytesRead   out: how much it was; may be NULL with lpOverlapped
 * lpOverlapped          NULL, or where to begin; needed if the handle was made with FILE_FLAG_OVERLAPPED. The position
 *                       of other handles follows
 *
 * Returns non-zero on success, zero on failure. At the end of the file 0 bytes are read; with lpOverlapped that is
 * ERROR_HANDLE_EOF. A pipe or a terminal gives what there is.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it lacks the right; a directory
 *               ERROR_HANDLE_EOF          lpOverlapped names a place at or behind the end of the file
 *               ERROR_BROKEN_PIPE         a pipe to which nobody writes any more, and all has been read
 *               ERROR_NO_DATA             a descriptor that does not block (O_NONBLOCK), and nothing is there
 *               ERROR_NOACCESS            the buffer cannot be written; neither lpNumberOfBytesRead nor lpOverlapped
 *               ERROR_INVALID_PARAMETER   lpOverlapped is missing; with FILE_FLAG_NO_BUFFERING address, length or place
 *                                         is no multiple of a sector
 *               ERROR_IO_DEVICE           the device failed
 * On Linux      it has ended when it returns, so there is no ERROR_IO_PENDING. hEvent, if it is not NULL, is an event
 *               (ERROR_INVALID_HANDLE), which is set then
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI ReadFile(HANDLE hFile, LPVOID lpBuffer, DWORD nNumberOfBytesToRead,
                                LPDWORD lpNumberOfBytesRead, LPOVERLAPPED lpOverlapped);

/*
 * WriteFile: writes to a file, where its position is or where lpOverlapped says.
 *
 * hFile                 needs FILE_WRITE_DATA or FILE_APPEND_DATA
 * lpBuffer, nNumberOfBytesToWrite   what
 * lpNumberOfBytesWritten, lpOverlapped    as for ReadFile. A place of which all bits are set is the end of the file
 *
 * Returns non-zero on success, zero on failure; then lpNumberOfBytesWritten tells how much was written before.
 * Errors        those of ReadFile that can be, and
 *               ERROR_DISK_FULL           the disk, or the user's share of it, is full
 *               ERROR_FILE_TOO_LARGE      for the file system or RLIMIT_FSIZE
 *               ERROR_NO_DATA             a pipe from which nobody reads any more
 *               ERROR_NOACCESS            the buffer cannot be read
 * On Linux      as for ReadFile. The kernel sends SIGPIPE or SIGXFSZ besides; a program that wants the error alone
 *               ignores these
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI WriteFile(HANDLE hFile, LPCVOID lpBuffer, DWORD nNumberOfBytesToWrite,
                                 LPDWORD lpNumberOfBytesWritten, LPOVERLAPPED lpOverlapped);

/*
 * FlushFileBuffers: waits until what was written has reached the disk.
 *
 * hFile         needs FILE_WRITE_DATA or FILE_APPEND_DATA
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it lacks the right
 *               ERROR_INVALID_FUNCTION    a pipe, a terminal
 *               ERROR_DISK_FULL, ERROR_IO_DEVICE      something written before did not get there
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI FlushFileBuffers(HANDLE hFile);

/* ---- Position and size -------------------------------------------------------------------------------- */

/*
 * SetFilePointerEx: moves the position of a file. All handles of one CreateFile have one, and so have their descriptors.
 *
 * hFile             a handle that may read or write
 * liDistanceToMove  how far
 * lpNewFilePointer  out, optional: where that is
 * dwMoveMethod      from FILE_BEGIN, FILE_CURRENT or FILE_END
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it may neither read nor write
 *               ERROR_NEGATIVE_SEEK       before the beginning
 *               ERROR_SEEK_ON_DEVICE      a pipe, a terminal
 *               ERROR_INVALID_PARAMETER   no such method; farther than the file system can have
 *               ERROR_NOACCESS            lpNewFilePointer cannot be written
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI SetFilePointerEx(HANDLE hFile, LARGE_INTEGER liDistanceToMove,
                                        PLARGE_INTEGER lpNewFilePointer, DWORD dwMoveMethod);

/*
 * SetFilePointer: the same with halves.
 *
 * lDistanceToMove       the low half; without a high one it has a sign
 * lpDistanceToMoveHigh  in and out, optional: the high half
 *
 * Returns the low half of the new position; INVALID_SET_FILE_POINTER on failure. That can be a low half as well: then the
 * last error is 0.
 * Errors        those of SetFilePointerEx, and
 *               ERROR_INVALID_PARAMETER   without lpDistanceToMoveHigh: it would lie at 4 GiB or beyond
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI SetFilePointer(HANDLE hFile, LONG lDistanceToMove, PLONG lpDistanceToMoveHigh,
                                       DWORD dwMoveMethod);

/*
 * SetEndOfFile: makes a file end where its position is. What it gains is zero.
 *
 * hFile         needs FILE_WRITE_DATA
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it lacks the right
 *               ERROR_USER_MAPPED_FILE    shorter, and there is a section of the file
 *               ERROR_INVALID_FUNCTION, ERROR_SEEK_ON_DEVICE      this is not a file that has an end
 *               ERROR_FILE_TOO_LARGE      for the file system or RLIMIT_FSIZE
 * On Linux      what it gains takes room on the disk only when it is written. Who does not use this library shortens
 *               mapped files all the same
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI SetEndOfFile(HANDLE hFile);

/*
 * GetFileSizeEx: how long a file is.
 *
 * hFile         any handle to a file
 * lpFileSize    out: in bytes
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_INVALID_FUNCTION    a pipe or a device
 *               ERROR_NOACCESS            lpFileSize is NULL or cannot be written
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI GetFileSizeEx(HANDLE hFile, PLARGE_INTEGER lpFileSize);

/*
 * GetFileSize: the same in halves.
 *
 * lpFileSizeHigh        out, optional: the high half
 *
 * Returns the low half; INVALID_FILE_SIZE on failure. That can be a low half as well: then the last error is 0.
 * Errors        those of GetFileSizeEx
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI GetFileSize(HANDLE hFile, LPDWORD lpFileSizeHigh);

/* ---- What is open ------------------------------------------------------------------------------------- */

/*
 * GetFileInformationByHandle: what is known of an open file.
 *
 * hFile                 any handle to a file
 * lpFileInformation     out: attributes (GetFileAttributes), times, size, how many names it has, and two numbers that
 *                       together are those of this file and no other: of its file system (st_dev) and in it (st_ino)
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_NOACCESS            lpFileInformation is NULL or cannot be written
 * On Linux      the time when it was made is 0 where the file system does not tell
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI GetFileInformationByHandle(HANDLE hFile,
                                                  LPBY_HANDLE_FILE_INFORMATION lpFileInformation);

/*
 * GetFileType: what is open.
 *
 * hFile         any handle to a file
 *
 * Returns FILE_TYPE_DISK (a file, directory or block device), FILE_TYPE_CHAR (a terminal or another device) or
 * FILE_TYPE_PIPE (a pipe or socket); FILE_TYPE_UNKNOWN on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file. A section is none
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI GetFileType(HANDLE hFile);

/*
 * SetFileInformationByHandle: changes what is known of an open file, a class at a time.
 *
 * hFile                 a handle with the right that the class needs
 * FileInformationClass  FileBasicInfo (FILE_WRITE_ATTRIBUTES): times, and whether it is read-only; what is 0 stays
 *                       FileEndOfFileInfo (FILE_WRITE_DATA): its length
 *                       FileAllocationInfo (FILE_WRITE_DATA): room on the disk; less than its length cuts it off
 *                       FileDispositionInfo (DELETE): whether its name goes with the last handle
 * lpFileInformation     the structure of that class (winbase.h)
 * dwBufferSize          its bytes, or more
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it lacks the right; the file is another user's; FileDispositionInfo: it is
 *                                         read-only, or there is a section of it
 *               ERROR_INVALID_PARAMETER   no such class, or none that can be set here; a time or size that cannot be; an
 *                                         attribute that files cannot be given
 *               ERROR_BAD_LENGTH          dwBufferSize is less than the structure
 *               ERROR_NOACCESS            lpFileInformation cannot be read
 *               ERROR_USER_MAPPED_FILE    shorter, and there is a section of the file
 *               ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE, ERROR_WRITE_PROTECT
 *               ERROR_INVALID_FUNCTION    a size, and it is no regular file
 *               ERROR_NOT_SUPPORTED       FileDispositionInfo: a directory
 * On Linux      the times of creation and of the last change of what is known are the kernel's own, and stay. A time of -1
 *               stays as well
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI SetFileInformationByHandle(HANDLE hFile,
                                                  FILE_INFO_BY_HANDLE_CLASS FileInformationClass,
                                                  LPVOID lpFileInformation, DWORD dwBufferSize);

/*
 * GetFileTime, SetFileTime: when a file was made, last read and last written.
 *
 * hFile         any handle to a file; to set: with FILE_WRITE_ATTRIBUTES
 * lpCreationTime, lpLastAccessTime, lpLastWriteTime     out (in): each may be NULL. To set: 0 and -1 leave what is
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it lacks the right; the file is another user's
 *               ERROR_INVALID_PARAMETER   a time that cannot be
 *               ERROR_NOACCESS            one of them cannot be written (read)
 * On Linux      the time of creation is 0 where the file system does not tell, and cannot be set
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI GetFileTime(HANDLE hFile, LPFILETIME lpCreationTime, LPFILETIME lpLastAccessTime,
                                   LPFILETIME lpLastWriteTime);
WINBASEAPI BOOL WINAPI SetFileTime(HANDLE hFile, const FILETIME *lpCreationTime,
                                   const FILETIME *lpLastAccessTime, const FILETIME *lpLastWriteTime);

/*
 * GetFinalPathNameByHandleA, GetFinalPathNameByHandleW: the name that an open file has now.
 *
 * hFile         any handle to a file
 * lpszFilePath  out: the name, from the root on, symbolic links resolved
 * cchFilePath   characters that it has room for
 * dwFlags       VOLUME_NAME_DOS, _GUID, _NT or _NONE, FILE_NAME_NORMALIZED or _OPENED: there are no volumes, so all are the same
 *
 * Returns its length without the terminator; if lpszFilePath is NULL or too small, how large it would have to be; 0 on
 * failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_INVALID_PARAMETER   unknown flag
 *               ERROR_FILE_NOT_FOUND      the file was deleted, or the name by which it was opened
 *               ERROR_INVALID_FUNCTION    a pipe, a socket, memory
 *               ERROR_NOACCESS            lpszFilePath cannot be written
 * On Linux      a path of Linux without "\\?\" in front, which every function of Linux takes. It needs /proc
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI GetFinalPathNameByHandleA(HANDLE hFile, LPSTR lpszFilePath, DWORD cchFilePath,
                                                  DWORD dwFlags);
WINBASEAPI DWORD WINAPI GetFinalPathNameByHandleW(HANDLE hFile, LPWSTR lpszFilePath, DWORD cchFilePath,
                                                  DWORD dwFlags)
    WINMEM_WIDE_SYMBOL("GetFinalPathNameByHandleW");

/* ---- Locks -------------------------------------------------------------------------------------------- */

/*
 * LockFileEx: keeps others from locking some bytes of a file.
 *
 * hFile                 a handle that may read or write
 * dwFlags               LOCKFILE_EXCLUSIVE_LOCK: nobody else may lock them at all, else nobody exclusively.
 *                       LOCKFILE_FAIL_IMMEDIATELY: does not wait until it can be had
 * dwReserved            0
 * nNumberOfBytesToLockLow, nNumberOfBytesToLockHigh     how many; they may lie behind the end of the file
 * lpOverlapped          where they begin
 *
 * Returns non-zero on success, zero on failure. A lock ends with UnlockFileEx, or with the last handle. The bytes that a
 * handle has locked exclusively it may lock once more, shared: unlocking them leaves that lock.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_ACCESS_DENIED       it may neither read nor write; see below
 *               ERROR_LOCK_VIOLATION      some of them are locked already, by this handle or another one
 *               ERROR_NOACCESS            lpOverlapped is NULL or cannot be read
 *               ERROR_INVALID_PARAMETER   unknown flag; dwReserved is not 0; the bytes do not begin below 2^63
 * On Linux      a lock keeps nobody from reading and writing. An exclusive one needs a handle that may write, a shared
 *               one a handle that may read. Who waits for what he has locked himself gets it, as the lock that he asks for
 *               now. Programs without this library see the locks (F_OFD_SETLK)
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI LockFileEx(HANDLE hFile, DWORD dwFlags, DWORD dwReserved,
                                  DWORD nNumberOfBytesToLockLow, DWORD nNumberOfBytesToLockHigh,
                                  LPOVERLAPPED lpOverlapped);

/*
 * UnlockFileEx: takes a lock back.
 *
 * hFile, dwReserved, nNumberOfBytesToUnlockLow, nNumberOfBytesToUnlockHigh, lpOverlapped      as for LockFileEx
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of LockFileEx that can be, and
 *               ERROR_NOT_LOCKED          none of these bytes is locked
 * On Linux      a part of what was locked may be unlocked
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI UnlockFileEx(HANDLE hFile, DWORD dwReserved, DWORD nNumberOfBytesToUnlockLow,
                                    DWORD nNumberOfBytesToUnlockHigh, LPOVERLAPPED lpOverlapped);

/*
 * LockFile: LockFileEx, exclusive and without waiting. UnlockFile: UnlockFileEx.
 *
 * dwFileOffsetLow, dwFileOffsetHigh     where the bytes begin
 *
 * Returns and fails as LockFileEx and UnlockFileEx.
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI LockFile(HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh,
                                DWORD nNumberOfBytesToLockLow, DWORD nNumberOfBytesToLockHigh);
WINBASEAPI BOOL WINAPI UnlockFile(HANDLE hFile, DWORD dwFileOffsetLow, DWORD dwFileOffsetHigh,
                                  DWORD nNumberOfBytesToUnlockLow, DWORD nNumberOfBytesToUnlockHigh);

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
 *               ERROR_ACCESS_DENIED       a directory; the directory that it is in may not be changed; there is a section
 *                                         of the file
 *               ERROR_SHARING_VIOLATION   somebody has it open without FILE_SHARE_DELETE
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

/*
 * GetFileAttributesExA, GetFileAttributesExW: the same, with times and size.
 *
 * lpFileName            as for GetFileAttributes
 * fInfoLevelId          GetFileExInfoStandard
 * lpFileInformation     out: a WIN32_FILE_ATTRIBUTE_DATA
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of GetFileAttributes, and
 *               ERROR_INVALID_PARAMETER   another level
 *               ERROR_NOACCESS            lpFileInformation is NULL or cannot be written
 * On Linux      as for GetFileAttributes and GetFileInformationByHandle
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI GetFileAttributesExA(LPCSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                            LPVOID lpFileInformation);
WINBASEAPI BOOL WINAPI GetFileAttributesExW(LPCWSTR lpFileName, GET_FILEEX_INFO_LEVELS fInfoLevelId,
                                            LPVOID lpFileInformation)
    WINMEM_WIDE_SYMBOL("GetFileAttributesExW");

/*
 * SetFileAttributesA, SetFileAttributesW: whether a file may be written.
 *
 * lpFileName            a file or directory
 * dwFileAttributes      FILE_ATTRIBUTE_READONLY: nobody may; without it its owner may again. _HIDDEN, _SYSTEM, _ARCHIVE,
 *                       _NORMAL, _TEMPORARY, _OFFLINE and _NOT_CONTENT_INDEXED are accepted, and of no effect
 *
 * Returns non-zero on success, zero on failure.
 * Errors        those of GetFileAttributes, and
 *               ERROR_ACCESS_DENIED       the file is another user's
 *               ERROR_INVALID_PARAMETER   an attribute that files cannot be given
 *               ERROR_WRITE_PROTECT       the file system may only be read
 * On Linux      it is the file's mode (0222). A directory stays as it is. Symbolic links are followed
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI SetFileAttributesA(LPCSTR lpFileName, DWORD dwFileAttributes);
WINBASEAPI BOOL WINAPI SetFileAttributesW(LPCWSTR lpFileName, DWORD dwFileAttributes)
    WINMEM_WIDE_SYMBOL("SetFileAttributesW");

/*
 * CreateDirectoryA, CreateDirectoryW: makes a directory.
 *
 * lpPathName            its name
 * lpSecurityAttributes  has no effect
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_ALREADY_EXISTS      there is something of this name
 *               ERROR_PATH_NOT_FOUND      no directory that it could be in
 *               ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME, ERROR_ACCESS_DENIED, ERROR_WRITE_PROTECT,
 *               ERROR_DISK_FULL           as for CreateFile
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI CreateDirectoryA(LPCSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes);
WINBASEAPI BOOL WINAPI CreateDirectoryW(LPCWSTR lpPathName, LPSECURITY_ATTRIBUTES lpSecurityAttributes)
    WINMEM_WIDE_SYMBOL("CreateDirectoryW");

/*
 * RemoveDirectoryA, RemoveDirectoryW: removes a directory in which nothing is.
 *
 * lpPathName    its name
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME,
 *               ERROR_ACCESS_DENIED, ERROR_WRITE_PROTECT      as for DeleteFile
 *               ERROR_DIR_NOT_EMPTY       something is in it
 *               ERROR_DIRECTORY           it is no directory; a symbolic link is none
 *               ERROR_SHARING_VIOLATION   something is mounted there
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI BOOL WINAPI RemoveDirectoryA(LPCSTR lpPathName);
WINBASEAPI BOOL WINAPI RemoveDirectoryW(LPCWSTR lpPathName) WINMEM_WIDE_SYMBOL("RemoveDirectoryW");

/* ---- Names -------------------------------------------------------------------------------------------- */

/*
 * GetFullPathNameA, GetFullPathNameW: a name from the root on, without `.`, `..` and double separators.
 *
 * lpFileName        a name; nothing need be there
 * nBufferLength     characters that lpBuffer has room for
 * lpBuffer          out: the full name
 * lpFilePart        out, optional: where in lpBuffer the last part begins; NULL if the name ends with a separator
 *
 * Returns its length without the terminator; if lpBuffer is NULL or too small, how large it would have to be; 0 on failure.
 * Errors        ERROR_INVALID_NAME            lpFileName is NULL or empty
 *               ERROR_FILENAME_EXCED_RANGE    longer than Linux takes
 *               ERROR_FILE_NOT_FOUND          the current directory was removed
 *               ERROR_NOACCESS                lpBuffer or lpFilePart cannot be written
 * On Linux      separators become `/`. It is done by the text alone: where `..` follows a symbolic link, the kernel may go
 *               elsewhere
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI GetFullPathNameA(LPCSTR lpFileName, DWORD nBufferLength, LPSTR lpBuffer,
                                         LPSTR *lpFilePart);
WINBASEAPI DWORD WINAPI GetFullPathNameW(LPCWSTR lpFileName, DWORD nBufferLength, LPWSTR lpBuffer,
                                         LPWSTR *lpFilePart) WINMEM_WIDE_SYMBOL("GetFullPathNameW");

/*
 * GetTempPathA, GetTempPathW, and GetTempPath2A, GetTempPath2W, which are the same: the directory for temporary files.
 *
 * nBufferLength     characters that lpBuffer has room for
 * lpBuffer          out: the directory, with a separator at the end. Whether it is there is not looked at
 *
 * Returns its length without the terminator; if lpBuffer is NULL or too small, how large it would have to be; 0 on failure.
 * Errors        ERROR_FILENAME_EXCED_RANGE    longer than Linux takes
 *               ERROR_NOACCESS                lpBuffer cannot be written
 * On Linux      what the environment calls TMP, TEMP or TMPDIR, in this order, else /tmp. A program that has more rights
 *               than its user (set-user-id) does not look there
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI DWORD WINAPI GetTempPathA(DWORD nBufferLength, LPSTR lpBuffer);
WINBASEAPI DWORD WINAPI GetTempPathW(DWORD nBufferLength, LPWSTR lpBuffer) WINMEM_WIDE_SYMBOL("GetTempPathW");
WINBASEAPI DWORD WINAPI GetTempPath2A(DWORD BufferLength, LPSTR Buffer);
WINBASEAPI DWORD WINAPI GetTempPath2W(DWORD BufferLength, LPWSTR Buffer) WINMEM_WIDE_SYMBOL("GetTempPath2W");

/*
 * GetTempFileNameA, GetTempFileNameW: a name for a temporary file, and the file.
 *
 * lpPathName        the directory, 246 characters at most
 * lpPrefixString    three characters of it are what the name begins with
 * uUnique           0: a number is found that no file has, and the file is made, empty. Else the number is this, its low 16
 *                   bits, and nothing is made
 * lpTempFileName    out, MAX_PATH characters: directory, prefix, number in hexadecimal, ".tmp"
 *
 * Returns the number; 0 on failure.
 * Errors        ERROR_DIRECTORY           there is no such directory
 *               ERROR_BUFFER_OVERFLOW     lpPathName is too long
 *               ERROR_FILE_EXISTS         all 65,535 numbers are taken
 *               ERROR_NOACCESS            lpTempFileName cannot be written
 *               ERROR_ACCESS_DENIED, ERROR_WRITE_PROTECT, ERROR_DISK_FULL, ERROR_TOO_MANY_OPEN_FILES
 *                                         as for CreateFile
 * On Linux      the file is for its user alone (mode 0600), as mkstemp makes it
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI UINT WINAPI GetTempFileNameA(LPCSTR lpPathName, LPCSTR lpPrefixString, UINT uUnique,
                                        LPSTR lpTempFileName);
WINBASEAPI UINT WINAPI GetTempFileNameW(LPCWSTR lpPathName, LPCWSTR lpPrefixString, UINT uUnique,
                                        LPWSTR lpTempFileName) WINMEM_WIDE_SYMBOL("GetTempFileNameW");

/*
 * CompareFileTime: which of two times is later.
 *
 * lpFileTime1, lpFileTime2  the times
 *
 * Returns -1, 0 or 1: the first is earlier, the same, later. Cannot fail.
 * On Linux      a bad pointer is an access violation
 * Source        learn.microsoft.com, fileapi.h
 */
WINBASEAPI LONG WINAPI CompareFileTime(const FILETIME *lpFileTime1, const FILETIME *lpFileTime2);

WINMEM_C_END

#ifdef UNICODE
#define CreateDirectory CreateDirectoryW
#define CreateFile CreateFileW
#define DeleteFile DeleteFileW
#define GetFileAttributes GetFileAttributesW
#define GetFileAttributesEx GetFileAttributesExW
#define GetFinalPathNameByHandle GetFinalPathNameByHandleW
#define GetFullPathName GetFullPathNameW
#define GetTempFileName GetTempFileNameW
#define GetTempPath GetTempPathW
#define GetTempPath2 GetTempPath2W
#define RemoveDirectory RemoveDirectoryW
#define SetFileAttributes SetFileAttributesW
#else
#define CreateDirectory CreateDirectoryA
#define CreateFile CreateFileA
#define DeleteFile DeleteFileA
#define GetFileAttributes GetFileAttributesA
#define GetFileAttributesEx GetFileAttributesExA
#define GetFinalPathNameByHandle GetFinalPathNameByHandleA
#define GetFullPathName GetFullPathNameA
#define GetTempFileName GetTempFileNameA
#define GetTempPath GetTempPathA
#define GetTempPath2 GetTempPath2A
#define RemoveDirectory RemoveDirectoryA
#define SetFileAttributes SetFileAttributesA
#endif

#endif /* WINMEM_FILEAPI_H */
