/* Strsafe.h: strsafe.h as some programs spell it. */
#include "strsafe.h"
