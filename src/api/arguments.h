/*
 * arguments.h: what the functions of the Virtual and MapView families check before anything else.
 *
 * One rule, one line, one status, in the order in which Windows checks them.
 */
#ifndef WM_API_ARGUMENTS_H
#define WM_API_ARGUMENTS_H

#include <windows.h>

#include "vm/ops.h"

enum wm_family {
    WM_FAMILY_CLASSIC, /* VirtualAlloc, Ex, ExNuma, FromApp: addresses are rounded, no placeholders */
    WM_FAMILY_TWO      /* VirtualAlloc2, 2FromApp */
};

/* Is it one base protection with modifiers that go with it? Copy-on-write: only where views are meant. */
wm_status wm_check_protection(DWORD protect, bool copy_allowed);

/* What of a protection the library keeps: base, guard and cache attributes. */
static inline uint16_t wm_kept_protection(DWORD protect)
{
    return (uint16_t)(protect & (0xff | PAGE_GUARD | PAGE_NOCACHE | PAGE_WRITECOMBINE));
}

wm_status wm_alloc_req_set(struct wm_alloc_req *req, enum wm_family family, const void *base, size_t size,
                           DWORD type, DWORD protect);

/* Is it at least a byte, below the end of the user's half? */
wm_status wm_check_range(uintptr_t base, size_t size);

/* Extended parameters, and whose: VirtualAlloc2's, MapViewOfFile3's or CreateFileMapping2's. */
enum wm_extended_of { WM_EXTENDED_MEMORY, WM_EXTENDED_VIEW, WM_EXTENDED_SECTION };

struct wm_extended {
    struct wm_bounds bounds; /* alignment: as coarse as it must be, before and after */
    uint8_t node;
    uint8_t nonpaged; /* MEM_EXTENDED_PARAMETER_NONPAGED, _LARGE and _HUGE, of VirtualAlloc2 */
};

wm_status wm_read_extended(const MEM_EXTENDED_PARAMETER *params, ULONG count, enum wm_extended_of whose,
                           bool has_base, struct wm_extended *out);

/* Node number to what requests hold; NUMA_NO_PREFERRED_NODE is none. */
wm_status wm_read_node(DWORD node, uint8_t *out);

/* The rights of a section's handle that a view of this protection takes (mapview.c). */
uint32_t wm_view_rights(uint16_t protect);

/* Maps a view in a process, and sees to faults in it, where it is our own (mapview.c). */
wm_status wm_map_view(HANDLE process, struct wm_view_req *req);

/* Native: MEM_RELEASE with a size releases a part. */
wm_status wm_free_req_set_native(struct wm_free_req *req, const void *base, size_t size, DWORD type);
wm_status wm_free_req_set(struct wm_free_req *req, const void *base, size_t size, DWORD type);

#endif
