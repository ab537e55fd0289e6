/*
 * virtualfree.c: VirtualFree and VirtualFreeEx: decommitting, releasing, and what placeholders become.
 *
 * One call has four meanings, which wm_free_req_set tells apart: decommit, release, split off or turn back
 * into a placeholder (MEM_PRESERVE_PLACEHOLDER), coalesce (MEM_COALESCE_PLACEHOLDERS). All of a range is
 * freed or nothing of it, also where the kernel stops half-way because its table of mappings is full
 * (docs/design/full-table.md). What was mapped by others, the program itself included, is not ours to free
 * (L12), and views are unmapped by their own functions (L148).
 */
#include "api/arguments.h"
#include "api/edge.h"
#include "remote/target.h"

static wm_status free_in(HANDLE process, LPVOID base, SIZE_T size, DWORD type)
{
    struct wm_free_req req;
    wm_status st = wm_free_req_set(&req, base, size, type);

    return wm_ok(st) ? wm_on_free((uintptr_t)process, &req) : st;
}

BOOL WINAPI VirtualFree(LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType)
{
    wm_status st = free_in(GetCurrentProcess(), lpAddress, dwSize, dwFreeType);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(lpAddress), WM_HEX(dwSize), WM_FREE_FLAGS(dwFreeType));
    return wm_edge_bool(st);
}

BOOL WINAPI VirtualFreeEx(HANDLE hProcess, LPVOID lpAddress, SIZE_T dwSize, DWORD dwFreeType)
{
    wm_status st = free_in(hProcess, lpAddress, dwSize, dwFreeType);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(lpAddress), WM_HEX(dwSize),
             WM_FREE_FLAGS(dwFreeType));
    return wm_edge_bool(st);
}
