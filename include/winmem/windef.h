/* windef.h: the base types and the constants of winnt.h. */
#ifndef WINMEM_WINDEF_H
#define WINMEM_WINDEF_H
#include "winnt.h"
#endif
