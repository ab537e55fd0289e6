/*
 * pagequery.c: QueryWorkingSetEx and QueryWorkingSet: which pages are in memory, and how.
 *
 * Nothing is touched to find out (docs/design/pages.md). The caller's array is input and output, need not be
 * aligned and may have any length: it is copied in portions of 128 entries, whose addresses are asked
 * about together, because neighbours in the list are mostly neighbours in memory.
 *
 * No lock is held from one portion to the next, nor while one is answered: each page is told as it was at
 * some moment of the call. The first function names its pages and works in any process; the second lists all
 * there are (D9.8d), in ascending order and each once (L8), and is for the calling process only.
 */
#include <psapi.h>
#include <string.h>

#include "api/edge.h"
#include "api/virtualmemory.h"
#include "remote/target.h"

/* --- QueryWorkingSetEx --- */

static PSAPI_WORKING_SET_EX_BLOCK attributes_of(const struct wm_page_info *page)
{
    PSAPI_WORKING_SET_EX_BLOCK block = {.Flags = 0};

    block.Shared = page->shared;
    if (page->valid) {
        block.Valid = 1;
        block.ShareCount = page->sharers;
        block.Win32Protection = page->protect;
        block.Node = page->node;
        block.Locked = page->locked;
        block.LargePage = page->large;
    }
    return block;
}

/* Byte pointers, because the caller's array need not be aligned. */
static void read_addresses(const char *entries, struct wm_page_info *pages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memcpy(&pages[i].addr,
               entries + i * sizeof(PSAPI_WORKING_SET_EX_INFORMATION) +
                   offsetof(PSAPI_WORKING_SET_EX_INFORMATION, VirtualAddress),
               sizeof pages[i].addr);
}

static void write_attributes(char *entries, const struct wm_page_info *pages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        PSAPI_WORKING_SET_EX_BLOCK block = attributes_of(pages + i);

        memcpy(entries + i * sizeof(PSAPI_WORKING_SET_EX_INFORMATION) +
                   offsetof(PSAPI_WORKING_SET_EX_INFORMATION, VirtualAttributes),
               &block, sizeof block);
    }
}

static wm_status query_pages(const struct wm_target *target, char *entries, size_t left)
{
    struct wm_pages_req req;
    size_t count;
    wm_status st = wm_edge_fillable(entries, left * sizeof(PSAPI_WORKING_SET_EX_INFORMATION));

    for (; left > 0 && wm_ok(st); left -= count) {
        count = left < WM_PAGES_AT_ONCE ? left : WM_PAGES_AT_ONCE;
        req.count = (uint32_t)count;
        read_addresses(entries, req.pages, count);
        st = wm_in_pages(target, &req);
        if (wm_ok(st))
            write_attributes(entries, req.pages, count);
        entries += count * sizeof(PSAPI_WORKING_SET_EX_INFORMATION);
    }
    return st;
}

wm_status wm_query_pages(HANDLE process, void *entries, SIZE_T bytes)
{
    size_t count = bytes / sizeof(PSAPI_WORKING_SET_EX_INFORMATION);
    WM_TARGET target = {0};
    wm_status st =
        count == 0 ? WM_BUFFER_SHORT : wm_edge_target(process, wm_call_rights(WM_CALL_PAGES), &target);

    return wm_ok(st) ? query_pages(&target, entries, count) : st;
}

BOOL WINAPI K32QueryWorkingSetEx(HANDLE hProcess, PVOID pv, DWORD cb)
{
    wm_status st = wm_query_pages(hProcess, pv, cb);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(pv), WM_HEX(cb));
    return wm_edge_bool(st);
}

/* --- QueryWorkingSet --- */

/* The documented numbers, which are not those of PAGE_ constants. */
static unsigned protection_code(uint16_t protect)
{
    static const struct {
        uint16_t protect;
        unsigned code;
    } codes[] = {
        {PAGE_READONLY, 1},  {PAGE_EXECUTE, 2},           {PAGE_EXECUTE_READ, 3},      {PAGE_READWRITE, 4},
        {PAGE_WRITECOPY, 5}, {PAGE_EXECUTE_READWRITE, 6}, {PAGE_EXECUTE_WRITECOPY, 7},
    };
    enum { NOT_CACHED = 8 };
    unsigned code = protect & PAGE_NOCACHE ? NOT_CACHED : 0;

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (protect & codes[i].protect)
            code |= codes[i].code;
    return code;
}

static PSAPI_WORKING_SET_BLOCK block_of(const struct wm_page_info *page)
{
    PSAPI_WORKING_SET_BLOCK block = {.Flags = 0};

    block.Protection = protection_code(page->protect);
    block.ShareCount = page->sharers;
    block.Shared = page->shared;
    block.VirtualPage = page->addr / WM_PAGE;
    return block;
}

/* Fills as much as there is room for; *count: all that there is. */
static wm_status fill(char *blocks, size_t room, size_t *count)
{
    struct wm_page_info pages[WM_PAGES_AT_ONCE];
    uintptr_t from = WM_SPACE_START;
    size_t got;
    wm_status st;

    *count = 0;
    while (wm_ok(st = wm_op_next_resident(&from, pages, &got)) && got > 0) {
        for (size_t i = 0; i < got && *count + i < room; i++) {
            PSAPI_WORKING_SET_BLOCK block = block_of(pages + i);

            memcpy(blocks + (*count + i) * sizeof block, &block, sizeof block);
        }
        *count += got;
    }
    return st;
}

/*
 * Counted first, without storing anything: a buffer that is too small is told the number and nothing else
 * (D9.8e). Pages may come and go between count and list, so the second pass counts once more and may find the
 * buffer too small.
 */
static wm_status query_all(HANDLE process, char *buffer, DWORD bytes)
{
    size_t room = bytes < sizeof(ULONG_PTR) ? 0 : bytes / sizeof(PSAPI_WORKING_SET_BLOCK) - 1, count;
    wm_status st = bytes < sizeof(ULONG_PTR) ? WM_BUFFER_SHORT : WM_OK;

    if (wm_ok(st))
        st = wm_edge_self(process, PROCESS_QUERY_INFORMATION | PROCESS_VM_READ);
    if (wm_ok(st))
        st = wm_edge_fillable(buffer, bytes);
    if (wm_ok(st))
        st = fill(buffer, 0, &count);
    if (wm_ok(st) && count <= room)
        st = fill(buffer + sizeof(ULONG_PTR), room, &count);
    if (!wm_ok(st))
        return st;
    memcpy(buffer, &count, sizeof count);
    return count <= room ? WM_OK : WM_BUFFER_SHORT;
}

BOOL WINAPI K32QueryWorkingSet(HANDLE hProcess, PVOID pv, DWORD cb)
{
    wm_status st = query_all(hProcess, pv, cb);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(pv), WM_HEX(cb));
    return wm_edge_bool(st);
}

/* What programs call that were built with PSAPI_VERSION 1. */
#undef QueryWorkingSet
#undef QueryWorkingSetEx
WINMEM_PUBLIC __typeof__(K32QueryWorkingSet) QueryWorkingSet __attribute__((alias("K32QueryWorkingSet")));
WINMEM_PUBLIC __typeof__(K32QueryWorkingSetEx) QueryWorkingSetEx
    __attribute__((alias("K32QueryWorkingSetEx")));
