// x11_before.cpp: x11_before.c as C++.
#include "x11_before.c"
