/*
 * versionhelpers.h: is this at least that Windows? Each asks VerifyVersionInfo, and is compiled into the program.
 *
 * On Linux      this is Windows 10 (GetVersionEx), so all of them say yes but IsWindowsServer. (On Windows programs whose
 *               manifest does not name Windows 10 are told 8.)
 * Source        learn.microsoft.com, versionhelpers.h
 */
#ifndef WINMEM_VERSIONHELPERS_H
#define WINMEM_VERSIONHELPERS_H

#ifndef WINMEM_SHOW_WARNINGS /* wininterlocked.h */
#pragma GCC system_header
#endif

#include "winbase.h"

#ifdef __cplusplus
#define VERSIONHELPERAPI inline bool
#else
#define VERSIONHELPERAPI static inline BOOL
#endif

WINMEM_C_BEGIN

VERSIONHELPERAPI IsWindowsVersionOrGreater(WORD wMajorVersion, WORD wMinorVersion, WORD wServicePackMajor)
{
    OSVERSIONINFOEXW wanted;
    DWORDLONG how = 0;

    ZeroMemory(&wanted, sizeof wanted);
    wanted.dwOSVersionInfoSize = sizeof wanted;
    wanted.dwMajorVersion = wMajorVersion;
    wanted.dwMinorVersion = wMinorVersion;
    wanted.wServicePackMajor = wServicePackMajor;
    VER_SET_CONDITION(how, VER_MAJORVERSION, VER_GREATER_EQUAL);
    VER_SET_CONDITION(how, VER_MINORVERSION, VER_GREATER_EQUAL);
    VER_SET_CONDITION(how, VER_SERVICEPACKMAJOR, VER_GREATER_EQUAL);
    return VerifyVersionInfoW(&wanted, VER_MAJORVERSION | VER_MINORVERSION | VER_SERVICEPACKMAJOR, how) != 0;
}

#define WINMEM_OR_GREATER(name, major, minor, service_pack)                                                  \
    VERSIONHELPERAPI name(VOID)                                                                              \
    {                                                                                                        \
        return IsWindowsVersionOrGreater(major, minor, service_pack);                                        \
    }
WINMEM_OR_GREATER(IsWindowsXPOrGreater, 5, 1, 0)
WINMEM_OR_GREATER(IsWindowsXPSP1OrGreater, 5, 1, 1)
WINMEM_OR_GREATER(IsWindowsXPSP2OrGreater, 5, 1, 2)
WINMEM_OR_GREATER(IsWindowsXPSP3OrGreater, 5, 1, 3)
WINMEM_OR_GREATER(IsWindowsVistaOrGreater, 6, 0, 0)
WINMEM_OR_GREATER(IsWindowsVistaSP1OrGreater, 6, 0, 1)
WINMEM_OR_GREATER(IsWindowsVistaSP2OrGreater, 6, 0, 2)
WINMEM_OR_GREATER(IsWindows7OrGreater, 6, 1, 0)
WINMEM_OR_GREATER(IsWindows7SP1OrGreater, 6, 1, 1)
WINMEM_OR_GREATER(IsWindows8OrGreater, 6, 2, 0)
WINMEM_OR_GREATER(IsWindows8Point1OrGreater, 6, 3, 0)
WINMEM_OR_GREATER(IsWindowsThresholdOrGreater, 10, 0, 0)
WINMEM_OR_GREATER(IsWindows10OrGreater, 10, 0, 0)
#undef WINMEM_OR_GREATER

VERSIONHELPERAPI IsWindowsServer(VOID)
{
    OSVERSIONINFOEXW wanted;
    DWORDLONG how = 0;

    ZeroMemory(&wanted, sizeof wanted);
    wanted.dwOSVersionInfoSize = sizeof wanted;
    wanted.wProductType = VER_NT_WORKSTATION;
    VER_SET_CONDITION(how, VER_PRODUCT_TYPE, VER_EQUAL);
    return !VerifyVersionInfoW(&wanted, VER_PRODUCT_TYPE, how);
}

WINMEM_C_END

#endif /* WINMEM_VERSIONHELPERS_H */
