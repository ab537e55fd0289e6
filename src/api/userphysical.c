/*
 * userphysical.c: Address Windowing Extensions: pages of memory that have numbers, and windows that show
 * them.
 *
 * Arrays of numbers and addresses are the program's own: words that need not be aligned, of a length that may
 * be absurd, which other threads may change. They are asked about here, and copied before the first lock is
 * taken (vm/physical/shifts.c), so that what was checked is what is done.
 *
 * Frames have no address until they are mapped: a preferred node is checked and has no further effect, and
 * address requirements mean nothing (L37). No privilege is needed, where Windows asks for one. All of it is
 * for the calling process only: Linux has no call that moves a page into another one.
 */
#include <string.h>

#include "api/arguments.h"
#include "api/edge.h"

/* No array of words is longer: what it is said to hold would not fit into the address space. */
#define MOST_WORDS (WM_SPACE_END / sizeof(ULONG_PTR))

static wm_status check_readable(const void *array, ULONG_PTR count)
{
    if (count > MOST_WORDS)
        return WM_POINTER;
    return count == 0 || array == NULL ? WM_OK : wm_edge_readable(array, count * sizeof(ULONG_PTR));
}

/* A caller's ULONG_PTR need not be aligned. */
static wm_status read_count(PULONG_PTR count, ULONG_PTR *out)
{
    wm_status st = wm_edge_readable(count, sizeof *count);

    if (wm_ok(st))
        memcpy(out, count, sizeof *out);
    return wm_ok(st) && *out > MOST_WORDS ? WM_POINTER : st;
}

/*
 * The number is read before it is asked whether it can be written: that question may overwrite it (edge.h). A
 * call that fails puts it back.
 */
static wm_status allocate(HANDLE process, PULONG_PTR count, PULONG_PTR array)
{
    ULONG_PTR wanted = 0;
    size_t delivered = 0;
    wm_status st = read_count(count, &wanted);

    if (wm_ok(st))
        st = wm_edge_self(process, PROCESS_VM_OPERATION);
    if (wm_ok(st))
        st = wm_edge_fillable(array, wanted * sizeof *array);
    if (wm_ok(st))
        st = wm_edge_writable(count, sizeof *count);
    if (!wm_ok(st))
        return st;
    st = wm_op_allocate_frames(wanted, array, &delivered);
    if (!wm_ok(st))
        delivered = wanted;
    memcpy(count, &delivered, sizeof delivered);
    return st;
}

BOOL WINAPI AllocateUserPhysicalPages(HANDLE hProcess, PULONG_PTR NumberOfPages, PULONG_PTR PageArray)
{
    wm_status st = allocate(hProcess, NumberOfPages, PageArray);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(NumberOfPages), WM_HEX(PageArray));
    return wm_edge_bool(st);
}

BOOL WINAPI AllocateUserPhysicalPagesNuma(HANDLE hProcess, PULONG_PTR NumberOfPages, PULONG_PTR PageArray,
                                          DWORD nndPreferred)
{
    uint8_t node;
    wm_status st = wm_read_node(nndPreferred, &node);

    if (wm_ok(st))
        st = allocate(hProcess, NumberOfPages, PageArray);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(NumberOfPages), WM_HEX(PageArray),
             WM_DECIMAL(nndPreferred));
    return wm_edge_bool(st);
}

/* Requirements on addresses mean nothing here: none are chosen. Nor do flags: all of it is one kind of memory. */
static wm_status read_parameters(PMEM_EXTENDED_PARAMETER params, ULONG count)
{
    struct wm_extended extended = {.bounds.alignment = WM_GRANULE};
    wm_status st = wm_read_extended(params, count, WM_EXTENDED_MEMORY, true, &extended);

    return wm_ok(st) && extended.nonpaged != 0 ? WM_NO_PARAMETER : st;
}

BOOL WINAPI AllocateUserPhysicalPages2(HANDLE ObjectHandle, PULONG_PTR NumberOfPages, PULONG_PTR PageArray,
                                       PMEM_EXTENDED_PARAMETER ExtendedParameters,
                                       ULONG ExtendedParameterCount)
{
    wm_status st = read_parameters(ExtendedParameters, ExtendedParameterCount);

    if (wm_ok(st))
        st = allocate(ObjectHandle, NumberOfPages, PageArray);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(ObjectHandle), WM_HEX(NumberOfPages), WM_HEX(PageArray),
             WM_HEX(ExtendedParameters), WM_DECIMAL(ExtendedParameterCount));
    return wm_edge_bool(st);
}

/* No pages at all is a success, with an array or without (L34). The count tells how far it came (D9.5b). */
static wm_status free_pages(HANDLE process, PULONG_PTR count, PULONG_PTR array)
{
    ULONG_PTR wanted = 0;
    size_t freed = 0;
    wm_status st = read_count(count, &wanted);

    if (wm_ok(st) && array == NULL && wanted > 0)
        st = WM_POINTER;
    if (wm_ok(st))
        st = check_readable(array, wanted);
    if (wm_ok(st))
        st = wm_edge_self(process, PROCESS_VM_OPERATION);
    if (wm_ok(st))
        st = wm_edge_writable(count, sizeof *count);
    if (!wm_ok(st))
        return st;
    st = wm_op_free_frames(array, wanted, &freed);
    memcpy(count, &freed, sizeof freed);
    return st;
}

BOOL WINAPI FreeUserPhysicalPages(HANDLE hProcess, PULONG_PTR NumberOfPages, PULONG_PTR PageArray)
{
    wm_status st = free_pages(hProcess, NumberOfPages, PageArray);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hProcess), WM_HEX(NumberOfPages), WM_HEX(PageArray));
    return wm_edge_bool(st);
}

BOOL WINAPI MapUserPhysicalPages(PVOID VirtualAddress, ULONG_PTR NumberOfPages, PULONG_PTR PageArray)
{
    wm_status st = check_readable(PageArray, NumberOfPages);

    if (wm_ok(st))
        st = wm_op_map_frames(&(struct wm_map_frames_req){
            .base = (uintptr_t)VirtualAddress, .frames = PageArray, .count = NumberOfPages});
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(VirtualAddress), WM_HEX(NumberOfPages), WM_HEX(PageArray));
    return wm_edge_bool(st);
}

BOOL WINAPI MapUserPhysicalPagesScatter(PVOID *VirtualAddresses, ULONG_PTR NumberOfPages,
                                        PULONG_PTR PageArray)
{
    wm_status st = VirtualAddresses == NULL ? WM_POINTER : check_readable(VirtualAddresses, NumberOfPages);

    if (wm_ok(st))
        st = check_readable(PageArray, NumberOfPages);
    if (wm_ok(st))
        st = wm_op_map_frames(&(struct wm_map_frames_req){
            .addresses = VirtualAddresses, .frames = PageArray, .count = NumberOfPages});
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(VirtualAddresses), WM_HEX(NumberOfPages), WM_HEX(PageArray));
    return wm_edge_bool(st);
}
