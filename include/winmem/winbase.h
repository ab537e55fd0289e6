/*
 * winbase.h: the families of functions together, the flags of Global and Local memory, questions about pointers, and
 * what is declared nowhere else.
 */
#ifndef WINMEM_WINBASE_H
#define WINMEM_WINBASE_H

#include "debugapi.h"
#include "errhandlingapi.h"
#include "fibersapi.h"
#include "fileapi.h"
#include "handleapi.h"
#include "heapapi.h"
#include "ioapiset.h"
#include "interlockedapi.h"
#include "libloaderapi.h"
#include "memoryapi.h"
#include "minwinbase.h"
#include "processenv.h"
#include "processthreadsapi.h"
#include "processtopologyapi.h"
#include "profileapi.h"
#include "realtimeapiset.h"
#include "securitybaseapi.h"
#include "stringapiset.h"
#include "synchapi.h"
#include "sysinfoapi.h"
#include "systemtopologyapi.h"
#include "threadpoollegacyapiset.h"
#include "timezoneapi.h"

/* What WaitForSingleObject returns; WAIT_TIMEOUT is in winerror.h. */
#define WAIT_FAILED ((DWORD)0xFFFFFFFF)
#define WAIT_OBJECT_0 (STATUS_WAIT_0 + 0)
#define WAIT_ABANDONED (STATUS_ABANDONED_WAIT_0 + 0)
#define WAIT_ABANDONED_0 (STATUS_ABANDONED_WAIT_0 + 0)
#define WAIT_IO_COMPLETION STATUS_USER_APC

#define INFINITE 0xFFFFFFFF /* milliseconds */

#define STACK_SIZE_PARAM_IS_A_RESERVATION 0x00010000
/* How CreateProcess starts a program. */
#define DEBUG_PROCESS 0x00000001
#define DEBUG_ONLY_THIS_PROCESS 0x00000002
#define CREATE_SUSPENDED 0x00000004
#define DETACHED_PROCESS 0x00000008
#define CREATE_NEW_CONSOLE 0x00000010
#define NORMAL_PRIORITY_CLASS 0x00000020
#define IDLE_PRIORITY_CLASS 0x00000040
#define HIGH_PRIORITY_CLASS 0x00000080
#define REALTIME_PRIORITY_CLASS 0x00000100
#define CREATE_NEW_PROCESS_GROUP 0x00000200
#define CREATE_UNICODE_ENVIRONMENT 0x00000400
#define BELOW_NORMAL_PRIORITY_CLASS 0x00004000
#define ABOVE_NORMAL_PRIORITY_CLASS 0x00008000
#define INHERIT_PARENT_AFFINITY 0x00010000
#define CREATE_PROTECTED_PROCESS 0x00040000
#define EXTENDED_STARTUPINFO_PRESENT 0x00080000
#define CREATE_BREAKAWAY_FROM_JOB 0x01000000
#define CREATE_DEFAULT_ERROR_MODE 0x04000000
#define CREATE_NO_WINDOW 0x08000000

#define STARTF_USESHOWWINDOW 0x00000001
#define STARTF_USESIZE 0x00000002
#define STARTF_USEPOSITION 0x00000004
#define STARTF_USECOUNTCHARS 0x00000008
#define STARTF_USEFILLATTRIBUTE 0x00000010
#define STARTF_FORCEONFEEDBACK 0x00000040
#define STARTF_FORCEOFFFEEDBACK 0x00000080
#define STARTF_USESTDHANDLES 0x00000100

#define FILE_BEGIN 0
#define FILE_CURRENT 1
#define FILE_END 2

#define STD_INPUT_HANDLE ((DWORD)-10)
#define STD_OUTPUT_HANDLE ((DWORD)-11)
#define STD_ERROR_HANDLE ((DWORD)-12)

#define MOVEFILE_REPLACE_EXISTING 0x00000001
#define MOVEFILE_COPY_ALLOWED 0x00000002
#define MOVEFILE_DELAY_UNTIL_REBOOT 0x00000004
#define MOVEFILE_WRITE_THROUGH 0x00000008
#define MOVEFILE_CREATE_HARDLINK 0x00000010
#define MOVEFILE_FAIL_IF_NOT_TRACKABLE 0x00000020

#define FILE_NAME_NORMALIZED 0x0
#define FILE_NAME_OPENED 0x8
#define VOLUME_NAME_DOS 0x0
#define VOLUME_NAME_GUID 0x1
#define VOLUME_NAME_NT 0x2
#define VOLUME_NAME_NONE 0x4

#define FILE_FLAG_WRITE_THROUGH 0x80000000
#define FILE_FLAG_OVERLAPPED 0x40000000
#define FILE_FLAG_NO_BUFFERING 0x20000000
#define FILE_FLAG_RANDOM_ACCESS 0x10000000
#define FILE_FLAG_SEQUENTIAL_SCAN 0x08000000
#define FILE_FLAG_DELETE_ON_CLOSE 0x04000000
#define FILE_FLAG_BACKUP_SEMANTICS 0x02000000
#define FILE_FLAG_POSIX_SEMANTICS 0x01000000
#define FILE_FLAG_SESSION_AWARE 0x00800000
#define FILE_FLAG_OPEN_REPARSE_POINT 0x00200000
#define FILE_FLAG_OPEN_NO_RECALL 0x00100000

#define SECURITY_ANONYMOUS 0x00000000
#define SECURITY_IDENTIFICATION 0x00010000
#define SECURITY_IMPERSONATION 0x00020000
#define SECURITY_DELEGATION 0x00030000
#define SECURITY_CONTEXT_TRACKING 0x00040000
#define SECURITY_EFFECTIVE_ONLY 0x00080000
#define SECURITY_SQOS_PRESENT 0x00100000
#define SECURITY_VALID_SQOS_FLAGS 0x001F0000

#define FILE_TYPE_UNKNOWN 0x0000
#define FILE_TYPE_DISK 0x0001
#define FILE_TYPE_CHAR 0x0002
#define FILE_TYPE_PIPE 0x0003
#define FILE_TYPE_REMOTE 0x8000

#define GMEM_FIXED 0x0000
#define GMEM_MOVEABLE 0x0002
#define GMEM_NOCOMPACT 0x0010
#define GMEM_NODISCARD 0x0020
#define GMEM_ZEROINIT 0x0040
#define GMEM_MODIFY 0x0080
#define GMEM_DISCARDABLE 0x0100
#define GMEM_NOT_BANKED 0x1000
#define GMEM_LOWER GMEM_NOT_BANKED
#define GMEM_SHARE 0x2000
#define GMEM_DDESHARE 0x2000
#define GMEM_NOTIFY 0x4000
#define GMEM_DISCARDED 0x4000
#define GMEM_VALID_FLAGS 0x7F72
#define GMEM_INVALID_HANDLE 0x8000
#define GMEM_LOCKCOUNT 0x00FF
#define GHND (GMEM_MOVEABLE | GMEM_ZEROINIT)
#define GPTR (GMEM_FIXED | GMEM_ZEROINIT)

#define LMEM_FIXED 0x0000
#define LMEM_MOVEABLE 0x0002
#define LMEM_NOCOMPACT 0x0010
#define LMEM_NODISCARD 0x0020
#define LMEM_ZEROINIT 0x0040
#define LMEM_MODIFY 0x0080
#define LMEM_DISCARDABLE 0x0F00
#define LMEM_DISCARDED 0x4000
#define LMEM_VALID_FLAGS 0x0F72
#define LMEM_INVALID_HANDLE 0x8000
#define LMEM_LOCKCOUNT 0x00FF
#define LHND (LMEM_MOVEABLE | LMEM_ZEROINIT)
#define LPTR (LMEM_FIXED | LMEM_ZEROINIT)
#define NONZEROLHND LMEM_MOVEABLE
#define NONZEROLPTR LMEM_FIXED

#define FORMAT_MESSAGE_MAX_WIDTH_MASK 0x000000FF
#define FORMAT_MESSAGE_ALLOCATE_BUFFER 0x00000100
#define FORMAT_MESSAGE_IGNORE_INSERTS 0x00000200
#define FORMAT_MESSAGE_FROM_STRING 0x00000400
#define FORMAT_MESSAGE_FROM_HMODULE 0x00000800
#define FORMAT_MESSAGE_FROM_SYSTEM 0x00001000
#define FORMAT_MESSAGE_ARGUMENT_ARRAY 0x00002000

/* All sizes in bytes, and none larger than a SIZE_T can say. */
typedef struct _MEMORYSTATUS {
    DWORD dwLength;
    DWORD dwMemoryLoad; /* percent */
    SIZE_T dwTotalPhys;
    SIZE_T dwAvailPhys;
    SIZE_T dwTotalPageFile;
    SIZE_T dwAvailPageFile;
    SIZE_T dwTotalVirtual;
    SIZE_T dwAvailVirtual;
} MEMORYSTATUS, *LPMEMORYSTATUS;

/* Of FileBasicInfo. Times are tenths of microseconds since 1601; 0: is not told, or stays. */
typedef struct _FILE_BASIC_INFO {
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    DWORD FileAttributes;
} FILE_BASIC_INFO, *PFILE_BASIC_INFO;

typedef struct _FILE_STANDARD_INFO {
    LARGE_INTEGER AllocationSize; /* bytes on the disk */
    LARGE_INTEGER EndOfFile;
    DWORD NumberOfLinks;
    BOOLEAN DeletePending;
    BOOLEAN Directory;
} FILE_STANDARD_INFO, *PFILE_STANDARD_INFO;

typedef struct _FILE_ATTRIBUTE_TAG_INFO {
    DWORD FileAttributes;
    DWORD ReparseTag;
} FILE_ATTRIBUTE_TAG_INFO, *PFILE_ATTRIBUTE_TAG_INFO;

typedef struct _FILE_ID_INFO {
    ULONGLONG VolumeSerialNumber;
    FILE_ID_128 FileId;
} FILE_ID_INFO, *PFILE_ID_INFO;

/*
 * Of an entry of a directory, for structures of programs that hold one. GetFileInformationByHandleEx does not tell it
 * (ERROR_INVALID_PARAMETER): directories are listed by readdir.
 */
typedef struct _FILE_ID_BOTH_DIR_INFO {
    DWORD NextEntryOffset;
    DWORD FileIndex;
    LARGE_INTEGER CreationTime;
    LARGE_INTEGER LastAccessTime;
    LARGE_INTEGER LastWriteTime;
    LARGE_INTEGER ChangeTime;
    LARGE_INTEGER EndOfFile;
    LARGE_INTEGER AllocationSize;
    DWORD FileAttributes;
    DWORD FileNameLength;
    DWORD EaSize;
    CHAR ShortNameLength;
    WCHAR ShortName[12];
    LARGE_INTEGER FileId;
    WCHAR FileName[1];
} FILE_ID_BOTH_DIR_INFO, *PFILE_ID_BOTH_DIR_INFO;

typedef struct _FILE_DISPOSITION_INFO {
    BOOLEAN DeleteFile;
} FILE_DISPOSITION_INFO, *PFILE_DISPOSITION_INFO;

typedef struct _FILE_ALLOCATION_INFO {
    LARGE_INTEGER AllocationSize;
} FILE_ALLOCATION_INFO, *PFILE_ALLOCATION_INFO;

typedef struct _FILE_END_OF_FILE_INFO {
    LARGE_INTEGER EndOfFile;
} FILE_END_OF_FILE_INFO, *PFILE_END_OF_FILE_INFO;

WINMEM_C_BEGIN

/*
 * MoveFileExA, MoveFileExW: gives a file or directory another name, in the same directory or another one.
 *
 * lpExistingFileName    what is moved (fileapi.h tells what names are); a symbolic link is moved itself
 * lpNewFileName         the new name
 * dwFlags       MOVEFILE_REPLACE_EXISTING       a file of the new name is replaced, in one step
 *               MOVEFILE_COPY_ALLOWED           to another file system, too, if it is a file: it is copied, and deleted
 *               MOVEFILE_WRITE_THROUGH          has reached the disk when it returns
 *               MOVEFILE_FAIL_IF_NOT_TRACKABLE  accepted, and of no effect
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND, ERROR_FILENAME_EXCED_RANGE, ERROR_CANT_RESOLVE_FILENAME
 *                                         as for DeleteFile, of either name
 *               ERROR_ALREADY_EXISTS      there is something of the new name
 *               ERROR_ACCESS_DENIED       a directory is to be replaced, to replace something, to go into itself or to another
 *                                         file system; a directory may not be changed; somebody has the file that is to be
 *                                         replaced open without FILE_SHARE_DELETE, or there is a section of it
 *               ERROR_SHARING_VIOLATION   somebody has the file open without FILE_SHARE_DELETE
 *               ERROR_NOT_SAME_DEVICE     the new name is on another file system, and MOVEFILE_COPY_ALLOWED is not given
 *               ERROR_WRITE_PROTECT, ERROR_DISK_FULL
 *                                         the file system may only be read; is full
 *               ERROR_NOT_SUPPORTED       MOVEFILE_DELAY_UNTIL_REBOOT
 *               ERROR_INVALID_PARAMETER   MOVEFILE_CREATE_HARDLINK, or a flag that there is not
 * On Linux      who has the file open keeps it, and who has a file open that is replaced keeps that. A file that was copied
 *               and cannot be deleted is there twice, and that is success. A process that is killed while it copies leaves
 *               a file .winmem-move-... beside the new name
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI MoveFileExA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName, DWORD dwFlags);
WINBASEAPI BOOL WINAPI MoveFileExW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName, DWORD dwFlags)
    WINMEM_WIDE_SYMBOL("MoveFileExW");

/*
 * MoveFileA, MoveFileW: MoveFileEx with MOVEFILE_COPY_ALLOWED alone.
 *
 * Returns and fails as MoveFileEx.
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI MoveFileA(LPCSTR lpExistingFileName, LPCSTR lpNewFileName);
WINBASEAPI BOOL WINAPI MoveFileW(LPCWSTR lpExistingFileName, LPCWSTR lpNewFileName)
    WINMEM_WIDE_SYMBOL("MoveFileW");

/*
 * GetFileInformationByHandleEx: what is known of an open file, a class at a time.
 *
 * hFile                 any handle to a file
 * FileInformationClass  FileBasicInfo (FILE_BASIC_INFO), FileStandardInfo, FileAttributeTagInfo, FileIdInfo
 * lpFileInformation     out: the structure of that class
 * dwBufferSize          its bytes, or more
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle to a file
 *               ERROR_INVALID_PARAMETER   no such class, or none that is told here
 *               ERROR_BAD_LENGTH          dwBufferSize is less than the structure
 *               ERROR_NOACCESS            lpFileInformation is NULL or cannot be written
 * On Linux      VolumeSerialNumber and FileId are st_dev and st_ino; a time of creation is 0 where the file system does not
 *               tell. There is no class with a name: GetFinalPathNameByHandle tells it
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetFileInformationByHandleEx(HANDLE hFile,
                                                    FILE_INFO_BY_HANDLE_CLASS FileInformationClass,
                                                    LPVOID lpFileInformation, DWORD dwBufferSize);

/*
 * lstrlenA, lstrlenW: the length of a string. NULL has none: 0.
 *
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI int WINAPI lstrlenA(LPCSTR lpString);
WINBASEAPI int WINAPI lstrlenW(LPCWSTR lpString) WINMEM_WIDE_SYMBOL("lstrlenW");

/*
 * lstrcpyA, lstrcpyW, lstrcatA, lstrcatW: copies a string, or appends it, as strcpy and strcat do. lstrcpynA, lstrcpynW: at
 * most iMaxLength characters of it, a terminator included.
 *
 * Return lpString1; NULL if one of the strings is NULL, and then nothing is done. The last error stays what it was.
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI LPSTR WINAPI lstrcpyA(LPSTR lpString1, LPCSTR lpString2);
WINBASEAPI LPWSTR WINAPI lstrcpyW(LPWSTR lpString1, LPCWSTR lpString2) WINMEM_WIDE_SYMBOL("lstrcpyW");
WINBASEAPI LPSTR WINAPI lstrcpynA(LPSTR lpString1, LPCSTR lpString2, int iMaxLength);
WINBASEAPI LPWSTR WINAPI lstrcpynW(LPWSTR lpString1, LPCWSTR lpString2, int iMaxLength)
    WINMEM_WIDE_SYMBOL("lstrcpynW");
WINBASEAPI LPSTR WINAPI lstrcatA(LPSTR lpString1, LPCSTR lpString2);
WINBASEAPI LPWSTR WINAPI lstrcatW(LPWSTR lpString1, LPCWSTR lpString2) WINMEM_WIDE_SYMBOL("lstrcatW");

/*
 * lstrcmpA, lstrcmpW: compares two strings. lstrcmpiA, lstrcmpiW: whatever the case of their letters.
 *
 * Return -1, 0 or 1; NULL is less than any other.
 * On Linux      characters are compared by their numbers, and not as a dictionary would; letters are those of the locale (in
 *               the A form, those of ASCII)
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI int WINAPI lstrcmpA(LPCSTR lpString1, LPCSTR lpString2);
WINBASEAPI int WINAPI lstrcmpW(LPCWSTR lpString1, LPCWSTR lpString2) WINMEM_WIDE_SYMBOL("lstrcmpW");
WINBASEAPI int WINAPI lstrcmpiA(LPCSTR lpString1, LPCSTR lpString2);
WINBASEAPI int WINAPI lstrcmpiW(LPCWSTR lpString1, LPCWSTR lpString2) WINMEM_WIDE_SYMBOL("lstrcmpiW");

#ifdef UNICODE
#define MoveFile MoveFileW
#define MoveFileEx MoveFileExW
#define lstrcat lstrcatW
#define lstrcmp lstrcmpW
#define lstrcmpi lstrcmpiW
#define lstrcpy lstrcpyW
#define lstrcpyn lstrcpynW
#define lstrlen lstrlenW
#else
#define MoveFile MoveFileA
#define MoveFileEx MoveFileExA
#define lstrcat lstrcatA
#define lstrcmp lstrcmpA
#define lstrcmpi lstrcmpiA
#define lstrcpy lstrcpyA
#define lstrcpyn lstrcpynA
#define lstrlen lstrlenA
#endif

/*
 * GlobalMemoryStatus: GlobalMemoryStatusEx as it was before.
 *
 * lpBuffer          out: filled completely, whatever dwLength was. dwTotalPhys and dwAvailPhys are at most half of what a
 *                   SIZE_T can say
 *
 * Cannot fail.
 * On Linux      as for GlobalMemoryStatusEx
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI VOID WINAPI GlobalMemoryStatus(LPMEMORYSTATUS lpBuffer);

/*
 * GlobalAlloc, LocalAlloc: memory of the process's heap.
 *
 * uFlags            GMEM_FIXED      (0) the result is its address
 *                   GMEM_MOVEABLE   the result is a handle; GlobalLock tells the address
 *                   GMEM_ZEROINIT   all bytes are 0; else their contents are undefined
 *                   GMEM_DISCARDABLE, GMEM_DDESHARE, with GMEM_MOVEABLE: GlobalFlags tells it, LocalFlags the first
 *                   of them; nobody discards by himself
 *                   All others of GMEM_VALID_FLAGS (LMEM_VALID_FLAGS) are accepted, and mean nothing
 * dwBytes, uBytes   its size in bytes. 0: a fixed block of one byte (LocalAlloc: of none); movable memory that counts
 *                   as discarded
 *
 * Returns an address, a multiple of 16, or a handle; NULL on failure.
 * Errors        ERROR_INVALID_PARAMETER   a flag that means nothing
 *               ERROR_NOT_ENOUGH_MEMORY   malloc has no memory
 * On Linux      as many movable objects as there is memory for: Windows stops at 65,536. Their handles are numbers, not
 *               addresses of anything; a freed one is not used again for 127 uses of its place. As on Windows the
 *               two families are one: what one has allocated the other may lock and free
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalAlloc(UINT uFlags, SIZE_T dwBytes);
WINBASEAPI HLOCAL WINAPI LocalAlloc(UINT uFlags, SIZE_T uBytes);

/*
 * GlobalReAlloc, LocalReAlloc: another size, or other attributes. Contents stay, up to the smaller size.
 *
 * hMem              a handle or the address of fixed memory
 * dwBytes, uBytes   the new size in bytes. Movable memory of 0 bytes, with GMEM_MOVEABLE, is discarded: its contents go,
 *                   its handle stays, and can be given memory again
 * uFlags            GMEM_MOVEABLE   fixed memory may move, and movable memory although it is locked
 *                   GMEM_ZEROINIT   the bytes that are added are 0
 *                   GMEM_MODIFY     no other size; with GMEM_MOVEABLE fixed memory becomes movable (GlobalReAlloc
 *                                   only), with GMEM_DISCARDABLE movable memory becomes so
 *
 * Returns the handle or the address, perhaps another one; NULL on failure, and then nothing has changed.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 *               ERROR_NOT_ENOUGH_MEMORY   no memory; or fixed or locked memory cannot grow where it is
 *               ERROR_LOCKED              it would be discarded, but is locked
 *               ERROR_INVALID_PARAMETER   a flag that means nothing; GMEM_DISCARDABLE without GMEM_MODIFY; 0 bytes of
 *                                         movable memory without GMEM_MOVEABLE
 *               ERROR_NOACCESS            hMem looks like an address, and nothing can be read there
 *               ERROR_BUSY                another thread has been changing its size for seconds
 * On Linux      where it is, memory grows only into what it has given up before; from 64 KiB to 1 MiB by a page more
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalReAlloc(HGLOBAL hMem, SIZE_T dwBytes, UINT uFlags);
WINBASEAPI HLOCAL WINAPI LocalReAlloc(HLOCAL hMem, SIZE_T uBytes, UINT uFlags);

/*
 * GlobalFree, LocalFree: gives memory back, locked or not.
 *
 * hMem          a handle or the address of fixed memory; NULL is allowed
 *
 * Returns NULL on success, hMem on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory, or freed already
 *               ERROR_NOACCESS            hMem looks like an address, and nothing can be read there
 * On Linux      an error changes nothing. The address that GlobalLock told of movable memory is no handle to it
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalFree(HGLOBAL hMem);
WINBASEAPI HLOCAL WINAPI LocalFree(HLOCAL hMem);

/*
 * GlobalLock, LocalLock: the address of memory. Movable memory stays where it is until it is unlocked as often.
 *
 * hMem          a handle or the address of fixed memory
 *
 * Returns its address; NULL on failure. LocalLock of what looks like an address where nothing can be read fails without
 * an error.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 *               ERROR_DISCARDED           its contents were discarded, or it never had any
 *               ERROR_BUSY                another thread has been changing its size for seconds
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI LPVOID WINAPI GlobalLock(HGLOBAL hMem);
WINBASEAPI LPVOID WINAPI LocalLock(HLOCAL hMem);

/*
 * GlobalUnlock, LocalUnlock: takes one lock back. 255 are as many as are counted; further ones were granted and forgotten.
 *
 * hMem          a handle or the address of fixed memory
 *
 * Returns non-zero while locks remain; zero with last error NO_ERROR when the last one was taken back; zero on failure.
 * What looks like an address is not looked at: GlobalUnlock returns non-zero for it. For a handle that is none it does so
 * too, but sets the error.
 * Errors        ERROR_NOT_LOCKED          there was no lock; LocalUnlock says so of whatever looks like an address
 *               ERROR_INVALID_HANDLE      no handle of such memory
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GlobalUnlock(HGLOBAL hMem);
WINBASEAPI BOOL WINAPI LocalUnlock(HLOCAL hMem);

/*
 * GlobalSize, LocalSize: the size of memory, exactly as it was asked for.
 *
 * hMem          a handle or an address
 *
 * Returns bytes; 0 for discarded memory, and on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI SIZE_T WINAPI GlobalSize(HGLOBAL hMem);
WINBASEAPI SIZE_T WINAPI LocalSize(HLOCAL hMem);

/*
 * GlobalFlags, LocalFlags: how often memory is locked (GMEM_LOCKCOUNT, 0 for fixed memory), and GMEM_DISCARDED,
 * GMEM_DISCARDABLE and GMEM_DDESHARE (LMEM_DISCARDED, LMEM_DISCARDABLE).
 *
 * hMem          a handle or an address
 *
 * Returns them; GMEM_INVALID_HANDLE on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle or address of such memory
 *               ERROR_NOACCESS            LocalFlags: it looks like an address, and nothing can be read there
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI UINT WINAPI GlobalFlags(HGLOBAL hMem);
WINBASEAPI UINT WINAPI LocalFlags(HLOCAL hMem);

/*
 * GlobalHandle, LocalHandle: the handle to an address that GlobalLock told. Fixed memory is its own.
 *
 * pMem          where the memory begins
 *
 * Returns the handle; NULL on failure.
 * Errors        ERROR_INVALID_HANDLE      no such memory begins there
 *               ERROR_NOACCESS            LocalHandle: nothing can be read there
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HGLOBAL WINAPI GlobalHandle(LPCVOID pMem);
WINBASEAPI HLOCAL WINAPI LocalHandle(LPCVOID pMem);

#define GlobalDiscard(h) GlobalReAlloc((h), 0, GMEM_MOVEABLE)
#define LocalDiscard(h) LocalReAlloc((h), 0, LMEM_MOVEABLE)

/*
 * IsBadReadPtr, IsBadWritePtr, and IsBadHugeReadPtr, IsBadHugeWritePtr, which are the same: would an access fault?
 *
 * lp            the first byte
 * ucb           bytes
 *
 * Returns non-zero if some byte cannot be read (written); zero if all can, and for no bytes, wherever lp points.
 * Cannot fail; the last error stays what it was.
 * On Linux      no fault is raised, no signal handler runs, no contents change. As on Windows, another thread can
 *               make the answer wrong the moment it is given
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI IsBadReadPtr(const VOID *lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadWritePtr(LPVOID lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadHugeReadPtr(const VOID *lp, UINT_PTR ucb);
WINBASEAPI BOOL WINAPI IsBadHugeWritePtr(LPVOID lp, UINT_PTR ucb);

/*
 * CreateFileMappingNumaA: CreateFileMappingNumaW (memoryapi.h) with a name in UTF-8.
 *
 * hFile, lpFileMappingAttributes, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, lpName, nndPreferred
 *               as for CreateFileMappingNumaW
 *
 * Returns as CreateFileMapping.
 * Errors        those of CreateFileMappingNumaW
 * On Linux      as for CreateFileMappingNumaW
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HANDLE WINAPI CreateFileMappingNumaA(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                                DWORD flProtect, DWORD dwMaximumSizeHigh,
                                                DWORD dwMaximumSizeLow, LPCSTR lpName, DWORD nndPreferred);

/*
 * OpenFileMappingA: OpenFileMappingW (memoryapi.h) with a name in UTF-8.
 *
 * dwDesiredAccess, bInheritHandle, lpName
 *               as for OpenFileMappingW
 *
 * Returns as OpenFileMappingW.
 * Errors        those of OpenFileMappingW
 * On Linux      as for OpenFileMappingW
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HANDLE WINAPI OpenFileMappingA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);

/*
 * OpenMutexA, CreateSemaphoreA, CreateSemaphoreExA, OpenSemaphoreA: the functions of synchapi.h with a name in UTF-8.
 *
 * dwDesiredAccess, bInheritHandle, lpName, lpSemaphoreAttributes, lInitialCount, lMaximumCount, dwFlags
 *               as for OpenMutexW, CreateSemaphoreW, CreateSemaphoreExW, OpenSemaphoreW
 *
 * Returns as these.
 * Errors        as of these
 * On Linux      as for these
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI HANDLE WINAPI OpenMutexA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateSemaphoreA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                          LONG lMaximumCount, LPCSTR lpName);
WINBASEAPI HANDLE WINAPI CreateSemaphoreExA(LPSECURITY_ATTRIBUTES lpSemaphoreAttributes, LONG lInitialCount,
                                            LONG lMaximumCount, LPCSTR lpName, DWORD dwFlags,
                                            DWORD dwDesiredAccess);
WINBASEAPI HANDLE WINAPI OpenSemaphoreA(DWORD dwDesiredAccess, BOOL bInheritHandle, LPCSTR lpName);

/*
 * PulseEvent: ends the waits that there are at this moment, all of them, or one if the event resets itself; afterwards it is
 * not signalled.
 *
 * hEvent        a handle with EVENT_MODIFY_STATE
 *
 * Returns TRUE.
 * Errors        ERROR_INVALID_HANDLE      no handle of an event
 *               ERROR_ACCESS_DENIED       it lacks EVENT_MODIFY_STATE
 * On Linux      who waits for several objects, all of them, does not notice
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI PulseEvent(HANDLE hEvent);

/*
 * SignalObjectAndWait: sets an event, or gives back a mutex, or one of a semaphore; then waits.
 *
 * hObjectToSignal  a handle with the right to do that: EVENT_MODIFY_STATE, SEMAPHORE_MODIFY_STATE
 * hObjectToWaitOn, dwMilliseconds, bAlertable
 *                  as for WaitForSingleObjectEx
 *
 * Returns as WaitForSingleObject.
 * Errors        ERROR_INVALID_HANDLE      one of them is no handle of such an object; nothing was signalled then
 *               ERROR_ACCESS_DENIED       it lacks the right
 *               ERROR_NOT_OWNER, ERROR_TOO_MANY_POSTS
 *                                         as of ReleaseMutex and ReleaseSemaphore; nobody waited
 * On Linux      others may run between the two steps, as on Windows
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI DWORD WINAPI SignalObjectAndWait(HANDLE hObjectToSignal, HANDLE hObjectToWaitOn,
                                            DWORD dwMilliseconds, BOOL bAlertable);

typedef WAITORTIMERCALLBACKFUNC WAITORTIMERCALLBACK;

/*
 * RegisterWaitForSingleObject: a thread of the library waits for an object, and has a function called each time.
 *
 * phNewWaitObject  out: for UnregisterWait; not for CloseHandle
 * hObject          a handle as for WaitForSingleObject
 * Callback         is called with Context and FALSE when the object was signalled, TRUE when time was over; on a thread of
 *                  the library. The next wait begins when it has returned
 * dwMilliseconds   how long each wait lasts at most; INFINITE
 * dwFlags          WT_EXECUTEONLYONCE: there is one wait. WT_EXECUTEINWAITTHREAD: Callback is called by the thread that
 *                  waits: it must be short. Other WT_ flags have no effect
 *
 * Returns TRUE.
 * Errors        ERROR_INVALID_HANDLE, ERROR_ACCESS_DENIED
 *                                         hObject cannot be waited for by this handle
 *               ERROR_INVALID_PARAMETER   no callback; a flag that means nothing
 *               ERROR_NOACCESS            phNewWaitObject cannot be written
 *               ERROR_NOT_ENOUGH_MEMORY, ERROR_NO_SYSTEM_RESOURCES
 *                                         no thread is to be had; 16,128 waits are registered
 * On Linux      63 waits share a thread, which is made with the first of them and stays; callbacks run on others, which end
 *               after five idle seconds. All block the program's signals, but for faults. hObject may be closed: the wait goes
 *               on. The child of a fork has no registered waits
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI RegisterWaitForSingleObject(PHANDLE phNewWaitObject, HANDLE hObject,
                                                   WAITORTIMERCALLBACK Callback, PVOID Context,
                                                   ULONG dwMilliseconds, ULONG dwFlags);

/*
 * UnregisterWait: no wait begins any more.
 *
 * WaitHandle    of RegisterWaitForSingleObject
 *
 * Returns TRUE; FALSE with ERROR_IO_PENDING if a callback is running still: that is no failure.
 * Errors        ERROR_INVALID_HANDLE      no registered wait, or one that was unregistered
 * On Linux      nothing is different
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI UnregisterWait(HANDLE WaitHandle);

/*
 * MapViewOfFileExNuma: MapViewOfFileEx with a preference for the memory of one node.
 *
 * hFileMappingObject, dwDesiredAccess, dwFileOffsetHigh, dwFileOffsetLow, dwNumberOfBytesToMap, lpBaseAddress
 *               as for MapViewOfFileEx
 * nndPreferred  number of a node, or NUMA_NO_PREFERRED_NODE: then that of the section, if it has one
 *
 * Returns as MapViewOfFileEx.
 * Errors        those of MapViewOfFileEx, and
 *               ERROR_INVALID_PARAMETER   there is no such node
 * On Linux      the pages are the section's: all its views see what one of them has preferred for pages that nobody has
 *               touched yet
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI LPVOID WINAPI MapViewOfFileExNuma(HANDLE hFileMappingObject, DWORD dwDesiredAccess,
                                             DWORD dwFileOffsetHigh, DWORD dwFileOffsetLow,
                                             SIZE_T dwNumberOfBytesToMap, LPVOID lpBaseAddress,
                                             DWORD nndPreferred);

/*
 * IsBadCodePtr: would reading at a function's address fault?
 *
 * lpfn          the function
 *
 * Returns non-zero if it cannot be read. Whether it can be executed is not looked at, on Windows neither.
 * Cannot fail; the last error stays what it was.
 * On Linux      as for IsBadReadPtr
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI IsBadCodePtr(FARPROC lpfn);

/*
 * IsBadStringPtrA, IsBadStringPtrW: would reading a string fault?
 *
 * lpsz          the string
 * ucchMax       characters to look at, at most; it ends at its terminator as well
 *
 * Returns non-zero if a character up to the terminator cannot be read; zero if all can, and if ucchMax is 0.
 * Cannot fail; the last error stays what it was.
 * On Linux      as for IsBadReadPtr
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI IsBadStringPtrA(LPCSTR lpsz, UINT_PTR ucchMax);
WINBASEAPI BOOL WINAPI IsBadStringPtrW(LPCWSTR lpsz, UINT_PTR ucchMax) WINMEM_WIDE_SYMBOL("IsBadStringPtrW");

#ifdef UNICODE
#define IsBadStringPtr IsBadStringPtrW
#else
#define IsBadStringPtr IsBadStringPtrA
#endif

WINMEM_C_END

WINMEM_C_BEGIN

/*
 * FormatMessageA, FormatMessageW: the text for an error code, or a text of the program's own with values inserted.
 *
 * dwFlags       FORMAT_MESSAGE_FROM_SYSTEM: the text for dwMessageId, an ERROR_ code or an HRESULT of winerror.h
 *               FORMAT_MESSAGE_FROM_HMODULE: the text of a module's message table, of which Linux has none; with
 *               FROM_SYSTEM, the system's instead
 *               FORMAT_MESSAGE_FROM_STRING: the text is lpSource. It goes before the other two
 *               FORMAT_MESSAGE_ALLOCATE_BUFFER: lpBuffer is the address of a pointer, which is set to a buffer that
 *               LocalFree takes; to NULL on failure
 *               FORMAT_MESSAGE_IGNORE_INSERTS: what begins with a percent sign stays as it is, but for %n %r %t %0
 *               FORMAT_MESSAGE_ARGUMENT_ARRAY: Arguments is an array of DWORD_PTR
 *               The low byte: 0 keeps the line breaks of the text. FORMAT_MESSAGE_MAX_WIDTH_MASK makes them blanks,
 *               which leaves those of %n. Any other value does so too, and a line that has become as long as that ends
 *               there: at its last blanks, which go, or where there are none right behind its last character
 * lpSource      FROM_STRING: the text. Not looked at otherwise
 * dwMessageId   the code; not looked at with FROM_STRING
 * dwLanguageId  0, MAKELANGID(LANG_NEUTRAL, any) or MAKELANGID(LANG_ENGLISH, any); not looked at with FROM_STRING
 * lpBuffer      out: the text and a terminator. May not overlap what is read
 * nSize         characters that lpBuffer has room for; with ALLOCATE_BUFFER, that the buffer has room for at least
 * Arguments     what is inserted; NULL if nothing is. A va_list * (in C and C++ the address of a va_list)
 *
 * %1 to %99 insert an argument, %% %. %! %b and a blank behind % stand for themselves (%b for a blank), %n is a line
 * break, %r a carriage return, %t a tab, %0 ends the text. %1!format! tells what the argument is, as printf would be
 * told: flags, width, precision, and d i u o x X p c C s S, with h l I32 I64 I ll as sizes; a long is 32 bits. Without it
 * the argument is a string. With a width or precision of * the number is that of this width (or precision), and what is
 * inserted is the argument that follows: the next of the array; of a list the next one, which has no number of its own.
 *
 * Returns the number of characters without the terminator; 0 on failure. The text for a code ends with a full stop
 * and a line break (\r\n).
 * Errors        ERROR_INVALID_PARAMETER   no FROM_ flag; lpBuffer is NULL; a string without text or with a format that
 *                                         is none; inserts without Arguments
 *               ERROR_INSUFFICIENT_BUFFER nSize is too small
 *               ERROR_MR_MID_NOT_FOUND    there is no text for this code
 *               ERROR_RESOURCE_TYPE_NOT_FOUND   FROM_HMODULE without FROM_SYSTEM
 *               ERROR_RESOURCE_LANG_NOT_FOUND   the text is not there in this language
 *               ERROR_NO_WORK_DONE        the text is empty; a buffer of the caller's holds a terminator (the W form)
 *                                         or what it held
 *               ERROR_MORE_DATA           the text is longer than 128 KiB
 *               ERROR_NOT_ENOUGH_MEMORY   none is left for ALLOCATE_BUFFER; its lpBuffer is NULL (the A form)
 *               ERROR_NOT_SUPPORTED       an insert is a string of the other character width (!S!, !hs! in the W form,
 *                                         !ls! and !ws! in the A form)
 *               ERROR_NOACCESS            lpBuffer cannot be written
 * On Linux      the words are our own and in English, and not those of Windows. The A form takes UTF-8, and its widths
 *               and precisions count bytes. Without ALLOCATE_BUFFER no memory is needed
 * Source        learn.microsoft.com, winbase.h; "Message Text Files"
 */
WINBASEAPI DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                                       LPSTR lpBuffer, DWORD nSize, va_list *Arguments);
WINBASEAPI DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId, DWORD dwLanguageId,
                                       LPWSTR lpBuffer, DWORD nSize, va_list *Arguments)
    WINMEM_WIDE_SYMBOL("FormatMessageW");

#ifdef UNICODE
#define FormatMessage FormatMessageW
#else
#define FormatMessage FormatMessageA
#endif

WINMEM_C_END

WINMEM_C_BEGIN

/*
 * SetThreadAffinityMask: on which processors a thread may run.
 *
 * hThread               a handle with THREAD_SET_INFORMATION or THREAD_SET_LIMITED_INFORMATION, and with
 *                       THREAD_QUERY_INFORMATION or THREAD_QUERY_LIMITED_INFORMATION
 * dwThreadAffinityMask  a bit for each processor of a group: the first in which the thread has any
 *
 * Returns what it was before; 0 on failure.
 * Errors        ERROR_INVALID_HANDLE      no handle of a thread
 *               ERROR_ACCESS_DENIED       the handle lacks a right
 *               ERROR_INVALID_PARAMETER   0; a processor that is not there, or not for this process (cpusets); the thread has ended
 * On Linux      sched_setaffinity. It runs on none of the processors of other groups then
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE hThread, DWORD_PTR dwThreadAffinityMask);

/*
 * MapUserPhysicalPagesScatter: maps physical pages each at an address of its own.
 *
 * VirtualAddresses  of the pages, in any MEM_PHYSICAL regions
 * NumberOfPages     how many
 * PageArray         the numbers of the pages, 0: unmap what is at that address; NULL: unmap all
 *
 * Returns as MapUserPhysicalPages.
 * Errors        those of MapUserPhysicalPages; ERROR_INVALID_PARAMETER also if an address is named twice
 * On Linux      as MapUserPhysicalPages
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI MapUserPhysicalPagesScatter(PVOID *VirtualAddresses, ULONG_PTR NumberOfPages,
                                                   PULONG_PTR PageArray);

/*
 * LookupPrivilegeValueA, LookupPrivilegeValueW: the number of a privilege, by its name in any case.
 *
 * lpSystemName  NULL or "": this machine
 * lpName        SE_LOCK_MEMORY_NAME and so on
 * lpLuid        out: the number, the same on every Windows
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_NO_SUCH_PRIVILEGE     there is none of this name; it may be NULL
 *               RPC_S_SERVER_UNAVAILABLE    another machine is named
 *               ERROR_NOACCESS              lpLuid cannot be written
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI LookupPrivilegeValueA(LPCSTR lpSystemName, LPCSTR lpName, PLUID lpLuid);
WINBASEAPI BOOL WINAPI LookupPrivilegeValueW(LPCWSTR lpSystemName, LPCWSTR lpName, PLUID lpLuid)
    WINMEM_WIDE_SYMBOL("LookupPrivilegeValueW");

/*
 * LookupPrivilegeNameA, LookupPrivilegeNameW: the name of a privilege, by its number.
 *
 * cchName       in: characters at lpName; out: of the name, without the terminator; where it does not fit, with it
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_NO_SUCH_PRIVILEGE     there is none of this number
 *               ERROR_INSUFFICIENT_BUFFER   the name does not fit
 *               RPC_S_SERVER_UNAVAILABLE    another machine is named
 *               ERROR_NOACCESS              a pointer is bad
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI LookupPrivilegeNameA(LPCSTR lpSystemName, PLUID lpLuid, LPSTR lpName, LPDWORD cchName);
WINBASEAPI BOOL WINAPI LookupPrivilegeNameW(LPCWSTR lpSystemName, PLUID lpLuid, LPWSTR lpName,
                                            LPDWORD cchName) WINMEM_WIDE_SYMBOL("LookupPrivilegeNameW");

#ifdef UNICODE
#define LookupPrivilegeName LookupPrivilegeNameW
#define LookupPrivilegeValue LookupPrivilegeValueW
#else
#define LookupPrivilegeName LookupPrivilegeNameA
#define LookupPrivilegeValue LookupPrivilegeValueA
#endif

/*
 * VerifyVersionInfoA, VerifyVersionInfoW: is this the Windows that is asked for?
 *
 * lpVersionInformation  what it is compared with
 * dwTypeMask            which parts are: VER_MAJORVERSION and others
 * dwlConditionMask      and how: VerSetConditionMask. Of version and service pack the first part that differs decides
 *
 * Returns non-zero if it is, zero if it is not or on failure.
 * Errors        ERROR_OLD_WIN_VERSION   it is not
 *               ERROR_BAD_ARGUMENTS     dwTypeMask or dwlConditionMask is 0
 * On Linux      the version that GetVersionEx tells. A bad pointer is an access violation
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI VerifyVersionInfoA(LPOSVERSIONINFOEXA lpVersionInformation, DWORD dwTypeMask,
                                          DWORDLONG dwlConditionMask);
WINBASEAPI BOOL WINAPI VerifyVersionInfoW(LPOSVERSIONINFOEXW lpVersionInformation, DWORD dwTypeMask,
                                          DWORDLONG dwlConditionMask)
    WINMEM_WIDE_SYMBOL("VerifyVersionInfoW");

#ifdef UNICODE
#define VerifyVersionInfo VerifyVersionInfoW
#else
#define VerifyVersionInfo VerifyVersionInfoA
#endif

/*
 * GetActiveProcessorCount, GetMaximumProcessorCount: how many processors a group has, or all have together; those that are
 * there, and those that there can ever be.
 *
 * GroupNumber   the group, or ALL_PROCESSOR_GROUPS
 *
 * Return the number; 0 on failure.
 * Errors        ERROR_INVALID_PARAMETER   there is no such group
 * On Linux      processors that are online, or possible, whether this process may use them or not; 64 are a group
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI DWORD WINAPI GetActiveProcessorCount(WORD GroupNumber);
WINBASEAPI DWORD WINAPI GetMaximumProcessorCount(WORD GroupNumber);

/*
 * GetActiveProcessorGroupCount, GetMaximumProcessorGroupCount: how many groups of processors there are, and can be.
 *
 * Return the number. Cannot fail.
 * On Linux      as for GetActiveProcessorCount
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI WORD WINAPI GetActiveProcessorGroupCount(VOID);
WINBASEAPI WORD WINAPI GetMaximumProcessorGroupCount(VOID);

/*
 * GetProcessAffinityMask, SetProcessAffinityMask: the processors that a process may run on, of one group.
 *
 * hProcess               a handle with PROCESS_QUERY_LIMITED_INFORMATION, or to set PROCESS_SET_INFORMATION
 * lpProcessAffinityMask  out: those of the process
 * lpSystemAffinityMask   out: those that there are in this group
 * dwProcessAffinityMask  some of the latter
 *
 * Return non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle of a process
 *               ERROR_ACCESS_DENIED       the handle lacks the right, or the kernel does not allow it
 *               ERROR_INVALID_PARAMETER   the mask is 0, or has others than those that there are
 *               ERROR_NOACCESS            a pointer is NULL or cannot be written
 *               ERROR_NO_SYSTEM_RESOURCES the threads of the process cannot be told
 * On Linux      only threads have such a mask: that of the process is that of its first one, and setting it sets all of
 *               them. The group is the first that the process has processors in
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetProcessAffinityMask(HANDLE hProcess, PDWORD_PTR lpProcessAffinityMask,
                                              PDWORD_PTR lpSystemAffinityMask);
WINBASEAPI BOOL WINAPI SetProcessAffinityMask(HANDLE hProcess, DWORD_PTR dwProcessAffinityMask);

#define MAX_COMPUTERNAME_LENGTH 15

/*
 * GetComputerNameA, GetComputerNameW: the name of the machine.
 *
 * lpBuffer      out: the name
 * nSize         in: characters that the buffer has room for; out: characters of the name, its terminator only counted where
 *               it does not fit
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_BUFFER_OVERFLOW     there is no room; nSize tells how much the name takes
 *               ERROR_NOACCESS            a pointer is NULL or cannot be used
 * On Linux      the host name up to the first dot, in capitals, 15 characters at most
 * Source        learn.microsoft.com, winbase.h
 */
WINBASEAPI BOOL WINAPI GetComputerNameA(LPSTR lpBuffer, LPDWORD nSize);
WINBASEAPI BOOL WINAPI GetComputerNameW(LPWSTR lpBuffer, LPDWORD nSize)
    WINMEM_WIDE_SYMBOL("GetComputerNameW");

#ifdef UNICODE
#define GetComputerName GetComputerNameW
#else
#define GetComputerName GetComputerNameA
#endif

WINMEM_C_END

#endif /* WINMEM_WINBASE_H */
