/*
 * filemapping.c: CreateFileMapping: sections, of memory so far.
 *
 * A section without a file is what shared memory is on Linux, a memfd, and its handle an entry in a table of
 * ours and not a descriptor. Protection and attributes are one argument: PAGE_ values below, SEC_ values
 * above. What a section allows its views is decided here for good; the handle gets just these rights (O171).
 *
 * What is not there yet fails with a code of its own: names and SEC_RESERVE with 50. A file cannot be named,
 * because there are no handles of files, so whatever stands for one is 6. Security attributes have no effect
 * (L149).
 */
#include "api/edge.h"
#include "api/utf16.h"
#include "vm/ops.h"

#define SECTION_PROTECTIONS                                                                                  \
    (PAGE_READONLY | PAGE_READWRITE | PAGE_WRITECOPY | PAGE_EXECUTE_READ | PAGE_EXECUTE_READWRITE |          \
     PAGE_EXECUTE_WRITECOPY)
#define CACHE_ATTRIBUTES (SEC_NOCACHE | SEC_WRITECOMBINE)
#define SECTION_ATTRIBUTES                                                                                   \
    (SEC_IMAGE | SEC_RESERVE | SEC_COMMIT | SEC_NOCACHE | SEC_WRITECOMBINE | SEC_LARGE_PAGES)

/*
 * A section must be readable: PAGE_EXECUTE and PAGE_NOACCESS make none, and modifiers mean nothing here
 * (O162).
 */
static wm_status check_protection(DWORD protect)
{
    if ((protect & ~(DWORD)SECTION_PROTECTIONS) != 0 || protect == 0 || (protect & (protect - 1)) != 0)
        return WM_SECTION_PROTECT;
    return WM_OK;
}

/*
 * Exactly one of SEC_COMMIT and SEC_RESERVE, but nothing at all is SEC_COMMIT (O167). An image without a file
 * is 193, and large pages are committed (O239).
 */
static wm_status check_attributes(DWORD attributes)
{
    DWORD kind = attributes & (SEC_RESERVE | SEC_COMMIT);

    if (attributes == SEC_IMAGE || attributes == SEC_IMAGE_NO_EXECUTE)
        return WM_SECTION_IMAGE;
    if ((attributes & ~(DWORD)SECTION_ATTRIBUTES) || (attributes & SEC_IMAGE))
        return WM_SECTION_ATTRIBUTES;
    if (attributes == 0)
        return WM_OK;
    if ((kind != SEC_RESERVE && kind != SEC_COMMIT) || (attributes & CACHE_ATTRIBUTES) == CACHE_ATTRIBUTES)
        return WM_SECTION_ATTRIBUTES;
    if (attributes & SEC_LARGE_PAGES)
        return kind == SEC_COMMIT ? WM_OK : WM_SECTION_ATTRIBUTES;
    return kind == SEC_RESERVE ? WM_NO_RESERVED_SECTIONS : WM_OK;
}

/* The rights that the handle of a new section has: what its protection allows. */
static uint32_t rights_for(DWORD protect)
{
    uint32_t rights = STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ;

    if (protect & (PAGE_READWRITE | PAGE_EXECUTE_READWRITE))
        rights |= SECTION_MAP_WRITE;
    if (protect & 0xf0)
        rights |= SECTION_MAP_EXECUTE;
    return rights;
}

static uint16_t cache_attributes(DWORD attributes)
{
    if (attributes & SEC_NOCACHE)
        return PAGE_NOCACHE;
    return attributes & SEC_WRITECOMBINE ? PAGE_WRITECOMBINE : 0;
}

/* PAGE_ values below, SEC_ values above: where one argument holds both. */
enum { PAGE_MASK = 0xffff };

static wm_status create(HANDLE file, DWORD protect, DWORD high, DWORD low, bool named, uintptr_t *handle)
{
    DWORD attributes = protect & ~(DWORD)PAGE_MASK;
    uint64_t bytes = (uint64_t)high << 32 | low;
    wm_status st = check_protection(protect & PAGE_MASK);

    if (wm_ok(st))
        st = check_attributes(attributes);
    if (!wm_ok(st))
        return st;
    if (file != INVALID_HANDLE_VALUE && file != NULL)
        return attributes & SEC_LARGE_PAGES ? WM_SECTION_ATTRIBUTES : WM_HANDLE;
    if (bytes == 0)
        return WM_SECTION_NO_SIZE;
    if (named)
        return WM_NO_NAMED_SECTIONS;
    return wm_op_create_section(bytes, protect & PAGE_MASK, cache_attributes(attributes),
                                (attributes & SEC_LARGE_PAGES) != 0, rights_for(protect & PAGE_MASK), handle);
}

static HANDLE create_traced(const char *function, HANDLE file, DWORD protect, DWORD high, DWORD low,
                            const void *name)
{
    uintptr_t handle = 0;
    wm_status st = create(file, protect, high, low, name != NULL, &handle);

    WM_TRACE_AS(function, st, WM_RETURNS(WM_HEX(handle)), WM_HEX(file), WM_STRING("attributes"),
                WM_HEX(protect), WM_HEX(high), WM_HEX(low), WM_HEX(name));
    /* Success speaks too: 0 says that the section is new (O158). */
    if (wm_ok(st))
        SetLastError(ERROR_SUCCESS);
    return wm_edge_ptr(st, handle);
}

HANDLE WINAPI CreateFileMappingA(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes, DWORD flProtect,
                                 DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow, LPCSTR lpName)
{
    (void)lpFileMappingAttributes; /* nothing is inherited, and nobody else can open it */
    return create_traced(__func__, hFile, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, lpName);
}

HANDLE WINAPI CreateFileMappingW(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes, DWORD flProtect,
                                 DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow, LPCWSTR lpName)
{
    (void)lpFileMappingAttributes;
    return create_traced(__func__, hFile, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, lpName);
}

HANDLE WINAPI CreateFileMappingW_utf16(HANDLE hFile, LPSECURITY_ATTRIBUTES lpFileMappingAttributes,
                                       DWORD flProtect, DWORD dwMaximumSizeHigh, DWORD dwMaximumSizeLow,
                                       const uint16_t *lpName)
{
    (void)lpFileMappingAttributes;
    return create_traced(__func__, hFile, flProtect, dwMaximumSizeHigh, dwMaximumSizeLow, lpName);
}
