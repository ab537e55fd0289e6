// sse.cpp: sse.c as C++.
#include "sse.c"
