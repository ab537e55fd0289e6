/*
 * access.c: page protections of Windows, and what the processor tells apart of them.
 *
 * Windows has eight protections, the page tables of x86-64 know reading, writing and executing, and what
 * can be executed can be read: so PAGE_EXECUTE can (S151). Guards and offered pages have no access whatever
 * stands beside them; what copies on write is mapped writable, privately, and the kernel copies.
 */
#include "vm/access.h"

#include "core/extent.h"
#include "kern/kern.h"

enum { R = WM_ACCESS_READ, W = WM_ACCESS_WRITE, X = WM_ACCESS_EXECUTE };

/* An executable page is readable on x86-64, and so is a writable one. */
int wm_access_of(uint16_t state)
{
    if (state & (WM_PAGE_GUARD | WM_PAGE_OFFERED))
        return WM_ACCESS_NONE;
    switch (state & WM_PAGE_PROTECT) {
    case WM_READONLY: return R;
    case WM_READWRITE:
    case WM_WRITECOPY: return R | W;
    case WM_EXECUTE:
    case WM_EXECUTE_READ: return R | X;
    case WM_EXECUTE_READWRITE:
    case WM_EXECUTE_WRITECOPY: return R | W | X;
    default: return WM_ACCESS_NONE;
    }
}

uint16_t wm_protect_of(int access, bool copy)
{
    switch (access & (R | W | X)) {
    case 0: return WM_NOACCESS;
    case R: return WM_READONLY;
    case X: return WM_EXECUTE;
    case R | X: return WM_EXECUTE_READ;
    case W | X:
    case R | W | X: return copy ? WM_EXECUTE_WRITECOPY : WM_EXECUTE_READWRITE;
    default: return copy ? WM_WRITECOPY : WM_READWRITE;
    }
}

static int rights_of(uint16_t protect)
{
    return wm_access_of(protect & WM_PAGE_PROTECT) & (wm_is_copy(protect) ? R | X : R | W | X);
}

bool wm_view_allows(uint16_t mapped, uint16_t wanted)
{
    return (rights_of(wanted) & ~rights_of(mapped)) == 0;
}
