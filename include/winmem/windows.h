/*
 * windows.h: everything of winmem that a program expects of <windows.h>; no other header is needed.
 *
 * WIN32_LEAN_AND_MEAN and NOMINMAX may be defined and change little: the headers are lean (string.h and ctype.h come with
 * them, stdlib.h only without WIN32_LEAN_AND_MEAN), and have no min or max unless a C program defines WINMEM_DEFINE_MINMAX. UNICODE chooses the W functions, as on Windows. What
 * wide characters are is told in wintypes.h; which functions there are, in each header and in docs/support.md.
 */
#ifndef WINMEM_WINDOWS_H
#define WINMEM_WINDOWS_H

#ifndef _WINDOWS_
#define _WINDOWS_ /* what programs test to see that windows.h was included */
#endif

#ifndef WIN32_LEAN_AND_MEAN
#define WINMEM_FROM_WINDOWS_H /* whoever includes that alone may have an _msize of his own (crt/stdlib.h) */
#include <stdlib.h>
#undef WINMEM_FROM_WINDOWS_H
#endif

#include "excpt.h"
#include "startup.h"
#include "winbase.h"
#include "wincon.h"
#include "windef.h"
#include "winerror.h"
#include "winnt.h"
#include "winuser.h"

#endif /* WINMEM_WINDOWS_H */
