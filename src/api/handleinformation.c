/*
 * handleinformation.c: what is known of a handle itself: GetHandleInformation, SetHandleInformation,
 * CompareObjectHandles.
 *
 * The flags belong to the handle and not to its object: a duplicate begins without them. Pseudo handles are no
 * entries of the table, so they have no flags to ask for; to be compared they are as good as any other (D12.4e).
 */
#include <string.h>

#include "api/edge.h"
#include "core/objects.h"
#include "vm/ops.h"

#define ALL_FLAGS (HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE)

_Static_assert(HANDLE_FLAG_INHERIT == (int)WM_HANDLE_INHERITED, "the book keeps Windows's values");
_Static_assert(HANDLE_FLAG_PROTECT_FROM_CLOSE == (int)WM_HANDLE_PROTECTED, "the book keeps Windows's values");

BOOL WINAPI GetHandleInformation(HANDLE hObject, LPDWORD lpdwFlags)
{
    uint8_t flags = 0;
    wm_status st = wm_edge_writable(lpdwFlags, sizeof *lpdwFlags);

    if (wm_ok(st))
        st = wm_op_handle_flags((uintptr_t)hObject, &flags);
    if (wm_ok(st))
        memcpy(lpdwFlags, &(DWORD){flags}, sizeof *lpdwFlags);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hObject), WM_HEX(lpdwFlags));
    return wm_edge_bool(st);
}

BOOL WINAPI SetHandleInformation(HANDLE hObject, DWORD dwMask, DWORD dwFlags)
{
    wm_status st = dwMask & ~(DWORD)ALL_FLAGS
                       ? WM_HANDLE_OPTIONS
                       : wm_op_set_handle_flags((uintptr_t)hObject, (uint8_t)dwMask, (uint8_t)dwFlags);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hObject), WM_HEX(dwMask), WM_HEX(dwFlags));
    return wm_edge_bool(st);
}

BOOL WINAPI CompareObjectHandles(HANDLE hFirstObjectHandle, HANDLE hSecondObjectHandle)
{
    wm_status st = wm_op_same_object((uintptr_t)hFirstObjectHandle, (uintptr_t)hSecondObjectHandle);

    WM_TRACE(st, WM_RETURNS_TRUE, WM_HEX(hFirstObjectHandle), WM_HEX(hSecondObjectHandle));
    return wm_edge_bool(st);
}
