// x11_after.cpp: x11_after.c as C++.
#include "x11_after.c"
