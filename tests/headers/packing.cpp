// packing.cpp: packing.c as C++.
#include "packing.c"
