/* subauth.h: counted strings; see ntdef.h. */
#ifndef WINMEM_SUBAUTH_H
#define WINMEM_SUBAUTH_H
#include "ntdef.h"
#endif
