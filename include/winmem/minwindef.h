/* minwindef.h: the base types; see wintypes.h. */
#ifndef WINMEM_MINWINDEF_H
#define WINMEM_MINWINDEF_H
#include "wintypes.h"
#endif
