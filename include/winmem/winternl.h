/* winternl.h: types for declaring native functions; the functions are not there yet. */
#ifndef WINMEM_WINTERNL_H
#define WINMEM_WINTERNL_H
#include "ntdef.h"
#include "windef.h"
#endif
