/* Intrin.h: intrin.h as some programs spell it. */
#include "intrin.h"
