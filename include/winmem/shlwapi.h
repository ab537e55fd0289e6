/*
 * shlwapi.h: for programs that include it beside windows.h and use nothing of it, as many do. Its functions (paths, strings,
 * the registry) are not there.
 */
#ifndef WINMEM_SHLWAPI_H
#define WINMEM_SHLWAPI_H

#include "windows.h"

#endif /* WINMEM_SHLWAPI_H */
