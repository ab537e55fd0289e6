/* Psapi.h: psapi.h as some programs spell it. */
#include "psapi.h"
