/*
 * mappedname.c: GetMappedFileName: which file is mapped at an address, in this process or another one.
 *
 * The name is the Linux path, byte for byte as the kernel's list of mappings has it, with " (deleted)" behind
 * that of a file which is gone (O91, L17). Any address of the mapping will do, and an image is one file from
 * its first to its last page, .bss included (L18). Memory that has no file differs by what it is: private
 * memory is 59 and shared memory 1006, two codes that programs tell apart (O87, O88).
 *
 * Each function is exported under both names, as psapi.h has it; they are one function.
 */
#include <limits.h>
#include <psapi.h>
#include <string.h>

#include "api/edge.h"
#include "api/utf16.h"
#include "api/wide.h"
#include "remote/regions.h"

static wm_status name_at(HANDLE process, const void *addr, const void *buffer, DWORD size, char *name,
                         size_t bytes)
{
    WM_TARGET target = {0};
    wm_status st = wm_edge_target(process, PROCESS_QUERY_INFORMATION, &target);

    if (wm_ok(st) && (buffer == NULL || size == 0))
        st = WM_NAME_BUFFER;
    return wm_ok(st) ? wm_remote_mapped_name(&target, (uintptr_t)addr, name, bytes) : st;
}

/*
 * As much of the name as fits before the terminator. Cut off, it fills the buffer, and the terminator is
 * counted: so a program sees that it was too small.
 */
static DWORD told(DWORD length, DWORD size)
{
    return length < size ? length : size;
}

static DWORD finish(const char *function, wm_status st, HANDLE process, const void *addr, const void *buffer,
                    DWORD size, DWORD length)
{
    WM_TRACE_AS(function, st, WM_RETURNS(WM_DECIMAL(length)), WM_HEX(process), WM_HEX(addr), WM_HEX(buffer),
                WM_HEX(size));
    return wm_edge_bool(st) ? length : 0;
}

DWORD WINAPI K32GetMappedFileNameA(HANDLE hProcess, LPVOID lpv, LPSTR lpFilename, DWORD nSize)
{
    char name[PATH_MAX + sizeof " (deleted)"];
    wm_status st = name_at(hProcess, lpv, lpFilename, nSize, name, sizeof name);
    DWORD length = wm_ok(st) ? (DWORD)strlen(name) : 0, kept = length < nSize ? length : nSize - 1;

    if (wm_ok(st))
        st = wm_edge_fillable(lpFilename, kept + 1);
    if (wm_ok(st)) {
        memcpy(lpFilename, name, kept);
        lpFilename[kept] = '\0';
    }
    return finish(__func__, st, hProcess, lpv, lpFilename, nSize, told(length, nSize));
}

static size_t widen(const char *name, void *out, size_t size, bool utf16)
{
    return utf16 ? wm_utf16_of_utf8(name, out, size) : wm_utf32_of_utf8(name, out, size);
}

static DWORD tell_wide(const char *function, HANDLE process, const void *addr, void *buffer, DWORD size,
                       bool utf16)
{
    size_t unit = utf16 ? sizeof(uint16_t) : sizeof(uint32_t);
    char name[PATH_MAX + sizeof " (deleted)"];
    wm_status st = name_at(process, addr, buffer, size, name, sizeof name);
    DWORD length = wm_ok(st) ? (DWORD)widen(name, NULL, 0, utf16) : 0;

    if (wm_ok(st))
        st = wm_edge_fillable(buffer, (size_t)(length < size ? length + 1 : size) * unit);
    if (wm_ok(st))
        widen(name, buffer, size, utf16);
    return finish(function, st, process, addr, buffer, size, told(length, size));
}

DWORD WINAPI K32GetMappedFileNameW(HANDLE hProcess, LPVOID lpv, LPWSTR lpFilename, DWORD nSize)
{
    return tell_wide(__func__, hProcess, lpv, lpFilename, nSize, false);
}

DWORD WINAPI K32GetMappedFileNameW_utf16(HANDLE hProcess, LPVOID lpv, uint16_t *lpFilename, DWORD nSize)
{
    return tell_wide(__func__, hProcess, lpv, lpFilename, nSize, true);
}

/* What programs call that were built with PSAPI_VERSION 1. */
#undef GetMappedFileNameA
#undef GetMappedFileNameW
WINMEM_PUBLIC __typeof__(K32GetMappedFileNameA) GetMappedFileNameA
    __attribute__((alias("K32GetMappedFileNameA")));
WINMEM_PUBLIC __typeof__(K32GetMappedFileNameW) GetMappedFileNameW
    __attribute__((alias("K32GetMappedFileNameW")));
WINMEM_PUBLIC __typeof__(K32GetMappedFileNameW_utf16) GetMappedFileNameW_utf16
    __attribute__((alias("K32GetMappedFileNameW_utf16")));
