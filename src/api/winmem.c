/*
 * winmem.c: what is ours and not of Windows: WinmemVersion, WinmemFeature. WinmemLastCause stands in cause.c.
 */
#include <winmem.h>

#include "kern/features/features.h"
#include "vm/book/home.h"

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
