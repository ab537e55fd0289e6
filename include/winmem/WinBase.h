/* WinBase.h: winbase.h as some programs spell it. */
#include "winbase.h"
