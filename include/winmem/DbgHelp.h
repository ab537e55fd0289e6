/* DbgHelp.h: dbghelp.h as some programs spell it. */
#include "dbghelp.h"
