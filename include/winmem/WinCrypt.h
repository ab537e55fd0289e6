/* WinCrypt.h: wincrypt.h as some programs spell it. */
#include "wincrypt.h"
