/* wtypesbase.h: the base types; see wintypes.h. */
#ifndef WINMEM_WTYPESBASE_H
#define WINMEM_WTYPESBASE_H
#include "minwinbase.h"
#endif
