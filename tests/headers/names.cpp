/* names.cpp: names.c as C++. */
#include "names.c"
