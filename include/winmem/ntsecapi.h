/*
 * ntsecapi.h: RtlGenRandom, and nothing else.
 *
 * A function of libwinmem-win32.
 */
#ifndef WINMEM_NTSECAPI_H
#define WINMEM_NTSECAPI_H

#include "ntdef.h"

#define RtlGenRandom SystemFunction036

WINMEM_C_BEGIN

/*
 * RtlGenRandom, SystemFunction036: bytes that nobody can guess. The first name is a macro for the second.
 *
 * RandomBuffer, RandomBufferLength      out: where to, and how many
 *
 * Returns non-zero on success, zero on failure. The last error stays what it was.
 * Errors        RandomBuffer is NULL or cannot be written
 * On Linux      getrandom
 * Source        learn.microsoft.com, ntsecapi.h
 */
WINBASEAPI BOOLEAN NTAPI SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength);

WINMEM_C_END

#endif /* WINMEM_NTSECAPI_H */
