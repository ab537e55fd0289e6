// own_warnings.cpp: own_warnings.c as C++.
#include "own_warnings.c"
