/* processenv.h: exists to be included; its functions are not there yet. */
#ifndef WINMEM_PROCESSENV_H
#define WINMEM_PROCESSENV_H
#include "minwinbase.h"
#endif
