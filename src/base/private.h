/*
 * private.h: what libwinmem shows to libwinmem-win32, and to nobody else.
 *
 * WM_FOR_WIN32 marks such a function where it is declared, and its row in api/private.def exports it under the version
 * WINMEM_PRIVATE, as glibc does it among its own libraries: no public header declares it, and what it does and takes may
 * change from build to build. Of a mark without a row, or a row without a mark, tests/package/exports.sh tells.
 */
#ifndef WM_BASE_PRIVATE_H
#define WM_BASE_PRIVATE_H

#ifdef WM_PLANTED /* which stands alone, and has no more in it than it uses */
#define WM_FOR_WIN32
#else
#define WM_FOR_WIN32 __attribute__((visibility("default")))
#endif

#endif
