/* WinNT.h: winnt.h as some programs spell it. */
#include "winnt.h"
