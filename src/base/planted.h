/*
 * planted.h: is this the library, or the copy of base, core, kern and vm that a caller plants into a process which does
 * not use it (src/planted)?
 */
#ifndef WM_BASE_PLANTED_H
#define WM_BASE_PLANTED_H

#ifdef WM_PLANTED
enum { WM_IS_PLANTED = 1 };
#else
enum { WM_IS_PLANTED = 0 };
#endif

#endif
