/* Tchar.h: tchar.h as some programs spell it. */
#include "tchar.h"
