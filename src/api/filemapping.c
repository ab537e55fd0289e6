/*
 * filemapping.c: CreateFileMapping and its variants.
 *
 * A section without a file is what shared memory is on Linux, a memfd, and its handle an entry in a table of
 * ours and not a descriptor. Protection and attributes are one argument: PAGE_ values below, SEC_ values
 * above. What a section allows its views is decided here for good; the handle gets just these rights (O171).
 * What there may be is judged in one place for all of them (newsection.h).
 */
#include "api/edge.h"
#include "api/newsection.h"
#include "api/utf16.h"

/* PAGE_ values below, SEC_ values above: where one argument holds both. */
enum { PAGE_MASK = 0xffff };

static struct wm_given_name name_of(const void *chars, size_t unit)
{
    return (struct wm_given_name){chars, WM_NAME_TERMINATED, (uint8_t)unit};
}

/* Success speaks too: 0 says that the section is new (O158). */
static HANDLE edge(wm_status st, uintptr_t handle)
{
    if (wm_ok(st))
        SetLastError(ERROR_SUCCESS);
    return wm_edge_ptr(st, handle);
}

static HANDLE create_traced(const char *function, HANDLE file, const SECURITY_ATTRIBUTES *security,
                            DWORD protect, DWORD high, DWORD low, struct wm_given_name name)
{
    const struct wm_new_section wanted = {
        .file = file,
        .security = security,
        .name = name,
        .bytes = (uint64_t)high << 32 | low,
        .protect = protect & PAGE_MASK,
        .attributes = protect & ~(DWORD)PAGE_MASK,
        .access = wm_section_rights(protect),
    };
    uintptr_t handle = 0;
    wm_status st = wm_new_section(&wanted, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(file), WM_STRING("attributes"),
                WM_HEX(protect), WM_HEX(high), WM_HEX(low), WM_HEX(name.chars));
    return edge(st, handle);
}

HANDLE WINAPI CreateFileMappingA(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes, DWORD flProtect,
                                 DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow, LPCSTR lpName)
{
    return create_traced(__func__, hFile, lpFileMappingAttributes, flProtect, dwMaximumSizeHigh,
                         dwMaximumSizeLow, name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes, DWORD flProtect,
                                 DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow, LPCWSTR lpName)
{
    return create_traced(__func__, hFile, lpFileMappingAttributes, flProtect, dwMaximumSizeHigh,
                         dwMaximumSizeLow, name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingW_utf16(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                       DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                       const uint16_t *lpName)
{
    return create_traced(__func__, hFile, lpFileMappingAttributes, flProtect, dwMaximumSizeHigh,
                         dwMaximumSizeLow, name_of(lpName, sizeof *lpName));
}
