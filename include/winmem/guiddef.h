/* guiddef.h: GUID; see wintypes.h. */
#ifndef WINMEM_GUIDDEF_H
#define WINMEM_GUIDDEF_H
#include "wintypes.h"
#endif
