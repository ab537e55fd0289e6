/*
 * intrin.h: the processor's instructions as the compiler offers them (_mm_pause, __rdtsc, SSE, AVX). The Microsoft
 * compiler's other intrinsics (_BitScanForward, _Interlocked...) are not there yet.
 */
#ifndef WINMEM_INTRIN_H
#define WINMEM_INTRIN_H

#if defined __x86_64__ || defined __i386__
/* clang's mm_malloc.h takes _WIN32 to mean Microsoft's C library and calls functions that are not here. */
#pragma push_macro("_WIN32")
#undef _WIN32
#include <x86intrin.h>
#pragma pop_macro("_WIN32")
#endif

#endif /* WINMEM_INTRIN_H */
