/*
 * winmem.c: what is ours and not of Windows: WinmemVersion, WinmemFeature, WinmemSetHugePages, WinmemHugePages.
 * WinmemLastCause stands in cause.c.
 */
#include <winmem.h>

#include "api/edge.h"
#include "kern/features/features.h"
#include "vm/book/home.h"
#include "vm/ground/huge.h"

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
