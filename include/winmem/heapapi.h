/* heapapi.h: flags and structures of heaps, in winnt.h and minwinbase.h. The functions are not there yet. */
#ifndef WINMEM_HEAPAPI_H
#define WINMEM_HEAPAPI_H
#include "minwinbase.h"
#endif
