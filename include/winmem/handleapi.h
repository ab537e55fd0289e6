/*
 * handleapi.h: handles, whatever they refer to.
 */
#ifndef WINMEM_HANDLEAPI_H
#define WINMEM_HANDLEAPI_H

#include "minwinbase.h"

WINMEM_C_BEGIN

/*
 * CloseHandle: gives a handle back. The object goes with its last handle; a section also lives while a view of it
 * does.
 *
 * hObject       the handle. The pseudo handle of GetCurrentProcess is accepted and left as it is
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle, or closed already
 * On Linux      a handle is an entry of a table of this process, not a file descriptor. Its number is not used again
 *               soon, so a stale handle is this error and not somebody else's object
 * Source        learn.microsoft.com, handleapi.h
 */
WINBASEAPI BOOL WINAPI CloseHandle(HANDLE hObject);

/*
 * DuplicateHandle: a second handle to the same object, with rights of its own.
 *
 * hSourceProcessHandle, hTargetProcessHandle
 *                     processes whose handle is copied and who gets the copy
 * hSourceHandle       the handle; the pseudo handle of GetCurrentProcess gives a real one
 * lpTargetHandle      out, optional: the new handle
 * dwDesiredAccess     rights of the new handle; not looked at with DUPLICATE_SAME_ACCESS
 * bInheritHandle      whether the new handle is inheritable (HANDLE_FLAG_INHERIT)
 * dwOptions           0, or DUPLICATE_SAME_ACCESS, DUPLICATE_CLOSE_SOURCE (closes the source, also if it cannot be
 *                     copied; not if one of the other arguments is wrong)
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      one of the three is not a handle of its kind
 *               ERROR_ACCESS_DENIED       a process handle lacks PROCESS_DUP_HANDLE; or the copy of a handle to another process
 *                                         would have more rights than the source and than OpenProcess would give
 *               ERROR_NOT_SUPPORTED       a process does not use the library, so it has no handles
 *               ERROR_INVALID_PARAMETER   unknown option
 *               ERROR_NOT_ENOUGH_MEMORY   no memory for the table of handles
 *               those of a call on another process (memoryapi.h)
 * On Linux      other processes give and take handles themselves, on one of their threads. Taken from another process, a
 *               handle that its program closes at the same moment may be ERROR_INVALID_HANDLE or an object that cannot be
 *               reached any more (ERROR_ACCESS_DENIED). A
 *               file in another process is the same open file, with one position, if the one who takes it may trace the
 *               other (pidfd_getfd); else it is opened once more, at the same position
 * Source        learn.microsoft.com, handleapi.h
 */
WINBASEAPI BOOL WINAPI DuplicateHandle(HANDLE hSourceProcessHandle, HANDLE hSourceHandle,
                                       HANDLE hTargetProcessHandle, LPHANDLE lpTargetHandle,
                                       DWORD dwDesiredAccess, BOOL bInheritHandle, DWORD dwOptions);

/*
 * GetHandleInformation, SetHandleInformation: what is said of a handle itself.
 *
 * hObject       a handle; not a pseudo handle
 * lpdwFlags     out: HANDLE_FLAG_ values
 * dwMask        which of them change
 * dwFlags       to what
 *
 *   HANDLE_FLAG_INHERIT              a child process gets the handle
 *   HANDLE_FLAG_PROTECT_FROM_CLOSE   CloseHandle fails, and DUPLICATE_CLOSE_SOURCE leaves it open
 *
 * Returns non-zero on success, zero on failure.
 * Errors        ERROR_INVALID_HANDLE      not a handle, or a pseudo handle
 *               ERROR_INVALID_PARAMETER   dwMask has another bit
 *               ERROR_NOACCESS            lpdwFlags cannot be written
 *               ERROR_TOO_MANY_OPEN_FILES no descriptor is left to make a handle inheritable, or not
 * On Linux      the child of a fork has all handles; a program that exec starts has those that are inheritable, under the
 *               same values, if it uses the library. No handle is closed where the process ends, protected or not
 * Source        learn.microsoft.com, handleapi.h
 */
#define HANDLE_FLAG_INHERIT 0x00000001
#define HANDLE_FLAG_PROTECT_FROM_CLOSE 0x00000002

WINBASEAPI BOOL WINAPI GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags);
WINBASEAPI BOOL WINAPI SetHandleInformation(HANDLE hObject, DWORD dwMask, DWORD dwFlags);

/*
 * CompareObjectHandles: do two handles stand for one object?
 *
 * hFirstObjectHandle, hSecondObjectHandle
 *               handles of any type, pseudo handles too
 *
 * Returns non-zero if they do; zero if not, or on failure.
 * Errors        ERROR_NOT_SAME_OBJECT     they stand for two
 *               ERROR_INVALID_HANDLE      one of them is no handle
 * Source        learn.microsoft.com, handleapi.h
 */
WINBASEAPI BOOL WINAPI CompareObjectHandles(HANDLE hFirstObjectHandle, HANDLE hSecondObjectHandle);

WINMEM_C_END

#endif /* WINMEM_HANDLEAPI_H */
