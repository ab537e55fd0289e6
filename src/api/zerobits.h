/* zerobits.h: ZeroBits of the native functions: a count of the bits that lead, of 32, or a mask that has them. */
#ifndef WM_API_ZEROBITS_H
#define WM_API_ZEROBITS_H

#include <windows.h>

#include "base/range.h"
#include "vm/ops.h"

enum { WM_ZERO_BITS_COUNTED = 21, WM_ZERO_BITS_OF_MASK = 31 };

/* The first address that has not so many (O33, O34). */
static inline wm_status wm_zero_bits_bound(ULONG_PTR zero_bits, uintptr_t *highest)
{
    *highest = WM_SPACE_END;
    if (zero_bits == 0)
        return WM_OK;
    if (zero_bits > WM_ZERO_BITS_COUNTED && zero_bits <= WM_ZERO_BITS_OF_MASK)
        return WM_NT_ZERO_BITS;
    if (zero_bits <= WM_ZERO_BITS_COUNTED)
        *highest = (uintptr_t)1 << (32 - zero_bits);
    else if (__builtin_clzll(zero_bits) > 0)
        *highest = (uintptr_t)1 << (64 - __builtin_clzll(zero_bits));
    if (*highest > WM_SPACE_END)
        *highest = WM_SPACE_END;
    return WM_OK;
}

#endif
