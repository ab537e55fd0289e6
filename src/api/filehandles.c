/*
 * filehandles.c: WinmemHandleFromFd, WinmemFdFromHandle: between the handles of Windows and the descriptors of Linux.
 *
 * Neither takes anything over: each makes a descriptor more for what is open, so that a program closes what it has opened,
 * in either world, and nothing else.
 */
#include <winmem.h>

#include "api/edge.h"
#include "vm/files/file.h"

HANDLE WinmemHandleFromFd(int fd, DWORD dwDesiredAccess)
{
    uintptr_t handle = (uintptr_t)INVALID_HANDLE_VALUE;
    wm_status st = wm_file_of_descriptor(fd, dwDesiredAccess, &handle);

    WM_TRACE(st, WM_RETURNS(WM_HEX(handle)), WM_HEX((DWORD)fd), WM_HEX(dwDesiredAccess));
    wm_edge_bool(st);
    return (HANDLE)handle;
}

int WinmemFdFromHandle(HANDLE hFile)
{
    int fd = -1;
    wm_status st = wm_file_descriptor((uintptr_t)hFile, &fd);

    WM_TRACE(st, WM_RETURNS(WM_DECIMAL((DWORD)fd)), WM_HEX(hFile));
    wm_edge_bool(st);
    return fd;
}
