/*
 * errormode.c: SetErrorMode, GetErrorMode, _set_error_mode, _set_abort_behavior: what Windows shows in boxes, and the C run
 * time tells. There are no boxes: each is a word that is told as it was set.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

#include <crt/stdlib.h>

#include "win32/win32.h"

static _Atomic UINT error_mode;
static _Atomic int output = _OUT_TO_DEFAULT;
static _Atomic unsigned abort_behavior = _WRITE_ABORT_MSG | _CALL_REPORTFAULT;

UINT WINAPI SetErrorMode(UINT uMode)
{
    UINT before = atomic_exchange(&error_mode, uMode);

    WM_TRACE(WM_OK, WM_RETURNS(WM_HEX(before)), WM_HEX(uMode));
    return before;
}

UINT WINAPI GetErrorMode(VOID)
{
    UINT mode = atomic_load(&error_mode);

    WM_TRACE(WM_OK, WM_RETURNS(WM_HEX(mode)), WM_NO_ARGUMENTS);
    return mode;
}

int _set_error_mode(int mode)
{
    if (mode == _REPORT_ERRMODE)
        return atomic_load(&output);
    if (mode >= _OUT_TO_DEFAULT && mode <= _OUT_TO_MSGBOX)
        return atomic_exchange(&output, mode);
    errno = EINVAL;
    return -1;
}

unsigned _set_abort_behavior(unsigned flags, unsigned mask)
{
    unsigned before = atomic_load(&abort_behavior);

    while (!atomic_compare_exchange_weak(&abort_behavior, &before, (before & ~mask) | (flags & mask)))
        continue;
    return before;
}
