/*
 * apiquery2.h: which API sets there are.
 */
#ifndef WINMEM_APIQUERY2_H
#define WINMEM_APIQUERY2_H

#include "minwindef.h"

WINMEM_C_BEGIN

/*
 * IsApiSetImplemented: whether there are functions of an API set.
 *
 * Contract      its name without ".dll", in any case: "api-ms-win-core-memory-l1-1-3"
 *
 * Returns TRUE or FALSE. Cannot fail; the last error stays what it was.
 * On Linux      every version of a set of which some functions are here. Which of them, GetProcAddress tells
 * Source        learn.microsoft.com, apiquery2.h
 */
WINBASEAPI BOOL WINAPI IsApiSetImplemented(PCSTR Contract);

WINMEM_C_END

#endif /* WINMEM_APIQUERY2_H */
