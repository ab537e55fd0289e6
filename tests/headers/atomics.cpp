// atomics.cpp: atomics.c as C++; and what only C++ has.
#include <atomic>
#include <cstdint>

#include "atomics.c"
