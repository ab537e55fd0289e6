/*
 * crtfloat.c: _control87 and its kin: the modes of the thread's floating-point unit, in Windows' bits (floatunit.h).
 *
 * Of precision, which only x87 has, nothing is said and nothing changed.
 */
#include <errno.h>

#include <crt/float.h>

#include "win32/crt/floatunit.h"
#include "win32/win32.h"

unsigned _control87(unsigned value, unsigned mask)
{
    unsigned word = wm_float_modes();

    mask &= _MCW_EM | _MCW_RC | _MCW_DN;
    if (mask != 0) {
        word = (word & ~mask) | (value & mask);
        wm_float_set_modes(word);
    }
    return word;
}

unsigned _controlfp(unsigned value, unsigned mask)
{
    return _control87(value, mask & ~(unsigned)_EM_DENORMAL);
}

errno_t _controlfp_s(unsigned *now, unsigned value, unsigned mask)
{
    unsigned known = _MCW_EM | _MCW_RC | _MCW_DN | _MCW_IC;
    unsigned word = _controlfp(value, value & mask & ~known ? 0 : mask);

    if (now != NULL)
        *now = word;
    return value & mask & ~known ? EINVAL : 0;
}

unsigned _statusfp(void)
{
    return wm_float_happened();
}

unsigned _clearfp(void)
{
    unsigned happened = wm_float_happened();

    wm_float_forget();
    return happened;
}
