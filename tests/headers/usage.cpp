/* usage.cpp: usage.c as C++. */
#include "usage.c"
