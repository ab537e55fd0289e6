/* wtypes.h: the base types; see wintypes.h. */
#ifndef WINMEM_WTYPES_H
#define WINMEM_WTYPES_H
#include "windef.h"
#endif
