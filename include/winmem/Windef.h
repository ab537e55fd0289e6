/* Windef.h: windef.h as some programs spell it. */
#include "windef.h"
