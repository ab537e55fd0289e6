/* float.h: the compiler's, and what Windows declares there (corecrt.h). */
#ifndef WINMEM_CRT_FLOAT_H
#define WINMEM_CRT_FLOAT_H
#pragma GCC system_header
#include_next <float.h>

#include "../corecrt.h"

#define _MCW_EM 0x0008001f
#define _EM_INEXACT 0x00000001
#define _EM_UNDERFLOW 0x00000002
#define _EM_OVERFLOW 0x00000004
#define _EM_ZERODIVIDE 0x00000008
#define _EM_INVALID 0x00000010
#define _EM_DENORMAL 0x00080000

#define _MCW_RC 0x00000300
#define _RC_NEAR 0x00000000
#define _RC_DOWN 0x00000100
#define _RC_UP 0x00000200
#define _RC_CHOP 0x00000300

#define _MCW_PC 0x00030000
#define _PC_64 0x00000000
#define _PC_53 0x00010000
#define _PC_24 0x00020000

#define _MCW_IC 0x00040000
#define _IC_AFFINE 0x00040000
#define _IC_PROJECTIVE 0x00000000

#define _MCW_DN 0x03000000
#define _DN_SAVE 0x00000000
#define _DN_FLUSH 0x01000000
#define _DN_FLUSH_OPERANDS_SAVE_RESULTS 0x02000000
#define _DN_SAVE_OPERANDS_FLUSH_RESULTS 0x03000000

#define _SW_INEXACT 0x00000001
#define _SW_UNDERFLOW 0x00000002
#define _SW_OVERFLOW 0x00000004
#define _SW_ZERODIVIDE 0x00000008
#define _SW_INVALID 0x00000010
#define _SW_DENORMAL 0x00080000

WINMEM_C_BEGIN

#ifndef WINMEM_OWN_FUNCTIONS_ONLY
#ifndef _finite
int _finite(double value) WINMEM_LIBC("finite");
#endif
#ifndef _isnan
int _isnan(double value) WINMEM_LIBC("isnan");
#endif
#endif

/*
 * _control87: which exceptions of floating point are masked, how results are rounded, what becomes of denormal numbers; for
 * the calling thread. _controlfp: the same, without _EM_DENORMAL. _controlfp_s: the same, and the result in current.
 *
 * value, mask   the bits of mask become those of value; mask 0: only tells
 *
 * Returns what is set now; _controlfp_s 0, or EINVAL for bits that there are not, and for those of _MCW_PC.
 * On Linux      SSE and x87 together; precision stays as it is (_MCW_PC, _MCW_IC have no effect)
 * Source        learn.microsoft.com, float.h
 */
WINMEM_PUBLIC unsigned _control87(unsigned value, unsigned mask);
WINMEM_PUBLIC unsigned _controlfp(unsigned value, unsigned mask);
WINMEM_PUBLIC errno_t _controlfp_s(unsigned *current, unsigned value, unsigned mask);

/*
 * _statusfp: which exceptions have happened. _clearfp: the same, and none has from now on.
 *
 * Returns _SW_ values.
 * Source        learn.microsoft.com, float.h
 */
WINMEM_PUBLIC unsigned _statusfp(void);
WINMEM_PUBLIC unsigned _clearfp(void);

WINMEM_C_END

#endif
