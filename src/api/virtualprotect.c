/*
 * virtualprotect.c: VirtualProtect and its kin: another protection for pages, and the old one for the caller.
 *
 * The old protection is half of the work. It is that of the first page, whatever the others have (O57); it is
 * a result even of a call that fails because of what the pages are, and PAGE_NOACCESS then (O56); and the
 * place where it goes may lie in the very pages that are changed.
 *
 * Memory of all kinds can be changed, also images and what the program has mapped itself. PAGE_GUARD alone
 * needs memory of this library (L3): others unmap theirs without telling us.
 */
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"
#include "api/exceptions.h"
#include "api/virtualmemory.h"
#include "remote/target.h"

static wm_status check(LPVOID base, SIZE_T size, DWORD protect, PDWORD old)
{
    wm_status st = wm_check_protection(protect, true);

    if (wm_ok(st))
        st = wm_edge_writable(old, sizeof *old);
    return wm_ok(st) ? wm_check_range((uintptr_t)base, size) : st;
}

/* A caller's DWORD need not be aligned. */
static void store(PDWORD old, DWORD value)
{
    memcpy(old, &value, sizeof value);
}

/*
 * The result lies in the pages that may be read-only in a moment, so it is stored before they change, after a
 * question of its own. Should another thread change them between the two, the value is as old as the
 * question.
 */
static bool tell_early(PDWORD old, struct wm_range changed)
{
    struct wm_region region;

    if (!wm_range_touches(changed, wm_range_of((uintptr_t)old, sizeof *old)) ||
        !wm_ok(wm_op_query(changed.start, &region)))
        return false;
    store(old, region.protect);
    return true;
}

static wm_status protect_target(const struct wm_target *target, struct wm_protect_req *req, PDWORD old)
{
    wm_status st = wm_exceptions_for(target, req->protect);
    bool told = wm_ok(st) && wm_target_is_self(target) && tell_early(old, req->at);

    if (wm_ok(st))
        st = wm_in_protect(target, req);
    /* O56: where the pages are in the wrong state, Windows says that they were not accessible. */
    if (!wm_ok(st) || !told)
        store(old, wm_ok(st) ? req->old : PAGE_NOACCESS);
    return st;
}

wm_status wm_protect_in(HANDLE process, LPVOID base, SIZE_T size, DWORD protect, PDWORD old)
{
    struct wm_protect_req req = {.protect = wm_kept_protection(protect)};
    WM_TARGET target = {0};
    wm_status st = check(base, size, protect, old);

    if (wm_ok(st))
        st = wm_edge_target(process, wm_call_rights(WM_CALL_PROTECT), &target);
    if (!wm_ok(st))
        return st;
    req.at = wm_range_pages((uintptr_t)base, size);
    return protect_target(&target, &req, old);
}

BOOL WINAPI VirtualProtect(LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect, PDWORD lpflOldProtect)
{
    wm_status st = wm_protect_in(GetCurrentProcess(), lpAddress, dwSize, flNewProtect, lpflOldProtect);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpAddress), WM_HEX(dwSize), WM_PROTECTION(flNewProtect),
             WM_HEX(lpflOldProtect));
    return wm_edge_bool(st);
}

BOOL WINAPI VirtualProtectEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD flNewProtect,
                             PDWORD lpflOldProtect)
{
    wm_status st = wm_protect_in(hProcess, lpAddress, dwSize, flNewProtect, lpflOldProtect);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpAddress), WM_HEX(dwSize),
             WM_PROTECTION(flNewProtect), WM_HEX(lpflOldProtect));
    return wm_edge_bool(st);
}

/* In a desktop process, which every process here is, it may do what VirtualProtect may. */
BOOL WINAPI VirtualProtectFromApp(PVOID Address, SIZE_T Size, ULONG NewProtection, PULONG OldProtection)
{
    wm_status st = wm_protect_in(GetCurrentProcess(), Address, Size, NewProtection, OldProtection);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(Address), WM_HEX(Size), WM_PROTECTION(NewProtection),
             WM_HEX(OldProtection));
    return wm_edge_bool(st);
}
