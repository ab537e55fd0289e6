/* WinError.h: winerror.h as some programs spell it. */
#include "winerror.h"
