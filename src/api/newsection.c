/*
 * newsection.c: what a new section may be.
 *
 * What a file's handle must allow, and how large its section is, is judged where the file is looked at
 * (vm/sections/mappedfile.c).
 * Of security attributes it counts whether the handle is inherited (L149).
 */
#include "api/newsection.h"

#include "api/edge.h"
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
    return WM_OK;
}

DWORD wm_section_rights(DWORD protect)
{
    DWORD rights = STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ;

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

static bool has_file(const struct wm_new_section *wanted)
{
    return wanted->file != INVALID_HANDLE_VALUE && wanted->file != NULL;
}

/* Whether pages are committed matters to memory alone: SEC_RESERVE has no effect on files (O168). */
static wm_status check_backing(const struct wm_new_section *wanted)
{
    if (has_file(wanted))
        return wanted->attributes & SEC_LARGE_PAGES ? WM_SECTION_ATTRIBUTES : WM_OK;
    return wanted->bytes == 0 ? WM_SECTION_NO_SIZE : WM_OK;
}

static wm_status make(const struct wm_new_section *wanted, uintptr_t *handle)
{
    struct wm_section_req req = {
        .file = has_file(wanted) ? (uintptr_t)wanted->file : 0,
        .bytes = wanted->bytes,
        .rights = wanted->access,
        .protect = (uint16_t)wanted->protect,
        .attributes = cache_attributes(wanted->attributes),
        .node = wanted->node,
        .large = (wanted->attributes & SEC_LARGE_PAGES) != 0,
        .reserved = !has_file(wanted) && (wanted->attributes & SEC_RESERVE) != 0,
    };
    struct wm_name name;
    bool inherit = false;
    wm_status st = wm_edge_inherits(wanted->security, &inherit), inherited;

    if (wm_ok(st))
        st = wm_read_object_name(&wanted->name, &name);
    if (!wm_ok(st))
        return st;
    req.name = name.bytes != 0 ? &name : NULL;
    st = wm_op_create_section(&req);
    if (!wm_ok(st) && st != WM_NAME_EXISTS)
        return st;
    inherited = wm_op_let_inherit(req.result, inherit);
    if (!wm_ok(inherited))
        return inherited;
    *handle = req.result;
    return st;
}

wm_status wm_new_section(const struct wm_new_section *wanted, uintptr_t *handle)
{
    wm_status st = check_protection(wanted->protect);

    if (wm_ok(st))
        st = check_attributes(wanted->attributes);
    if (wm_ok(st))
        st = check_backing(wanted);
    return wm_ok(st) ? make(wanted, handle) : st;
}
