/*
 * windows_compat.h: windows.h, and on a Windows compiler what its headers or import libraries lack.
 *
 * mingw-w64 declares the newer functions but its libkernel32.a does not name them; they are looked
 * up once here. A test that needs a function which this Windows (or Wine) does not have is skipped.
 * Natively nothing of this applies: winmem's headers are complete.
 */
#ifndef WINDOWS_COMPAT_H
#define WINDOWS_COMPAT_H

#ifdef _WIN32
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#undef NTDDI_VERSION
#define NTDDI_VERSION 0x0A00000C
#define __USE_MINGW_ANSI_STDIO 1
#elif !defined(_GNU_SOURCE)
#define _GNU_SOURCE 1
#endif

#include <windows.h>

#ifdef __linux__
#include <winmem.h>
#endif

#ifdef _WIN32

#include <stdio.h>

#ifndef MEM_REPLACE_PLACEHOLDER
#define MEM_REPLACE_PLACEHOLDER 0x00004000
#endif
#ifndef MEM_RESERVE_PLACEHOLDER
#define MEM_RESERVE_PLACEHOLDER 0x00040000
#endif
#ifndef MEM_COALESCE_PLACEHOLDERS
#define MEM_COALESCE_PLACEHOLDERS 0x00000001
#endif
#ifndef MEM_PRESERVE_PLACEHOLDER
#define MEM_PRESERVE_PLACEHOLDER 0x00000002
#endif
#ifndef MEM_UNMAP_WITH_TRANSIENT_BOOST
#define MEM_UNMAP_WITH_TRANSIENT_BOOST 0x00000001
#endif
#ifndef MEM_RESET_UNDO
#define MEM_RESET_UNDO 0x01000000
#endif
#ifndef MEM_EXTENDED_PARAMETER_EC_CODE
#define MEM_EXTENDED_PARAMETER_EC_CODE 0x40
#endif
#ifndef NUMA_NO_PREFERRED_NODE
#define NUMA_NO_PREFERRED_NODE ((DWORD)-1)
#endif
#ifndef ERROR_NOT_SAME_OBJECT
#define ERROR_NOT_SAME_OBJECT 1656
#endif
#ifndef FILE_MAP_EXECUTE
#define FILE_MAP_EXECUTE 0x20
#endif

static inline void check_skip(const char *why) __attribute__((noreturn));

/* The function, or the end of the test. Leaves the last error alone. */
static inline FARPROC compat_find(const char *name)
{
    static const char *const modules[] = {"kernelbase.dll", "kernel32.dll"};
    DWORD error = GetLastError();
    char why[120];
    int i;

    for (i = 0; i < 2; i++) {
        HMODULE module = GetModuleHandleA(modules[i]);
        FARPROC found = module ? GetProcAddress(module, name) : NULL;

        if (found) {
            SetLastError(error);
            return found;
        }
    }
    snprintf(why, sizeof why, "this Windows has no %s", name);
    check_skip(why);
}

#define COMPAT(type, name, ...) ((type(WINAPI *)(__VA_ARGS__))(void (*)(void))compat_find(name))

#define VirtualAlloc2                                                                                        \
    COMPAT(PVOID, "VirtualAlloc2", HANDLE, PVOID, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *, ULONG)
#define VirtualAlloc2FromApp                                                                                 \
    COMPAT(PVOID, "VirtualAlloc2FromApp", HANDLE, PVOID, SIZE_T, ULONG, ULONG, MEM_EXTENDED_PARAMETER *,     \
           ULONG)
#define VirtualAllocFromApp COMPAT(PVOID, "VirtualAllocFromApp", PVOID, SIZE_T, ULONG, ULONG)
#define VirtualProtectFromApp COMPAT(BOOL, "VirtualProtectFromApp", PVOID, SIZE_T, ULONG, PULONG)
#define MapViewOfFile3                                                                                       \
    COMPAT(PVOID, "MapViewOfFile3", HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG,                    \
           MEM_EXTENDED_PARAMETER *, ULONG)
#define MapViewOfFile3FromApp                                                                                \
    COMPAT(PVOID, "MapViewOfFile3FromApp", HANDLE, HANDLE, PVOID, ULONG64, SIZE_T, ULONG, ULONG,             \
           MEM_EXTENDED_PARAMETER *, ULONG)
#define MapViewOfFileFromApp COMPAT(PVOID, "MapViewOfFileFromApp", HANDLE, ULONG, ULONG64, SIZE_T)
#define CreateFileMappingFromApp                                                                             \
    COMPAT(HANDLE, "CreateFileMappingFromApp", HANDLE, PSECURITY_ATTRIBUTES, ULONG, ULONG64, PCWSTR)
#define OpenFileMappingFromApp COMPAT(HANDLE, "OpenFileMappingFromApp", ULONG, BOOL, PCWSTR)
#define CreateFileMapping2                                                                                   \
    COMPAT(HANDLE, "CreateFileMapping2", HANDLE, SECURITY_ATTRIBUTES *, ULONG, ULONG, ULONG, ULONG64,        \
           PCWSTR, MEM_EXTENDED_PARAMETER *, ULONG)
#define CompareObjectHandles COMPAT(BOOL, "CompareObjectHandles", HANDLE, HANDLE)
#define UnmapViewOfFile2 COMPAT(BOOL, "UnmapViewOfFile2", HANDLE, PVOID, ULONG)
#define UnmapViewOfFileEx COMPAT(BOOL, "UnmapViewOfFileEx", PVOID, ULONG)
#define SetProcessValidCallTargets                                                                           \
    COMPAT(BOOL, "SetProcessValidCallTargets", HANDLE, PVOID, SIZE_T, ULONG, PCFG_CALL_TARGET_INFO)
#define QueryVirtualMemoryInformation                                                                        \
    COMPAT(BOOL, "QueryVirtualMemoryInformation", HANDLE, const VOID *, WIN32_MEMORY_INFORMATION_CLASS,      \
           PVOID, SIZE_T, PSIZE_T)

#endif /* _WIN32 */
#endif
