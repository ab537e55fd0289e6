/*
 * arguments.c: what of an allocation's arguments is wrong, and what they ask for if nothing is.
 *
 * Flags of Windows end here. What leaves is a request (vm/ops.h): one of a few kinds, a range in whole pages,
 * a protection that exists. So the operations never meet a combination that means nothing, and neither does
 * the agent in another process, which is sent the same request.
 *
 * Only what can be judged from the arguments alone is judged here, and all of it is 87. Whether addresses are
 * free, reserved or a placeholder is known under the book's lock, so what is wrong with them (487) is found
 * later: of a call that is wrong in both ways the argument is told.
 *
 * Where the page of a function contradicts itself or what programs have seen, the latter counts.
 * VirtualAlloc2's says that sizes are whole pages (S14) and that every page is meant which the range touches
 * (S15): the second holds.
 */
#include "api/arguments.h"

#include "core/extent.h"

#define BASE_PROTECTIONS 0xffu
#define COPY_PROTECTIONS (PAGE_WRITECOPY | PAGE_EXECUTE_WRITECOPY)
#define EXECUTE_PROTECTIONS 0xf0u
#define CACHE_MODIFIERS (PAGE_NOCACHE | PAGE_WRITECOMBINE)
#define PROTECTION_BITS (BASE_PROTECTIONS | PAGE_GUARD | CACHE_MODIFIERS | PAGE_TARGETS_INVALID)

#define RESET_TYPES (MEM_RESET | MEM_RESET_UNDO)
#define PLACEHOLDER_TYPES (MEM_RESERVE_PLACEHOLDER | MEM_REPLACE_PLACEHOLDER)
#define ALLOC_TYPES                                                                                          \
    (MEM_COMMIT | MEM_RESERVE | RESET_TYPES | MEM_TOP_DOWN | MEM_WRITE_WATCH | MEM_PHYSICAL | MEM_LARGE_PAGES)

static bool one_bit(DWORD bits)
{
    return bits != 0 && (bits & (bits - 1)) == 0;
}

/*
 * D3.1a, D3.1d, S155, S159. That a guarded page has no cache attribute is said on the page of the constants,
 * too.
 */
static bool modifiers_fit(DWORD base, DWORD modifiers)
{
    if (base == PAGE_NOACCESS && modifiers != 0)
        return false;
    if ((modifiers & PAGE_GUARD) && (modifiers & CACHE_MODIFIERS))
        return false;
    if ((modifiers & CACHE_MODIFIERS) == CACHE_MODIFIERS)
        return false;
    return !(modifiers & PAGE_TARGETS_INVALID) || (base & EXECUTE_PROTECTIONS);
}

wm_status wm_check_protection(DWORD protect, bool copy_allowed)
{
    DWORD base = protect & BASE_PROTECTIONS;

    if ((protect & ~(DWORD)PROTECTION_BITS) != 0 || !one_bit(base) || !modifiers_fit(base, protect & ~base))
        return WM_PROTECT_INVALID;
    if ((base & COPY_PROTECTIONS) && !copy_allowed)
        return WM_PROTECT_NOT_HERE;
    return WM_OK;
}

/* --- allocation types --- */

/*
 * What MEM_RESET comes with must be valid and is ignored (S37), so its protection is judged like any other.
 * MEM_TOP_DOWN goes with all types but resets, and does nothing where no place is chosen (O240).
 */
static wm_status check_combination(DWORD type, DWORD protect)
{
    DWORD both = MEM_RESERVE | MEM_COMMIT;

    if ((type & (both | RESET_TYPES)) == 0)
        return WM_TYPE_EMPTY;
    if ((type & RESET_TYPES) && !one_bit(type))
        return WM_TYPE_RESET_ALONE;
    if ((type & MEM_LARGE_PAGES) && (type & both) != both)
        return WM_TYPE_LARGE_NEEDS_BOTH;
    if ((type & MEM_LARGE_PAGES) && (type & MEM_WRITE_WATCH))
        return WM_TYPE_LARGE_WATCHED;
    if ((type & MEM_PHYSICAL) &&
        ((type & ~(DWORD)(MEM_PHYSICAL | MEM_TOP_DOWN)) != MEM_RESERVE || protect != PAGE_READWRITE))
        return WM_TYPE_PHYSICAL_ALONE;
    if ((type & (MEM_WRITE_WATCH | PLACEHOLDER_TYPES)) && !(type & MEM_RESERVE))
        return WM_TYPE_NEEDS_RESERVE;
    return WM_OK;
}

/* A placeholder has no protection of its own: whatever replaces it brings one (O130). */
static wm_status check_placeholder(DWORD type, DWORD protect)
{
    if (!(type & MEM_RESERVE_PLACEHOLDER))
        return WM_OK;
    if ((type & ~(DWORD)(MEM_RESERVE | MEM_RESERVE_PLACEHOLDER | MEM_TOP_DOWN)) || protect != PAGE_NOACCESS)
        return WM_TYPE_PLACEHOLDER;
    return WM_OK;
}

/*
 * Large pages are always read/write (D6.8a). Base and size are multiples of 2 MiB (S47). Where an extended
 * parameter asks for pages of 1 GiB, virtualalloc.c looks once more.
 */
static wm_status check_large(DWORD type, uintptr_t base, size_t size, DWORD protect)
{
    DWORD plain = protect & ~(DWORD)(CACHE_MODIFIERS | PAGE_TARGETS_INVALID);

    if (!(type & MEM_LARGE_PAGES))
        return WM_OK;
    if (plain != PAGE_READWRITE && plain != PAGE_EXECUTE_READWRITE)
        return WM_PROTECT_LARGE;
    return (base | size) % WM_LARGE != 0 ? WM_TYPE_LARGE_MULTIPLE : WM_OK;
}

/* To VirtualAlloc the flags of placeholders are bits that mean nothing (O130). */
static wm_status check_type(enum wm_family family, DWORD type, DWORD protect)
{
    DWORD known = ALLOC_TYPES | (family == WM_FAMILY_TWO ? PLACEHOLDER_TYPES : 0);
    wm_status st;

    if (type & ~known)
        return WM_TYPE_UNKNOWN;
    st = check_combination(type, protect);
    return wm_ok(st) ? check_placeholder(type, protect) : st;
}

/* --- ranges --- */

wm_status wm_check_range(uintptr_t base, size_t size)
{
    if (base >= WM_SPACE_END)
        return WM_BASE_TOO_HIGH;
    if (size == 0)
        return WM_SIZE_ZERO;
    return wm_range_fits(base, size) ? WM_OK : WM_SIZE_TOO_LARGE;
}

/* Nothing can be allocated below the first granule. */
static wm_status check_alloc_range(uintptr_t base, size_t size)
{
    wm_status st = wm_check_range(base, size);

    return wm_ok(st) && base != 0 && base < WM_SPACE_START ? WM_BASE_TOO_LOW : st;
}

/* The classic functions round an address down; the newer ones want it round. */
static wm_status check_base(enum wm_family family, uintptr_t base, DWORD type)
{
    if (type & MEM_REPLACE_PLACEHOLDER)
        return base == 0 || base % WM_PAGE != 0 ? WM_TYPE_REPLACE_BASE : WM_OK;
    if (family == WM_FAMILY_TWO && (type & MEM_RESERVE) && base % WM_GRANULE != 0)
        return WM_BASE_NOT_GRANULAR;
    return WM_OK;
}

static enum wm_alloc_kind kind_of(DWORD type)
{
    if (type & MEM_REPLACE_PLACEHOLDER)
        return WM_ALLOC_REPLACE;
    if (type & MEM_RESERVE_PLACEHOLDER)
        return WM_ALLOC_PLACEHOLDER;
    if (type & RESET_TYPES)
        return type & MEM_RESET ? WM_ALLOC_RESET : WM_ALLOC_UNDO;
    return type & MEM_RESERVE ? WM_ALLOC_RESERVE : WM_ALLOC_COMMIT;
}

static uint8_t traits_of(DWORD type)
{
    return (uint8_t)((type & MEM_WRITE_WATCH ? WM_TRAIT_WATCHED : 0) |
                     (type & MEM_LARGE_PAGES ? WM_TRAIT_LARGE : 0) |
                     (type & MEM_PHYSICAL ? WM_TRAIT_PHYSICAL : 0));
}

/*
 * A reservation begins at a granule, at or below the address, and ends where the caller said: so it grows
 * downwards, and may meet what lies there (O17). All else begins at a page.
 */
static void set_range(struct wm_alloc_req *req, uintptr_t base, size_t size)
{
    req->at = wm_range_pages(base, size);
    if (req->kind == WM_ALLOC_RESERVE || req->kind == WM_ALLOC_PLACEHOLDER)
        req->at.start = wm_down(base, WM_GRANULE);
}

static wm_status check_all(enum wm_family family, uintptr_t base, size_t size, DWORD type, DWORD protect)
{
    /* Perhaps in a view, which may copy on write: only the operation sees what lies there (O193). */
    bool commits_only = (type & MEM_RESERVE) == 0 && base != 0;
    wm_status st = check_alloc_range(base, size);

    if (wm_ok(st))
        st = check_type(family, type, protect);
    if (wm_ok(st))
        st = check_large(type, base, size, protect);
    if (wm_ok(st))
        st = wm_check_protection(protect, commits_only);
    return wm_ok(st) ? check_base(family, base, type) : st;
}

wm_status wm_alloc_req_set(struct wm_alloc_req *req, enum wm_family family, const void *base, size_t size,
                           DWORD type, DWORD protect)
{
    uintptr_t start = (uintptr_t)base, large = type & MEM_LARGE_PAGES ? WM_LARGE : 0;
    wm_status st;

    /* Committing nowhere in particular reserves as well (O16, O30). */
    if (start == 0 && (type & (MEM_COMMIT | MEM_RESERVE)) == MEM_COMMIT && !(type & MEM_REPLACE_PLACEHOLDER))
        type |= MEM_RESERVE;
    st = check_all(family, start, size, type, protect);
    if (!wm_ok(st))
        return st;
    *req = (struct wm_alloc_req){
        .kind = kind_of(type),
        .commit = (type & MEM_COMMIT) != 0,
        .protect = wm_kept_protection(protect),
        .traits = traits_of(type),
        .large = large,
        .bounds = {WM_SPACE_START, WM_SPACE_END, large != 0 ? large : WM_GRANULE, (type & MEM_TOP_DOWN) != 0,
                   (type & MEM_TOP_DOWN) != 0},
    };
    set_range(req, start, size);
    return WM_OK;
}

/*
 * Size 0 means the whole allocation to a decommit (O45) and to a release (O46), and is an error with a flag
 * of placeholders (O133, O144). The base goes on as it was given: with size 0 any address in the first page
 * will do.
 */
wm_status wm_free_req_set_native(struct wm_free_req *req, const void *base, size_t size, DWORD type)
{
    DWORD flags = type & (MEM_COALESCE_PLACEHOLDERS | MEM_PRESERVE_PLACEHOLDER), main = type & ~flags;

    if (main != MEM_DECOMMIT && main != MEM_RELEASE)
        return WM_FREE_TYPE;
    if (flags != 0 && (main != MEM_RELEASE || !one_bit(flags)))
        return WM_FREE_TYPE;
    if (flags != 0 && size == 0)
        return WM_PLACEHOLDER_NEEDS_SIZE;
    if ((uintptr_t)base >= WM_SPACE_END)
        return WM_BASE_TOO_HIGH;
    if (!wm_range_fits((uintptr_t)base, size))
        return WM_SIZE_TOO_LARGE;
    *req = (struct wm_free_req){.base = (uintptr_t)base, .bytes = size, .kind = WM_FREE_DECOMMIT};
    if (main == MEM_RELEASE)
        req->kind = flags == 0                          ? size == 0 ? WM_FREE_RELEASE : WM_FREE_PART
                    : flags == MEM_PRESERVE_PLACEHOLDER ? WM_FREE_SPLIT
                                                        : WM_FREE_COALESCE;
    return WM_OK;
}

/* A part is released by the native function alone (O41, O47). */
wm_status wm_free_req_set(struct wm_free_req *req, const void *base, size_t size, DWORD type)
{
    if (type == MEM_RELEASE && size != 0)
        return WM_RELEASE_WITH_SIZE;
    return wm_free_req_set_native(req, base, size, type);
}
