/*
 * filemapping.c: CreateFileMapping and its variants.
 *
 * A section without a file is what shared memory is on Linux, a memfd, and its handle an entry in a table of
 * ours and not a descriptor. Protection and attributes are one argument: PAGE_ values below, SEC_ values
 * above. What a section allows its views is decided here for good; the handle gets just these rights (O171).
 * What there may be is judged in one place for all of them (newsection.h).
 */
#include "api/arguments.h"
#include "api/edge.h"
#include "api/newsection.h"
#include "api/utf16.h"

/* PAGE_ values below, SEC_ values above: where one argument holds both. */
enum { PAGE_MASK = 0xffff };

static struct wm_given_name name_of(const void *chars, size_t unit)
{
    return (struct wm_given_name){chars, WM_NAME_TERMINATED, (uint8_t)unit, false};
}

/* --- protection and attributes in one, the size in two --- */

struct classic {
    HANDLE file;
    const SECURITY_ATTRIBUTES *security;
    DWORD protect, high, low, node;
};

static wm_status create(const struct classic *args, struct wm_given_name name, uintptr_t *handle)
{
    struct wm_new_section wanted = {
        .file = args->file,
        .security = args->security,
        .name = name,
        .bytes = (uint64_t)args->high << 32 | args->low,
        .protect = args->protect & PAGE_MASK,
        .attributes = args->protect & ~(DWORD)PAGE_MASK,
        .access = wm_section_rights(args->protect),
    };
    wm_status st = wm_read_node(args->node, &wanted.node);

    return wm_ok(st) ? wm_new_section(&wanted, handle) : st;
}

static HANDLE create_traced(const char *function, struct classic args, struct wm_given_name name)
{
    uintptr_t handle = 0;
    wm_status st = create(&args, name, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(args.file), WM_HEX(args.security),
                WM_HEX(args.protect), WM_HEX(args.high), WM_HEX(args.low), WM_HEX(name.chars));
    return wm_edge_new_object(st, handle);
}

static HANDLE create_numa_traced(const char *function, struct classic args, struct wm_given_name name)
{
    uintptr_t handle = 0;
    wm_status st = create(&args, name, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(args.file), WM_HEX(args.security),
                WM_HEX(args.protect), WM_HEX(args.high), WM_HEX(args.low), WM_HEX(name.chars),
                WM_DECIMAL(args.node));
    return wm_edge_new_object(st, handle);
}

#define CLASSIC(node)                                                                                        \
    (struct classic)                                                                                         \
    {                                                                                                        \
        hFile, lpFileMappingAttributes, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, node                 \
    }

HANDLE WINAPI CreateFileMappingA(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes, DWORD flProtect,
                                 DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow, LPCSTR lpName)
{
    return create_traced(__func__, CLASSIC(NUMA_NO_PREFERRED_NODE), name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes, DWORD flProtect,
                                 DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow, LPCWSTR lpName)
{
    return create_traced(__func__, CLASSIC(NUMA_NO_PREFERRED_NODE), name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingW_utf16(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                       DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                       const uint16_t *lpName)
{
    return create_traced(__func__, CLASSIC(NUMA_NO_PREFERRED_NODE), name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingNumaA(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                     DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                     LPCSTR lpName, DWORD nndPreferred)
{
    return create_numa_traced(__func__, CLASSIC(nndPreferred), name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingNumaW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                     DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                     LPCWSTR lpName, DWORD nndPreferred)
{
    return create_numa_traced(__func__, CLASSIC(nndPreferred), name_of(lpName, sizeof *lpName));
}

HANDLE WINAPI CreateFileMappingNumaW_utf16(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                           DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                           const uint16_t *lpName, DWORD nndPreferred)
{
    return create_numa_traced(__func__, CLASSIC(nndPreferred), name_of(lpName, sizeof *lpName));
}

/* --- a size of 64 bits --- */

static HANDLE from_app_traced(HANDLE file, const SECURITY_ATTRIBUTES *security, ULONG protect, ULONG64 bytes,
                              struct wm_given_name name)
{
    const struct classic args = {
        file, security, protect, (DWORD)(bytes >> 32), (DWORD)bytes, NUMA_NO_PREFERRED_NODE};
    uintptr_t handle = 0;
    wm_status st = create(&args, name, &handle);

    WM_TRACE_AS("CreateFileMappingFromApp", st, WM_RETURNS(WM_HEX(handle)), WM_HEX(file), WM_HEX(security),
                WM_HEX(protect), WM_HEX(bytes), WM_HEX(name.chars));
    return wm_edge_new_object(st, handle);
}

HANDLE WINAPI CreateFileMappingFromApp(HANDLE hFile, PSECURITY_ATTRIBUTES SecurityAttributes,
                                       ULONG PageProtection, ULONG64 MaximumSize, PCWSTR Name)
{
    return from_app_traced(hFile, SecurityAttributes, PageProtection, MaximumSize,
                           name_of(Name, sizeof *Name));
}

HANDLE WINAPI CreateFileMappingFromApp_utf16(HANDLE hFile, PSECURITY_ATTRIBUTES SecurityAttributes,
                                             ULONG PageProtection, ULONG64 MaximumSize, const uint16_t *Name)
{
    return from_app_traced(hFile, SecurityAttributes, PageProtection, MaximumSize,
                           name_of(Name, sizeof *Name));
}

/* --- protection, attributes and rights each for themselves --- */

static HANDLE create_two(struct wm_new_section wanted, const MEM_EXTENDED_PARAMETER *params, ULONG count)
{
    struct wm_extended extended = {0};
    uintptr_t handle = 0;
    wm_status st = wm_read_extended(params, count, WM_EXTENDED_SECTION, false, &extended);

    wanted.node = extended.node;
    if (wm_ok(st))
        st = wm_new_section(&wanted, &handle);
    WM_TRACE_AS("CreateFileMapping2", st, WM_RETURNS(WM_HEX(handle)), WM_HEX(wanted.file),
                WM_HEX(wanted.security), WM_HEX(wanted.access), WM_PROTECTION(wanted.protect),
                WM_HEX(wanted.attributes), WM_HEX(wanted.bytes), WM_HEX(wanted.name.chars), WM_HEX(params),
                WM_DECIMAL(count));
    return wm_edge_new_object(st, handle);
}

HANDLE WINAPI CreateFileMapping2(HANDLE File, SECURITY_ATTRIBUTES *SecurityAttributes, ULONG DesiredAccess,
                                 ULONG PageProtection, ULONG AllocationAttributes, ULONG64 MaximumSize,
                                 PCWSTR Name, MEM_EXTENDED_PARAMETER *ExtendedParameters,
                                 ULONG ParameterCount)
{
    return create_two((struct wm_new_section){.file = File,
                                              .security = SecurityAttributes,
                                              .name = name_of(Name, sizeof *Name),
                                              .bytes = MaximumSize,
                                              .protect = PageProtection,
                                              .attributes = AllocationAttributes,
                                              .access = DesiredAccess},
                      ExtendedParameters, ParameterCount);
}

HANDLE WINAPI CreateFileMapping2_utf16(HANDLE File, SECURITY_ATTRIBUTES *SecurityAttributes,
                                       ULONG DesiredAccess, ULONG PageProtection, ULONG AllocationAttributes,
                                       ULONG64 MaximumSize, const uint16_t *Name,
                                       MEM_EXTENDED_PARAMETER *ExtendedParameters, ULONG ParameterCount)
{
    return create_two((struct wm_new_section){.file = File,
                                              .security = SecurityAttributes,
                                              .name = name_of(Name, sizeof *Name),
                                              .bytes = MaximumSize,
                                              .protect = PageProtection,
                                              .attributes = AllocationAttributes,
                                              .access = DesiredAccess},
                      ExtendedParameters, ParameterCount);
}
