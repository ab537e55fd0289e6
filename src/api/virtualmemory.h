/*
 * virtualmemory.h: what the Win32 functions and the native ones (ntmemory.c) do in the same way: they differ in how one asks
 * and is told.
 */
#ifndef WM_API_VIRTUALMEMORY_H
#define WM_API_VIRTUALMEMORY_H

#include <windows.h>

#include "vm/ops.h"

/* --- virtualalloc.c --- */

/* A request that has been checked. NULL is no process. */
wm_status wm_allocate_in(HANDLE process, struct wm_alloc_req *req);

/* What extended parameters add to one. */
wm_status wm_allocate_extend(struct wm_alloc_req *req, const void *base, const MEM_EXTENDED_PARAMETER *params,
                             ULONG count);

/* --- virtualprotect.c --- */

wm_status wm_protect_in(HANDLE process, LPVOID base, SIZE_T size, DWORD protect, PDWORD old);

/* --- virtualquery.c --- */

wm_status wm_query_basic(HANDLE process, LPCVOID address, PMEMORY_BASIC_INFORMATION buffer, SIZE_T length);

/* flags: which of them are told. */
#define WM_FLAGS_DOCUMENTED 0x3fu
#define WM_FLAGS_NATIVE 0x1fffu
wm_status wm_query_allocation(HANDLE process, LPCVOID address, DWORD flags, PVOID buffer, SIZE_T length,
                              PSIZE_T returned);

/* --- pagequery.c --- */

wm_status wm_query_pages(HANDLE process, void *entries, SIZE_T bytes);

#endif
