// early.cpp: early.c as C++.
#include "early.c"
