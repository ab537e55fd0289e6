/* prototypes.cpp: prototypes.c as C++. */
#include "prototypes.c"
