/*
 * tracepoint.c: the words in which tracers count themselves (tracepoint.h).
 *
 * They write them from outside, through the section in which they lie; who optimises the whole program at once sees nobody
 * write, and must keep them all the same.
 */
#include "base/tracepoint.h"

#ifdef WM_TRACEPOINTS
#define ROW(name) __attribute__((section(".probes"), used)) uint16_t winmem_##name##_semaphore;
WM_TRACEPOINTS_ALL(ROW)
#undef ROW
#endif
