/* basetsd.h: the integer types; see wintypes.h. */
#ifndef WINMEM_BASETSD_H
#define WINMEM_BASETSD_H
#include "wintypes.h"
#endif
