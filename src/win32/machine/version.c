/*
 * version.c: GetVersion, GetVersionEx, RtlGetVersion: which Windows this is.
 *
 * It is Windows 10, whose memory interface this library has, for every program: Windows tells those that have no manifest
 * an older version, but there is nothing here that a manifest could stand in. The structure holds a text of 128 characters,
 * of which Windows has one width and programs here have two: so its size tells which of its forms is meant, and three kinds
 * of function fill it.
 */
#include <stdbool.h>
#include <stddef.h>

#include "win32/machine/version.h"
#include "win32/wide32.h"
#include "win32/win32.h"

enum { TEXT_LENGTH = 128, BEFORE_TEXT = 20, BEHIND_TEXT = 8 };

_Static_assert(sizeof(OSVERSIONINFOEXA) == BEFORE_TEXT + TEXT_LENGTH + BEHIND_TEXT &&
                   sizeof(OSVERSIONINFOEXW) == BEFORE_TEXT + 4 * TEXT_LENGTH + BEHIND_TEXT &&
                   offsetof(OSVERSIONINFOEXA, szCSDVersion) == BEFORE_TEXT,
               "what stands before and behind the text");

struct behind {
    WORD service_pack_major, service_pack_minor, suite;
    BYTE product, reserved;
};

static void fill(void *out, size_t text_bytes, bool extended)
{
    const DWORD numbers[] = {WM_VERSION_MAJOR, WM_VERSION_MINOR, WM_VERSION_BUILD, WM_VERSION_PLATFORM};
    const struct behind behind = {0, 0, WM_VERSION_SUITE, VER_NT_WORKSTATION, 0};
    BYTE *to = (BYTE *)out;

    memcpy(to + sizeof(DWORD), numbers, sizeof numbers);
    memset(to + BEFORE_TEXT, 0, text_bytes);
    if (extended)
        memcpy(to + BEFORE_TEXT + text_bytes, &behind, sizeof behind);
}

/* The caller tells which form he has by its size. */
static wm_status describe(void *out, size_t width)
{
    size_t text_bytes = TEXT_LENGTH * width, plain = BEFORE_TEXT + text_bytes;
    wm_status st = wm_edge_readable(out, sizeof(DWORD));
    DWORD size;

    if (!wm_ok(st))
        return st;
    memcpy(&size, out, sizeof size);
    if (size != plain && size != plain + BEHIND_TEXT)
        return WM_VERSION_SIZE;
    st = wm_edge_fillable(out, size);
    if (wm_ok(st))
        fill(out, text_bytes, size != plain);
    return st;
}

static BOOL traced(const char *function, void *out, size_t width)
{
    wm_status st = describe(out, width);

    WM_TRACE_AS(function, st, WM_RETURNS_TRUE, WM_HEX(out));
    return wm_edge_bool(st);
}

DWORD WINAPI GetVersion(VOID)
{
    return (DWORD)WM_VERSION_BUILD << 16 | WM_VERSION_MINOR << 8 | WM_VERSION_MAJOR;
}

BOOL WINAPI GetVersionExA(LPOSVERSIONINFOA lpVersionInformation)
{
    return traced(__func__, lpVersionInformation, 1);
}

BOOL WINAPI GetVersionExW(LPOSVERSIONINFOW lpVersionInformation)
{
    return traced(__func__, lpVersionInformation, sizeof(uint32_t));
}

BOOL WINAPI GetVersionExW_utf16(void *lpVersionInformation)
{
    return traced(__func__, lpVersionInformation, sizeof(uint16_t));
}

/* --- the native one, which takes whatever size the structure says it has for the plain form --- */

static NTSTATUS native(void *out, size_t width)
{
    size_t text_bytes = TEXT_LENGTH * width;
    DWORD size;

    memcpy(&size, out, sizeof size);
    fill(out, text_bytes, size == BEFORE_TEXT + text_bytes + BEHIND_TEXT);
    return 0;
}

NTSTATUS NTAPI RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation)
{
    return native(lpVersionInformation, sizeof(uint32_t));
}

NTSTATUS NTAPI RtlGetVersion_utf16(void *lpVersionInformation)
{
    return native(lpVersionInformation, sizeof(uint16_t));
}
