/* crtdefs.h: types of the C library. */
#ifndef WINMEM_CRTDEFS_H
#define WINMEM_CRTDEFS_H
#include <stddef.h>
#include <stdint.h>

#include "corecrt.h"
#include "winwords.h"
#endif
