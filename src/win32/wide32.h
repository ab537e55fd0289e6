/* wide32.h: the functions of this library that programs with a 16-bit WCHAR call (api/utf16.h). */
#ifndef WM_WIN32_WIDE32_H
#define WM_WIN32_WIDE32_H

#include <windows.h>

WINBASEAPI BOOL WINAPI DeleteFileW_utf16(const uint16_t *lpFileName);
WINBASEAPI DWORD WINAPI GetFileAttributesW_utf16(const uint16_t *lpFileName);

#endif
