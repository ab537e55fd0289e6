/* wincon.h: consoles: everything of consoleapi.h and consoleapi2.h. */
#ifndef WINMEM_WINCON_H
#define WINMEM_WINCON_H
#include "consoleapi.h"
#include "consoleapi2.h"
#endif
