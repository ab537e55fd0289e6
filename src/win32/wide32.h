/* wide32.h: the functions of this library that programs with a 16-bit WCHAR call (api/utf16.h). */
#ifndef WM_WIN32_WIDE32_H
#define WM_WIN32_WIDE32_H

#include <windows.h>

WINBASEAPI HANDLE WINAPI CreateFileW_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess,
                                           DWORD dwShareMode, LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                           DWORD dwCreationDisposition, DWORD dwFlagsAndAttributes,
                                           HANDLE hTemplateFile);
WINBASEAPI HANDLE WINAPI CreateFile2_utf16(const uint16_t *lpFileName, DWORD dwDesiredAccess,
                                           DWORD dwShareMode, DWORD dwCreationDisposition,
                                           LPCREATEFILE2_EXTENDED_PARAMETERS pCreateExParams);
WINBASEAPI BOOL WINAPI DeleteFileW_utf16(const uint16_t *lpFileName);
WINBASEAPI DWORD WINAPI GetFileAttributesW_utf16(const uint16_t *lpFileName);

#endif
