/* fibersapi.h: exists to be included; its functions are not there yet. */
#ifndef WINMEM_FIBERSAPI_H
#define WINMEM_FIBERSAPI_H
#include "minwinbase.h"
#endif
