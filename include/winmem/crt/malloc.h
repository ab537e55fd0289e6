/* malloc.h: the system's, and what Windows declares there (corecrt.h). */
#ifndef WINMEM_CRT_MALLOC_H
#define WINMEM_CRT_MALLOC_H
#pragma GCC system_header
#include_next <malloc.h>

#include "../corecrt_malloc.h"

#ifndef _alloca
#define _alloca(bytes) __builtin_alloca(bytes)
#endif

#endif
