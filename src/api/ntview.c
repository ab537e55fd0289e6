/*
 * ntview.c: NtMapViewOfSection and NtUnmapViewOfSection: views, with addresses and sizes that come in and go out.
 *
 * Of the two ways in which a program of Windows maps a view this is the one by protection, as MapViewOfFile2 is, and it
 * becomes the same request. Base and offset are multiples of 64 KiB, as observed (O185), though the documentation says
 * that they are rounded down. Which bits of an address are to be zero is a bound on where the view may lie (O33, O34).
 *
 * CommitSize is for sections that are only reserved, and has no effect on others. Nor has InheritDisposition: a forked
 * child has its parent's views, and a program that exec starts has none.
 */
#include <ntifs.h>
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"
#include "api/zerobits.h"
#include "remote/target.h"

#define VIEW_TYPES ((ULONG)(MEM_RESERVE | MEM_TOP_DOWN | MEM_LARGE_PAGES))

/* --- where it may lie --- */

/* A base that is given has to lie below the bound itself (O187). */
static wm_status set_bounds(struct wm_view_req *req, ULONG_PTR zero_bits, ULONG type)
{
    uintptr_t highest;
    wm_status st = wm_zero_bits_bound(zero_bits, &highest);

    if (!wm_ok(st))
        return st;
    if (req->base != 0)
        return req->base < highest && req->bytes <= highest - req->base ? WM_OK : WM_NT_ZERO_BITS;
    req->bounds = (struct wm_bounds){
        .lowest = WM_SPACE_START,
        .highest = highest,
        .alignment = type & MEM_LARGE_PAGES ? WM_LARGE : WM_GRANULE,
        .given = zero_bits != 0 || (type & MEM_TOP_DOWN),
        .top_down = (type & MEM_TOP_DOWN) != 0,
    };
    return WM_OK;
}

/* --- NtMapViewOfSection --- */

static wm_status check_flags(SECTION_INHERIT inherit, ULONG type, ULONG protect)
{
    if (inherit != ViewShare && inherit != ViewUnmap)
        return WM_NT_INHERIT;
    if (type & SEC_NO_CHANGE)
        return WM_NO_FIXED_VIEWS;
    if (type & ~VIEW_TYPES)
        return WM_VIEW_TYPE;
    return wm_check_protection(protect, true);
}

/* Where the three things lie that come in and go out. */
struct in_out {
    PVOID *base;
    LARGE_INTEGER *offset; /* NULL: 0, and nobody is told */
    SIZE_T *size;
};

static wm_status read_in(const struct in_out *user, struct wm_view_req *req)
{
    wm_status st = wm_edge_fillable(user->base, sizeof *user->base);

    if (wm_ok(st))
        st = wm_edge_fillable(user->size, sizeof *user->size);
    if (wm_ok(st) && user->offset != NULL)
        st = wm_edge_fillable(user->offset, sizeof *user->offset);
    if (!wm_ok(st))
        return st;
    memcpy(&req->base, user->base, sizeof req->base);
    memcpy(&req->bytes, user->size, sizeof req->bytes);
    if (user->offset != NULL)
        memcpy(&req->offset, user->offset, sizeof req->offset);
    return WM_OK;
}

/* An offset is a multiple already: it stays what it was. */
static void write_out(const struct in_out *user, const struct wm_view_req *req)
{
    memcpy(user->base, &req->result, sizeof req->result);
    memcpy(user->size, &req->result_bytes, sizeof req->result_bytes);
}

static wm_status check_place(const struct wm_view_req *req)
{
    if (req->base >= WM_SPACE_END)
        return WM_NT_BASE;
    if (!wm_range_fits(req->base, req->bytes))
        return WM_NT_ZERO_BITS;
    return req->base % WM_GRANULE != 0 || req->offset % WM_GRANULE != 0 ? WM_VIEW_ALIGNMENT : WM_OK;
}

/* The beginning of a view of a section that is only reserved. */
static wm_status commit_first(HANDLE process, const struct wm_view_req *req, SIZE_T bytes)
{
    struct wm_unmap_req undo = {.addr = req->result};
    struct wm_alloc_req first = {
        .kind = WM_ALLOC_COMMIT, .at = wm_range_pages(req->result, bytes), .protect = req->protect};
    wm_status st = wm_on_alloc((uintptr_t)process, &first);

    if (!wm_ok(st))
        wm_on_unmap_view((uintptr_t)process, &undo);
    return st;
}

static wm_status map_and_commit(HANDLE process, struct wm_view_req *req, SIZE_T commit)
{
    wm_status st = wm_map_view(process, req);

    if (!wm_ok(st) || !req->result_piecewise || commit == 0)
        return st;
    return commit_first(process, req, commit);
}

static wm_status map(HANDLE process, const struct in_out *user, ULONG_PTR zero_bits, SIZE_T commit,
                     ULONG type, struct wm_view_req *req)
{
    wm_status st = read_in(user, req);

    if (wm_ok(st) && req->bytes != 0 && commit > req->bytes)
        st = WM_NT_COMMIT;

    if (wm_ok(st))
        st = check_place(req);
    if (wm_ok(st))
        st = set_bounds(req, zero_bits, type);
    req->large = (type & MEM_LARGE_PAGES) != 0;
    req->reserve = (type & MEM_RESERVE) != 0;
    req->rights = wm_view_rights(req->protect);
    if (wm_ok(st))
        st = map_and_commit(process, req, commit);
    if (wm_ok(st))
        write_out(user, req);
    return st;
}

NTSTATUS NTAPI NtMapViewOfSection(HANDLE SectionHandle, HANDLE ProcessHandle, PVOID *BaseAddress,
                                  ULONG_PTR ZeroBits, SIZE_T CommitSize, PLARGE_INTEGER SectionOffset,
                                  PSIZE_T ViewSize, SECTION_INHERIT InheritDisposition, ULONG AllocationType,
                                  ULONG Win32Protect)
{
    const struct in_out user = {BaseAddress, SectionOffset, ViewSize};
    struct wm_view_req req = {.section = (uintptr_t)SectionHandle, .protect = Win32Protect & 0xff};
    wm_status st = check_flags(InheritDisposition, AllocationType, Win32Protect);

    if (wm_ok(st))
        st = map(ProcessHandle, &user, ZeroBits, CommitSize, AllocationType, &req);
    WM_TRACE(st, WM_RETURNS(WM_HEX(req.result)), WM_HEX(SectionHandle), WM_HEX(ProcessHandle),
             WM_HEX(BaseAddress), WM_HEX(ZeroBits), WM_HEX(CommitSize), WM_HEX(SectionOffset),
             WM_HEX(ViewSize), WM_DECIMAL((ULONG)InheritDisposition), WM_ALLOC_FLAGS(AllocationType),
             WM_PROTECTION(Win32Protect));
    return wm_edge_nt(st);
}

NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE ProcessHandle, PVOID BaseAddress)
{
    struct wm_unmap_req req = {.addr = (uintptr_t)BaseAddress};
    wm_status st = wm_on_unmap_view((uintptr_t)ProcessHandle, &req);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ProcessHandle), WM_HEX(BaseAddress));
    return wm_edge_nt(st);
}
