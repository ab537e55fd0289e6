/*
 * X11/Xmd.h: X11's own header of this name, which has a BOOL and an INT64 that differ from Windows'. Where it comes after
 * windows.h the two names mean X11's types from here on, as they do everywhere where it comes first (wintypes.h). LONG64,
 * by which it says that a long has 64 bits, stays Windows' type.
 */
#pragma GCC system_header

#if defined WINMEM_WINTYPES_H && !defined XMD_H
#define BOOL winmem_x11_bool
#define INT64 winmem_x11_int64
#endif
#include_next <X11/Xmd.h>
#ifdef WINMEM_WINTYPES_H
#undef LONG64 /* which is a type */
#endif
