/*
 * winmem.c: what is ours and not of Windows: WinmemVersion, WinmemFeature, WinmemSetHugePages, WinmemHugePages,
 * WinmemMappingUse. WinmemLastCause stands in cause.c.
 */
#include <winmem.h>

#include "api/edge.h"
#include "kern/features/features.h"
#include "kern/map/mapping.h"
#include "kern/system/system.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/ground/huge.h"
#include "vm/pages/dense.h"

#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *WinmemVersion(void)
{
    return VERSION_TEXT(WINMEM_VERSION_MAJOR, WINMEM_VERSION_MINOR, WINMEM_VERSION_PATCH);
}

BOOL WinmemFeature(const char *name)
{
    /* WINMEM_DISABLE is read when the book is made, so that has to come first. */
    return name != NULL && wm_ok(wm_home_ready()) && wm_feature_in_use(name);
}

_Static_assert((int)WINMEM_HUGE_NEVER == (int)WM_HUGE_NEVER && (int)WINMEM_HUGE_LARGE == (int)WM_HUGE_DENSE &&
                   (int)WINMEM_HUGE_ALWAYS == (int)WM_HUGE_ALWAYS,
               "the policies are passed on as they are");

/* The environment is read when the book is made, and would otherwise undo it. */
BOOL WinmemSetHugePages(DWORD policy)
{
    wm_status st = policy < WM_HUGE_COUNT ? wm_home_ready() : WM_HUGE_POLICY;

    if (wm_ok(st))
        wm_huge_choose((enum wm_huge)policy);
    WM_TRACE(st, WM_RETURNS_TRUE, WM_DECIMAL(policy));
    return wm_edge_bool(st);
}

DWORD WinmemHugePages(void)
{
    wm_home_ready();
    return wm_huge_chosen();
}

static wm_status mapping_use(WINMEM_MAPPING_USE *use)
{
    wm_status st = wm_home_ready();
    size_t count = 0;

    if (wm_ok(st))
        st = wm_from_errno(WM_OP_QUERY, wm_kern_vma_count(&count));
    if (wm_ok(st))
        *use = (WINMEM_MAPPING_USE){count, wm_kern_max_maps(), wm_dense_bytes()};
    return st;
}

BOOL WinmemMappingUse(WINMEM_MAPPING_USE *use)
{
    WINMEM_MAPPING_USE now = {0};
    wm_status st = mapping_use(&now);

    if (wm_ok(st))
        st = wm_edge_tell(use, &now, sizeof now);
    WM_TRACE(st, WM_RETURNS_TRUE_AND(WM_DECIMAL(now.Mappings)), WM_HEX(use));
    return wm_edge_bool(st);
}
