/* dbghelp.h: exists to be included; no function of it is here. */
#ifndef WINMEM_DBGHELP_H
#define WINMEM_DBGHELP_H
#include "windows.h"
#endif
